//! Colours, dashes, markers and stroke widths: how things look, as plain data. One source for the chart, its legend
//! and the help text.
//!
//! The sets were chosen so that lines keep 3:1 against the surface and can be told apart with any kind of colour
//! vision; dash and marker say the same again without colour.

use crate::chart::Role;
use crate::chart::pattern::Pattern;

/// CSS font stack of every word on a chart.
pub const FONT: &str = "system-ui, sans-serif";

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The look of a chart. Lengths are CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Behind everything.
    pub surface: Rgb,
    /// Labels of reference lines.
    pub text: Rgb,
    /// Labels of the axes.
    pub muted: Rgb,
    /// Grid lines.
    pub grid: Rgb,
    /// The zero line, ticks and crosshair.
    pub axis: Rgb,
    /// Behind days off.
    pub weekend: Rgb,
    /// Lines of the hatch over buckets in which nothing was collected.
    pub hatch: Rgb,
    /// Colours of series, by [`Role`].
    pub series: [Rgb; 6],
    /// Series of [`Role::Context`].
    pub context: Rgb,
    /// Opacity of the area under a line.
    pub area_alpha: f64,
    /// Opacity of stacked areas.
    pub stack_alpha: f64,
    /// Opacity of the patterns over fills.
    pub pattern_alpha: f64,
    /// Width of the lines of patterns.
    pub pattern_width: f64,
    /// Width of data lines.
    pub line_width: f64,
    /// Device pixels per CSS pixel.
    pub scale: f64,
}

/// The system colours that a page finds where colours are forced on it, by their names in CSS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemColors {
    /// `Canvas`
    pub canvas: Rgb,
    /// `CanvasText`
    pub text: Rgb,
    /// `GrayText`
    pub gray: Rgb,
    /// `LinkText`
    pub link: Rgb,
    /// `Highlight`
    pub highlight: Rgb,
}

/// The shape of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// ●
    Circle,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ▼
    TriangleDown,
    /// ✕
    Cross,
}

