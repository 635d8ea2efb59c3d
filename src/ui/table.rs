//! How a table is looked at: searched, sorted, chosen from, with which columns. Of the one table that a page is about it
//! stands in the URL; of others it is gone with them.

use crate::format;
use crate::locale::Locale;
use crate::rows::Shared;
use crate::ui::erase::{Memo, RwSignal, effect};
use crate::ui::url::Url;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// A page of the URL's `page` has so many rows.
const PAGE: usize = 50;

/// How one table is looked at. Copyable handle. What follows from it is arranged only where the table is shown.
#[derive(Clone, Copy)]
pub struct TableState {
    /// The rows.
    pub list: Memo<Shared>,
    /// Text searched for, as typed.
    pub search: RwSignal<String>,
    /// The choice that holds of each way to choose.
    pub chosen: RwSignal<Vec<usize>>,
    /// Keys of columns that are not shown.
    pub hidden: RwSignal<Vec<String>>,
    /// Whether rows are low.
    pub is_dense: RwSignal<bool>,
    /// Whether it was scrolled to its last rows.
    pub is_at_end: RwSignal<bool>,
    local_sort: RwSignal<String>,
    url: Option<Url>,
}

/// Rows and columns in the order in which they are shown. Copyable handle.
#[derive(Clone, Copy)]
pub struct Arranged {
    /// How the table is looked at.
    pub table: TableState,
    /// Key of a column, with `-` in front for descending; empty as the rows come.
    pub sort: Memo<String>,
    /// Places of the rows shown, in their order.
    pub places: Memo<Arc<Vec<usize>>>,
    /// Places of the columns shown.
    pub columns: Memo<Vec<usize>>,
}

impl Arranged {
    /// How many rows are shown: "412 people", "37 of 412 people".
    pub fn count_words(&self, locale: &Locale) -> String {
        let (shown, all) = (self.places.read().len(), self.table.list.read().count());
        let Some([one, many]) = self.table.list.read().rows().noun() else {
            return String::new();
        };
        let number = |count: usize| format::count(locale, count as u64);
        let noun = if all == 1 { one } else { many };
        if shown == all {
            format!("{} {noun}", number(all))
        } else {
            format!("{} of {} {noun}", number(shown), number(all))
        }
    }
}

impl TableState {
    /// A table of these rows. With a URL the search, the order and the place are kept there.
    pub fn new(list: Memo<Shared>, url: Option<Url>) -> TableState {
        let search = RwSignal::new(url.map_or(String::new(), |url| url.query.read_untracked().search.clone()));
        let chosen = RwSignal::new(Vec::new());
        let hidden = RwSignal::new(Vec::new());
        let local_sort = RwSignal::new(String::new());
        TableState {
            list,
            search,
            chosen,
            hidden,
            is_dense: RwSignal::new(false),
            is_at_end: RwSignal::new(false),
            local_sort,
            url,
        }
    }

    /// Key of a column, with `-` in front for descending; empty as the rows come.
    fn sort(&self) -> String {
        match self.url {
            Some(url) => url.query.read().sort.clone().unwrap_or_default(),
            None => self.local_sort.get(),
        }
    }

    /// Places of the rows shown, of those that are sorted already.
    fn found(&self, sorted: &Arc<Vec<usize>>) -> Arc<Vec<usize>> {
        let (search, chosen) = (self.search.read(), self.chosen.read());
        if search.trim().is_empty() && chosen.iter().all(|choice| *choice == 0) {
            return Arc::clone(sorted);
        }
        let found = self.list.read().found(&search, &chosen);
        let is_found = |place: &usize| found.get(*place).copied().unwrap_or(false);
        Arc::new(sorted.iter().copied().filter(is_found).collect())
    }

    /// Places of the columns shown.
    fn columns(&self) -> Vec<usize> {
        let (list, hidden) = (self.list.read(), self.hidden.read());
        let columns = list.rows().columns().iter().enumerate();
        let shown = columns.filter(|(_, column)| !hidden.contains(&column.key()));
        shown.map(|(place, _)| place).collect()
    }

