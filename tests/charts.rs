//! Charts as golden SVG files, and the rules that hold for every chart.
//!
//! The files pin structure and places; the fonts of the browser are not in them. Set `CHART_OUT` to a folder to have
//! the pictures written there for looking at.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use chrono::{Datelike, Months};
use metrics::chart::draw::{Sheet, draw, draw_focus, draw_key};
use metrics::chart::hit::Hit;
use metrics::chart::label::{Label, Subject};
use metrics::chart::layout::{Layout, layout};
use metrics::chart::measure::text_width;
use metrics::chart::stack::stack;
use metrics::chart::summary::summary;
use metrics::chart::svg;
use metrics::chart::theme::{Rgb, SystemColors, Theme};
use metrics::chart::{Bucket, ChartModel, Kind, Reference, Role, Series, Unit};
use metrics::locale::Locale;
use metrics::period::{DateRange, Interval, add_days};
use metrics::zone::Day;
use proptest::prelude::*;

#[path = "charts/kinds.rs"]
mod kinds;

// ── cases ───────────────────────────────────────────────────────────────────────────────────────────────────────────

fn date(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd_opt(year, month, day).unwrap()
}

/// Buckets of an interval from a day on.
fn buckets(interval: Interval, first: Day, count: u32) -> Vec<Bucket> {
    if count == 0 {
        return Vec::new();
    }
    let last = match interval {
        Interval::Day => add_days(first, i64::from(count) - 1),
        Interval::Week => add_days(first, 7 * i64::from(count) - 1),
        Interval::Month => add_days(first.checked_add_months(Months::new(count)).unwrap(), -1),
        Interval::Days90 => add_days(first, 90 * i64::from(count) - 1),
        Interval::Year => add_days(first.checked_add_months(Months::new(12 * count)).unwrap(), -1),
    };
    let ranges = interval.cut(DateRange::new(first, last), Locale::english().week_start);
    ranges.into_iter().map(Bucket::of).collect()
}

fn model(kind: Kind, interval: Interval, first: Day, series: Vec<Series>) -> ChartModel {
    let count = series.first().map_or(0, |series| series.values.len());
    ChartModel {
        kind,
        buckets: buckets(interval, first, u32::try_from(count).unwrap()),
        interval,
        unit: Unit::Count,
        series,
        references: Vec::new(),
        locale: Locale::english(),
    }
}

fn series(name: &str, role: Role, values: impl IntoIterator<Item = f64>) -> Series {
    Series {
        name: name.into(),
        role,
        values: values.into_iter().map(Some).collect(),
    }
}

/// Repeatable noise between 0 and 1.
fn noise(seed: u64) -> f64 {
    let mut state = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state ^= state >> 31;
    state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state ^= state >> 29;
    (state % 10_000) as f64 / 10_000.0
}

/// People a day, fewer on days off.
fn people(first: Day, count: u64, level: f64, seed: u64) -> Vec<f64> {
    let day = |index: u64| add_days(first, index as i64);
    let share = |index: u64| {
        if day(index).weekday().number_from_monday() > 5 {
            0.22
        } else {
            0.9
        }
    };
    (0..count)
        .map(|index| (level * share(index) * (0.9 + 0.2 * noise(seed + index)) + index as f64 * 0.4).round())
        .collect()
}

const MONDAY: (i32, u32, u32) = (2026, 11, 2);

fn monday() -> Day {
    date(MONDAY.0, MONDAY.1, MONDAY.2)
}

/// Four weeks of days; the last is still running.
fn daily(kind: Kind) -> ChartModel {
    let mut model = model(
        kind,
        Interval::Day,
        monday(),
        vec![series("Active people", Role::Active, people(monday(), 28, 210.0, 1))],
    );
    model.buckets[27].is_open = true;
    model.series[0].values.set(27, Some(24.0));
    model
}

/// Three statuses over twelve weeks, with the seat limit.
fn statuses(kind: Kind) -> ChartModel {
    let grown = |from: f64, by: f64, seed: u64| {
        (0..12).map(move |week| (from + by * f64::from(week) + 8.0 * noise(seed + u64::from(week as u32))).round())
    };
    let series = vec![
        series("Active", Role::Active, grown(410.0, 14.0, 10)),
        series("Dormant", Role::Dormant, grown(96.0, 3.0, 20)),
        series("Suspended", Role::Suspended, grown(31.0, -0.5, 30)),
    ];
    let mut model = model(kind, Interval::Week, date(2026, 9, 7), series);
    model.buckets[11].is_open = true;
    model.references.push(Reference {
        label: "Seat limit 800".into(),
        value: 800.0,
    });
    model
}

