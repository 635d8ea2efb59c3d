//! How plotters draws on a canvas here. It says to the browser only what changed since the last shape, keeps thin lines
//! sharp, and draws a line with several points in every pixel column as the band that they cover.
//!
//! What charts of this view have no use for is left to `plotters-canvas`, on which this is built.

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Draws on one canvas for as long as one picture takes.
pub struct Brush {
    canvas: CanvasBackend,
    context: CanvasRenderingContext2d,
    known: Known,
    /// The place in the picture that is in the corner of the canvas.
    begin: (u32, u32),
    /// The line under way; kept for its room.
    points: Vec<BackendCoord>,
}

/// What the context was told last.
#[derive(Default)]
struct Known {
    fill: Option<BackendColor>,
    stroke: Option<BackendColor>,
    width: Option<u32>,
    font: Option<(String, f64)>,
    align: Option<&'static str>,
    baseline: Option<&'static str>,
}

/// The extremes of a line in one pixel column.
#[derive(Clone, Copy)]
struct Span {
    x: i32,
    top: i32,
    bottom: i32,
    last: i32,
}

type Drawn = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl Brush {
    /// A brush for a canvas; none where the canvas cannot be drawn on.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Brush> {
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.set_line_join("round");
        Some(Brush {
            canvas: CanvasBackend::with_canvas_object(canvas.clone())?,
            context,
            known: Known::default(),
            begin: (0, 0),
            points: Vec::new(),
        })
    }

    /// Takes everything away, and has the canvas show the part of the picture that begins at a place, in device pixels.
    pub fn move_to(&mut self, (left, top): (u32, u32)) {
        let (width, height) = self.canvas.get_size();
        let (x, y) = (f64::from(left), f64::from(top));
        // Refuses only what is not a number.
        drop(self.context.set_transform(1.0, 0.0, 0.0, 1.0, -x, -y));
        self.context.clear_rect(x, y, f64::from(width), f64::from(height));
        self.begin = (left, top);
    }

    /// What plotters-canvas draws, it draws in colours of its own.
    fn plainly(&mut self, draw: impl FnOnce(&mut CanvasBackend) -> Drawn) -> Drawn {
        self.known = Known::default();
        draw(&mut self.canvas)
    }

    fn fill_with(&mut self, color: BackendColor) {
        if !is_same(self.known.fill, color) {
            self.known.fill = Some(color);
            self.context.set_fill_style_str(&css(color));
        }
    }

    fn stroke_with(&mut self, style: &impl BackendStyle) {
        let color = style.color();
        if !is_same(self.known.stroke, color) {
            self.known.stroke = Some(color);
            self.context.set_stroke_style_str(&css(color));
        }
        let width = style.stroke_width();
        if self.known.width != Some(width) {
            self.known.width = Some(width);
            self.context.set_line_width(f64::from(width));
        }
    }

    /// Goes along the points, moved by a part of a pixel.
    fn trace(&self, shift: f64) {
        self.context.begin_path();
        let mut before = None;
        // The first `line_to` of a path moves.
        for (x, y) in self.points.iter().copied() {
            if before != Some((x, y)) {
                self.context.line_to(f64::from(x) + shift, f64::from(y) + shift);
            }
            before = Some((x, y));
        }
    }

    /// Fills what a dense line of some width covers. A browser without a graphics card needs several times as long for
    /// the stroke, and the picture is the same.
    fn band(&mut self, color: BackendColor, width: u32) {
        self.fill_with(color);
        self.context.begin_path();
        let (shift, half) = (middle(width), f64::from(width) / 2.0);
        let spans = spans(&self.points);
        let above = spans.iter().map(|span| (span.x, f64::from(span.top) - half));
        let below = spans.iter().map(|span| (span.x, f64::from(span.bottom) + half));
        for (x, y) in above.chain(below.rev()) {
            self.context.line_to(f64::from(x) + shift, y + shift);
        }
        self.context.fill();
    }
}

