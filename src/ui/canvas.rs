//! Paints chart models on canvas elements at the resolution of the screen.

use crate::chart::hit::Hit;
use crate::chart::layout::{Layout, layout};
use crate::chart::{ChartModel, draw};
use crate::ui::canvas::brush::{Brush, pixels};
use crate::ui::theme::Scheme;
use plotters::drawing::IntoDrawingArea;
use web_sys::HtmlCanvasElement;

pub mod brush;

/// Paints the chart, `width` × `height` in CSS pixels.
pub fn paint(canvas: &HtmlCanvasElement, chart: &ChartModel, scheme: Scheme, width: f64, height: f64, ratio: f64) {
    if !resize(canvas, (width * ratio).round(), (height * ratio).round()) {
        return;
    }
    let css = format!("width:{};height:{}", pixels(width), pixels(height));
    canvas.style().set_css_text(&css);
    if let Some(brush) = Brush::new(canvas) {
        let result = draw::draw(
            chart,
            &scheme.colors().at_scale(ratio),
            width,
            height,
            &brush.into_drawing_area(),
        );
        report(result.err().map(|error| error.to_string()));
    }
}

/// Paints the crosshair and the markers of a bucket, or nothing.
pub fn paint_overlay(
    canvas: &HtmlCanvasElement,
    chart: &ChartModel,
    scheme: Scheme,
    width: f64,
    height: f64,
    ratio: f64,
    bucket: Option<usize>,
) {
    let focus = bucket.map(|place| Hit { series: None, place });
    paint_focus(canvas, chart, &layout(chart, width, height), scheme, ratio, focus);
}

/// [`paint_overlay`] where the layout is at hand. The canvas becomes as small as what is drawn, and is moved to where that
/// belongs: a browser paints all of a canvas again when anything on it changes.
pub fn paint_focus(
    canvas: &HtmlCanvasElement,
    chart: &ChartModel,
    layout: &Layout,
    scheme: Scheme,
    ratio: f64,
    focus: Option<Hit>,
) {
    let Some(focus) = focus else {
        if let Some(mut brush) = Brush::new(canvas) {
            brush.move_to((0, 0));
        }
        return;
    };
    let rect = draw::focus_extent(chart, layout, focus);
    // In whole device pixels, and always as many.
    let begin = ((rect.left * ratio) as u32, (rect.top * ratio) as u32);
    let size = |from: f64, to: f64| ((to - from) * ratio).ceil() + 1.0;
    let (width, height) = (size(rect.left, rect.right), size(rect.top, rect.bottom));
    if !resize(canvas, width, height) {
        return;
    }
    let css = |length: f64| pixels(length / ratio);
    canvas.style().set_css_text(&format!(
        "width:{};height:{};transform:translate({},{})",
        css(width),
        css(height),
        css(f64::from(begin.0)),
        css(f64::from(begin.1))
    ));
    let Some(mut brush) = Brush::new(canvas) else { return };
    brush.move_to(begin);
    let area = brush.into_drawing_area();
    let result = draw::draw_focus_in(chart, &scheme.colors().at_scale(ratio), layout, focus, &area);
    report(result.err().map(|error| error.to_string()));
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

/// The only place where a failed drawing is told.
fn report(error: Option<String>) {
    if let Some(error) = error {
        leptos::logging::error!("chart: {error}");
    }
}
