//! The shapes of a picture, in their order: the plotters backend that charts are drawn on. A canvas or an SVG file plays
//! the list. So the drawing code is compiled once, and whoever plays knows five shapes and nothing of charts.

use crate::chart::theme::Rgb;
use crate::chart::ticks::Anchor;
use plotters_backend::text_anchor::HPos;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

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

/// The list. Copies are of the same one: plotters keeps one of them for itself.
#[derive(Clone, Debug, Default)]
pub struct Sheet(Rc<RefCell<Vec<Shape>>>);

impl Sheet {
    /// Adds a shape on top of all others.
    fn add(&self, shape: Shape) -> Drawn {
        self.0.borrow_mut().push(shape);
        Ok(())
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
        self.0.take()
    }
}

/// Nothing can go wrong on a list.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

fn ink(BackendColor { alpha, rgb }: BackendColor) -> Ink {
    let color = Rgb(rgb.0, rgb.1, rgb.2);
    Ink { color, alpha }
}

impl DrawingBackend for Sheet {
    type ErrorType = Infallible;

    /// Without an edge: charts know how large they are.
    fn get_size(&self) -> (u32, u32) {
        (u32::from(u16::MAX), u32::from(u16::MAX))
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.add(Shape::Rectangle((x, y), (x + 1, y + 1), ink(color)))
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, _: bool) -> Drawn {
        self.add(Shape::Rectangle(from, to, ink(style.color())))
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let width = i32::try_from(style.stroke_width()).unwrap_or(1);
        self.add(Shape::Line(path.into_iter().collect(), width, ink(style.color())))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, outline: I, style: &S) -> Drawn {
        self.add(Shape::Polygon(outline.into_iter().collect(), ink(style.color())))
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, _: bool) -> Drawn {
        let radius = i32::try_from(radius).unwrap_or(1);
        self.add(Shape::Circle(center, radius, ink(style.color())))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, place: BackendCoord) -> Drawn {
        let anchor = match style.anchor().h_pos {
            HPos::Left => Anchor::Start,
            HPos::Center => Anchor::Middle,
            HPos::Right => Anchor::End,
        };
        self.add(Shape::Word(
            text.into(),
            place,
            anchor,
            style.size(),
            ink(style.color()),
        ))
    }

    /// Never asked for: see [`crate::chart::measure`].
    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        _: &str,
        _: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        Ok((0, 0))
    }

    fn blit_bitmap(&mut self, _: BackendCoord, _: (u32, u32), _: &[u8]) -> Drawn {
        Ok(())
    }
}
