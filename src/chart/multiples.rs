//! Small multiples: a chart a series, side by side, with the same axes, so that heights compare across them, or each with
//! its own.

use crate::chart::layout::{Layout, Panel, empty};
use crate::chart::scale::Rect;
use crate::chart::time::{extent, over_time};
use crate::chart::{Axes, ChartModel, Kind, Series};

/// The least width of a panel, and how many stand side by side at most.
const LEAST_WIDTH: f64 = 200.0;
const MOST_ACROSS: usize = 4;
/// Height of a panel for which there is no other reason.
const PANEL: f64 = 132.0;
const TITLE: f64 = 20.0;
const GAP: f64 = 16.0;

/// The panels in rows, of equal size.
pub(super) fn multiples(model: &ChartModel, width: f64, height: f64) -> Layout {
    let (across, down) = shape(model, width);
    if across == 0 {
        return empty(width, height);
    }
    let gaps = |count: usize| GAP * (count.saturating_sub(1)) as f64;
    let panel_width = ((width - gaps(across)) / across as f64).floor();
    let panel_height = ((height - gaps(down)) / down as f64).floor();
    let shared = (model.kind == Kind::Multiples(Axes::Same)).then(|| extent(model));
    let panel = |(index, series): (usize, &Series)| {
        let left = (index % across) as f64 * (panel_width + GAP);
        let top = (index / across) as f64 * (panel_height + GAP);
        let model = ChartModel {
            kind: Kind::Area,
            series: vec![series.clone()],
            ..model.clone()
        };
        let layout = over_time(
            &model,
            panel_width.max(0.0),
            (panel_height - TITLE).max(0.0),
            shared.unwrap_or_else(|| extent(&model)),
        );
        Panel {
            rect: Rect {
                left,
                top,
                right: left + panel_width,
                bottom: top + panel_height,
            },
            title_height: TITLE,
            model,
            layout,
        }
    };
    let panels: Vec<Panel> = model.series.iter().enumerate().map(panel).collect();
    if panels.iter().any(|panel| panel.layout.is_empty()) {
        return empty(width, height);
    }
    Layout {
        plot: Rect {
            left: 0.0,
            top: 0.0,
            right: width,
            bottom: height,
        },
        panels,
        ..empty(width, height)
    }
}

/// The height in which every panel finds room.
pub(super) fn natural_height(model: &ChartModel, width: f64) -> f64 {
    let (across, down) = shape(model, width);
    // Where there are few, they need not be flat.
    let panel = if across * down <= 2 { 1.5 * PANEL } else { PANEL };
    (panel + GAP) * down.max(1) as f64 - GAP
}

/// How many panels stand side by side, and how many rows of them there are.
fn shape(model: &ChartModel, width: f64) -> (usize, usize) {
    let count = model.series.len();
    let room = ((width + GAP) / (LEAST_WIDTH + GAP)).floor().max(1.0) as usize;
    let most = room.min(MOST_ACROSS).min(count);
    if most == 0 {
        return (0, 0);
    }
    let down = count.div_ceil(most);
    // Even rows: 3 + 3 rather than 4 + 2.
    (count.div_ceil(down), down)
}
