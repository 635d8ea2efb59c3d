//! Paints chart models on canvas elements at the resolution of the screen.

use crate::chart::{ChartModel, draw};
use crate::ui::canvas::brush::{Brush, pixels};
use crate::ui::theme::Scheme;
use plotters::drawing::IntoDrawingArea;
use web_sys::HtmlCanvasElement;

pub mod brush;

/// Paints the chart, `width` × `height` in CSS pixels.
pub fn paint(canvas: &HtmlCanvasElement, chart: &ChartModel, scheme: Scheme, width: f64, height: f64, ratio: f64) {
    if !resize(canvas, width, height, ratio) {
        return;
    }
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
    // Also without a bucket: it is to be as wide as the chart.
    if !resize(canvas, width, height, ratio) {
        return;
    }
    if let Some(brush) = Brush::new(canvas) {
        brush.clear();
        let Some(bucket) = bucket else { return };
        let result = draw::draw_overlay(
            chart,
            &scheme.colors().at_scale(ratio),
            width,
            height,
            bucket,
            &brush.into_drawing_area(),
        );
        report(result.err().map(|error| error.to_string()));
    }
}

/// Gives the canvas its pixels. False when there is no room to draw in.
fn resize(canvas: &HtmlCanvasElement, width: f64, height: f64, ratio: f64) -> bool {
    let (device_width, device_height) = ((width * ratio).round(), (height * ratio).round());
    if !(device_width >= 1.0 && device_height >= 1.0) {
        return false;
    }
    // Setting a size, even the same, throws the picture and its memory away.
    if f64::from(canvas.width()) != device_width {
        canvas.set_width(device_width as u32);
    }
    if f64::from(canvas.height()) != device_height {
        canvas.set_height(device_height as u32);
    }
    let style = canvas.style();
    // Fails only for malformed property names.
    drop(style.set_property("width", &pixels(width)));
    drop(style.set_property("height", &pixels(height)));
    true
}

/// The only place where a failed drawing is told.
fn report(error: Option<String>) {
    if let Some(error) = error {
        leptos::logging::error!("chart: {error}");
    }
}
