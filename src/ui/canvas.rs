//! Paints chart models on canvas elements at the resolution of the screen.

use crate::chart::draw::{self, Shape, Sheet};
use crate::chart::hit::Hit;
use crate::chart::layout::{Layout, layout};
use crate::chart::{Bucket, ChartModel, Kind, Reference, Role, Series, Unit};
use crate::locale::Locale;
use crate::period::{DateRange, Interval};
use crate::ui::canvas::brush::{Brush, pixels};
use crate::ui::theme::Scheme;
use crate::zone::Day;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement};

pub mod brush;

/// Paints the chart in its layout.
pub fn paint(canvas: &HtmlCanvasElement, chart: &ChartModel, layout: &Layout, scheme: Scheme, ratio: f64) {
    let sheet = draw::draw(chart, &scheme.colors().at_scale(ratio), layout);
    paint_sheet(canvas, sheet, (layout.width, layout.height), ratio);
}

/// Paints what was drawn on a sheet of a size in CSS pixels.
pub fn paint_sheet(canvas: &HtmlCanvasElement, sheet: Sheet, (width, height): (f64, f64), ratio: f64) {
    let (width, height) = ((width * ratio).floor(), (height * ratio).floor());
    if resize(canvas, width, height) {
        // Of whole device pixels on screen, too: the browser would stretch the picture, and blur it.
        let style = canvas.style();
        for (name, length) in [("width", width), ("height", height)] {
            let length = pixels(length / ratio);
            // Setting a length, even the same, has the browser compute the style again.
            if style.get_property_value(name).as_ref() != Ok(&length) {
                // Refuses only what cannot be changed.
                drop(style.set_property(name, &length));
            }
        }
        play(canvas, &sheet.into_shapes());
    }
}

/// Draws a chart for nobody to see: browsers compile code as it is called for the first time, which is better done while
/// answers are on their way.
pub fn rehearse(chart: &ChartModel) {
    if let Ok(canvas) = document().create_element("canvas") {
        let layout = layout(chart, 600.0, 240.0);
        paint(&canvas.unchecked_into(), chart, &layout, Scheme::Light, 1.0);
    }
}

/// Draws one of the charts that are like those of the first view for nobody to see. False where there is none at that place.
pub fn rehearse_one(place: usize) -> bool {
    let Some(kind) = [Kind::StackedArea, Kind::Bars, Kind::Area].into_iter().nth(place) else {
        return false;
    };
    let bucket = |number: i32| {
        let day = Day::from_epoch_days(number).unwrap_or_default();
        Bucket {
            is_open: number == 7,
            ..Bucket::of(DateRange::new(day, day))
        }
    };
    let series = |role: Role| Series {
        name: "A".into(),
        role,
        values: vec![1.0; 8].into(),
    };
    rehearse(&ChartModel {
        kind,
        buckets: (0..8).map(bucket).collect(),
        interval: Interval::Day,
        unit: Unit::Count,
        series: [Role::Active, Role::Dormant, Role::Context].map(series).into(),
        references: vec![Reference {
            label: "A".into(),
            value: 2.0,
        }],
        locale: Locale::english(),
    });
    true
}

/// What is pointed at, over a chart. Each part of it is a small canvas, which is painted once and then only moved: a
/// browser paints and hands over all of a canvas when anything on it changes.
pub struct Overlay {
    place: HtmlElement,
    ratio: f64,
    stamps: Vec<(HtmlCanvasElement, Vec<Shape>)>,
}

impl Overlay {
    /// An overlay in an element that lies over a chart.
    pub fn new(place: HtmlElement) -> Overlay {
        Overlay {
            place,
            ratio: 0.0,
            stamps: Vec::new(),
        }
    }

    /// Points at a place of the chart, or at none.
    pub fn point(&mut self, chart: &ChartModel, layout: &Layout, scheme: Scheme, ratio: f64, focus: Option<Hit>) {
        let theme = scheme.colors().at_scale(ratio);
        let parts = focus.map_or(Vec::new(), |focus| draw::draw_focus(chart, &theme, layout, focus));
        let kept = if self.ratio == ratio { parts.len() } else { 0 };
        self.ratio = ratio;
        for (canvas, _) in self.stamps.drain(kept.min(self.stamps.len())..) {
            canvas.remove();
        }
        for (index, part) in parts.into_iter().enumerate() {
            self.stamp(index, part);
        }
    }

    #[inline(never)]
    fn stamp(&mut self, index: usize, part: Sheet) {
        let (shapes, at, room) = part.cut_out();
        if index == self.stamps.len() {
            let Some(canvas) = self.canvas() else { return };
            self.stamps.push((canvas, Vec::new()));
        }
        let css = |length: i32| pixels(f64::from(length) / self.ratio);
        let Some((canvas, known)) = self.stamps.get_mut(index) else {
            return;
        };
        if *known != shapes {
            canvas.set_width(0);
            if !resize(canvas, f64::from(room.0), f64::from(room.1)) {
                return;
            }
            // A layer of its own: to move it, the browser need not paint what is below.
            canvas.style().set_css_text(&format!(
                "will-change:transform;width:{};height:{}",
                css(room.0),
                css(room.1)
            ));
            play(canvas, &shapes);
            *known = shapes;
        }
        let place = format!("translate({},{})", css(at.0), css(at.1));
        // Refuses only what cannot be changed.
        drop(canvas.style().set_property("transform", &place));
    }

    fn canvas(&self) -> Option<HtmlCanvasElement> {
        let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.unchecked_into();
        self.place.append_child(&canvas).ok()?;
        Some(canvas)
    }
}

fn play(canvas: &HtmlCanvasElement, shapes: &[Shape]) {
    if let Some(mut brush) = Brush::new(canvas) {
        brush.play(shapes);
    }
}

/// Gives the canvas its pixels. False when there is no room to draw in.
fn resize(canvas: &HtmlCanvasElement, width: f64, height: f64) -> bool {
    if !(width >= 1.0 && height >= 1.0) {
        return false;
    }
    // Setting a size, even the same, throws the picture and its memory away.
    if f64::from(canvas.width()) != width {
        canvas.set_width(width as u32);
    }
    if f64::from(canvas.height()) != height {
        canvas.set_height(height as u32);
    }
    true
}
