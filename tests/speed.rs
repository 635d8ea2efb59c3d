//! How long a large chart takes in the core: run with
//! `cargo test --release --no-default-features --test speed -- --ignored --nocapture`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use metrics::chart::draw::{Shape, draw};
use metrics::chart::layout::layout;
use metrics::chart::theme::Theme;
use metrics::chart::values::Values;
use metrics::chart::{Bucket, ChartModel, Kind, Role, Series, Unit};
use metrics::locale::Locale;
use metrics::period::{DateRange, Interval, add_days};
use metrics::zone::Day;
use std::hint::black_box;
use std::time::Instant;

fn model(kind: Kind, buckets: Vec<Bucket>, values: Values) -> ChartModel {
    ChartModel {
        kind,
        buckets,
        interval: Interval::Day,
        unit: Unit::Number,
        series: vec![Series {
            name: "A".into(),
            role: Role::Active,
            values,
        }],
        references: Vec::new(),
        locale: Locale::english(),
    }
}

/// The median of nine runs in milliseconds.
fn median<T>(mut run: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..9)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(4).copied().unwrap_or_default()
}

#[test]
#[ignore = "measures, and says nothing about right or wrong"]
fn time_of_a_large_line() {
    println!("ms, medians of 9, 1200 × 400 at 2 pixels per CSS pixel");
    println!("kind        points  column  layout    draw  drawn points  shapes");
    for count in [10_000_u32, 100_000, 1_000_000] {
        let numbers: Vec<f64> = (0..count)
            .scan(7_u64, |state, index| {
                *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                Some(f64::from(index % 1000) + (*state >> 40) as f64 / 20_000.0)
            })
            .collect();
        let moments: Vec<f64> = (0..count).map(|index| 1.7e9 + 60.0 * f64::from(index)).collect();
        let first = Day::from_ymd_opt(1, 1, 1).unwrap();
        let days: Vec<Bucket> = (0..i64::from(count))
            .map(|index| Bucket::of(DateRange::new(add_days(first, index), add_days(first, index))))
            .collect();
        let column = median(|| Values::from(numbers.clone())) - median(|| numbers.clone());
        let values = Values::from(numbers);
        let theme = Theme::light().at_scale(2.0);
        for (name, model) in [
            (
                "samples",
                model(Kind::Samples(moments.into()), Vec::new(), values.clone()),
            ),
            ("line", model(Kind::Line, days.clone(), values.clone())),
            ("area", model(Kind::Area, days.clone(), values.clone())),
            ("bars", model(Kind::Bars, days.clone(), values.clone())),
        ] {
            let placed = layout(&model, 1200.0, 400.0);
            let layout_time = median(|| layout(&model, 1200.0, 400.0));
            let draw_time = median(|| draw(&model, &theme, &placed));
            let shapes = draw(&model, &theme, &placed).into_shapes();
            let points = |shape: &Shape| match shape {
                Shape::Line(points, ..) | Shape::Polygon(points, _) => points.len(),
                _ => 0,
            };
            let drawn: usize = shapes.iter().map(points).sum();
            println!(
                "{name:8} {count:9} {column:7.2} {layout_time:7.2} {draw_time:7.2} {:13} {:6}",
                drawn,
                shapes.len()
            );
        }
    }
}