fn months(kind: Kind) -> ChartModel {
    let values = |seed: u64| {
        (0..14).map(move |month| {
            (900_000.0 + 60_000.0 * f64::from(month) + 400_000.0 * noise(seed + u64::from(month as u32))).round()
        })
    };
    let series = vec![
        series("Web terminal", Role::Other(0), values(5)),
        series("VS Code", Role::Other(1), values(50)),
    ];
    let mut model = model(kind, Interval::Month, date(2025, 10, 1), series);
    model.unit = Unit::Seconds;
    model.buckets[13].is_open = true;
    model
}

// ── golden files ────────────────────────────────────────────────────────────────────────────────────────────────────

fn svg(model: &ChartModel, theme: &Theme, width: f64, height: f64) -> String {
    let sheet = draw(model, theme, &layout(model, width, height));
    picture(theme, width, height, vec![sheet])
}

/// What is over a chart while something points at a place of it.
fn overlay(model: &ChartModel, theme: &Theme, width: f64, height: f64, place: usize) -> String {
    let focus = Hit { series: None, place };
    let parts = draw_focus(model, theme, &layout(model, width, height), focus);
    picture(theme, width, height, parts)
}

fn picture(theme: &Theme, width: f64, height: f64, parts: Vec<Sheet>) -> String {
    let pixels = |length: f64| (length * theme.scale).round() as u32;
    let shapes = parts.into_iter().flat_map(Sheet::into_shapes).collect();
    svg::svg(shapes, pixels(width), pixels(height))
}

/// One picture over another of the same size.
fn over(below: &str, above: &str) -> String {
    let (_, shapes) = above.split_once('\n').unwrap();
    below.replace("</svg>\n", shapes)
}

fn check(name: &str, model: &ChartModel, theme: Theme, width: f64, height: f64) {
    let text = svg(model, &theme, width, height);
    golden(name, &text);
}

fn golden(name: &str, text: &str) {
    assert!(!text.contains("NaN") && !text.contains("inf"), "{name}");
    if let Ok(folder) = std::env::var("CHART_OUT") {
        std::fs::write(format!("{folder}/{name}.svg"), text).unwrap();
    }
    insta::assert_snapshot!(name, text);
}

