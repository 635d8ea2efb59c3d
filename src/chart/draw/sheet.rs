//! The shapes of a picture, in their order. A chart is drawn into this list; a canvas or an SVG file plays it. So the
//! drawing code is compiled once, and whoever plays knows five shapes and nothing of charts.

use crate::chart::theme::Rgb;
use crate::chart::ticks::Anchor;
use std::cell::RefCell;

/// A place in device pixels.
pub type Pixel = (i32, i32);

/// A colour, and how much of it covers what is behind: all at 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// The colour.
    pub color: Rgb,
    /// Its opacity.
    pub alpha: f64,
}

/// A shape in device pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// From corner to corner, right and bottom edge excluded.
    Rectangle(Pixel, Pixel, Ink),
    /// A line through points, of a width.
    Line(Vec<Pixel>, i32, Ink),
    /// A filled outline.
    Polygon(Vec<Pixel>, Ink),
    /// A round point: middle and radius.
    Circle(Pixel, i32, Ink),
    /// A word, vertically centred at a place, in a size.
    Word(String, Pixel, Anchor, f64, Ink),
}

/// The list; written through a shared reference, as a pen and its parts write the same one.
#[derive(Debug, Default)]
pub struct Sheet(RefCell<Vec<Shape>>);

impl Sheet {
    /// Adds a shape on top of all others.
    pub(super) fn add(&self, shape: Shape) {
        self.0.borrow_mut().push(shape);
    }

    /// All shapes, from the lowest up.
    pub fn into_shapes(self) -> Vec<Shape> {
        self.0.into_inner()
    }
}