    /// Places of the rows and of the columns shown, in their order: once, for an export.
    pub fn now(&self) -> (Arc<Vec<usize>>, Vec<usize>) {
        untrack(|| {
            let sorted = Arc::new(self.list.read().sorted(&self.sort()));
            (self.found(&sorted), self.columns())
        })
    }

    /// The same, kept up to date.
    pub fn arranged(self) -> Arranged {
        if let Some(url) = self.url {
            // Back and forward bring an older search; what was just typed is in the URL only once that rests.
            let search = self.search;
            let in_url = Memo::new(move |_| url.query.read().search.clone());
            effect(move || {
                let asked = in_url.get();
                if search.get_untracked() != asked {
                    search.set(asked);
                }
            });
        }
        let sort = Memo::new(move |_| self.sort());
        let sorted = Memo::new(move |_| Arc::new(self.list.read().sorted(&sort.read())));
        Arranged {
            table: self,
            sort,
            places: Memo::new(move |_| self.found(&sorted.read())),
            columns: Memo::new(move |_| self.columns()),
        }
    }

    /// Sorts by a column: first the way one would look at it, then the other way around, then not at all.
    pub fn sort_by(&self, key: &str, is_number: bool) {
        let (up, down) = (key.to_string(), format!("-{key}"));
        let (first, second) = if is_number { (down, up) } else { (up, down) };
        let now = untrack(|| self.sort());
        let next = if now == first {
            second
        } else if now == second {
            String::new()
        } else {
            first
        };
        match self.url {
            Some(url) => url.change(false, |query| {
                query.sort = Some(next).filter(|next| !next.is_empty());
                query.page = 0;
            }),
            None => self.local_sort.set(next),
        }
    }

    /// Searches at once, and tells the URL once the typing rests.
    pub fn search_for(&self, text: String) {
        let (search, url) = (self.search, self.url);
        search.set(text.clone());
        let tell = move || {
            if let (Some(url), true) = (url, search.try_get_untracked().as_ref() == Some(&text)) {
                url.change(true, |query| {
                    query.search = text;
                    query.page = 0;
                });
            }
        };
        set_timeout(tell, Duration::from_millis(250));
    }

    /// Makes a choice.
    pub fn choose(&self, choices: usize, choice: usize) {
        self.chosen.update(|chosen| {
            chosen.resize(chosen.len().max(choices + 1), 0);
            if let Some(chosen) = chosen.get_mut(choices) {
                *chosen = choice;
            }
        });
    }

    /// The choice that holds.
    pub fn choice(&self, choices: usize) -> usize {
        self.chosen.read().get(choices).copied().unwrap_or(0)
    }

    /// The row that the URL asks for at the top.
    pub fn first_row(&self) -> usize {
        let page = self.url.map_or(0, |url| url.query.read_untracked().page);
        usize::try_from(page).unwrap_or(0).saturating_sub(1) * PAGE
    }

    /// Tells the URL which row is at the top.
    pub fn tell_first_row(&self, row: usize) {
        if let Some(url) = self.url {
            let page = u32::try_from(row / PAGE + 1).unwrap_or(0);
            url.change(true, |query| query.page = if page > 1 { page } else { 0 });
        }
    }

    /// How the rows were chosen, for the header block of an export.
    pub fn provenance(&self) -> Vec<(String, String)> {
        let mut lines = Vec::new();
        let mut tell = |key: &str, value: &str| {
            if !value.is_empty() {
                lines.push((key.to_string(), value.to_string()));
            }
        };
        tell("search", self.search.read_untracked().trim());
        tell("sort", &untrack(|| self.sort()));
        let list = self.list.read_untracked();
        for (choices, choice) in list.rows().choices().iter().zip(self.chosen.read_untracked().iter()) {
            if *choice > 0 {
                tell(
                    &choices.label.to_ascii_lowercase(),
                    choices.names.get(*choice).copied().unwrap_or_default(),
                );
            }
        }
        lines
    }
}
