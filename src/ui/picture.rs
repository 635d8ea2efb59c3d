//! A chart as a picture to take away: PNG at twice the resolution, SVG, or on the clipboard. Each says above the chart
//! what it shows, for which days, in which zone and from which source, and which series is which.

use crate::chart::ChartModel;
use crate::chart::draw::{Sheet, draw, draw_key};
use crate::chart::layout::{layout, natural_height};
use crate::chart::svg::{escaped, svg};
use crate::ui::canvas;
use crate::ui::download;
use crate::ui::page::metrics::Announce;
use crate::ui::theme::Scheme;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

/// What a picture shows, in words and as a model.
pub struct Picture {
    /// First line.
    pub title: String,
    /// Second line: days, zone, source, time.
    pub about: String,
    /// The chart.
    pub chart: ChartModel,
}

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 360.0;
/// Room for the two lines above the chart.
const HEAD: f64 = 64.0;
const MARGIN: f64 = 20.0;
const SCALE: f64 = 2.0;

impl Picture {
    /// What is drawn below the two lines, each with its height: the names of series, where the chart has none, and the
    /// chart.
    fn parts(&self, scale: f64) -> Vec<(Sheet, f64)> {
        let colors = Scheme::Light.colors().at_scale(scale);
        let height = natural_height(&self.chart, WIDTH).unwrap_or(HEIGHT);
        let places = layout(&self.chart, WIDTH, height);
        let key = draw_key(&self.chart, &colors, &places);
        key.into_iter()
            .chain([(draw(&self.chart, &colors, &places), height)])
            .collect()
    }

    /// The picture as PNG, or why the browser refused.
    async fn png(&self) -> Result<Blob, JsValue> {
        let parts = self.parts(SCALE);
        let (wide, high) = size(&parts);
        let sheet = canvas_element()?;
        sheet.set_width((wide * SCALE) as u32);
        sheet.set_height((high * SCALE) as u32);
        let context: CanvasRenderingContext2d = sheet
            .get_context("2d")?
            .ok_or(JsValue::NULL)?
            .dyn_into()
            .map_err(JsValue::from)?;
        context.scale(SCALE, SCALE)?;
        let colors = Scheme::Light.colors();
        context.set_fill_style_str(&colors.surface.css());
        context.fill_rect(0.0, 0.0, wide, high);
        context.set_fill_style_str(&colors.text.css());
        context.set_font("600 17px system-ui, sans-serif");
        context.fill_text(&self.title, MARGIN, 30.0)?;
        context.set_fill_style_str(&colors.muted.css());
        context.set_font("12px system-ui, sans-serif");
        context.fill_text(&self.about, MARGIN, 50.0)?;
        let mut top = HEAD;
        for (part, height) in parts {
            let plot = canvas_element()?;
            canvas::paint_sheet(&plot, part, (WIDTH, height), SCALE);
            context.draw_image_with_html_canvas_element_and_dw_and_dh(&plot, MARGIN, top, WIDTH, height)?;
            top += height;
        }
        to_blob(&sheet).await
    }

    /// The picture as SVG text.
    fn svg(&self) -> String {
        let colors = Scheme::Light.colors();
        let parts = self.parts(1.0);
        let (wide, high) = size(&parts);
        let (mut inner, mut top) = (String::new(), HEAD);
        for (part, height) in parts {
            let part = svg(part.into_shapes(), WIDTH as u32, height.ceil() as u32);
            inner += &part.replacen("<svg ", &format!("<svg x=\"{MARGIN}\" y=\"{top}\" "), 1);
            top += height;
        }
        let (surface, ink, muted) = (colors.surface.css(), colors.text.css(), colors.muted.css());
        let (title, about) = (escaped(&self.title), escaped(&self.about));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" font-family=\"system-ui, sans-serif\">\n\
             <title>{title}</title>\n<desc>{about}</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"{surface}\"/>\n\
             <text x=\"{MARGIN}\" y=\"30\" font-size=\"17\" font-weight=\"600\" fill=\"{ink}\">{title}</text>\n\
             <text x=\"{MARGIN}\" y=\"50\" font-size=\"12\" fill=\"{muted}\">{about}</text>\n{inner}</svg>\n"
        )
    }
}

/// How large a picture with such parts is.
fn size(parts: &[(Sheet, f64)]) -> (f64, f64) {
    let height: f64 = parts.iter().map(|(_, height)| height).sum();
    (WIDTH + 2.0 * MARGIN, HEAD + height + MARGIN)
}

/// What becomes of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// A file.
    Png,
    /// A file that can be enlarged.
    Svg,
    /// It goes to the clipboard.
    Copy,
}

/// Draws a picture for somebody to take away, under a name without its ending, and says how it went.
pub fn take(picture: Picture, taking: Taking, name: String, announce: Announce) {
    spawn_local(async move {
        let ending = if taking == Taking::Svg { "svg" } else { "png" };
        let name = format!("{name}.{ending}");
        let is_taken = match taking {
            Taking::Svg => download::save(&name, "image/svg+xml", &picture.svg()),
            _ => match picture.png().await {
                Err(_) => return announce.tell("The browser refused to make a picture"),
                Ok(png) if taking == Taking::Png => download::save_blob(&name, &png),
                Ok(png) => copy(&png).await,
            },
        };
        announce.tell(match (is_taken, taking) {
            (true, Taking::Copy) => "Image copied".to_string(),
            (true, _) => format!("{name} saved"),
            (false, Taking::Copy) => "The browser refused to copy".to_string(),
            (false, _) => "The browser refused the download".to_string(),
        });
    });
}

/// Puts a PNG on the clipboard. False when the browser refuses.
async fn copy(png: &Blob) -> bool {
    let try_copy = || -> Result<Promise, JsValue> {
        let constructor: Function = Reflect::get(&js_sys::global(), &"ClipboardItem".into())?.dyn_into()?;
        let content = Object::new();
        Reflect::set(&content, &"image/png".into(), png)?;
        let item = Reflect::construct(&constructor, &Array::of1(&content))?;
        Ok(window().navigator().clipboard().write(&Array::of1(&item)))
    };
    match try_copy() {
        Ok(promise) => JsFuture::from(promise).await.is_ok(),
        Err(_) => false,
    }
}

fn canvas_element() -> Result<HtmlCanvasElement, JsValue> {
    document().create_element("canvas")?.dyn_into().map_err(JsValue::from)
}

async fn to_blob(canvas: &HtmlCanvasElement) -> Result<Blob, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        let hand_over = Closure::once_into_js(move |blob: JsValue| {
            // Calling a promise's own functions cannot fail.
            drop(resolve.call1(&JsValue::NULL, &blob));
        });
        if canvas.to_blob(hand_over.unchecked_ref()).is_err() {
            drop(reject.call0(&JsValue::NULL));
        }
    });
    JsFuture::from(promise).await?.dyn_into()
}
