//! Paints chart models on canvas elements at the resolution of the screen.

use crate::chart::ChartModel;
use crate::chart::draw::{self, Shape, Sheet};
use crate::chart::hit::Hit;
use crate::chart::layout::Layout;
use crate::ui::canvas::brush::{Brush, pixels};
use crate::ui::theme::Scheme;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{HtmlCanvasElement, HtmlElement};

pub mod brush;

/// Paints the chart in its layout.
pub fn paint(canvas: &HtmlCanvasElement, chart: &ChartModel, layout: &Layout, scheme: Scheme, ratio: f64) {
    let (width, height) = (layout.width * ratio, layout.height * ratio);
    if resize(canvas, width.round(), height.round()) {
        let css = format!("width:{};height:{}", pixels(layout.width), pixels(layout.height));
        canvas.style().set_css_text(&css);
        let sheet = draw::draw(chart, &scheme.colors().at_scale(ratio), layout);
        play(canvas, &sheet.into_shapes());
    }
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
