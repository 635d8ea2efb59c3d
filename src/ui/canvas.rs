//! Paints chart models on canvas elements at the resolution of the screen.

use crate::chart::{ChartModel, draw};
use crate::ui::theme::Scheme;
use plotters::drawing::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use web_sys::HtmlCanvasElement;

/// Paints the chart, `width` × `height` in CSS pixels.
pub fn paint(canvas: &HtmlCanvasElement, chart: &ChartModel, scheme: Scheme, width: f64, height: f64, ratio: f64) {
    if !resize(canvas, width, height, ratio) {
        return;
    }
    if let Some(backend) = CanvasBackend::with_canvas_object(canvas.clone()) {
        let result = draw::draw(
            chart,
            &scheme.colors().at_scale(ratio),
            width,
            height,
            &backend.into_drawing_area(),
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
    // Sizing clears it, and keeps it as wide as the chart when there is nothing to draw.
    let has_room = resize(canvas, width, height, ratio);
    let Some(bucket) = bucket.filter(|_| has_room) else {
        return;
    };
    if let Some(backend) = CanvasBackend::with_canvas_object(canvas.clone()) {
        let result = draw::draw_overlay(
            chart,
            &scheme.colors().at_scale(ratio),
            width,
            height,
            bucket,
            &backend.into_drawing_area(),
        );
        report(result.err().map(|error| error.to_string()));
    }
}

/// Gives the canvas its pixels, which also clears it. False when there is no room to draw in.
fn resize(canvas: &HtmlCanvasElement, width: f64, height: f64, ratio: f64) -> bool {
    let (device_width, device_height) = ((width * ratio).round(), (height * ratio).round());
    if !(device_width >= 1.0 && device_height >= 1.0) {
        return false;
    }
    canvas.set_width(device_width as u32);
    canvas.set_height(device_height as u32);
    let style = canvas.style();
    // Fails only for malformed property names.
    drop(style.set_property("width", &format!("{width}px")));
    drop(style.set_property("height", &format!("{height}px")));
    true
}

/// The only place where a failed drawing is told.
fn report(error: Option<String>) {
    if let Some(error) = error {
        leptos::logging::error!("chart: {error}");
    }
}