impl Rgb {
    /// As CSS writes it: "#1E5BD6".
    pub fn css(self) -> String {
        format!("#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }

    /// A colour on the way to another: itself at 0, the other at 1.
    pub fn mixed(self, other: Rgb, share: f64) -> Rgb {
        let mix = |from: u8, to: u8| (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as u8;
        Rgb(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// Contrast ratio after WCAG 2, 1 to 21.
    pub fn contrast(self, other: Rgb) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

impl Theme {
    /// Dark on white.
    pub fn light() -> Theme {
        Theme {
            surface: Rgb(0xFF, 0xFF, 0xFF),
            text: Rgb(0x1B, 0x1F, 0x24),
            muted: Rgb(0x5B, 0x64, 0x70),
            grid: Rgb(0xE9, 0xEC, 0xF0),
            axis: Rgb(0x9A, 0xA3, 0xAF),
            weekend: Rgb(0xF5, 0xF6, 0xF8),
            hatch: Rgb(0xC6, 0xCC, 0xD4),
            series: [
                Rgb(0x1E, 0x5B, 0xD6),
                Rgb(0xB0, 0x7D, 0x00),
                Rgb(0x7A, 0x12, 0x20),
                Rgb(0x0A, 0x9A, 0x6C),
                Rgb(0xB3, 0x18, 0x9B),
                Rgb(0x3A, 0x43, 0x50),
            ],
            context: Rgb(0x86, 0x8F, 0x9B),
            area_alpha: 0.16,
            stack_alpha: 0.3,
            pattern_alpha: 0.3,
            pattern_width: 1.0,
            line_width: 2.0,
            scale: 1.0,
        }
    }

    /// Light on near black.
    pub fn dark() -> Theme {
        Theme {
            surface: Rgb(0x11, 0x14, 0x18),
            text: Rgb(0xE6, 0xE9, 0xED),
            muted: Rgb(0x9B, 0xA4, 0xB0),
            grid: Rgb(0x24, 0x29, 0x30),
            axis: Rgb(0x5E, 0x67, 0x73),
            weekend: Rgb(0x17, 0x1B, 0x20),
            hatch: Rgb(0x3D, 0x45, 0x4F),
            series: [
                Rgb(0x4D, 0xA3, 0xFF),
                Rgb(0xFF, 0xB0, 0x00),
                Rgb(0xFF, 0x7A, 0x45),
                Rgb(0x22, 0xC4, 0x95),
                Rgb(0xE5, 0x8B, 0xD0),
                Rgb(0xE8, 0xE8, 0xEC),
            ],
            context: Rgb(0x8B, 0x94, 0xA1),
            area_alpha: 0.2,
            stack_alpha: 0.3,
            ..Theme::light()
        }
    }

    /// White on black, every colour at 7:1 or more.
    pub fn contrast() -> Theme {
        Theme {
            surface: Rgb(0x00, 0x00, 0x00),
            text: Rgb(0xFF, 0xFF, 0xFF),
            muted: Rgb(0xFF, 0xFF, 0xFF),
            grid: Rgb(0x4A, 0x4A, 0x4A),
            axis: Rgb(0xFF, 0xFF, 0xFF),
            weekend: Rgb(0x20, 0x20, 0x20),
            hatch: Rgb(0x9A, 0x9A, 0x9A),
            series: [
                Rgb(0x6C, 0xB8, 0xFF),
                Rgb(0xFF, 0xD2, 0x3D),
                Rgb(0xFF, 0x8F, 0x66),
                Rgb(0x35, 0xE0, 0xA8),
                Rgb(0xFF, 0x9C, 0xF0),
                Rgb(0xFF, 0xFF, 0xFF),
            ],
            context: Rgb(0xC4, 0xC4, 0xC4),
            area_alpha: 0.3,
            stack_alpha: 0.4,
            pattern_alpha: 0.9,
            pattern_width: 1.5,
            line_width: 2.5,
            ..Theme::light()
        }
    }

    /// The colours of a system that has all its own: shapes and patterns tell things apart.
    #[inline(never)]
    pub fn forced(colors: &SystemColors) -> Theme {
        let SystemColors {
            canvas,
            text,
            gray,
            link,
            highlight,
        } = *colors;
        // Nothing guarantees that these two stand out.
        let seen = |color: Rgb| if color.contrast(canvas) >= 3.0 { color } else { text };
        let (link, highlight, gray) = (seen(link), seen(highlight), seen(gray));
        Theme {
            surface: canvas,
            text,
            muted: text,
            grid: canvas.mixed(gray, 0.4),
            axis: text,
            weekend: canvas,
            hatch: gray,
            series: [highlight, text, link, text, link, highlight],
            context: gray,
            ..Theme::contrast()
        }
    }

    /// The same look at another number of device pixels per CSS pixel.
    pub fn at_scale(self, scale: f64) -> Theme {
        Theme { scale, ..self }
    }

    /// The colour of a role.
    pub fn color(&self, role: Role) -> Rgb {
        let [active, dormant, suspended, green, magenta, neutral] = self.series;
        match role {
            Role::Active => active,
            Role::Dormant => dormant,
            Role::Suspended => suspended,
            Role::Context => self.context,
            // The three named colours come last, for charts that have many other things and no status.
            Role::Other(place) => match place % 6 {
                0 => green,
                1 => magenta,
                2 => neutral,
                3 => active,
                4 => dormant,
                _ => suspended,
            },
        }
    }

    /// The fill of a heat map's cell: one of five steps for a share of what counts as full, another for exactly none.
    pub fn level(&self, role: Role, share: f64) -> Rgb {
        if share.is_nan() || share <= 0.0 {
            return self.surface.mixed(self.muted, 0.1);
        }
        // None of the strengths at which neither light nor dark words could be read.
        let strength = match share {
            ..=0.2 => 0.2,
            ..=0.4 => 0.32,
            ..=0.6 => 0.45,
            ..=0.8 => 0.6,
            _ => 1.0,
        };
        self.surface.mixed(self.color(role), strength)
    }

    /// The colour of text on a fill: whichever of the two can be read better.
    pub fn readable_on(&self, fill: Rgb) -> Rgb {
        if self.text.contrast(fill) >= self.surface.contrast(fill) {
            self.text
        } else {
            self.surface
        }
    }

    /// The colour of a role as CSS writes it, for the legend.
    pub fn css(&self, role: Role) -> String {
        self.color(role).css()
    }
}

impl Role {
    /// Lengths of dash and gap in turn, in CSS pixels; empty for a solid line. For charts with more than one line.
    pub fn dash(self) -> &'static [f64] {
        const DASHES: [&[f64]; 5] = [
            &[9.0, 3.0, 2.0, 3.0],
            &[5.0, 3.0],
            &[12.0, 4.0],
            &[2.0, 3.0],
            &[12.0, 3.0, 4.0, 3.0, 4.0, 3.0],
        ];
        match self {
            Role::Active => &[],
            Role::Dormant => &[8.0, 4.0],
            Role::Suspended => &[2.0, 3.0],
            // Thinner and grey instead.
            Role::Context => &[],
            Role::Other(place) => DASHES.get(usize::from(place) % DASHES.len()).copied().unwrap_or(&[]),
        }
    }

    /// What is drawn over its fill, where fills of several things meet.
    pub fn pattern(self) -> Pattern {
        match self {
            Role::Active | Role::Context => Pattern::Plain,
            Role::Dormant => Pattern::Rising,
            Role::Suspended => Pattern::Dots,
            Role::Other(place) => match place % 5 {
                0 => Pattern::Falling,
                1 => Pattern::Dots,
                2 => Pattern::Plain,
                3 => Pattern::Rising,
                _ => Pattern::Crossed,
            },
        }
    }

    /// The shape of its points. Five shapes and six colours, so that only thirty things later both come again.
    pub fn marker(self) -> Marker {
        match self {
            Role::Active | Role::Context => Marker::Circle,
            Role::Dormant => Marker::Square,
            Role::Suspended => Marker::Triangle,
            Role::Other(place) => match place % 5 {
                0 => Marker::Diamond,
                1 => Marker::TriangleDown,
                2 => Marker::Cross,
                3 => Marker::Square,
                _ => Marker::Triangle,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles() -> impl Iterator<Item = Role> {
        [Role::Active, Role::Dormant, Role::Suspended, Role::Context]
            .into_iter()
            .chain((0..6).map(Role::Other))
    }

    #[test]
    fn every_colour_stands_out_from_its_surface() {
        for (name, theme, text, line) in [
            ("light", Theme::light(), 4.5, 3.0),
            ("dark", Theme::dark(), 4.5, 3.0),
            ("contrast", Theme::contrast(), 7.0, 7.0),
        ] {
            // Text also lies on shaded days.
            for behind in [theme.surface, theme.weekend] {
                for color in [theme.text, theme.muted] {
                    assert!(
                        color.contrast(behind) >= text,
                        "{name} {}: {}",
                        color.css(),
                        color.contrast(behind)
                    );
                }
            }
            for role in roles() {
                let ratio = theme.color(role).contrast(theme.surface);
                assert!(ratio >= line, "{name} {role:?} {}: {ratio}", theme.css(role));
            }
        }
    }

    #[test]
    fn words_in_cells_can_be_read_and_levels_be_told_apart() {
        for theme in [Theme::light(), Theme::dark(), Theme::contrast()] {
            for step in 0..=10 {
                let fill = theme.level(Role::Active, f64::from(step) / 10.0);
                assert!(theme.readable_on(fill).contrast(fill) >= 4.5, "{}", fill.css());
            }
            let levels: Vec<f64> = (0..=5)
                .map(|step| theme.level(Role::Active, f64::from(step) / 5.0).contrast(theme.surface))
                .collect();
            assert!(levels.windows(2).all(|pair| pair[1] > pair[0] * 1.02), "{levels:?}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((Rgb(0, 0, 0).contrast(Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((Rgb(0x77, 0x77, 0x77).contrast(Rgb(255, 255, 255)) - 4.48).abs() < 0.01);
    }

    #[test]
    fn colours_are_written_as_css_does() {
        assert_eq!(Theme::light().css(Role::Active), "#1E5BD6");
        assert_eq!(Theme::dark().css(Role::Dormant), "#FFB000");
    }

    #[test]
    fn statuses_and_first_others_differ_in_colour_and_dash() {
        for theme in [Theme::light(), Theme::dark(), Theme::contrast()] {
            let seen: Vec<_> = [
                Role::Active,
                Role::Dormant,
                Role::Suspended,
                Role::Other(0),
                Role::Other(1),
                Role::Other(2),
            ]
            .map(|role| (theme.css(role), role.dash()))
            .into();
            for (index, (color, dash)) in seen.iter().enumerate() {
                assert!(
                    !seen[..index]
                        .iter()
                        .any(|(other, other_dash)| other == color || other_dash == dash),
                    "{color} {dash:?}"
                );
            }
        }
    }
}