fn themes() -> [(&'static str, Theme); 3] {
    [
        ("light", Theme::light()),
        ("dark", Theme::dark()),
        ("contrast", Theme::contrast()),
    ]
}

#[test]
fn every_kind_in_every_theme() {
    for (name, theme) in themes() {
        check(
            &format!("line_{name}"),
            &statuses(Kind::Line),
            theme.clone(),
            760.0,
            260.0,
        );
        check(&format!("area_{name}"), &daily(Kind::Area), theme.clone(), 760.0, 260.0);
        check(
            &format!("stacked_area_{name}"),
            &statuses(Kind::StackedArea),
            theme.clone(),
            760.0,
            260.0,
        );
        check(&format!("bars_{name}"), &daily(Kind::Bars), theme.clone(), 760.0, 260.0);
        check(
            &format!("grouped_bars_{name}"),
            &months(Kind::Bars),
            theme.clone(),
            760.0,
            260.0,
        );
        check(
            &format!("stacked_bars_{name}"),
            &statuses(Kind::StackedBars),
            theme.clone(),
            760.0,
            260.0,
        );
    }
}

/// As on a screen with a high-contrast scheme of the system.
fn forced() -> Theme {
    Theme::forced(&SystemColors {
        canvas: Rgb(0x20, 0x20, 0x20),
        text: Rgb(0xFF, 0xFF, 0xFF),
        gray: Rgb(0xA6, 0xA6, 0xA6),
        link: Rgb(0x75, 0xE9, 0xFC),
        highlight: Rgb(0x8E, 0xE3, 0xF0),
    })
}

#[test]
fn forced_colours() {
    check("forced_line", &statuses(Kind::Line), forced(), 760.0, 220.0);
    check("forced_stack", &statuses(Kind::StackedArea), forced(), 760.0, 220.0);
    check(
        "forced_stacked_bars",
        &statuses(Kind::StackedBars),
        forced(),
        760.0,
        220.0,
    );
}

/// With the four weeks before.
fn compared(kind: Kind) -> ChartModel {
    let mut model = daily(kind);
    model.series.push(series(
        "4 weeks before",
        Role::Context,
        people(add_days(monday(), -28), 28, 180.0, 77),
    ));
    model
}

#[test]
fn comparison() {
    check("compared_area", &compared(Kind::Area), Theme::light(), 760.0, 260.0);
    check("compared_bars", &compared(Kind::Bars), Theme::light(), 760.0, 260.0);
    check("compared_bars_dark", &compared(Kind::Bars), Theme::dark(), 760.0, 260.0);
    let mut total = statuses(Kind::StackedBars);
    total.series.push(series(
        "All, a year before",
        Role::Context,
        (0..12).map(|week| 430.0 + 12.0 * f64::from(week)),
    ));
    check("compared_stacked_bars", &total, Theme::light(), 760.0, 260.0);
    total.kind = Kind::StackedArea;
    check("compared_stack", &total, Theme::light(), 760.0, 260.0);
}

#[test]
fn little_data() {
    let with = |values: Vec<Option<f64>>, kind| {
        let mut model = model(
            kind,
            Interval::Day,
            monday(),
            vec![series("People", Role::Active, vec![0.0; values.len()])],
        );
        model.series[0].values = values.into();
        model
    };
    for (name, kind) in [
        ("line", Kind::Line),
        ("area", Kind::Area),
        ("stack", Kind::StackedArea),
        ("bars", Kind::Bars),
        ("stacked_bars", Kind::StackedBars),
    ] {
        check(
            &format!("one_point_{name}"),
            &with(vec![Some(42.0)], kind.clone()),
            Theme::light(),
            400.0,
            160.0,
        );
        check(
            &format!("all_zero_{name}"),
            &with(vec![Some(0.0); 14], kind.clone()),
            Theme::light(),
            400.0,
            160.0,
        );
        check(
            &format!("all_missing_{name}"),
            &with(vec![None; 14], kind.clone()),
            Theme::light(),
            400.0,
            160.0,
        );
        let holes = [5.0, 7.0, -1.0, 6.0, -1.0, -1.0, 8.0, 9.0, 7.0].map(|value| (value >= 0.0).then_some(value));
        check(
            &format!("holes_{name}"),
            &with(holes.into(), kind),
            Theme::light(),
            400.0,
            160.0,
        );
    }
    check("no_buckets", &with(vec![], Kind::Line), Theme::light(), 400.0, 160.0);
}

#[test]
fn much_data() {
    let mut outlier = daily(Kind::Line);
    outlier.series[0].values.set(9, Some(1_250_000.0));
    check("outlier", &outlier, Theme::light(), 760.0, 260.0);

    let ten = (0..10).map(|index| {
        let level = 40.0 + 30.0 * f64::from(index);
        series(
            &format!("App {index}"),
            Role::Other(index),
            people(monday(), 28, level, 100 * u64::from(index)),
        )
    });
    check(
        "ten_series",
        &model(Kind::Line, Interval::Day, monday(), ten.collect()),
        Theme::light(),
        480.0,
        200.0,
    );

    let decade = |kind| {
        let first = date(2017, 1, 1);
        let season = |day: usize| 1.0 + 0.6 * (day as f64 / 365.0 * std::f64::consts::TAU).sin();
        let values = people(first, 3650, 900.0, 7).into_iter().enumerate();
        let values = values.map(|(day, value)| (value * season(day)).round());
        model(kind, Interval::Day, first, vec![series("People", Role::Active, values)])
    };
    check("ten_years_line", &decade(Kind::Line), Theme::light(), 480.0, 200.0);
    check("ten_years_area", &decade(Kind::Area), Theme::dark(), 480.0, 200.0);
    check("ten_years_bars", &decade(Kind::Bars), Theme::light(), 480.0, 200.0);
    let mut stack = decade(Kind::StackedBars);
    let rest = people(date(2017, 1, 1), 3650, 300.0, 11);
    stack.series.push(series("Dormant", Role::Dormant, rest));
    check("ten_years_stacked_bars", &stack, Theme::light(), 240.0, 160.0);
}

#[test]
fn what_was_not_collected_and_what_is_not_over() {
    let mut gap = daily(Kind::Area);
    gap.buckets[8..13]
        .iter_mut()
        .for_each(|bucket| bucket.is_uncollected = true);
    check("uncollected_light", &gap, Theme::light(), 760.0, 260.0);
    check("uncollected_dark", &gap, Theme::dark(), 760.0, 260.0);
    gap.kind = Kind::Bars;
    check("uncollected_bars", &gap, Theme::light(), 760.0, 260.0);

    check("open_line", &daily(Kind::Line), Theme::light(), 760.0, 260.0);
    let mut open = statuses(Kind::Bars);
    open.references.clear();
    check("open_grouped_bars", &open, Theme::light(), 760.0, 260.0);

    // Of the first week the range has three days, the last one runs.
    let mut cut = statuses(Kind::Bars);
    cut.references.clear();
    cut.series.truncate(1);
    cut.buckets[0].days.first = add_days(cut.buckets[0].days.first, 4);
    cut.buckets[0].is_cut = true;
    cut.series[0].values.set(0, Some(231.0));
    check("cut_bars", &cut, Theme::light(), 760.0, 260.0);
    check("cut_bars_narrow", &cut, Theme::dark(), 320.0, 200.0);
    for (name, kind) in [("cut_line", Kind::Line), ("cut_area", Kind::Area)] {
        cut.kind = kind;
        check(name, &cut, Theme::light(), 760.0, 260.0);
    }
}

/// Samples every 20 seconds or so, with an outage.
fn samples(count: u32) -> ChartModel {
    let at = |index: u32| 1_793_000_000.0 + 20.0 * f64::from(index) + 15.0 * noise(u64::from(index));
    let value = |index: u32| {
        let is_out = (count / 2..count / 2 + count / 12).contains(&index);
        let wave = 120.0 + 60.0 * (f64::from(index) / f64::from(count) * 9.0).sin();
        (!is_out).then_some((wave * (0.8 + 0.5 * noise(u64::from(index) + 9))).round())
    };
    let mut model = model(Kind::Line, Interval::Day, monday(), vec![]);
    model.kind = Kind::Samples((0..count).map(at).collect::<Vec<f64>>().into());
    model.unit = Unit::Milliseconds;
    model.series.push(Series {
        name: "Response time".into(),
        role: Role::Other(0),
        values: (0..count).map(value).collect(),
    });
    model
}

#[test]
fn samples_at_moments_of_their_own() {
    check("samples_hour", &samples(180), Theme::light(), 760.0, 200.0);
    check("samples_days", &samples(40_000), Theme::dark(), 480.0, 160.0);
    check("samples_one", &samples(1), Theme::light(), 400.0, 160.0);
    assert_eq!(
        summary(&samples(180), "Response time"),
        "Response time: 180 samples, from 58 ms to 232 ms."
    );
}

#[test]
fn references() {
    let mut above = daily(Kind::Bars);
    above.references.push(Reference {
        label: "Seat limit 800".into(),
        value: 800.0,
    });
    check("reference_above_data", &above, Theme::light(), 760.0, 260.0);

    let mut average = daily(Kind::Bars);
    average.references.push(Reference {
        label: "Average 142.3".into(),
        value: 142.3,
    });
    check("reference_across_bars", &average, Theme::light(), 760.0, 260.0);
    // Words beside the plot take no room above it: neighbours begin at the same height.
    let top = |model: &ChartModel| layout(model, 560.0, 260.0).plot.top;
    assert!((top(&average) - top(&daily(Kind::Area))).abs() < f64::EPSILON);
    check("reference_across_bars_narrow", &average, Theme::light(), 280.0, 200.0);

    let mut close = daily(Kind::Line);
    close.references.push(Reference {
        label: "Seat limit 200".into(),
        value: 200.0,
    });
    close.references.push(Reference {
        label: "Goal 195".into(),
        value: 195.0,
    });
    check("references_close_together", &close, Theme::dark(), 760.0, 260.0);

    let mut long = daily(Kind::Area);
    long.references.push(Reference {
        label: "Seat limit of the enterprise agreement that ends with the year: 250".into(),
        value: 250.0,
    });
    check("reference_with_long_label", &long, Theme::light(), 320.0, 180.0);
}

#[test]
fn change_of_clocks() {
    // Clocks change on 25 October in Berlin; calendar days stay equally wide.
    let first = date(2026, 10, 22);
    let week = model(
        Kind::Line,
        Interval::Day,
        first,
        vec![series("People", Role::Active, people(first, 7, 180.0, 3))],
    );
    check("week_of_changing_clocks", &week, Theme::light(), 760.0, 200.0);
}

#[test]
fn holidays_are_shaded_as_weekends_are() {
    let mut model = daily(Kind::Line);
    let plain = svg(&model, &Theme::light(), 760.0, 200.0);
    model.locale.holidays = [add_days(monday(), 9), add_days(monday(), 10), date(2030, 1, 1)].into();
    check("holidays", &model, Theme::light(), 760.0, 200.0);
    let bands = |text: &str| text.matches(&Theme::light().weekend.css()).count();
    assert_eq!(bands(&svg(&model, &Theme::light(), 760.0, 200.0)), bands(&plain) + 1);
    // Weeks have no days off.
    let mut weeks = statuses(Kind::Line);
    weeks.locale.holidays = [date(2026, 9, 7)].into();
    assert_eq!(bands(&svg(&weeks, &Theme::light(), 760.0, 200.0)), 0);
}

#[test]
fn names_stand_at_the_ends_where_there_is_room() {
    for (kind, width, is_named) in [
        (Kind::Line, 760.0, true),
        (Kind::StackedArea, 760.0, true),
        (Kind::StackedBars, 760.0, true),
        (Kind::Bars, 760.0, false),
        (Kind::Line, 320.0, false),
    ] {
        let layout = layout(&statuses(kind.clone()), width, 260.0);
        assert_eq!(layout.has_direct_labels(), is_named, "{kind:?} {width}");
    }
    assert!(!layout(&daily(Kind::Line), 760.0, 260.0).has_direct_labels());
    // Ten names do not fit beside a low chart; none is better than some.
    let ten = (0..10).map(|index| series("App", Role::Other(index), [1.0, 2.0]));
    let ten = model(Kind::Line, Interval::Day, monday(), ten.collect());
    assert!(!layout(&ten, 760.0, 140.0).has_direct_labels());
}

#[test]
fn a_picture_without_names_has_a_key() {
    let key = |model: &ChartModel, width: f64| {
        let layout = layout(model, width, 260.0);
        draw_key(model, &Theme::light(), &layout)
    };
    let (sheet, height) = key(&compared(Kind::Bars), 600.0).unwrap();
    golden("key_bars", &picture(&Theme::light(), 600.0, height, vec![sheet]));
    let (_, narrow) = key(&statuses(Kind::Bars), 120.0).unwrap();
    assert!(narrow > height, "names that find no room go to the next line");
    assert!(key(&statuses(Kind::StackedArea), 760.0).is_none(), "named at the bands");
    assert!(key(&daily(Kind::Bars), 760.0).is_none(), "one thing alone");
}

#[test]
fn sizes() {
    check("narrow", &statuses(Kind::StackedArea), Theme::light(), 320.0, 200.0);
    check("narrow_days", &daily(Kind::Line), Theme::light(), 320.0, 200.0);
    check(
        "very_narrow",
        &statuses(Kind::StackedArea),
        Theme::light(),
        120.0,
        160.0,
    );
    check("sharp", &daily(Kind::Area), Theme::light().at_scale(2.0), 380.0, 180.0);
    check(
        "between_pixels",
        &daily(Kind::Bars),
        Theme::light().at_scale(1.25),
        380.0,
        180.0,
    );
    for (width, height) in [
        (0.0, 0.0),
        (0.0, 200.0),
        (400.0, 0.0),
        (f64::NAN, 200.0),
        (-5.0, -5.0),
        (10.0, 10.0),
    ] {
        let text = svg(&statuses(Kind::StackedArea), &Theme::light(), width, height);
        assert!(
            !text.contains("text") && !text.contains("poly"),
            "{width} × {height}: {text}"
        );
    }
}

#[test]
fn languages() {
    let mut change = statuses(Kind::Line);
    change.locale.week_start = chrono::Weekday::Sun;
    change.locale.months = std::array::from_fn(|index| format!("{}月", index + 1));
    change.locale.digits = ['٠', '١', '٢', '٣', '٤', '٥', '٦', '٧', '٨', '٩'];
    check("other_digits", &change, Theme::light(), 760.0, 260.0);
}

#[test]
fn values_below_zero() {
    let change = |kind| {
        model(
            kind,
            Interval::Week,
            date(2026, 9, 7),
            vec![series("Change", Role::Active, [4.0, -12.0, 31.0, -8.0, 0.0, 17.0])],
        )
    };
    check("negative_bars", &change(Kind::Bars), Theme::light(), 400.0, 200.0);
    check("negative_area", &change(Kind::Area), Theme::light(), 400.0, 200.0);
}

#[test]
fn overlays() {
    for (name, model) in [
        ("line", statuses(Kind::Line)),
        ("stack", statuses(Kind::StackedArea)),
        ("bars", daily(Kind::Bars)),
    ] {
        let theme = Theme::light();
        let above = overlay(&model, &theme, 760.0, 260.0, 7);
        golden(
            &format!("overlay_{name}"),
            &over(&svg(&model, &theme, 760.0, 260.0), &above),
        );
        let beyond = overlay(&model, &theme, 760.0, 260.0, 999);
        assert!(!beyond.contains("rect"), "a bucket that does not exist draws nothing");
    }
}

#[test]
fn captions() {
    let mut gap = daily(Kind::Area);
    gap.buckets[8].is_uncollected = true;
    let cases = [
        summary(&daily(Kind::Area), "Active people"),
        summary(&statuses(Kind::StackedArea), "Accounts by status"),
        summary(&gap, "Active people"),
        summary(&months(Kind::Bars), "Session time"),
        summary(
            &model(
                Kind::Line,
                Interval::Day,
                monday(),
                vec![series("A", Role::Active, [7.0])],
            ),
            "One day",
        ),
        summary(
            &model(
                Kind::Line,
                Interval::Day,
                monday(),
                vec![series("A", Role::Active, [7.0; 5])],
            ),
            "Always the same",
        ),
        summary(&model(Kind::Line, Interval::Day, monday(), vec![]), "Nothing"),
    ];
    insta::assert_snapshot!("captions", cases.join("\n"));
}

// ── rules ───────────────────────────────────────────────────────────────────────────────────────────────────────────

fn any_kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Line),
        Just(Kind::Area),
        Just(Kind::StackedArea),
        Just(Kind::Bars),
        Just(Kind::StackedBars)
    ]
}

