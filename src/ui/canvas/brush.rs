//! How shapes come onto a canvas. It says to the browser only what changed since the last shape, hands over lines that
//! look alike, or an outline, in one call however many points they have, and draws a line with several points in every
//! pixel column as the band that they cover.

use crate::chart::draw::{Ink, Pixel, Shape};
use crate::chart::svg::listed;
use crate::chart::theme::{FONT, Rgb};
use crate::chart::ticks::Anchor;
use plotters_backend::{BackendColor, DrawingBackend};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

/// Draws on one canvas for as long as one picture takes.
pub struct Brush {
    /// Draws what need not be told in bulk.
    canvas: CanvasBackend,
    context: CanvasRenderingContext2d,
    fill: Option<Ink>,
    stroke: Option<(Ink, i32)>,
    /// Lines that are to be drawn with this stroke.
    lines: String,
    font: Option<f64>,
    align: Option<Anchor>,
}

/// The extremes of a line in one pixel column.
#[derive(Clone, Copy)]
struct Span {
    x: i32,
    top: i32,
    bottom: i32,
    last: i32,
}

impl Brush {
    /// A brush for a canvas; none where the canvas cannot be drawn on.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Brush> {
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.unchecked_into();
        Some(Brush {
            canvas: CanvasBackend::with_canvas_object(canvas.clone())?,
            context,
            fill: None,
            stroke: None,
            lines: String::new(),
            font: None,
            align: None,
        })
    }

    /// Draws all shapes.
    pub fn play(&mut self, shapes: &[Shape]) {
        for shape in shapes {
            self.add(shape);
        }
        self.flush();
    }

    fn add(&mut self, shape: &Shape) {
        match shape {
            Shape::Line(points, width, ink) if !is_dense(points) => {
                if self.stroke != Some((*ink, *width)) {
                    self.flush();
                    self.stroke = Some((*ink, *width));
                    self.context.set_stroke_style_str(&css(*ink));
                    self.context.set_line_width(f64::from(*width));
                    self.context.set_line_join("round");
                }
                self.lines.push('M');
                self.lines.push_str(&listed(points));
                return;
            }
            _ => self.flush(),
        }
        match shape {
            Shape::Rectangle(from, to, ink) => {
                self.fill_with(*ink);
                let (x, y) = (f64::from(from.0), f64::from(from.1));
                self.context.fill_rect(x, y, f64::from(to.0) - x, f64::from(to.1) - y);
            }
            Shape::Line(points, width, ink) => self.band(points, *width, *ink),
            Shape::Polygon(points, ink) => self.outline(&format!("M{}", listed(points)), *ink),
            Shape::Circle((x, y), radius, ink) => {
                // In a colour of its own.
                self.fill = None;
                let Rgb(red, green, blue) = ink.color;
                let color = BackendColor {
                    alpha: ink.alpha,
                    rgb: (red, green, blue),
                };
                // Refuses only a radius below zero.
                drop(self.canvas.draw_circle((*x, *y), radius.unsigned_abs(), &color, true));
            }
            Shape::Word(word, place, anchor, size, ink) => self.word(word, *place, *anchor, *size, *ink),
        }
    }

    /// Draws the lines that wait for others of their kind.
    fn flush(&mut self) {
        if let Some((_, width)) = self.stroke.filter(|_| !self.lines.is_empty()) {
            // An odd width is sharp around the middle of a pixel, an even one around its edge.
            let shift = f64::from(width % 2) / 2.0;
            if let Ok(path) = Path2d::new_with_path_string(&self.lines) {
                self.shift(shift, shift);
                self.context.stroke_with_path(&path);
                self.shift(-shift, -shift);
            }
            self.lines.clear();
        }
    }

    fn fill_with(&mut self, ink: Ink) {
        if self.fill != Some(ink) {
            self.fill = Some(ink);
            self.context.set_fill_style_str(&css(ink));
        }
    }

    /// Fills what a path goes around.
    fn outline(&mut self, path: &str, ink: Ink) {
        self.fill_with(ink);
        if let Ok(path) = Path2d::new_with_path_string(path) {
            self.context.fill_with_path_2d(&path);
        }
    }

    /// Fills what a dense line of some width covers. A browser without a graphics card needs several times as long for
    /// the stroke, and the picture is the same.
    #[inline(never)]
    fn band(&mut self, points: &[Pixel], width: i32, ink: Ink) {
        let spans = spans(points);
        let (above, below) = (width / 2, width - width / 2);
        let upper = spans.iter().map(|span| (span.x, span.top - above));
        let lower = spans.iter().rev().map(|span| (span.x, span.bottom + below));
        let outline: Vec<Pixel> = upper.chain(lower).collect();
        let shift = f64::from(width % 2) / 2.0;
        self.shift(shift, 0.0);
        self.outline(&format!("M{}", listed(&outline)), ink);
        self.shift(-shift, 0.0);
    }

    fn shift(&self, x: f64, y: f64) {
        // Refuses only what is not a number.
        drop(self.context.translate(x, y));
    }

    fn word(&mut self, word: &str, (x, y): Pixel, anchor: Anchor, size: f64, ink: Ink) {
        self.fill_with(ink);
        if self.font != Some(size) {
            self.font = Some(size);
            self.context.set_font(&format!("{} {FONT}", pixels(size)));
            self.context.set_text_baseline("middle");
        }
        if self.align != Some(anchor) {
            self.align = Some(anchor);
            self.context.set_text_align(match anchor {
                Anchor::Start => "left",
                Anchor::Middle => "center",
                Anchor::End => "right",
            });
        }
        // Never refuses.
        drop(self.context.fill_text(word, f64::from(x), f64::from(y)));
    }
}

/// A length as CSS writes it, to a ten-thousandth: a tenth of a device pixel would already be seen.
pub fn pixels(length: f64) -> String {
    let parts = (length * 1e4).round() as u64;
    match parts % 10_000 {
        0 => format!("{}px", parts / 10_000),
        rest => format!("{}.{rest:04}px", parts / 10_000),
    }
}

fn css(Ink { color, alpha }: Ink) -> String {
    format!("{}{:02X}", color.css(), (alpha * 255.0).round() as u8)
}

/// Whether a line goes from left to right with at least two points in a pixel column, all in all.
fn is_dense(points: &[Pixel]) -> bool {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return false;
    };
    let columns = i64::from(last.0) - i64::from(first.0) + 1;
    let goes_right = || points.is_sorted_by_key(|point| point.0);
    columns > 16 && points.len() as i64 >= 2 * columns && goes_right()
}

/// What a line covers in each of its pixel columns, up to where it comes from and goes to.
fn spans(points: &[Pixel]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (x, y) in points.iter().copied() {
        let mut came_from = y;
        if let Some(span) = spans.last_mut() {
            span.top = span.top.min(y);
            span.bottom = span.bottom.max(y);
            if span.x == x {
                span.last = y;
                continue;
            }
            came_from = span.last;
        }
        spans.push(Span {
            x,
            top: y.min(came_from),
            bottom: y.max(came_from),
            last: y,
        });
    }
    spans
}