impl DrawingBackend for Brush {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    /// To the end of what the canvas shows: plotters draws nothing further right or down.
    fn get_size(&self) -> (u32, u32) {
        let (width, height) = self.canvas.get_size();
        (self.begin.0 + width, self.begin.1 + height)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.canvas.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.canvas.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.plainly(|canvas| canvas.draw_pixel(point, color))
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        if !fill {
            return self.plainly(|canvas| canvas.draw_rect(from, to, style, fill));
        }
        self.fill_with(style.color());
        let (x, y) = (f64::from(from.0), f64::from(from.1));
        self.context.fill_rect(x, y, f64::from(to.0) - x, f64::from(to.1) - y);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.points.clear();
        self.points.extend(path);
        let width = style.stroke_width();
        if width > 1 && is_dense(&self.points) {
            self.band(style.color(), width);
            return Ok(());
        }
        self.stroke_with(style);
        self.trace(middle(width));
        self.context.stroke();
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.points.clear();
        self.points.extend(path);
        self.fill_with(style.color());
        self.trace(0.0);
        self.context.fill();
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        if !fill {
            return self.plainly(|canvas| canvas.draw_circle(center, radius, style, fill));
        }
        self.fill_with(style.color());
        self.context.begin_path();
        let (x, y) = (f64::from(center.0), f64::from(center.1));
        // Refuses only a radius below zero.
        drop(self.context.arc(x, y, f64::from(radius), 0.0, std::f64::consts::TAU));
        self.context.fill();
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, place: BackendCoord) -> Drawn {
        if !matches!(style.transform(), FontTransform::None) {
            return self.plainly(|canvas| canvas.draw_text(text, style, place));
        }
        self.fill_with(style.color());
        let anchor = style.anchor();
        let align = match anchor.h_pos {
            HPos::Left => "left",
            HPos::Right => "right",
            HPos::Center => "center",
        };
        if self.known.align != Some(align) {
            self.known.align = Some(align);
            self.context.set_text_align(align);
        }
        let baseline = match anchor.v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        };
        if self.known.baseline != Some(baseline) {
            self.known.baseline = Some(baseline);
            self.context.set_text_baseline(baseline);
        }
        let (family, size) = (style.family(), style.size());
        let is_known = |(known, at): &(String, f64)| known == family.as_str() && *at == size;
        if !self.known.font.as_ref().is_some_and(is_known) {
            let font = format!("{} {} {}", style.style().as_str(), pixels(size), family.as_str());
            self.context.set_font(&font);
            self.known.font = Some((family.as_str().into(), size));
        }
        // Never refuses.
        drop(self.context.fill_text(text, f64::from(place.0), f64::from(place.1)));
        Ok(())
    }
}

/// Where in a pixel a line of some width lies: an odd one is sharp around the middle, an even one around the edge.
fn middle(width: u32) -> f64 {
    if width % 2 == 1 { 0.5 } else { 0.0 }
}

/// A length as CSS writes it.
pub fn pixels(length: f64) -> String {
    // A tenth of a device pixel would already be seen.
    let parts = (length * 1e4).round() as u64;
    format!("{}.{:04}px", parts / 10_000, parts % 10_000)
}

fn css(
    BackendColor {
        rgb: (red, green, blue),
        alpha,
    }: BackendColor,
) -> String {
    let alpha = (alpha * 255.0).round() as u8;
    format!("#{red:02X}{green:02X}{blue:02X}{alpha:02X}")
}

fn is_same(known: Option<BackendColor>, color: BackendColor) -> bool {
    known.is_some_and(|known| known.rgb == color.rgb && known.alpha == color.alpha)
}

/// Whether a line goes from left to right with at least two points in a pixel column, all in all.
fn is_dense(points: &[BackendCoord]) -> bool {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return false;
    };
    let columns = i64::from(last.0) - i64::from(first.0) + 1;
    let goes_right = || {
        points
            .iter()
            .zip(points.iter().skip(1))
            .all(|(from, to)| from.0 <= to.0)
    };
    columns > 16 && points.len() as i64 >= 2 * columns && goes_right()
}

/// What a line covers in each of its pixel columns, up to where it comes from and goes to.
fn spans(points: &[BackendCoord]) -> Vec<Span> {
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