fn any_interval() -> impl Strategy<Value = Interval> {
    prop::sample::select(Interval::ALL.map(|(interval, _, _)| interval).to_vec())
}

fn any_unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![
        Unit::Count,
        Unit::Number,
        Unit::Share,
        Unit::Seconds,
        Unit::Milliseconds,
    ])
}

fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        6 => (0.0_f64..1000.0).prop_map(Some),
        2 => Just(None),
        1 => Just(Some(0.0)),
        1 => any::<f64>().prop_map(Some),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 1e-320, -0.0]).prop_map(Some),
    ]
}

prop_compose! {
    fn any_model()(
        kind in any_kind(),
        interval in any_interval(),
        unit in any_unit(),
        start in 0_i64..4000,
        values in prop::collection::vec(prop::collection::vec(any_value(), 1..150), 0..5),
        open in 0_usize..200,
        uncollected in 0_usize..200,
        reference in prop::option::of(any_value()),
        label in ".{0,60}",
    ) -> ChartModel {
        let series: Vec<Series> = values.into_iter().zip(0_u8..).map(|(values, place)| Series { name: place.to_string(), role: Role::Other(place), values: values.into() }).collect();
        let mut model = model(kind, interval, add_days(date(2019, 2, 11), start), series);
        model.unit = unit;
        if let Some(bucket) = model.buckets.get_mut(open) { bucket.is_open = true }
        if let Some(bucket) = model.buckets.get_mut(open / 2) { bucket.is_cut = true }
        if let Some(bucket) = model.buckets.get_mut(uncollected) { bucket.is_uncollected = true }
        model.references.extend(reference.flatten().map(|value| Reference { label, value }));
        model
    }
}

