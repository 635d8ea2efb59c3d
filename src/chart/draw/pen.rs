//! A pen that takes CSS pixels and draws in whole device pixels.
//!
//! Everything straight is drawn as a filled rectangle: a stroke of one pixel along whole coordinates would lie across
//! two pixels and look blurred.

use crate::chart::draw::sheet::{Pixel, Sheet};
use crate::chart::layout::Panel;
use crate::chart::measure::FONT_PX;
use crate::chart::path::{Point, dashed};
use crate::chart::pattern::{Pattern, Slice};
use crate::chart::scale::Rect;
use crate::chart::theme::{FONT, Marker, Rgb, Theme};
use crate::chart::ticks::Anchor;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, RGBAColor, ShapeStyle, TextStyle};

/// A sheet to draw on with plotters.
pub(in crate::chart) type Surface = DrawingArea<Sheet, Shift>;

/// A rectangle in device pixels, right and bottom edge excluded.
pub(super) type Area = (Pixel, Pixel);

/// Where and in which look to draw.
#[derive(Clone, Copy)]
pub(in crate::chart) struct Pen<'a> {
    pub surface: &'a Surface,
    pub theme: &'a Theme,
    /// Where on the sheet the pen's own corner is.
    pub begin: Pixel,
}

impl Pen<'_> {
    /// A pen for the part of the sheet that belongs to a chart within the chart, below its title.
    pub fn part(&self, panel: &Panel) -> Self {
        let corner = (
            self.pixel(panel.rect.left),
            self.pixel(panel.rect.top + panel.title_height),
        );
        Pen {
            begin: self.on_sheet(corner),
            ..*self
        }
    }

    fn on_sheet(&self, (x, y): Pixel) -> Pixel {
        (self.begin.0 + x, self.begin.1 + y)
    }

    /// Device pixels per CSS pixel.
    pub fn scale(&self) -> f64 {
        if self.theme.scale.is_finite() {
            self.theme.scale.clamp(0.1, 16.0)
        } else {
            1.0
        }
    }

    /// The nearest whole device pixel; 0 for what is not a number.
    pub fn pixel(&self, length: f64) -> i32 {
        (length * self.scale()).round() as i32
    }

    /// The width of a stroke in device pixels; never nothing.
    pub fn stroke(&self, width: f64) -> i32 {
        self.pixel(width).max(1)
    }

    /// A rectangle in CSS pixels.
    pub fn rect(&self, (from, to): Area) -> Rect {
        let css = |pixels: i32| f64::from(pixels) / self.scale();
        Rect {
            left: css(from.0),
            top: css(from.1),
            right: css(to.0),
            bottom: css(to.1),
        }
    }

    /// Fills a rectangle; its edges come to lie on whole pixels.
    pub fn fill(&self, rect: Rect, color: Rgb, alpha: f64) {
        let corner = (self.pixel(rect.left), self.pixel(rect.top));
        self.fill_pixels(corner, (self.pixel(rect.right), self.pixel(rect.bottom)), color, alpha)
    }

    /// Fills a rectangle given in device pixels, right and bottom edge excluded.
    pub fn fill_pixels(&self, from: (i32, i32), to: (i32, i32), color: Rgb, alpha: f64) {
        if from.0 >= to.0 || from.1 >= to.1 {
            return;
        }
        let (from, to) = (self.on_sheet(from), self.on_sheet(to));
        // Here and below: a sheet takes everything.
        drop(self.surface.draw(&Rectangle::new([from, to], filled(color, alpha))));
    }

    /// A sharp line from left to right.
    pub fn horizontal(&self, (left, right): (f64, f64), y: f64, color: Rgb, width: f64) {
        let stroke = self.stroke(width);
        let top = self.pixel(y) - stroke / 2;
        self.fill_pixels((self.pixel(left), top), (self.pixel(right), top + stroke), color, 1.0)
    }

    /// A sharp line from top to bottom.
    pub fn vertical(&self, x: f64, (top, bottom): (f64, f64), color: Rgb, width: f64) {
        let stroke = self.stroke(width);
        let left = self.pixel(x) - stroke / 2;
        self.fill_pixels((left, self.pixel(top)), (left + stroke, self.pixel(bottom)), color, 1.0)
    }

    /// A sharp dashed line from left to right.
    pub fn dashed_horizontal(&self, (left, right): (f64, f64), y: f64, color: Rgb, alpha: f64) {
        let top = self.pixel(y);
        for dash in dashed(&[(left, y), (right, y)], &[4.0, 3.0]) {
            if let (Some(from), Some(to)) = (dash.first(), dash.last()) {
                let to = (self.pixel(to.0), top + self.stroke(1.0));
                self.fill_pixels((self.pixel(from.0), top), to, color, alpha);
            }
        }
    }

    /// A line through points.
    pub fn line(&self, points: &[Point], color: Rgb, alpha: f64, width: f64) {
        if points.len() < 2 {
            return;
        }
        let style = stroked(color, alpha, self.stroke(width));
        drop(self.surface.draw(&PathElement::new(self.pixels(points), style)));
    }

    /// A line through points, in dashes.
    pub fn dashed_line(&self, points: &[Point], pattern: &[f64], color: Rgb, width: f64) {
        for dash in dashed(points, pattern) {
            self.line(&dash, color, 1.0, width);
        }
    }

    /// A filled outline.
    pub fn polygon(&self, points: &[Point], color: Rgb, alpha: f64) {
        if points.len() < 3 {
            return;
        }
        let outline = Polygon::new(self.pixels(points), filled(color, alpha));
        drop(self.surface.draw(&outline));
    }

    /// A pattern within a band.
    pub fn pattern(&self, pattern: Pattern, band: &[Slice], color: Rgb, alpha: f64) {
        for line in pattern.lines(band) {
            self.line(&line, color, alpha, self.theme.pattern_width);
        }
        let size = self.stroke(1.5 * self.theme.pattern_width);
        for (x, y) in pattern.dots(band) {
            let corner = (self.pixel(x) - size / 2, self.pixel(y) - size / 2);
            self.fill_pixels(
                corner,
                (corner.0 + size, corner.1 + size),
                color,
                (alpha * 1.4).min(1.0),
            );
        }
    }

    /// A round point.
    pub fn dot(&self, center: Point, radius: f64, color: Rgb) {
        let center = self.on_sheet((self.pixel(center.0), self.pixel(center.1)));
        let circle = Circle::new(center, self.stroke(radius), filled(color, 1.0));
        drop(self.surface.draw(&circle));
    }

    /// A round point with a hole, for what is not over yet.
    pub fn ring(&self, center: Point, radius: f64, color: Rgb) {
        self.dot(center, radius, color);
        self.dot(
            center,
            radius - self.theme.line_width.min(radius / 2.0),
            self.theme.surface,
        )
    }

    /// A point of a shape, with a rim of the surface's colour around it.
    pub fn marker(&self, marker: Marker, (x, y): Point, radius: f64, color: Rgb) {
        let square = |half: f64| Rect {
            left: x - half,
            top: y - half,
            right: x + half,
            bottom: y + half,
        };
        // Larger than the circle, so that all look of one size.
        let shape = |radius: f64| -> Vec<Point> {
            let long = radius * 1.3;
            match marker {
                Marker::Triangle => vec![(x, y - long), (x + long, y + radius), (x - long, y + radius)],
                Marker::TriangleDown => vec![(x, y + long), (x + long, y - radius), (x - long, y - radius)],
                _ => vec![(x, y - long), (x + long, y), (x, y + long), (x - long, y)],
            }
        };
        let rim = radius + 2.0;
        match marker {
            Marker::Circle => {
                self.dot((x, y), rim, self.theme.surface);
                self.dot((x, y), radius, color)
            }
            Marker::Square => {
                self.fill(square(rim), self.theme.surface, 1.0);
                self.fill(square(radius), color, 1.0)
            }
            Marker::Triangle | Marker::TriangleDown | Marker::Diamond => {
                self.polygon(&shape(rim), self.theme.surface, 1.0);
                self.polygon(&shape(radius), color, 1.0)
            }
            Marker::Cross => {
                self.dot((x, y), rim, self.theme.surface);
                self.line(&[(x - radius, y - radius), (x + radius, y + radius)], color, 1.0, 2.5);
                self.line(&[(x - radius, y + radius), (x + radius, y - radius)], color, 1.0, 2.5)
            }
        }
    }

    /// A rim of the surface's colour around a word, to be read over data.
    pub fn halo(&self, label: &str, (x, y): Point, anchor: Anchor) {
        const AROUND: [Point; 8] = [
            (-1.5, 0.0),
            (1.5, 0.0),
            (0.0, -1.5),
            (0.0, 1.5),
            (-1.0, -1.0),
            (1.0, -1.0),
            (-1.0, 1.0),
            (1.0, 1.0),
        ];
        for (dx, dy) in AROUND {
            self.text(label, (x + dx, y + dy), anchor, self.theme.surface);
        }
    }

    /// A word, vertically centred at a place.
    pub fn text(&self, label: &str, place: Point, anchor: Anchor, color: Rgb) {
        if label.is_empty() {
            return;
        }
        let place = self.on_sheet((self.pixel(place.0), self.pixel(place.1)));
        let anchor = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        // By name: told apart from generic families by plotters, it would bring the tables of upper and lower case.
        let ink = solid(color, 1.0);
        let style = TextStyle::from((FontFamily::Name(FONT), FONT_PX * self.scale()))
            .color(&ink)
            .pos(Pos::new(anchor, VPos::Center));
        drop(self.surface.draw(&Text::new(label, place, style)));
    }

    fn pixels(&self, points: &[Point]) -> Vec<Pixel> {
        let pixels = points.iter().map(|(x, y)| (self.pixel(*x), self.pixel(*y)));
        pixels.map(|pixel| self.on_sheet(pixel)).collect()
    }
}

fn solid(Rgb(red, green, blue): Rgb, alpha: f64) -> RGBAColor {
    RGBAColor(red, green, blue, alpha)
}

fn filled(color: Rgb, alpha: f64) -> ShapeStyle {
    ShapeStyle {
        color: solid(color, alpha),
        filled: true,
        stroke_width: 0,
    }
}

fn stroked(color: Rgb, alpha: f64, width: i32) -> ShapeStyle {
    ShapeStyle {
        color: solid(color, alpha),
        filled: false,
        stroke_width: width.unsigned_abs(),
    }
}
