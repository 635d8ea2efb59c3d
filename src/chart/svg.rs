//! A picture as the text of an SVG file.

use crate::chart::draw::{Ink, Pixel, Shape, draw};
use crate::chart::layout::layout;
use crate::chart::theme::{FONT, Theme};
use crate::chart::ticks::Anchor;
use crate::chart::{Bucket, ChartModel, Kind, Role, Series, Unit};
use crate::locale::Locale;
use crate::period::{DateRange, Interval};
use crate::zone::Day;

/// Steps per CSS pixel in small drawings.
const FINE: f64 = 4.0;

/// The file of a picture of a size in device pixels.
pub fn svg(shapes: Vec<Shape>, width: u32, height: u32) -> String {
    let mut out = format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\">\n"
    );
    for shape in shapes {
        out += &element(shape);
    }
    out + "</svg>\n"
}

/// Figures over time as a small drawing of a size in CSS pixels, each as wide as the next.
pub fn sparkline(values: &[Option<f64>], width: f64, height: f64) -> String {
    // Which days they are of is not drawn.
    let days = |index| DateRange::new(Day::default(), Day::default()).shift(index);
    let model = ChartModel {
        kind: Kind::Sparkline,
        buckets: (0..values.len() as i64).map(|index| Bucket::of(days(index))).collect(),
        interval: Interval::Day,
        unit: Unit::Number,
        series: vec![Series {
            name: String::new(),
            role: Role::Active,
            values: values.iter().copied().collect(),
        }],
        references: Vec::new(),
        locale: Locale::english(),
    };
    // Finer than pixels: a browser may show it larger.
    let theme = Theme::light().at_scale(FINE);
    let shapes = draw(&model, &theme, &layout(&model, width, height)).into_shapes();
    // Lines that end would be words within a cell.
    svg(shapes, (width * FINE) as u32, (height * FINE) as u32).replace('\n', "")
}

fn element(shape: Shape) -> String {
    let look = |Ink { color, alpha }: Ink| format!("opacity=\"{alpha}\" fill=\"{}\"", color.css());
    match shape {
        Shape::Rectangle((x, y), to, ink) => {
            let (width, height) = (to.0 - x, to.1 - y);
            let look = look(ink);
            format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {look} stroke=\"none\"/>\n")
        }
        Shape::Line(points, width, Ink { color, alpha }) => format!(
            "<polyline fill=\"none\" opacity=\"{alpha}\" stroke=\"{}\" stroke-width=\"{width}\" points=\"{}\"/>\n",
            color.css(),
            listed(&points)
        ),
        Shape::Polygon(points, ink) => format!("<polygon {} points=\"{}\"/>\n", look(ink), listed(&points)),
        Shape::Circle((x, y), radius, ink) => {
            let look = look(ink);
            format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {look} stroke=\"none\" stroke-width=\"0\"/>\n")
        }
        Shape::Word(word, (x, y), anchor, size, ink) => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let (look, word) = (look(ink), escaped(&word));
            format!(
                "<text x=\"{x}\" y=\"{y}\" dy=\"0.5ex\" text-anchor=\"{anchor}\" font-family=\"{FONT}\" font-size=\"{size}\" {look}>\n{word}\n</text>\n"
            )
        }
    }
}

/// Points as SVG lists them, also in a path: "0,3 12,40 ".
pub fn listed(points: &[Pixel]) -> String {
    let mut out = String::with_capacity(8 * points.len());
    for (x, y) in points {
        number(&mut out, *x);
        out.push(',');
        number(&mut out, *y);
        out.push(' ');
    }
    out
}

/// A whole number, several times as fast as the formatting of the standard library: long lines have thousands.
fn number(out: &mut String, number: i32) {
    if number < 0 {
        out.push('-');
    }
    let mut rest = number.unsigned_abs();
    let mut unit = 1;
    while rest / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        out.push(char::from(b'0' + (rest / unit) as u8));
        rest %= unit;
        unit /= 10;
    }
}

/// Text as it stands between tags and in attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn points_are_listed_as_they_are(points in prop::collection::vec((any::<i32>(), -12_i32..1200), 0..9)) {
            let expected: String = points.iter().map(|(x, y)| format!("{x},{y} ")).collect();
            prop_assert_eq!(listed(&points), expected);
        }
    }

    #[test]
    fn nothing_in_a_word_ends_it() {
        assert_eq!(escaped("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&apos;");
    }
}
