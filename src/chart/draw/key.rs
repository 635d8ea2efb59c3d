//! Which series is which, for a picture that leaves the page without its legend.

use crate::chart::draw::sheet::Sheet;
use crate::chart::draw::{on_sheet, word};
use crate::chart::label::MARKER_ROOM;
use crate::chart::layout::Layout;
use crate::chart::measure::{text_width, truncated};
use crate::chart::path::Point;
use crate::chart::theme::Theme;
use crate::chart::ticks::Anchor;
use crate::chart::{ChartModel, Kind};

/// Height of a line of it.
const LINE: f64 = 20.0;
/// From name to name.
const GAP: f64 = 16.0;

/// Draws the names of series in lines of at most a width. None where the picture names them, or there is but one.
pub fn draw_key(model: &ChartModel, theme: &Theme, layout: &Layout) -> Option<(Sheet, f64)> {
    let is_named = matches!(
        model.kind,
        Kind::Multiples(_) | Kind::Ranges { .. } | Kind::HeatMap | Kind::Cohorts { .. }
    );
    if is_named || layout.has_direct_labels() || model.series.len() < 2 {
        return None;
    }
    let (mut places, mut x, mut line): (Vec<(String, Point)>, _, _) = (Vec::new(), 0.0, 0.0);
    for series in &model.series {
        let name = truncated(&series.name, layout.width - MARKER_ROOM);
        let wide = MARKER_ROOM + text_width(&name);
        if x > 0.0 && x + wide > layout.width {
            (x, line) = (0.0, line + LINE);
        }
        places.push((name, (x, line + LINE / 2.0)));
        x += wide + GAP;
    }
    let sheet = on_sheet(theme, |pen| {
        for (series, (name, (x, y))) in model.series.iter().zip(&places) {
            word::swatch(model, pen, series, (x + 6.0, *y));
            pen.text(name, (x + MARKER_ROOM - 2.0, *y), Anchor::Start, pen.theme.text);
        }
    });
    Some((sheet, line + LINE))
}
