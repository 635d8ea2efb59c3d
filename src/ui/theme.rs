//! Light, dark or contrast: what the URL asks for, else what the operating system says.

use crate::chart::theme::{Rgb, SystemColors, Theme as Colors};
use crate::query::Theme;
use crate::ui::erase::{Memo, effect};
use crate::ui::media::media;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The colours in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// As much contrast as there is.
    Contrast,
    /// The few colours that a person set for everything on this computer.
    Forced,
}

impl Scheme {
    /// The colours of charts.
    pub fn colors(self) -> Colors {
        match self {
            Scheme::Light => Colors::light(),
            Scheme::Dark => Colors::dark(),
            Scheme::Contrast => Colors::contrast(),
            Scheme::Forced => Colors::forced(&system_colors()),
        }
    }
}

/// The scheme in force, and keeps `<html data-theme>` in step with it for the style sheet.
pub fn follow(asked: Memo<Theme>) -> Memo<Scheme> {
    let dark = media("(prefers-color-scheme: dark)");
    let contrast = media("(prefers-contrast: more)");
    let forced = media("(forced-colors: active)");
    let printing = media("print");
    let scheme = Memo::new(move |_| match asked.get() {
        // Paper is white, and forced colours are stronger than any wish of ours.
        _ if printing.get() => Scheme::Light,
        _ if forced.get() => Scheme::Forced,
        Theme::Light => Scheme::Light,
        Theme::Dark => Scheme::Dark,
        Theme::Contrast => Scheme::Contrast,
        Theme::System if contrast.get() => Scheme::Contrast,
        Theme::System if dark.get() => Scheme::Dark,
        Theme::System => Scheme::Light,
    });
    effect(move || {
        let word = match scheme.get() {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
            Scheme::Contrast => "contrast",
            Scheme::Forced => "forced",
        };
        if let Some(html) = document().document_element() {
            // Fails only for a malformed attribute name.
            drop(html.set_attribute("data-theme", word));
        }
    });
    scheme
}

/// What the system's colour words stand for, read off an element that nobody sees.
#[inline(never)]
fn system_colors() -> SystemColors {
    let probe = document()
        .create_element("span")
        .ok()
        .and_then(|probe| probe.dyn_into::<HtmlElement>().ok());
    let read = |word: &str| {
        let probe = probe.as_ref()?;
        // Fails only for malformed property names.
        drop(probe.style().set_property("color", word));
        let shown = window()
            .get_computed_style(probe)
            .ok()??
            .get_property_value("color")
            .ok()?;
        let mut parts = shown
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter(|part| !part.is_empty());
        let mut part = || parts.next()?.parse::<u8>().ok();
        Some(Rgb(part()?, part()?, part()?))
    };
    let body = document().body();
    if let (Some(probe), Some(body)) = (&probe, &body) {
        probe.set_hidden(true);
        drop(body.append_child(probe));
    }
    let (black, white) = (Rgb(0, 0, 0), Rgb(255, 255, 255));
    let colors = SystemColors {
        canvas: read("Canvas").unwrap_or(black),
        text: read("CanvasText").unwrap_or(white),
        gray: read("GrayText").unwrap_or(white),
        link: read("LinkText").unwrap_or(white),
        highlight: read("Highlight").unwrap_or(white),
    };
    if let Some(probe) = &probe {
        probe.remove();
    }
    colors
}
