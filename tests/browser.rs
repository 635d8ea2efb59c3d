//! What only a browser can tell: zones and languages of `Intl`, pixels, elements, keys, and requests in flight.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use chrono::{DateTime, NaiveDate, Utc};
use js_sys::{Array, Function, Promise};
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use metrics::chart::hit::Hit;
use metrics::chart::layout::layout;
use metrics::chart::{Bucket, ChartModel, Kind, Role, Series, Unit};
use metrics::config::{self, SourceConfig};
use metrics::format;
use metrics::locale::Locale;
use metrics::period::{DateRange, Interval};
use metrics::remote::{LoadError, State};
use metrics::report::tiles::{Change, Tile};
use metrics::rows::List;
use metrics::scope::Moment;
use metrics::source::{Request, coder, company};
use metrics::table::{Cell, Column, Table};
use metrics::ui::canvas::Overlay;
use metrics::ui::component::combobox::{Choice, Combobox};
use metrics::ui::component::data_table::DataTable;
use metrics::ui::component::tiles::Tiles;
use metrics::ui::erase::Memo;
use metrics::ui::store::Store;
use metrics::ui::table::TableState;
use metrics::ui::theme::Scheme;
use metrics::ui::transport::{Secret, Transport};
use metrics::ui::{browser, canvas, language};
use metrics::words::{Help, Message};
use metrics::zone::Zone;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CanvasRenderingContext2d, Element, Event, HtmlCanvasElement, HtmlElement, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Lets effects, promises and timers run.
async fn settle() {
    for _ in 0..4 {
        leptos::task::tick().await;
        let wait = Promise::new(&mut |resolve, _| {
            window().set_timeout_with_callback(&resolve).unwrap();
        });
        JsFuture::from(wait).await.unwrap();
    }
}

/// Runs JavaScript with arguments, as the body of a function.
fn js(names: &str, body: &str, values: &[JsValue]) -> JsValue {
    let list: Array = values.iter().collect();
    Function::new_with_args(names, body)
        .apply(&JsValue::NULL, &list)
        .unwrap_or_else(|error| panic!("{body}: {error:?}"))
}

fn words(names: &str, body: &str, values: &[JsValue]) -> String {
    js(names, body, values)
        .as_string()
        .unwrap_or_else(|| panic!("{body} gives no text"))
}

/// Shows a view in a place of its own.
fn show<V: IntoView + 'static>(
    view: impl FnOnce() -> V + 'static,
) -> (HtmlElement, UnmountHandle<impl leptos::tachys::view::Mountable>) {
    let place: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&place).unwrap();
    let handle = mount_to(place.clone(), view);
    (place, handle)
}

fn find(place: &HtmlElement, selector: &str) -> Element {
    place
        .query_selector(selector)
        .unwrap()
        .unwrap_or_else(|| panic!("{selector} is not in {}", place.inner_html()))
}

fn text_of(place: &HtmlElement, selector: &str) -> String {
    find(place, selector).text_content().unwrap()
}

// ── Zones ──────────────────────────────────────────────────────────────────────────────────────────────────────────

#[wasm_bindgen_test]
fn zones_have_the_offsets_of_their_clocks() {
    let now = at("2026-11-20T14:23:05Z");
    // Zone, instant, offset one second before it, offset from it on. Instants are those of the changes.
    for (name, instant, before, after) in [
        ("Europe/Berlin", "2026-03-29T01:00:00Z", 3600, 7200),
        ("Europe/Berlin", "2026-10-25T01:00:00Z", 7200, 3600),
        ("America/New_York", "2026-03-08T07:00:00Z", -18_000, -14_400),
        ("America/New_York", "2026-11-01T06:00:00Z", -14_400, -18_000),
        ("America/St_Johns", "2026-03-08T05:30:00Z", -12_600, -9_000),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", 39_600, 37_800),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z", 37_800, 39_600),
        ("Pacific/Auckland", "2026-04-04T14:00:00Z", 46_800, 43_200),
        ("Africa/Cairo", "2026-04-23T22:00:00Z", 7_200, 10_800),
        ("America/Santiago", "2026-04-05T03:00:00Z", -10_800, -14_400),
        ("Africa/Casablanca", "2026-02-15T02:00:00Z", 3_600, 0),
        ("Africa/Casablanca", "2026-03-22T02:00:00Z", 0, 3_600),
        ("America/Sao_Paulo", "2018-02-18T02:00:00Z", -7_200, -10_800),
        ("America/Sao_Paulo", "2018-11-04T03:00:00Z", -10_800, -7_200),
        ("Asia/Kathmandu", "2026-06-01T00:00:00Z", 20_700, 20_700),
        ("Asia/Kolkata", "2026-06-01T00:00:00Z", 19_800, 19_800),
        ("Pacific/Kiritimati", "2026-06-01T00:00:00Z", 50_400, 50_400),
        ("UTC", "2026-06-01T00:00:00Z", 0, 0),
    ] {
        let zone = browser::zone(name, now, Some(at("2018-01-01T00:00:00Z"))).expect(name);
        let instant = at(instant);
        assert_eq!(zone.name, name);
        assert_eq!(
            zone.offset_at(instant - chrono::Duration::seconds(1)),
            before,
            "{name} before {instant}"
        );
        assert_eq!(zone.offset_at(instant), after, "{name} at {instant}");
    }
}

