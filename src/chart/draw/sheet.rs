//! The shapes of a picture, in their order. A chart is drawn into this list, and the list onto a backend: so only the
//! loop over the list is compiled anew for each backend, and not every kind of chart.

use crate::chart::draw::Drawn;
use crate::chart::theme::Theme;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontFamily, RGBAColor, ShapeStyle, TextStyle};
use std::cell::RefCell;

/// A place in device pixels.
pub(super) type Pixel = (i32, i32);

/// A shape in device pixels.
pub(super) enum Shape {
    /// From corner to corner, right and bottom edge excluded.
    Rectangle(Pixel, Pixel, ShapeStyle),
    /// A line through points.
    Line(Vec<Pixel>, ShapeStyle),
    /// A filled outline.
    Polygon(Vec<Pixel>, ShapeStyle),
    /// A round point: middle and radius.
    Circle(Pixel, i32, ShapeStyle),
    /// A word, vertically centred at a place, in a size.
    Word(String, Pixel, HPos, f64, RGBAColor),
}

/// The list; written through a shared reference, as a pen and its parts write the same one.
#[derive(Default)]
pub(super) struct Sheet(RefCell<Vec<Shape>>);

impl Sheet {
    /// Adds a shape on top of all others.
    pub fn add(&self, shape: Shape) {
        self.0.borrow_mut().push(shape);
    }

    /// Draws everything on an area.
    pub fn play<DB: DrawingBackend>(self, theme: &Theme, area: &DrawingArea<DB, Shift>) -> Drawn<DB> {
        // By name: told apart from generic families by plotters, it would bring the tables of upper and lower case.
        let family = FontFamily::Name(&theme.font_family);
        for shape in self.0.into_inner() {
            match shape {
                Shape::Rectangle(from, to, style) => area.draw(&Rectangle::new([from, to], style))?,
                Shape::Line(points, style) => area.draw(&PathElement::new(points, style))?,
                Shape::Polygon(points, style) => area.draw(&Polygon::new(points, style))?,
                Shape::Circle(center, radius, style) => area.draw(&Circle::new(center, radius, style))?,
                Shape::Word(word, place, horizontal, size, color) => {
                    let style = TextStyle::from((family, size))
                        .color(&color)
                        .pos(Pos::new(horizontal, VPos::Center));
                    area.draw(&Text::new(word, place, style))?;
                }
            }
        }
        Ok(())
    }
}
