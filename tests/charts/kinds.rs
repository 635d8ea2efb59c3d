//! Kinds that are not drawn along time, and what is under the pointer in every kind.

use super::*;
use metrics::chart::layout::natural_height;
use metrics::chart::{Axes, Band, Row};

fn things(kind: Kind, unit: Unit, series: Vec<Series>) -> ChartModel {
    ChartModel {
        kind,
        unit,
        ..model(Kind::Line, Interval::Day, monday(), vec![]).with(series)
    }
}

trait With {
    fn with(self, series: Vec<Series>) -> Self;
}

impl With for ChartModel {
    fn with(self, series: Vec<Series>) -> ChartModel {
        ChartModel { series, ..self }
    }
}

fn rows(names: &[&str]) -> Vec<Row> {
    let row = |(name, place): (&&str, u8)| Row {
        name: (*name).into(),
        role: Role::Other(place),
    };
    names.iter().zip(0..).map(row).collect()
}

fn apps() -> ChartModel {
    let names = rows(&[
        "VS Code",
        "Web terminal",
        "JetBrains",
        "SSH",
        "code-server in the browser",
    ]);
    let hours = [320.0, 141.5, 96.0, 12.0, 0.0].map(|hours| hours * 3600.0);
    let before = [290.0, 180.0, 40.0, 13.0, 2.0].map(|hours| hours * 3600.0);
    things(
        Kind::Ranked(names),
        Unit::Seconds,
        vec![
            series("Use", Role::Active, hours),
            series("Before", Role::Context, before),
        ],
    )
}

fn latencies() -> ChartModel {
    let band = |name: &str, below| Band {
        name: name.into(),
        below,
    };
    things(
        Kind::Ranges {
            rows: rows(&["alice", "bob", "carla", "dmitri", "no answer"]),
            bands: vec![band("good", Some(150.0)), band("fair", Some(300.0)), band("slow", None)],
        },
        Unit::Milliseconds,
        vec![
            series("p50", Role::Active, [31.0, 64.0, 142.0, 25.0]),
            series("p95", Role::Active, [87.0, 143.0, 640.0, 31.0]),
        ],
    )
}

fn days(count: u64) -> ChartModel {
    let first = date(2026, 3, 4);
    let mut model = model(
        Kind::HeatMap,
        Interval::Day,
        first,
        vec![series("People", Role::Active, people(first, count, 140.0, 4))],
    );
    if let Some(last) = model.buckets.last_mut() {
        last.is_open = true;
    }
    for bucket in model.buckets.iter_mut().skip(40).take(9) {
        bucket.is_uncollected = true;
    }
    model
}

fn staying() -> ChartModel {
    let columns: Vec<String> = (0..8).map(|week| format!("Week {week}")).collect();
    let cohort = |index: u32| {
        let share = move |week: u32| (0.92_f64).powi(week as i32 * 2) - 0.04 * noise(u64::from(index * 9 + week));
        let values = (0..8 - index).map(|week| if week == 0 { 1.0 } else { share(week) });
        series(&format!("{} Sep", 1 + 7 * index), Role::Active, values)
    };
    things(
        Kind::Cohorts {
            columns,
            words: Vec::new(),
        },
        Unit::Share,
        (0..5).map(cohort).collect(),
    )
}

fn panels(count: u8) -> ChartModel {
    let panel = |place: u8| {
        let level = 30.0 + 35.0 * f64::from(place);
        series(
            ["VS Code", "Web terminal", "JetBrains", "SSH", "Reconnecting PTY"][usize::from(place) % 5],
            Role::Other(place),
            people(monday(), 28, level, 100 * u64::from(place)),
        )
    };
    let mut model = model(
        Kind::Multiples(Axes::Same),
        Interval::Day,
        monday(),
        (0..count).map(panel).collect(),
    );
    model.buckets.last_mut().unwrap().is_open = true;
    model
}

fn spark() -> ChartModel {
    ChartModel {
        kind: Kind::Sparkline,
        ..daily(Kind::Line)
    }
}

fn natural(name: &str, model: &ChartModel, theme: Theme, width: f64) {
    check(name, model, theme, width, natural_height(model, width).unwrap());
}

#[test]
fn things_in_every_theme() {
    for (name, theme) in themes().into_iter().chain([("forced", forced())]) {
        natural(&format!("ranked_{name}"), &apps(), theme.clone(), 560.0);
        natural(&format!("ranges_{name}"), &latencies(), theme.clone(), 560.0);
        natural(&format!("heat_map_{name}"), &days(120), theme.clone(), 420.0);
        natural(&format!("cohorts_{name}"), &staying(), theme.clone(), 560.0);
        check(&format!("sparkline_{name}"), &spark(), theme.clone(), 120.0, 36.0);
    }
    natural("multiples_light", &panels(5), Theme::light(), 760.0);
    natural("multiples_dark", &panels(2), Theme::dark(), 760.0);
    natural("multiples_narrow", &panels(2), Theme::light(), 300.0);
}

