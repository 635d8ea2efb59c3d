//! The kinds of charts that the first page does not have, behind one table. In a release the table comes with the pages
//! that have them ([`bring`]), so that the first view need not carry their code.

use crate::chart::draw::pen::Pen;
use crate::chart::layout::{Cell, Layout};
use crate::chart::{ChartModel, draw, layout, summary};
#[cfg(feature = "split")]
use std::sync::OnceLock;

/// What these kinds need.
pub(super) struct Later {
    /// Where everything is.
    pub layout: fn(&ChartModel, f64, f64) -> Layout,
    /// The height in which everything finds room.
    pub height: fn(&ChartModel, f64) -> f64,
    /// Draws all of it.
    pub draw: fn(&ChartModel, &Layout, &Pen),
    /// Draws what is pointed at.
    pub focus: fn(&Layout, &Pen, &Cell, bool),
    /// The caption.
    pub summary: fn(&ChartModel, &str) -> String,
}

static ALL: Later = Later {
    layout: layout::later,
    height: layout::later_height,
    draw: draw::later,
    focus: draw::focus_cell,
    summary: summary::later,
};

#[cfg(feature = "split")]
static HERE: OnceLock<&Later> = OnceLock::new();

/// Makes them known.
pub fn bring() {
    #[cfg(feature = "split")]
    HERE.get_or_init(|| &ALL);
}

/// What they need, once it is known; without parts it always is.
pub(super) fn later() -> Option<&'static Later> {
    #[cfg(feature = "split")]
    return HERE.get().copied();
    #[cfg(not(feature = "split"))]
    Some(&ALL)
}
