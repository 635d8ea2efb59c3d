//! Whatever a server answers and an address says, a page stands.

use super::*;
use proptest::prelude::*;

const ZONES: [&str; 8] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Pacific/Kiritimati",
];

fn any_url() -> impl Strategy<Value = String> {
    let pair = prop_oneof![
        prop::sample::select(
            &[
                "range=today",
                "range=yesterday",
                "range=7d",
                "range=90d",
                "range=12m",
                "range=ytd",
                "range=x"
            ][..]
        )
        .prop_map(String::from),
        ("[0-9]{4}", 1..=13_u32, 0..=32_u32).prop_map(|(year, month, day)| format!("from={year}-{month:02}-{day:02}")),
        (2024..=2028_u32, 1..=12_u32, 1..=28_u32)
            .prop_map(|(year, month, day)| format!("from={year}-{month:02}-{day:02}")),
        (2024..=2028_u32, 1..=12_u32, 1..=28_u32)
            .prop_map(|(year, month, day)| format!("to={year}-{month:02}-{day:02}")),
        prop::sample::select(
            &[
                "interval=day",
                "interval=week",
                "interval=month",
                "interval=90d",
                "interval=year"
            ][..]
        )
        .prop_map(String::from),
        prop::sample::select(
            &[
                "compare=year",
                "compare=none",
                "compare=previous",
                "action=ide",
                "action=login"
            ][..]
        )
        .prop_map(String::from),
        prop::sample::select(&[ORG_A, ORG_B, EMPTY_ORG, "x"][..]).prop_map(|org| format!("org={org}")),
        "template=[0-9a-f,-]{0,40}",
        "source=(demo|c|x)",
        "[a-z]{1,6}=[^&]{0,12}",
    ];
    prop::collection::vec(pair, 0..5).prop_map(|pairs| format!("?{}", pairs.join("&")))
}

/// What may happen to a good answer on its way.
#[derive(Clone, Debug)]
enum Harm {
    None,
    Cut(usize),
    Flip(usize, u8),
    Number(usize, &'static str),
    Status(u16),
    Never,
    Other(Vec<u8>),
}

fn any_harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        3 => Just(Harm::None),
        1 => any::<usize>().prop_map(Harm::Cut),
        1 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Harm::Flip(at, byte)),
        4 => (any::<usize>(), prop::sample::select(&["0", "-1", "9223372036854775807", "18446744073709551616", "1e308", "1e999", "2.5", "null", "\"NaN\"", "[]"][..])).prop_map(|(at, number)| Harm::Number(at, number)),
        1 => prop::sample::select(&[200_u16, 204, 301, 400, 401, 403, 404, 429, 500, 503][..]).prop_map(Harm::Status),
        1 => Just(Harm::Never),
        1 => prop::collection::vec(any::<u8>(), 0..64).prop_map(Harm::Other),
    ]
}

fn harmed(good: Option<Reply>, harm: &Harm) -> Option<Reply> {
    let mut reply = good?;
    match harm {
        Harm::None => {}
        Harm::Cut(at) => reply.body.truncate(at % (reply.body.len() + 1)),
        Harm::Flip(at, byte) => {
            let length = reply.body.len().max(1);
            if let Some(place) = reply.body.get_mut(at % length) {
                *place = *byte;
            }
        }
        Harm::Number(at, number) => reply.body = with_number(&reply.body, *at, number),
        Harm::Status(status) => reply.status = *status,
        Harm::Never => return None,
        Harm::Other(bytes) => reply.body = bytes.clone(),
    }
    Some(reply)
}

/// Puts something else in the place of every second number, from one of them on: counts that cannot be, or too many.
fn with_number(body: &[u8], from: usize, number: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let mut out = String::new();
    let mut rest = text.as_ref();
    let mut seen = 0;
    while let Some(at) = rest.find("\":").map(|at| at + 2) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let digits = rest.len() - rest.trim_start_matches(|char: char| char.is_ascii_digit()).len();
        if digits > 0 {
            seen += 1;
            if (seen + from).is_multiple_of(2) {
                out.push_str(number);
                rest = &rest[digits..];
            }
        }
    }
    out.push_str(rest);
    out.into_bytes()
}