#[test]
fn little_of_each() {
    let with = |model: ChartModel, values: &[Option<f64>]| {
        let mut model = model;
        for series in &mut model.series {
            series.values = values.to_vec().into();
        }
        model
    };
    for (name, kind) in [
        ("ranked", apps()),
        ("ranges", latencies()),
        ("cohorts", staying()),
        ("heat_map", days(21)),
        ("sparkline", spark()),
        ("multiples", panels(2)),
    ] {
        let height = natural_height(&kind, 300.0).unwrap_or(36.0);
        for (case, values) in [
            ("one", vec![Some(42.0)]),
            ("zero", vec![Some(0.0); 28]),
            ("missing", vec![None; 28]),
            ("outlier", vec![Some(3.0), Some(1_250_000.0), Some(4.0), Some(5.0)]),
            ("negative", vec![Some(30.0), Some(-12.0), Some(-30.0), Some(4.0)]),
        ] {
            check(
                &format!("{name}_{case}"),
                &with(kind.clone(), &values),
                Theme::light(),
                300.0,
                height,
            );
        }
    }
}

#[test]
fn much_of_each() {
    let names: Vec<String> = (0..40).map(|index| format!("Template {index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let many = things(
        Kind::Ranked(rows(&names)),
        Unit::Count,
        vec![series(
            "Use",
            Role::Active,
            (0..40).map(|index| 900.0 - 20.0 * f64::from(index)),
        )],
    );
    check("ranked_too_many", &many, Theme::light(), 400.0, 200.0);
    check("heat_map_year", &days(365), Theme::light(), 760.0, 130.0);
    let decade = svg(&days(3650), &Theme::light(), 760.0, 130.0);
    assert!(decade.len() > 100_000, "ten years of days are all there");
    // Clocks change on 25 October in Berlin: still one cell a day.
    let mut change = days(60);
    change.buckets = buckets(Interval::Day, date(2026, 9, 20), 60);
    let cells = layout(&change, 300.0, 130.0).cells;
    assert_eq!(cells.len(), 60);
}

/// People who stay, return, come anew and lapse, week by week; the last week runs.
fn lifecycle() -> ChartModel {
    let part = |level: f64, seed: u64| (0..12).map(move |week| (level * (0.8 + 0.4 * noise(seed + week))).round());
    let mut model = model(
        Kind::StackedBars,
        Interval::Week,
        date(2026, 8, 31),
        vec![
            series("Staying", Role::Active, part(430.0, 1)),
            series("Returning", Role::Other(1), part(45.0, 20)),
            series("New", Role::Other(0), part(20.0, 40)),
            series("Lapsed", Role::Other(4), part(60.0, 60).map(|people| -people)),
        ],
    );
    model.buckets[11].is_open = true;
    model.series[3].values.set(11, Some(-0.0));
    model
}

#[test]
fn what_hangs_from_zero() {
    for (name, theme) in themes().into_iter().chain([("forced", forced())]) {
        check(&format!("hanging_{name}"), &lifecycle(), theme, 560.0, 260.0);
    }
    for (case, values) in [
        ("one", vec![Some(-42.0)]),
        ("zero", vec![Some(0.0); 12]),
        ("missing", vec![None; 12]),
        ("outlier", vec![Some(-3.0), Some(-1_250_000.0), Some(-4.0)]),
    ] {
        let mut model = lifecycle();
        model.series[3].values = values.into();
        check(&format!("hanging_{case}"), &model, Theme::light(), 400.0, 200.0);
    }
    check("hanging_narrow", &lifecycle(), Theme::light(), 260.0, 200.0);
    // What hangs is part of the axis, and under the pointer.
    let model = lifecycle();
    let places = layout(&model, 560.0, 260.0);
    assert!(places.y.low < 0.0 && places.baseline() < places.plot.bottom);
    // A number of people has no sign.
    assert!(
        places.y_ticks.iter().all(|tick| !tick.label.contains(['-', '−'])),
        "{:?}",
        places.y_ticks
    );
    let (x, y) = (places.center(2), places.y.screen_from_value(-20.0));
    assert_eq!(
        places.hit(&model, x, y),
        Some(Hit {
            series: Some(3),
            place: 2
        })
    );
}

#[test]
fn words_of_cells() {
    let mut model = staying();
    if let Kind::Cohorts { words, .. } = &mut model.kind {
        *words = vec![vec!["312".into(), "88%".into()], vec!["12".into(), "9".into()]];
    }
    natural("cohorts_words", &model, Theme::light(), 560.0);
    // Of many cohorts the rows are lower, and there is a row for each.
    model.series = (0..48).map(|_| model.series[0].clone()).collect();
    let height = natural_height(&model, 900.0).unwrap();
    let cells = layout(&model, 900.0, height).cells;
    assert_eq!(cells.iter().map(|cell| cell.series).max(), Some(47));
    assert!(height < 48.0 * 20.0, "{height}");
}

#[test]
fn cells_that_are_hidden_are_not_those_without_data() {
    let mut model = days(28);
    for place in 3..9 {
        model.series[0].values.set(place, None);
    }
    model.buckets[12].is_uncollected = true;
    natural("heat_map_hidden", &model, Theme::light(), 420.0);
}

#[test]
fn each_panel_on_axes_of_its_own() {
    let mut model = panels(4);
    model.kind = Kind::Multiples(Axes::Own);
    natural("multiples_own", &model, Theme::light(), 760.0);
    let highs = |model: &ChartModel| -> Vec<f64> {
        let panels = layout(model, 760.0, 280.0).panels;
        panels.iter().map(|panel| panel.layout.y.high).collect()
    };
    assert!(highs(&model)[0] < highs(&model)[1], "{:?}", highs(&model));
    model.kind = Kind::Multiples(Axes::Same);
    assert!(highs(&model).iter().all(|high| *high == highs(&model)[0]));
}

#[test]
fn small_lines_in_tables() {
    let mut all = String::new();
    for values in [
        &[][..],
        &[None, None],
        &[Some(3.0)],
        &[Some(0.0), Some(0.0)],
        &[Some(1.0), Some(4.0), Some(2.0)],
        &[Some(2.0), None, Some(2.0), Some(1.0), None],
    ] {
        let drawing = svg::sparkline(values, 96.0, 20.0);
        assert!(!drawing.contains(['\n']) && drawing.starts_with("<svg"));
        all += &format!("{values:?}\n{}\n", drawing.replace('>', ">\n"));
    }
    insta::assert_snapshot!("small_lines", all);
}

#[test]
fn captions_of_things() {
    let cases = [
        summary(&apps(), "Use by app"),
        summary(&latencies(), "Latency"),
        summary(&staying(), "Staying"),
        summary(&days(28), "Active people"),
        summary(&panels(5), "People by app"),
        summary(&things(Kind::Ranked(vec![]), Unit::Count, vec![]), "Nothing"),
    ];
    insta::assert_snapshot!("captions_of_things", cases.join("\n"));
}

#[test]
fn the_pointer_finds_what_is_under_it() {
    let find = |model: &ChartModel, width: f64, height: f64, x: f64, y: f64| {
        let found = layout(model, width, height).hit(model, x, y);
        found.map(|Hit { series, place }| (series, place))
    };
    let line = statuses(Kind::Line);
    let places = layout(&line, 760.0, 260.0);
    for (index, series) in line.series.iter().enumerate() {
        let (x, y) = (
            places.center(4),
            places.y.screen_from_value(line.value(series, 4).unwrap()),
        );
        assert_eq!(find(&line, 760.0, 260.0, x, y + 1.0), Some((Some(index), 4)));
    }
    let stack = statuses(Kind::StackedBars);
    let places = layout(&stack, 760.0, 260.0);
    let y = places.y.screen_from_value(500.0);
    assert_eq!(find(&stack, 760.0, 260.0, places.center(4), y), Some((Some(1), 4)));
    let grouped = months(Kind::Bars);
    let places = layout(&grouped, 760.0, 260.0);
    for (side, index) in [(-6.0, 0), (6.0, 1)] {
        let found = find(&grouped, 760.0, 260.0, places.center(3) + side, 100.0);
        assert_eq!(found, Some((Some(index), 3)));
    }
    assert_eq!(find(&grouped, 760.0, 260.0, 2.0, 100.0), None);
    for model in [apps(), latencies(), days(120), staying()] {
        let height = natural_height(&model, 560.0).unwrap();
        for cell in layout(&model, 560.0, height).cells {
            let middle = (
                (cell.rect.left + cell.rect.right) / 2.0,
                (cell.rect.top + cell.rect.bottom) / 2.0,
            );
            let found = find(&model, 560.0, height, middle.0, middle.1);
            assert_eq!(found, Some((Some(cell.series), cell.place)));
            assert!(!model.place_text(cell.place).is_empty());
        }
    }
    let several = panels(5);
    let places = layout(&several, 760.0, 280.0);
    let second = &places.panels[1];
    let x = second.rect.left + second.layout.center(9);
    assert_eq!(
        find(&several, 760.0, 280.0, x, second.rect.top + 60.0),
        Some((Some(1), 9))
    );
}

#[test]
fn focus_on_things() {
    for (name, model, focus) in [
        ("ranked", apps(), Hit { series: None, place: 1 }),
        (
            "cohorts",
            staying(),
            Hit {
                series: Some(1),
                place: 2,
            },
        ),
        (
            "heat_map",
            days(120),
            Hit {
                series: None,
                place: 50,
            },
        ),
        (
            "multiples",
            panels(2),
            Hit {
                series: Some(1),
                place: 9,
            },
        ),
    ] {
        let theme = Theme::light();
        let height = natural_height(&model, 420.0).unwrap();
        let parts = draw_focus(&model, &theme, &layout(&model, 420.0, height), focus);
        let text = picture(&theme, 420.0, height, parts);
        golden(&format!("focus_{name}"), &text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_leaves_the_picture_and_nothing_is_not_a_number(
        which in 0_usize..6,
        values in prop::collection::vec(prop::collection::vec(any_value(), 1..40), 0..5),
        width in -10.0_f64..900.0,
        height in -10.0_f64..400.0,
        x in 0.0_f64..900.0,
        y in 0.0_f64..400.0,
    ) {
        let mut model = [apps(), latencies(), days(40), staying(), spark(), panels(3)][which].clone();
        model.series = values.into_iter().zip(0_u8..).map(|(values, place)| Series { name: place.to_string(), role: Role::Other(place), values: values.into() }).collect();
        let layout = layout(&model, width, height);
        for cell in &layout.cells {
            prop_assert!(-1e-6 <= cell.rect.left && cell.rect.right <= width + 1e-6, "{cell:?} {width}");
            prop_assert!(-1e-6 <= cell.rect.top && cell.rect.bottom <= height + 1e-6, "{cell:?} {height}");
        }
        for tick in &layout.x_ticks {
            let (left, right) = tick.label_span();
            prop_assert!(-1e-6 <= left && right <= width + 1e-6);
        }
        for pair in layout.x_ticks.windows(2) {
            prop_assert!(pair[0].at < pair[1].at && pair[0].label_span().1 < pair[1].label_span().0, "{pair:?}");
        }
        let theme = Theme::light();
        let mut text = picture(&theme, width, height, vec![draw(&model, &theme, &layout)]);
        if let Some(found) = layout.hit(&model, x, y) {
            text += &picture(&theme, width, height, draw_focus(&model, &theme, &layout, found));
        }
        prop_assert!(!text.contains("NaN") && !text.contains("inf"));
        let caption = summary(&model, "Title");
        prop_assert!(!caption.contains("NaN") && !caption.contains("inf"));
    }
}

/// The words of a picture: what, from where to where, at which height.
fn words(svg: &str) -> Vec<(String, f64, f64, f64)> {
    let number = |text: &str, name: &str| {
        let rest = text.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse::<f64>().unwrap()
    };
    let word = |text: &str| {
        let (tag, rest) = text.split_once('>').unwrap();
        let word = rest.split_once("</text>").unwrap().0.trim();
        let word = word.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let (x, width) = (number(tag, "x"), text_width(&word));
        let left = match tag {
            _ if tag.contains("\"middle\"") => x - width / 2.0,
            _ if tag.contains("\"end\"") => x - width,
            _ => x,
        };
        (word, left, left + width, number(tag, "y"))
    };
    svg.split("<text").skip(1).map(word).collect()
}

#[test]
fn words_never_lie_on_each_other_and_never_leave_the_picture() {
    let mut limited = statuses(Kind::StackedArea);
    let mut average = daily(Kind::Bars);
    for (model, label, value) in [
        (&mut limited, "Seat limit 200 (active accounts)", 200.0),
        (&mut average, "Average 142.3", 142.3),
    ] {
        let label = label.into();
        model.references.push(Reference { label, value });
    }
    let models = [
        apps(),
        latencies(),
        days(28),
        days(90),
        days(365),
        staying(),
        panels(5),
        lifecycle(),
        compared(Kind::Area),
        limited,
        average,
    ];
    for model in &models {
        for width in (200..1300).step_by(20).map(f64::from) {
            let height = natural_height(model, width).unwrap_or(260.0);
            let words = words(&svg(model, &Theme::light(), width, height));
            assert!(!words.is_empty(), "{:?} {width}", model.kind);
            for (index, (word, left, right, y)) in words.iter().enumerate() {
                let is_inside = *left > -1.5 && *right < width + 1.5;
                assert!(is_inside, "{word:?} leaves a picture {width} px wide: {:?}", model.kind);
                for (other, from, to, at) in &words[index + 1..] {
                    let meets = (y - at).abs() < 9.0 && left.max(*from) + 1.0 < right.min(*to);
                    // A word on a plate or a halo is written twice.
                    assert!(
                        !meets || word == other,
                        "{word:?} on {other:?} at {width} px: {:?}",
                        model.kind
                    );
                }
            }
        }
    }
}