fn check_layout(layout: &Layout) -> Result<(), TestCaseError> {
    let plot = layout.plot;
    prop_assert!(0.0 <= plot.left && plot.left <= plot.right && plot.right <= layout.width.max(0.0));
    prop_assert!(0.0 <= plot.top && plot.top <= plot.bottom && plot.bottom <= layout.height.max(0.0));
    prop_assert!(layout.y_ticks.len() <= 7);
    prop_assert!(layout.is_empty() || layout.y_ticks.len() >= 2);
    for pair in layout.y_ticks.windows(2) {
        prop_assert!(pair[0].at > pair[1].at);
        prop_assert!(pair[0].label != pair[1].label || pair[0].label.is_empty(), "{pair:?}");
    }
    for tick in &layout.y_ticks {
        prop_assert!(plot.top - 1e-6 <= tick.at && tick.at <= plot.bottom + 1e-6);
        prop_assert!(text_width(&tick.label) <= plot.left);
    }
    for tick in &layout.x_ticks {
        prop_assert!(plot.left <= tick.at && tick.at <= plot.right);
        let (left, right) = tick.label_span();
        prop_assert!(
            -1e-6 <= left && right <= layout.width + 1e-6,
            "{tick:?} in {}",
            layout.width
        );
    }
    for (index, label) in layout.labels.iter().enumerate() {
        prop_assert!(
            label.rect.right <= layout.width + 1e-6
                && label.rect.top > -20.0
                && label.rect.bottom < layout.height + 20.0,
            "{label:?}"
        );
        let is_name = |label: &Label| matches!(label.subject, Subject::Series(_));
        let others = layout.labels[..index]
            .iter()
            .filter(|other| is_name(other) || is_name(label));
        for other in others {
            prop_assert!(!label.rect.meets(&other.rect), "{label:?} on {other:?}");
        }
    }
    for pair in layout.x_ticks.windows(2) {
        prop_assert!(pair[0].at < pair[1].at);
        prop_assert!(pair[0].label_span().1 + 4.0 < pair[1].label_span().0, "{pair:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn ticks_are_ordered_and_inside_and_labels_are_apart(model in any_model(), width in -10.0_f64..2000.0, height in -10.0_f64..700.0) {
        let layout = layout(&model, width, height);
        check_layout(&layout)?;
        if !layout.is_empty() {
            // Everything that is drawn lies inside, references as well.
            let mut drawn: Vec<f64> = model.references.iter().filter_map(Reference::drawn_value).collect();
            if matches!(model.kind, Kind::StackedArea | Kind::StackedBars) {
                drawn.extend(stack(&model).iter().flatten().flatten().map(|part| part.upper));
            } else {
                drawn.extend(model.series.iter().flat_map(|series| (0..model.buckets.len()).filter_map(|bucket| model.value(series, bucket))));
            }
            for value in drawn {
                let y = layout.y.screen_from_value(value);
                prop_assert!(layout.plot.top - 1e-3 <= y && y <= layout.plot.bottom + 1e-3, "{value} at {y}");
            }
        }
    }

    #[test]
    fn dates_find_a_rhythm_in_every_length(interval in any_interval(), start in 0_i64..4000, count in 1_u32..1200, width in 100.0_f64..1600.0) {
        let first = add_days(date(2019, 2, 11), start);
        let count = if matches!(interval, Interval::Year | Interval::Days90) { count % 40 + 1 } else { count };
        let mut model = model(Kind::Line, interval, first, vec![]);
        model.buckets = buckets(interval, first, count);
        let layout = layout(&model, width, 200.0);
        check_layout(&layout)?;
        prop_assert!(!layout.x_ticks.is_empty());
        prop_assert!(layout.x_ticks.len() > 1 || count == 1 || width < 160.0, "{:?}", layout.x_ticks);
    }

    #[test]
    fn no_chart_draws_what_is_not_a_number(model in any_model(), width in 0.0_f64..900.0, height in 0.0_f64..400.0, scale in 0.5_f64..3.0, bucket in 0_usize..160) {
        let theme = Theme::dark().at_scale(scale);
        let mut labels = model.clone();
        // Labels may say anything.
        labels.references.iter_mut().for_each(|reference| reference.label = "Limit".into());
        let text = svg(&labels, &theme, width, height) + &overlay(&labels, &theme, width, height, bucket);
        prop_assert!(!text.contains("NaN") && !text.contains("inf"));
        svg(&model, &theme, width, height);
        let caption = summary(&model, "Title");
        prop_assert!(!caption.contains("NaN") && !caption.contains("inf"));
    }

    #[test]
    fn a_pointer_finds_the_bucket_that_was_drawn_there(model in any_model(), width in 100.0_f64..1500.0, bucket in 0_usize..150) {
        let layout = layout(&model, width, 240.0);
        let bucket = bucket.min(model.buckets.len().saturating_sub(1));
        if !model.buckets.is_empty() {
            prop_assert_eq!(layout.x.bucket_at(layout.center(bucket)), Some(bucket));
        }
    }
}