#[wasm_bindgen_test]
fn zones_agree_with_the_clock_of_the_browser_all_through_the_years() {
    let now = at("2026-11-20T14:23:05Z");
    for name in [
        "Africa/Casablanca",
        "America/St_Johns",
        "Asia/Gaza",
        "Australia/Lord_Howe",
        "Europe/Dublin",
        "Antarctica/Troll",
    ] {
        let zone = browser::zone(name, now, None).unwrap();
        let parts = js(
            "name",
            "return new Intl.DateTimeFormat('en-GB', {timeZone: name, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'})",
            &[name.into()],
        );
        // Every seven hours of three years: no day and no hour of the day is left out.
        let mut second = now.timestamp() - 3 * 365 * 86_400;
        while second < now.timestamp() {
            let shown = words(
                "format, ms",
                "return format.format(ms)",
                &[parts.clone(), ((second as f64) * 1000.0).into()],
            );
            let local = zone.local(DateTime::from_timestamp(second, 0).unwrap());
            assert_eq!(local.format("%d/%m/%Y, %H:%M:%S").to_string(), shown, "{name}");
            second += 7 * 3600;
        }
    }
}

#[wasm_bindgen_test]
fn both_clocks_of_the_browser_agree() {
    let now = at("2026-11-20T14:23:05Z").timestamp();
    for name in browser::zone_names() {
        let (Some(quick), Some(slow)) = (browser::temporal_offset(&name), browser::intl_offset(&name)) else {
            panic!("{name} is unknown to one of them");
        };
        for weeks in (0..156).step_by(3) {
            let second = now - weeks * 7 * 86_400;
            assert_eq!(quick(second), slow(second), "{name} at {second}");
        }
    }
}

#[wasm_bindgen_test]
fn unknown_zones_are_none() {
    let now = at("2026-11-20T14:23:05Z");
    for name in [
        "Mars/Olympus",
        "",
        "Europe/Berlin ",
        "<b>",
        "../../etc",
        "20260101T00Z",
        "2026-01-01T00:00[UTC]",
    ] {
        assert_eq!(browser::zone(name, now, None), None, "{name}");
    }
    assert!(browser::zone(&browser::browser_zone(), now, None).is_some());
    let names = browser::zone_names();
    assert!(names.len() > 100 && names[0] == "UTC" && names.iter().filter(|name| *name == "UTC").count() == 1);
}

// ── Languages ──────────────────────────────────────────────────────────────────────────────────────────────────────

const TAGS: [&str; 26] = [
    "en-US", "en-GB", "de-DE", "ja-JP", "hi-IN", "ar-EG", "fr-CH", "es-ES", "pt-BR", "sv-SE", "ko-KR", "zh-CN",
    "fa-IR", "he-IL", "ru-RU", "pl-PL", "cs-CZ", "th-TH", "tr-TR", "hu-HU", "fi-FI", "nl-NL", "it-IT", "bn-BD",
    "uk-UA", "id-ID",
];

fn intl_number(tag: &str, options: &str, value: f64) -> String {
    let body = format!("return new Intl.NumberFormat(tag, {options}).format(value)");
    words("tag, value", &body, &[tag.into(), value.into()])
}

fn intl_date(tag: &str, options: &str, date: NaiveDate) -> String {
    let body = format!(
        "return new Intl.DateTimeFormat(tag, {{timeZone: 'UTC', calendar: 'gregory', {options}}}).format(new Date(date))"
    );
    words("tag, date", &body, &[tag.into(), format!("{date}T12:00:00Z").into()])
}