fn all_text(page: &Page) -> Vec<String> {
    let mut texts = Vec::new();
    for panel in &page.panels {
        texts.extend([
            panel.counted.clone(),
            panel.summary.clone(),
            panel.headline.clone().unwrap_or_default(),
            panel.csv(),
        ]);
        texts.extend(panel.footer.iter().chain(&panel.notes).cloned());
        texts.extend(rows(&panel.table));
        texts.extend(
            panel
                .message
                .iter()
                .map(|message| format!("{} {}", message.title, message.detail)),
        );
        texts.extend(
            panel
                .chart
                .iter()
                .flat_map(|chart| chart.references.iter().map(|line| line.label.clone())),
        );
    }
    for tile in &page.tiles {
        texts.extend([tile.shown.clone(), tile.detail.clone(), tile.meaning.clone()]);
        texts.extend(
            tile.change
                .iter()
                .map(|change| format!("{} {}", change.shown, change.exactly)),
        );
    }
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn no_answer_and_no_address_breaks_a_page(
        url in any_url(), zone_name in prop::sample::select(&ZONES[..]), second in 1_735_689_600_i64..1_830_000_000,
        harms in prop::collection::vec(any_harm(), 7), view in prop::sample::select(&[View::Overview, View::Templates, View::People, View::Person][..]),
    ) {
        let now = DateTime::from_timestamp(second, 0).unwrap();
        let moment = Moment { now, zone: zone(zone_name), locale: Locale::english() };
        let demo = Demo::new(now, &moment.zone);
        let count = RefCell::new(0_usize);
        let server = |request: &Request| {
            *count.borrow_mut() += 1;
            let harm = &harms[*count.borrow() % harms.len()];
            let good = if request.source == "demo" { Some(demo.answer(request)) } else { usual_at(request, now) };
            harmed(good, harm)
        };
        let page = page_of(view, &url, &moment, &coder_config(), &server);
        for text in all_text(&page) {
            // Words of a server or of the address may be anything; figures may not.
            let quotes_bytes = text.contains("invalid") || text.contains("expected");
            prop_assert!(quotes_bytes || !text.contains("NaN") && !text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "inf"), "{text}");
        }
        for panel in &page.panels {
            for row in &panel.table.rows {
                prop_assert_eq!(row.len(), panel.table.columns.len());
                for cell in row {
                    if let Cell::Number { value, shown } = cell {
                        prop_assert!(value.is_finite() && !shown.is_empty());
                    }
                }
            }
            if let Some(chart) = &panel.chart {
                prop_assert!(chart.series.iter().all(|series| series.values.len() == chart.len()));
                // The tooltip shows the row of the table that has the number of the bucket; a ranking draws the first rows.
                prop_assert!(chart.len() == panel.table.rows.len() || chart.buckets.is_empty());
                prop_assert!(chart.len() <= panel.rows().count().max(panel.group_rows().count()));
            }
            prop_assert!(panel.state == State::Loading || panel.message.is_some() || panel.has_table(), "{} says nothing", panel.id);
        }
        prop_assert!(page.tiles.iter().all(|tile| tile.value.is_none_or(f64::is_finite) && !tile.shown.is_empty()));
    }
}

#[test]
fn a_figure_too_long_for_its_tile_is_shortened_and_told_in_full() {
    let server = except(|ask| match ask {
        Ask::Insights(slice, grain) => {
            let mut answer = insights(slice, *grain);
            answer["report"]["active_users"] = json!(1_234_567_890_123_u64);
            ok(&answer)
        }
        Ask::Entitlements => ok(&licence(Some(9_999_999), Some(10_000_000))),
        _ => None,
    });
    let page = usual_page("", &server);
    assert_eq!(
        page.tile_text("mau"),
        "ready 1234567890123 “1.2T” 1,234,567,890,123 · 21 Oct – 19 Nov 2026"
    );
    assert!(
        page.tile_text("seats")
            .starts_with("ready 9999999 “9,999,999” now, of 10,000,000")
    );
}
