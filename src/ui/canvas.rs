//! Paints chart models on canvas elements at the resolution of the screen.

use crate::chart::hit::Hit;
use crate::chart::layout::Layout;
use crate::chart::{ChartModel, draw};
use crate::ui::canvas::brush::{Brush, pixels};
use crate::ui::theme::Scheme;
use web_sys::HtmlCanvasElement;

pub mod brush;

/// Paints the chart in its layout.
pub fn paint(canvas: &HtmlCanvasElement, chart: &ChartModel, layout: &Layout, scheme: Scheme, ratio: f64) {
    let Layout { width, height, .. } = *layout;
    if resize(canvas, (width * ratio).round(), (height * ratio).round()).is_none() {
        return;
    }
    let css = format!("width:{};height:{}", pixels(width), pixels(height));
    canvas.style().set_css_text(&css);
    if let Some(mut brush) = Brush::new(canvas) {
        brush.play(draw::draw(chart, &scheme.colors().at_scale(ratio), layout));
    }
}

/// Paints the crosshair and the markers of a place, or nothing. The canvas becomes as small as what is drawn, and is moved
/// to where that belongs: a browser paints all of a canvas again when anything on it changes.
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
            brush.move_to((0.0, 0.0), (f64::from(canvas.width()), f64::from(canvas.height())));
        }
        return;
    };
    let rect = draw::focus_extent(chart, layout, focus);
    // In whole device pixels, and always as many.
    let begin = ((rect.left * ratio).floor(), (rect.top * ratio).floor());
    let size = |from: f64, to: f64| ((to - from) * ratio).ceil() + 1.0;
    let (width, height) = (size(rect.left, rect.right), size(rect.top, rect.bottom));
    let css = |length: f64| pixels(length / ratio);
    let style = canvas.style();
    match resize(canvas, width, height) {
        None => return,
        // A layer of its own: to move it, the browser need not paint what is below.
        Some(true) => style.set_css_text(&format!(
            "will-change:transform;width:{};height:{}",
            css(width),
            css(height)
        )),
        Some(false) => {}
    }
    let place = format!("translate({},{})", css(begin.0), css(begin.1));
    // Refuses only what cannot be changed.
    drop(style.set_property("transform", &place));
    if let Some(mut brush) = Brush::new(canvas) {
        brush.move_to(begin, (width, height));
        brush.play(draw::draw_focus(chart, &scheme.colors().at_scale(ratio), layout, focus));
    }
}

/// Gives the canvas its pixels, and says whether it had others. None when there is no room to draw in.
fn resize(canvas: &HtmlCanvasElement, width: f64, height: f64) -> Option<bool> {
    if !(width >= 1.0 && height >= 1.0) {
        return None;
    }
    let (width, height) = (width as u32, height as u32);
    // Setting a size, even the same, throws the picture and its memory away.
    let is_other = (canvas.width(), canvas.height()) != (width, height);
    if is_other {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    Some(is_other)
}