#[wasm_bindgen_test]
fn numbers_are_written_as_the_browser_writes_them() {
    let mut wrong = Vec::new();
    let mut check = |tag: &str, what: &str, ours: String, theirs: String| {
        if ours != theirs {
            wrong.push(format!("{tag} {what}: {ours:?}, the browser {theirs:?}"));
        }
    };
    for tag in TAGS {
        let locale = language::locale(tag);
        for value in [
            0,
            7,
            999,
            1_234,
            9_999,
            12_345,
            123_456,
            1_234_567,
            9_876_543_210_i64,
            -1,
            -1_234,
            -12_345,
        ] {
            check(
                tag,
                "count",
                format::count(&locale, value),
                intl_number(tag, "{}", value as f64),
            );
        }
        for value in [0.0, 0.5, 4.25, 12.34, 1234.56, 98_765.4, -3.7] {
            check(
                tag,
                "decimal",
                format::decimal(&locale, value, 1),
                intl_number(tag, "{maximumFractionDigits: 1}", value),
            );
        }
        // From ten percent on without, below with one digit behind the point.
        for (value, digits) in [
            (0.0, 0),
            (0.047, 1),
            (0.12, 0),
            (0.5, 0),
            (0.783, 0),
            (1.0, 0),
            (1.15, 0),
            (12.5, 0),
            (-0.2, 0),
        ] {
            check(
                tag,
                "percent",
                format::percent(&locale, value),
                intl_number(
                    tag,
                    &format!("{{style: 'percent', maximumFractionDigits: {digits}}}"),
                    value,
                ),
            );
        }
        // We show three digits where the browser shows two, so only figures with two are alike; and where a language has
        // no word for thousands, we group them ("1.200"), the browser does not ("1200").
        for value in [
            1.0,
            45.0,
            999.0,
            1_200.0,
            45_000.0,
            340_000.0,
            1_000_000.0,
            2_500_000.0,
            120_000_000.0,
            3_400_000_000.0,
        ] {
            let theirs = intl_number(tag, "{notation: 'compact', useGrouping: 'auto'}", value);
            let ungrouped = |text: String| {
                if value < 10_000.0 {
                    text.replace(&locale.group, "")
                } else {
                    text
                }
            };
            check(
                tag,
                "compact",
                ungrouped(format::compact(&locale, value)),
                ungrouped(theirs),
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[wasm_bindgen_test]
fn dates_are_written_as_the_browser_writes_them() {
    let mut wrong = Vec::new();
    for tag in TAGS {
        let locale = language::locale(tag);
        for month in 1..=12 {
            let date = NaiveDate::from_ymd_opt(2026, month, month * 2 + 1).unwrap();
            for (what, ours, options) in [
                ("day", format::day(&locale, date), "day: 'numeric', month: 'short'"),
                (
                    "full day",
                    format::full_day(&locale, date),
                    "day: 'numeric', month: 'short', year: 'numeric'",
                ),
                (
                    "weekday",
                    format::weekday_day(&locale, date),
                    "weekday: 'short', day: 'numeric', month: 'short'",
                ),
                ("month", format::month(&locale, date), "month: 'short', year: 'numeric'"),
                ("month alone", format::short_month(&locale, date), "month: 'short'"),
                (
                    "one day",
                    format::span(&locale, DateRange::new(date, date)),
                    "day: 'numeric', month: 'short', year: 'numeric'",
                ),
            ] {
                let theirs = intl_date(tag, options, date);
                if ours != theirs {
                    wrong.push(format!("{tag} {what}: {ours:?}, the browser {theirs:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Ranges of days are written our way, shorter than `formatRange`: both ends have to be in it.
#[wasm_bindgen_test]
fn spans_name_both_ends_in_every_language() {
    for tag in TAGS {
        let locale = language::locale(tag);
        let digits = |number: u32| -> String {
            number
                .to_string()
                .bytes()
                .map(|byte| locale.digits[usize::from(byte - b'0')])
                .collect()
        };
        let span = format::span(&locale, DateRange::new(day("2026-11-16"), day("2026-11-22")));
        assert!(
            span.contains(&digits(16)) && span.contains(&digits(22)) && span.contains(&digits(2026)),
            "{tag}: {span}"
        );
        let span = format::span(&locale, DateRange::new(day("2025-12-28"), day("2026-01-03")));
        assert!(
            span.contains(&digits(2025)) && span.contains(&digits(2026)),
            "{tag}: {span}"
        );
        assert!(
            !format::duration(&locale, 72_300.0).is_empty()
                && format::milliseconds(&locale, 87.0).contains(&digits(87)),
            "{tag}"
        );
    }
}

#[wasm_bindgen_test]
fn weeks_begin_where_the_language_begins_them() {
    use chrono::Weekday::{Fri, Mon, Sat, Sun};
    for (tag, start, weekend) in [
        ("de-DE", Mon, vec![Sat, Sun]),
        ("en-US", Sun, vec![Sat, Sun]),
        ("en-GB", Mon, vec![Sat, Sun]),
        ("ar-EG", Sat, vec![Fri, Sat]),
        ("hi-IN", Sun, vec![Sun]),
        ("ja-JP", Sun, vec![Sat, Sun]),
    ] {
        let locale = language::locale(tag);
        assert_eq!((locale.week_start, locale.weekend), (start, weekend), "{tag}");
    }
}

#[wasm_bindgen_test]
fn an_unknown_language_is_the_browsers() {
    let own = language::locale("browser");
    assert_eq!(language::locale("no language at all"), own);
    assert_eq!(language::locale("x"), own);
    assert!(own.months.iter().all(|month| !month.is_empty()));
}

// ── Pixels ─────────────────────────────────────────────────────────────────────────────────────────────────────────

fn bars() -> ChartModel {
    let first = day("2026-11-02");
    let days: Vec<NaiveDate> = first.iter_days().take(5).collect();
    ChartModel {
        kind: Kind::Bars,
        buckets: days.iter().map(|day| Bucket::of(DateRange::new(*day, *day))).collect(),
        interval: Interval::Day,
        unit: Unit::Count,
        series: vec![Series {
            name: "Active users".into(),
            role: Role::Active,
            values: [3.0, 0.0, 10.0, 7.0, 1.0].map(Some).to_vec().into(),
        }],
        references: Vec::new(),
        locale: Locale::english(),
    }
}

/// Red, green, blue, alpha of a pixel.
fn pixel(canvas: &HtmlCanvasElement, x: f64, y: f64) -> [u8; 4] {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let data = context.get_image_data(x, y, 1.0, 1.0).unwrap().data();
    [data[0], data[1], data[2], data[3]]
}

fn painted(canvas: &HtmlCanvasElement) -> usize {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").unwrap().unwrap().unchecked_into();
    let data = context
        .get_image_data(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()))
        .unwrap()
        .data();
    let first: Vec<u8> = data[..4].to_vec();
    data.chunks(4).filter(|pixel| **pixel != *first).count()
}

#[wasm_bindgen_test]
fn bars_are_painted_in_the_colour_of_their_series() {
    let model = bars();
    let (width, height) = (600.0, 260.0);
    let place = layout(&model, width, height);
    for (scheme, ratio) in [(Scheme::Light, 1.0), (Scheme::Dark, 2.0), (Scheme::Contrast, 1.5)] {
        let element: HtmlCanvasElement = document().create_element("canvas").unwrap().unchecked_into();
        canvas::paint(&element, &model, &place, scheme, ratio);
        assert_eq!(
            (f64::from(element.width()), f64::from(element.height())),
            (width * ratio, height * ratio)
        );
        assert!(painted(&element) > 1000);
        let color = scheme.colors().color(Role::Active);
        let middle = |bucket: usize, value: f64| {
            pixel(
                &element,
                (place.x.center(bucket) * ratio).floor(),
                (place.y.screen_from_value(value) * ratio).floor(),
            )
        };
        // Half way up the tallest bar, and above a short one.
        assert_eq!(middle(2, 5.0), [color.0, color.1, color.2, 255], "{scheme:?}");
        assert_ne!(middle(4, 5.0)[..3], [color.0, color.1, color.2], "{scheme:?}");
    }
}

/// A place that is pointed at.
fn pointed(place: usize) -> Option<Hit> {
    Some(Hit { series: None, place })
}

/// The canvases of an overlay.
fn stamps(over: &HtmlElement) -> Vec<HtmlCanvasElement> {
    let all = over.children();
    (0..all.length())
        .map(|index| all.item(index).unwrap().unchecked_into())
        .collect()
}

#[wasm_bindgen_test]
fn an_overlay_is_drawn_and_taken_away() {
    let over: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let (model, place) = (bars(), layout(&bars(), 600.0, 260.0));
    let mut overlay = Overlay::new(over.clone());
    let mut point = |focus| overlay.point(&model, &place, Scheme::Light, 1.0, focus);
    point(pointed(2));
    assert_eq!(stamps(&over).len(), 1);
    assert_ne!(pixel(&stamps(&over)[0], 3.0, 3.0), [0; 4]);
    point(None);
    assert!(stamps(&over).is_empty());
    // Nothing to draw on is no reason to fail.
    let element: HtmlCanvasElement = document().create_element("canvas").unwrap().unchecked_into();
    for (width, height, ratio) in [(0.0, 0.0, 1.0), (1.0, 1.0, 0.5)] {
        canvas::paint(&element, &model, &layout(&model, width, height), Scheme::Light, ratio);
    }
}

/// Ten thousand samples, all of one value.
fn level() -> ChartModel {
    ChartModel {
        kind: Kind::Samples(
            (0..10_000)
                .map(|index| 1.7e9 + 60.0 * f64::from(index))
                .collect::<Vec<f64>>()
                .into(),
        ),
        buckets: Vec::new(),
        unit: Unit::Number,
        series: vec![Series {
            name: "Level".into(),
            role: Role::Active,
            values: vec![5.0; 10_000].into(),
        }],
        ..bars()
    }
}

#[wasm_bindgen_test]
fn a_rehearsal_leaves_nothing_behind() {
    let count = || document().query_selector_all("canvas").unwrap().length();
    let before = count();
    assert_eq!((0..9).filter(|place| canvas::rehearse_one(*place)).count(), 3);
    assert_eq!(count(), before);
}

#[wasm_bindgen_test]
fn a_dense_line_is_sharp_on_every_screen() {
    let (model, width, height) = (level(), 600.0, 260.0);
    let place = layout(&model, width, height);
    let surface = Scheme::Light.colors().surface;
    for ratio in [1.0, 1.25, 2.0, 3.0] {
        let element: HtmlCanvasElement = document().create_element("canvas").unwrap().unchecked_into();
        canvas::paint(&element, &model, &place, Scheme::Light, ratio);
        let (x, y) = (place.center(5000) * ratio, place.y.screen_from_value(5.0) * ratio);
        let column: Vec<[u8; 4]> = (-6..=6)
            .map(|row| pixel(&element, x.floor(), y.round() + f64::from(row)))
            .collect();
        let is_ink = |pixel: &&[u8; 4]| pixel[..3] != [surface.0, surface.1, surface.2];
        // As many rows as the line is wide: it shares none with what is above and below.
        assert_eq!(
            column.iter().filter(is_ink).count() as f64,
            ratio.round(),
            "{ratio}: {column:?}"
        );
    }
}

#[wasm_bindgen_test]
fn an_overlay_is_small_painted_once_and_lies_where_it_belongs() {
    let (model, width, height) = (level(), 600.0, 260.0);
    let place = layout(&model, width, height);
    let axis = Scheme::Light.colors().axis;
    let over: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    let mut overlay = Overlay::new(over.clone());
    for ratio in [1.0, 1.25, 2.0, 3.0] {
        overlay.point(&model, &place, Scheme::Light, ratio, pointed(50));
        let first = stamps(&over);
        for at in [0, 3000, 5000, 9999] {
            overlay.point(&model, &place, Scheme::Light, ratio, pointed(at));
            let [crosshair, marker] = stamps(&over).try_into().unwrap();
            assert!([&crosshair, &marker].into_iter().eq(&first), "only moved");
            assert_eq!(f64::from(crosshair.width()), ratio.round());
            assert!(f64::from(marker.width()) < 20.0 * ratio);
            let moved = HtmlElement::style(&crosshair).get_property_value("transform").unwrap();
            let left: f64 = moved
                .strip_prefix("translate(")
                .and_then(|rest| rest.split("px").next())
                .unwrap()
                .parse()
                .unwrap();
            let line = (place.center(at) * ratio).round() - (ratio.round() / 2.0).floor();
            assert_eq!((left * ratio).round(), line, "{ratio} {at}");
            assert_eq!(pixel(&crosshair, 0.0, 9.0), [axis.0, axis.1, axis.2, 255]);
        }
    }
}

// ── Elements ───────────────────────────────────────────────────────────────────────────────────────────────────────

#[wasm_bindgen_test]
async fn a_table_keeps_its_contract() {
    let table = Table {
        caption: "Active users".into(),
        columns: vec![
            Column::text("day", "Day"),
            Column::number("people", "People"),
            Column::text("note", "Note"),
        ],
        rows: vec![
            vec![
                Cell::Day {
                    day: day("2026-11-20"),
                    shown: "20 Nov 2026".into(),
                },
                Cell::Number {
                    value: 1234.5,
                    shown: "1,234.5".into(),
                },
                Cell::Text("<b>so far</b>".into()),
            ],
            vec![
                Cell::Day {
                    day: day("2026-11-21"),
                    shown: "21 Nov 2026".into(),
                },
                Cell::Missing("no answer".into()),
                Cell::Text(String::new()),
            ],
        ],
    };
    let (place, _handle) = show(move || {
        let list = Arc::new(List::new(table));
        let table = TableState::new(Memo::new(move |_| Arc::clone(&list)), None);
        view! { <DataTable table caption="Active users" locale=Locale::english()/> }
    });
    settle().await;
    assert_eq!(text_of(&place, "table > caption"), "Active users");
    assert_eq!(text_of(&place, "thead th:nth-child(2)"), "People");
    assert_eq!(place.query_selector_all("thead th[scope=col]").unwrap().length(), 3);
    assert_eq!(place.query_selector_all("tbody th[scope=row]").unwrap().length(), 2);
    let time = find(&place, "tbody tr:nth-child(1) > th > time");
    assert_eq!(
        (
            time.get_attribute("datetime").as_deref(),
            time.text_content().as_deref()
        ),
        (Some("2026-11-20"), Some("20 Nov 2026"))
    );
    let data = find(&place, "tbody tr:nth-child(1) > td > data");
    assert_eq!(
        (data.get_attribute("value").as_deref(), data.text_content().as_deref()),
        (Some("1234.5"), Some("1,234.5"))
    );
    assert_eq!(
        text_of(&place, "tbody tr:nth-child(1) > td:nth-child(3)"),
        "<b>so far</b>",
        "words of a server are text"
    );
    let missing = find(&place, "tbody tr:nth-child(2) > td:nth-child(2)");
    assert!(missing.query_selector("data").unwrap().is_none());
    assert_eq!(
        missing
            .query_selector(".sr-only")
            .unwrap()
            .unwrap()
            .text_content()
            .as_deref(),
        Some("no answer")
    );
    let region = find(&place, "[role=region]");
    assert_eq!(
        (
            region.get_attribute("tabindex").as_deref(),
            region.get_attribute("aria-label").as_deref()
        ),
        (Some("0"), Some("Table: Active users"))
    );
}

#[wasm_bindgen_test]
async fn each_of_several_columns_about_the_same_sorts_by_itself() {
    let number = |value: f64| Cell::Number {
        value,
        shown: value.to_string(),
    };
    let people = |template: &str| Column::number("active_users", template).about(template);
    let table = Table {
        caption: "Templates".into(),
        columns: vec![people("one"), people("two")],
        rows: vec![vec![number(1.0), number(2.0)], vec![number(2.0), number(1.0)]],
    };
    let (place, _handle) = show(move || {
        let list = Arc::new(List::new(table));
        let table = TableState::new(Memo::new(move |_| Arc::clone(&list)), None);
        view! { <DataTable table caption="Templates" locale=Locale::english()/> }
    });
    settle().await;
    for (column, first) in [("active_users:one", "2"), ("active_users:two", "1")] {
        let head = find(&place, &format!("th[data-column='{column}']"));
        let button = find(&place, &format!("th[data-column='{column}'] button"));
        button.unchecked_into::<HtmlElement>().click();
        settle().await;
        assert_eq!(text_of(&place, "tbody tr:first-child > th"), first, "{column}");
        assert_eq!(head.get_attribute("aria-sort").as_deref(), Some("descending"));
        assert_eq!(place.query_selector_all("th[aria-sort]").unwrap().length(), 1);
    }
}

fn tile(id: &'static str, state: State, value: Option<f64>) -> Tile {
    Tile {
        id,
        label: "WAU",
        meaning: "Weekly active users".into(),
        state,
        value,
        shown: value.map_or("–".into(), |value| format!("{value} people")),
        detail: "13–19 Nov 2026".into(),
        change: None,
        message: None,
    }
}

#[wasm_bindgen_test]
async fn tiles_keep_their_contract() {
    let failed = Tile {
        message: Some(Message {
            title: "Not allowed".into(),
            detail: "No <i>permission</i>".into(),
            help: Help::None,
        }),
        ..tile("c", State::Forbidden, None)
    };
    let changed = Tile {
        change: Some(Change {
            shown: "+3".into(),
            exactly: "3 more".into(),
        }),
        ..tile("a", State::Ready, Some(268.0))
    };
    let all = vec![
        changed,
        tile("b", State::Loading, None),
        failed,
        tile("d", State::Empty, None),
    ];
    let (place, _handle) = show(move || view! { <Tiles tiles=Memo::new(move |_| all.clone())/> });
    settle().await;
    let states: Vec<String> = ["a", "b", "c", "d"]
        .iter()
        .map(|id| find(&place, &format!("#{id}")).get_attribute("data-state").unwrap())
        .collect();
    assert_eq!(states, ["ready", "loading", "forbidden", "empty"]);
    assert_eq!(find(&place, "#a data").get_attribute("value").as_deref(), Some("268"));
    assert_eq!(text_of(&place, "#a data"), "268 people");
    assert!(text_of(&place, "#a .tile-change").contains("3 more"));
    for id in ["b", "c", "d"] {
        assert!(
            place.query_selector(&format!("#{id} data")).unwrap().is_none(),
            "no figure where there is none"
        );
    }
    assert!(text_of(&place, "#c .tile-detail").contains("No <i>permission</i>"));
    assert!(
        text_of(&place, "#a h2").contains("Weekly active users"),
        "what it is can be read, not only hovered"
    );
    find(&place, "#b .skeleton");
}

#[wasm_bindgen_test]
async fn only_tiles_that_changed_are_built_anew() {
    let figure = RwSignal::new(1.0);
    let all = move || {
        vec![
            tile("same", State::Ready, Some(5.0)),
            tile("new", State::Ready, Some(figure.get())),
        ]
    };
    let (place, _handle) = show(move || view! { <Tiles tiles=Memo::new(move |_| all())/> });
    settle().await;
    let before = find(&place, "#same");
    figure.set(2.0);
    settle().await;
    assert_eq!(text_of(&place, "#new data"), "2 people");
    assert!(find(&place, "#same") == before && text_of(&place, "#same data") == "5 people");
    assert_eq!(place.query_selector_all(".tile").unwrap().length(), 2);
}

// ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────

fn press(input: &Element, key: &str) {
    js(
        "target, key",
        "target.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}))",
        &[input.into(), key.into()],
    );
}

fn type_in(input: &HtmlInputElement, text: &str) {
    input.set_value(text);
    input.dispatch_event(&Event::new("input").unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn a_combobox_is_used_by_keyboard() {
    let chosen = RwSignal::new("UTC".to_string());
    let (place, _handle) = show(move || {
        let names = ["UTC", "Europe/Berlin", "Europe/Paris", "Asia/Tokyo"];
        let choices = Memo::new(move |_| {
            names
                .map(|name| Choice {
                    value: name.into(),
                    label: name.replace('/', " – "),
                })
                .to_vec()
        });
        view! { <Combobox id="zone" label="Zone" choices value=Memo::new(move |_| chosen.get()) on_select=Callback::new(move |value| chosen.set(value))/> }
    });
    settle().await;
    let input: HtmlInputElement = find(&place, "#zone").unchecked_into();
    let expanded = || input.get_attribute("aria-expanded").unwrap();
    let options = || -> Vec<String> {
        let list = place.query_selector_all("[role=option]").unwrap();
        (0..list.length())
            .map(|index| list.item(index).unwrap().text_content().unwrap())
            .collect()
    };
    let active = || {
        let id = input.get_attribute("aria-activedescendant")?;
        document().get_element_by_id(&id)?.text_content()
    };
    assert_eq!((input.value().as_str(), expanded().as_str()), ("UTC", "false"));

    // Arrow down opens at what is chosen, then moves, and goes round at the ends.
    press(&input, "ArrowDown");
    settle().await;
    assert_eq!(
        (expanded().as_str(), active().as_deref(), options().len()),
        ("true", Some("UTC"), 4)
    );
    press(&input, "ArrowDown");
    press(&input, "ArrowDown");
    settle().await;
    assert_eq!(active().as_deref(), Some("Europe – Paris"));
    press(&input, "End");
    press(&input, "ArrowDown");
    settle().await;
    assert_eq!(active().as_deref(), Some("UTC"));
    press(&input, "ArrowUp");
    settle().await;
    assert_eq!(active().as_deref(), Some("Asia – Tokyo"));

    // Escape leaves everything as it was.
    type_in(&input, "par");
    press(&input, "Escape");
    settle().await;
    assert_eq!(
        (
            input.value().as_str(),
            expanded().as_str(),
            chosen.get_untracked().as_str()
        ),
        ("UTC", "false", "UTC")
    );

    // Typing narrows down, in labels and values; Enter takes the first that fits.
    type_in(&input, "EUROPE");
    settle().await;
    assert_eq!(options(), ["Europe – Berlin", "Europe – Paris"]);
    assert_eq!(active().as_deref(), Some("Europe – Berlin"));
    press(&input, "ArrowDown");
    press(&input, "Enter");
    settle().await;
    assert_eq!(
        (
            chosen.get_untracked().as_str(),
            input.value().as_str(),
            expanded().as_str()
        ),
        ("Europe/Paris", "Europe – Paris", "false")
    );
    assert_eq!(input.get_attribute("aria-activedescendant"), None);

    // Where nothing fits nothing is chosen.
    type_in(&input, "xyz");
    settle().await;
    assert!(options().is_empty() && text_of(&place, ".options-none") == "Nothing fits");
    press(&input, "Enter");
    settle().await;
    assert_eq!(chosen.get_untracked(), "Europe/Paris");
    // Merely leaving chooses nothing.
    type_in(&input, "tokyo");
    input.dispatch_event(&Event::new("blur").unwrap()).unwrap();
    settle().await;
    assert_eq!(
        (
            chosen.get_untracked().as_str(),
            input.value().as_str(),
            expanded().as_str()
        ),
        ("Europe/Paris", "Europe – Paris", "false")
    );
}

// ── Requests in flight ─────────────────────────────────────────────────────────────────────────────────────────────

/// A server in place of `fetch`, for one host name of its own: it holds every request until it is told to answer.
struct Wire {
    host: String,
}

impl Wire {
    fn new(name: &str) -> Wire {
        let host = format!("https://{name}.test/");
        js(
            "host",
            "const real = window.fetch.bind(window);
             window.wires ??= {};
             const calls = window.wires[host] = [];
             window.fetch = (request, init) => {
               const url = typeof request === 'string' ? request : request.url;
               if (!url.startsWith(host)) return real(request, init);
               return new Promise((resolve, reject) => {
                 if (request.signal.aborted) return reject(new DOMException('', 'AbortError'));
                 const call = { url, credentials: request.credentials, redirect: request.redirect, cache: request.cache,
                   token: request.headers.get('Coder-Session-Token') ?? '', state: 'flying', resolve };
                 request.signal.addEventListener('abort', () => { call.state = 'aborted'; reject(new DOMException('', 'AbortError')); });
                 calls.push(call);
               });
             };",
            &[host.as_str().into()],
        );
        Wire { host }
    }

    /// One fact of every call so far.
    fn calls(&self, fact: &str) -> Vec<String> {
        let list: Array = js(
            "host, fact",
            "return window.wires[host].map((call) => String(call[fact]))",
            &[self.host.as_str().into(), fact.into()],
        )
        .unchecked_into();
        list.iter().map(|text| text.as_string().unwrap()).collect()
    }

    /// Paths asked for so far.
    fn asked(&self) -> Vec<String> {
        self.calls("url")
            .iter()
            .map(|url| url[self.host.len()..].to_string())
            .collect()
    }

    async fn answer(&self, call: usize, status: u16, body: &str) {
        js(
            "host, call, status, body",
            "const one = window.wires[host][call];
             if (one.state === 'flying') one.state = 'answered';
             one.resolve(new Response(body, { status, headers: { 'Content-Type': 'application/json', 'Retry-After': '7' } }))",
            &[self.host.as_str().into(), (call as f64).into(), f64::from(status).into(), body.into()],
        );
        // While others are under way an answer waits a moment for theirs.
        browser::sleep(60).await;
        settle().await;
    }
}

/// A store that asks a wire, kept alive by a mounted view.
fn store(wire: &Wire, auth: &str) -> (Store, HtmlElement, UnmountHandle<impl leptos::tachys::view::Mountable>) {
    let file = format!(
        r#"{{"version":1,"sources":[{{"id":"c","kind":"coder","label":"Coder","base_url":"{}","auth":"{auth}"}}]}}"#,
        wire.host
    );
    let config = config::parse(file.as_bytes()).unwrap();
    let out: Rc<RefCell<Option<Store>>> = Rc::default();
    let kept = Rc::clone(&out);
    let (place, handle) = show(move || {
        let moment = Memo::new(|_| Moment {
            now: browser::now(),
            zone: Zone::utc(),
            locale: Locale::english(),
        });
        let store = Store::new(Transport::new(config.sources.clone(), moment));
        *kept.borrow_mut() = Some(store);
        view! { <p>{move || if store.is_loading.get() { "under way" } else { "all here" }}</p> }
    });
    let store = out.borrow().unwrap();
    (store, place, handle)
}

fn version(store: Store, request: &Request) -> Option<String> {
    store
        .answers
        .read_untracked()
        .build(request)
        .ok()
        .map(|build| build.version.clone())
}

fn error(store: Store, request: &Request) -> Option<LoadError> {
    store
        .answers
        .read_untracked()
        .outcome(request)
        .and_then(|outcome| outcome.result.clone().err())
}

#[wasm_bindgen_test]
async fn equal_requests_are_sent_once() {
    let wire = Wire::new("once");
    let (store, place, _handle) = store(&wire, "cookie");
    let (build, daus) = (coder::build("c"), coder::daus("c"));
    store.want(vec![build.clone()]);
    store.want(vec![build.clone()]);
    settle().await;
    store.want(vec![build.clone(), daus.clone()]);
    settle().await;
    assert_eq!(wire.calls("state"), ["flying", "flying"]);
    assert_eq!(wire.asked(), ["api/v2/buildinfo", "api/v2/insights/daus?tz_offset=0"]);
    assert_eq!(text_of(&place, "p"), "under way");
    wire.answer(0, 200, r#"{"version":"v1"}"#).await;
    assert_eq!(
        (version(store, &build).as_deref(), text_of(&place, "p").as_str()),
        (Some("v1"), "under way")
    );
    // Known and fresh: not asked again, also after it was not wanted for a while.
    store.want(vec![daus.clone()]);
    store.want(vec![build.clone(), daus]);
    settle().await;
    assert_eq!(wire.asked().len(), 2);
    // The browser's session goes along, and no redirect is followed, and nothing is cached.
    assert_eq!(
        (
            wire.calls("credentials")[0].as_str(),
            wire.calls("redirect")[0].as_str(),
            wire.calls("cache")[0].as_str()
        ),
        ("include", "manual", "no-store")
    );
}

#[wasm_bindgen_test]
async fn requests_leave_at_once_and_nothing_is_told_before_its_turn() {
    let (wire, locked) = (Wire::new("leave"), Wire::new("locked"));
    let (open, _place, _handle) = store(&wire, "cookie");
    let (closed, _place, _handle) = store(&locked, "token");
    let build = coder::build("c");
    open.want(vec![build.clone()]);
    assert_eq!(wire.asked(), ["api/v2/buildinfo"]);
    // What needs no network is told later all the same.
    closed.want(vec![build.clone()]);
    assert_eq!((error(closed, &build), closed.is_loading.get_untracked()), (None, true));
    settle().await;
    assert_eq!(
        (error(closed, &build), closed.is_loading.get_untracked()),
        (Some(LoadError::Unauthorized), false)
    );
    assert_eq!((wire.asked().len(), locked.asked().len()), (1, 0));
}

#[wasm_bindgen_test]
async fn what_nobody_wants_is_given_up_and_its_answer_never_lands() {
    let wire = Wire::new("stale");
    let (store, _place, _handle) = store(&wire, "cookie");
    let (old, new) = (coder::build("c"), coder::me("c"));
    store.want(vec![old.clone()]);
    settle().await;
    store.want(vec![new.clone()]);
    settle().await;
    assert_eq!(wire.calls("state"), ["aborted", "flying"]);
    wire.answer(0, 200, r#"{"version":"late"}"#).await;
    assert_eq!(store.answers.read_untracked().outcome(&old), None);
    // Wanted again: a new flight, and only its answer counts.
    store.want(vec![old.clone(), new]);
    settle().await;
    assert_eq!(wire.asked().len(), 3);
    wire.answer(2, 200, r#"{"version":"now"}"#).await;
    assert_eq!(version(store, &old).as_deref(), Some("now"));
}

#[wasm_bindgen_test]
async fn a_refresh_asks_nothing_twice_and_keeps_what_is_shown() {
    let wire = Wire::new("refresh");
    let (store, _place, _handle) = store(&wire, "cookie");
    let build = coder::build("c");
    store.want(vec![build.clone()]);
    settle().await;
    wire.answer(0, 200, r#"{"version":"one"}"#).await;
    store.refresh();
    settle().await;
    store.refresh();
    settle().await;
    assert_eq!(
        version(store, &build).as_deref(),
        Some("one"),
        "the old answer stays while a new one is on its way"
    );
    assert_eq!(wire.calls("state"), ["answered", "flying"]);
    wire.answer(1, 200, r#"{"version":"two"}"#).await;
    assert_eq!(
        (version(store, &build).as_deref(), store.is_loading.get_untracked()),
        (Some("two"), false)
    );
}

#[wasm_bindgen_test]
async fn what_cannot_be_told_anew_yet_is_asked_again_only_when_somebody_wants_it() {
    let wire = Wire::new("young");
    let (store, _place, _handle) = store(&wire, "cookie");
    let company = SourceConfig {
        id: "c".into(),
        ..SourceConfig::demo()
    };
    let days = DateRange::new(day("2026-11-02"), day("2026-11-20"));
    let members = company::members(&company, days, 1);
    store.want(vec![coder::build("c"), members]);
    settle().await;
    wire.answer(0, 200, r#"{"version":"one"}"#).await;
    wire.answer(1, 200, r#"{"count":0,"next":null,"results":[]}"#).await;
    store.refresh_old();
    settle().await;
    assert_eq!(wire.asked()[2..], ["api/v2/buildinfo"]);
    store.refresh();
    settle().await;
    assert_eq!(wire.asked().len(), 4);
    assert!(wire.asked()[3].contains("/user-metrics/"));
}

#[wasm_bindgen_test]
async fn what_failed_can_be_asked_again() {
    let wire = Wire::new("retry");
    let (store, _place, _handle) = store(&wire, "cookie");
    let (build, me) = (coder::build("c"), coder::me("c"));
    store.want(vec![build.clone(), me.clone()]);
    settle().await;
    wire.answer(0, 429, "{}").await;
    assert_eq!(error(store, &build), Some(LoadError::Limited(Some(7))));
    // Asking for the same again is no retry: a failure is not asked for in a loop.
    store.want(vec![build.clone(), me.clone()]);
    settle().await;
    assert_eq!(wire.asked().len(), 2);
    store.retry(&[build.clone(), coder::daus("c")]);
    settle().await;
    assert_eq!(wire.asked()[2..], ["api/v2/buildinfo"], "only what is wanted");
    wire.answer(2, 200, r#"{"version":"v2"}"#).await;
    assert_eq!(
        (error(store, &build), version(store, &build).as_deref()),
        (None, Some("v2"))
    );
}

#[wasm_bindgen_test]
async fn an_old_server_is_asked_in_its_own_way() {
    let wire = Wire::new("old");
    let (store, _place, _handle) = store(&wire, "proxy");
    let statuses = coder::statuses("c", "Asia/Kolkata", 19_800);
    store.want(vec![statuses.clone()]);
    settle().await;
    wire.answer(0, 400, r#"{"message":"Query parameters have invalid values.","validations":[{"field":"timezone","detail":"not valid"}]}"#).await;
    assert_eq!(wire.asked()[1], "api/v2/insights/user-status-counts?tz_offset=5");
    assert!(store.is_loading.get_untracked(), "the question stays");
    wire.answer(1, 200, r#"{"status_counts":{}}"#).await;
    assert!(
        store.answers.read_untracked().statuses(&statuses).ok().is_some(),
        "it answers the question that was asked"
    );
}

#[wasm_bindgen_test]
async fn a_token_goes_into_a_header_and_nowhere_else() {
    let wire = Wire::new("token");
    let (store, place, _handle) = store(&wire, "token");
    let (build, me) = (coder::build("c"), coder::me("c"));
    store.want(vec![build.clone(), me.clone()]);
    settle().await;
    assert!(wire.asked().is_empty(), "without a token nothing is sent");
    assert_eq!(error(store, &build), Some(LoadError::Unauthorized));
    assert!(Secret::new("  ").is_none() && Secret::new("two words").is_none() && Secret::new("zwei\u{e4}").is_none());

    store.use_token("c", Secret::new(" s3cr3t-token \n").unwrap());
    settle().await;
    assert_eq!(wire.calls("token"), ["s3cr3t-token", "s3cr3t-token"]);
    // A stale cookie would win over the header.
    assert_eq!(wire.calls("credentials"), ["omit", "omit"]);
    assert!(wire.calls("url").iter().all(|url| !url.contains("s3cr3t")));
    wire.answer(0, 200, r#"{"version":"v1"}"#).await;
    wire.answer(1, 401, "{}").await;
    assert_eq!(
        (version(store, &build).as_deref(), error(store, &me)),
        (Some("v1"), Some(LoadError::Unauthorized))
    );
    // A second token asks again only what was refused.
    store.use_token("c", Secret::new("second").unwrap());
    settle().await;
    assert_eq!(wire.asked()[2..], ["api/v2/users/me"]);

    let seen = words(
        "",
        "return document.documentElement.outerHTML + location.href + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie",
        &[],
    );
    assert!(!seen.contains("s3cr3t") && !place.inner_html().contains("s3cr3t"));
}

#[wasm_bindgen_test]
async fn a_page_that_is_gone_lands_nothing() {
    let wire = Wire::new("gone");
    let (store, _place, handle) = store(&wire, "cookie");
    store.want(vec![coder::build("c")]);
    settle().await;
    drop(handle);
    settle().await;
    wire.answer(0, 200, r#"{"version":"v1"}"#).await;
    // No panic is the test: signals of the page are disposed of by now.
    assert_eq!(wire.asked().len(), 1);
}

/// The demo speaks through the same store, and is not asked over the network.
#[wasm_bindgen_test]
async fn the_demo_answers_without_a_network() {
    let wire = Wire::new("demo");
    let (store, _place, _handle) = store(&wire, "cookie");
    let requests = vec![coder::build("demo"), coder::templates("demo"), coder::daus("demo")];
    store.want(requests.clone());
    settle().await;
    assert!(wire.asked().is_empty());
    let answers = store.answers.read_untracked();
    assert!(
        requests
            .iter()
            .all(|request| answers.outcome(request).is_some_and(|outcome| outcome.result.is_ok()))
    );
    let unknown = coder::build("nobody");
    drop(answers);
    store.want(vec![unknown.clone()]);
    settle().await;
    assert!(matches!(error(store, &unknown), Some(LoadError::Unsupported(_))));
}

#[wasm_bindgen_test]
fn american_english_needs_no_reading() {
    assert_eq!(language::locale("en-US"), metrics::locale::Locale::american());
    assert_eq!(
        language::read(&"en-US".into()),
        Some(metrics::locale::Locale::american())
    );
}
