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

impl Shape {
    /// How far it reaches beyond its places.
    fn air(&self) -> i32 {
        match self {
            Shape::Line(_, width, _) => *width,
            Shape::Circle(_, radius, _) => *radius,
            Shape::Polygon(..) => 1,
            _ => 0,
        }
    }

    fn for_places(&mut self, mut visit: impl FnMut(&mut Pixel)) {
        match self {
            Shape::Rectangle(from, to, _) => {
                visit(from);
                visit(to);
            }
            Shape::Line(points, ..) | Shape::Polygon(points, _) => points.iter_mut().for_each(visit),
            Shape::Circle(place, ..) | Shape::Word(_, place, ..) => visit(place),
        }
    }
}

/// The list; written through a shared reference, as a pen and its parts write the same one.
#[derive(Debug, Default)]
pub struct Sheet(RefCell<Vec<Shape>>);

impl Sheet {
    /// Adds a shape on top of all others.
    pub(super) fn add(&self, shape: Shape) {
        self.0.borrow_mut().push(shape);
    }

    /// Moves everything so that it begins in the corner: the shapes, where they were, and how much room they take.
    pub fn cut_out(self) -> (Vec<Shape>, Pixel, Pixel) {
        let mut shapes = self.into_shapes();
        let (mut from, mut to) = ((i32::MAX, i32::MAX), (i32::MIN, i32::MIN));
        for shape in &mut shapes {
            let air = shape.air();
            shape.for_places(|(x, y)| {
                from = (from.0.min(*x - air), from.1.min(*y - air));
                to = (to.0.max(*x + air), to.1.max(*y + air));
            });
        }
        for shape in &mut shapes {
            shape.for_places(|place| *place = (place.0 - from.0, place.1 - from.1));
        }
        let room = (to.0.saturating_sub(from.0), to.1.saturating_sub(from.1));
        (shapes, from, room)
    }

    /// All shapes, from the lowest up.
    pub fn into_shapes(self) -> Vec<Shape> {
        self.0.into_inner()
    }
}
