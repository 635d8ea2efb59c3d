//! Light, dark or contrast: what the URL asks for, else what the operating system says.

use crate::chart::theme::Theme as Colors;
use crate::query::Theme;
use leptos::prelude::*;
use leptos_use_media_query::use_media_query;

/// The colours in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As much contrast as there is.
    Contrast,
}

impl Scheme {
    /// The colours of charts.
    pub fn colors(self) -> Colors {
        match self {
            Scheme::Light => Colors::light(),
            Scheme::Dark => Colors::dark(),
            Scheme::Contrast => Colors::contrast(),
        }
    }
}

/// The scheme in force, and keeps `<html data-theme>` in step with it for the style sheet.
pub fn follow(asked: Signal<Theme>) -> Memo<Scheme> {
    let dark = use_media_query("(prefers-color-scheme: dark)");
    let contrast = use_media_query("(prefers-contrast: more)");
    let scheme = Memo::new(move |_| match asked.get() {
        Theme::Light => Scheme::Light,
        Theme::Dark => Scheme::Dark,
        Theme::Contrast => Scheme::Contrast,
        Theme::System if contrast.get() => Scheme::Contrast,
        Theme::System if dark.get() => Scheme::Dark,
        Theme::System => Scheme::Light,
    });
    Effect::new(move |_| {
        let word = match scheme.get() {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
            Scheme::Contrast => "contrast",
        };
        if let Some(html) = document().document_element() {
            // Fails only for a malformed attribute name.
            drop(html.set_attribute("data-theme", word));
        }
    });
    scheme
}
