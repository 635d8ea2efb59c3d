//! What a person chooses at single panels, for this tab alone: it stands in no address.

use crate::period::own::Own;

/// One thing to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Days without use from which on somebody is on the worksheet.
    Idle,
    /// Which users of the AI assistant are listed.
    Team,
    /// Members of which status are asked for.
    Status,
    /// In which order members are asked for.
    Order,
    /// Whether the table of people has the time of each by interval.
    Trend,
    /// Days after which an account turns dormant.
    Dormancy,
    /// Whether small multiples have the same axes.
    Axes,
    /// Whether the people of a cell of cohorts are listed.
    Cell,
}

/// What is chosen so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Of each wish, by its place.
    pub chosen: [usize; 8],
    /// The cell of cohorts chosen: which cohort, and how many periods later.
    pub cell: (usize, usize),
    /// Pages of members beyond those that are asked for anyway.
    pub more_members: u32,
    /// The interval of activity by Coder v1, in place of that of the page.
    pub interval: Option<Own>,
}

impl Wishes {
    /// The place of what is chosen; the first holds until somebody chooses.
    pub fn of(&self, wish: Wish) -> usize {
        self.chosen.get(wish as usize).copied().unwrap_or(0)
    }

    /// Chooses by place.
    pub fn choose(&mut self, wish: Wish, place: usize) {
        if let Some(chosen) = self.chosen.get_mut(wish as usize) {
            *chosen = place;
        }
        // Another list is read from its beginning.
        if matches!(wish, Wish::Status | Wish::Order) {
            self.more_members = 0;
        }
    }
}
