//! The chart of the view for the bench: two number columns in, a painted canvas out, by the code that the page runs.

use js_sys::Float64Array;
use metrics::chart::layout::{Layout, layout};
use metrics::chart::moments::Moments;
use metrics::chart::values::Values;
use metrics::chart::{ChartModel, Kind, Role, Series, Unit};
use metrics::locale::Locale;
use metrics::period::Interval;
use metrics::ui::canvas::{self, Overlay};
use metrics::ui::theme::Scheme;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlCanvasElement, HtmlElement};

/// A line on a canvas, and over it what is under the pointer.
#[wasm_bindgen]
pub struct Chart {
    base: HtmlCanvasElement,
    overlay: Overlay,
    width: f64,
    height: f64,
    ratio: f64,
    shown: Option<(ChartModel, Layout)>,
}

#[wasm_bindgen]
impl Chart {
    /// A chart of a size in CSS pixels, with nothing on it.
    #[wasm_bindgen(constructor)]
    pub fn new(base: HtmlCanvasElement, overlay: HtmlElement, width: f64, height: f64, ratio: f64) -> Chart {
        Chart {
            base,
            overlay: Overlay::new(overlay),
            width,
            height,
            ratio,
            shown: None,
        }
    }

    /// Draws a chart for nobody to see, as the page does while it waits for answers: samples that are not measured.
    pub fn rehearse() {
        let moments: Vec<f64> = (0..2000).map(f64::from).collect();
        canvas::rehearse(&model(Moments::from(moments.clone()), Values::from(moments)));
    }

    /// Draws columns: seconds since the start of 1970, ascending, and as many values.
    pub fn draw(&mut self, moments: &Float64Array, values: &Float64Array) {
        let read = |column: &Float64Array| {
            let column = column.clone();
            move |from: usize, part: &mut [f64]| {
                let from = from as u32;
                column.subarray(from, from + part.len() as u32).copy_to(part);
            }
        };
        let count = values.length() as usize;
        let model = model(Moments::read(count, read(moments)), Values::read(count, read(values)));
        let layout = layout(&model, self.width, self.height);
        canvas::paint(&self.base, &model, &layout, Scheme::Light, self.ratio);
        self.shown = Some((model, layout));
    }

    /// Points at what is below the pointer, as the page does.
    pub fn point(&mut self, x: f64, y: f64) {
        if let Some((model, layout)) = &self.shown {
            let focus = layout.hit(model, x, y);
            self.overlay.point(model, layout, Scheme::Light, self.ratio, focus);
        }
    }
}

fn model(moments: Moments, values: Values) -> ChartModel {
    ChartModel {
        kind: Kind::Samples(moments),
        buckets: Vec::new(),
        interval: Interval::Day,
        unit: Unit::Number,
        series: vec![Series {
            name: "Value".into(),
            role: Role::Active,
            values,
        }],
        references: Vec::new(),
        locale: Locale::english(),
    }
}
