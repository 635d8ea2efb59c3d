//! Writes the rows of a table into the document: those that are looked at, and no others.
//!
//! The elements of rows that leave are used for the rows that come, and what they say already is not written again, so that
//! scrolling changes texts and creates next to nothing. What surrounds the rows on paper is space: two custom properties say
//! how much. Nothing is measured here: that would make the browser lay out what it will lay out again for the frame.

use crate::chart::svg::sparkline;
use crate::format;
use crate::initials;
use crate::rows::{List, Shared};
use crate::table::{Cell, Column};
use leptos::ev::MouseEvent;
use leptos::prelude::{document, window};
use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

/// Words longer than this are cut.
const LONGEST: usize = 80;
/// Of so many rows one may be moved from one end to the other. Where more would have to be, all are written where they stand:
/// a row that moves costs the browser as much as a few that say something else.
const MOVED: usize = 3;

/// What is to be seen.
pub struct Sight<'a> {
    /// The rows.
    pub list: &'a Shared,
    /// Places of rows, in their order.
    pub places: &'a Arc<Vec<usize>>,
    /// Places of columns, in their order.
    pub columns: &'a [usize],
    /// Which of the places are in sight.
    pub window: Range<usize>,
    /// Whether these are all of them. Else each row says which one it is.
    pub is_all: bool,
    /// Height of a row in CSS pixels.
    pub height: f64,
    /// The address of a person's page.
    pub href: &'a dyn Fn(&str) -> String,
}

/// The rows in the document.
#[derive(Default)]
pub struct Painter {
    lines: VecDeque<Line>,
    columns: Vec<usize>,
    of: Option<(Shared, Arc<Vec<usize>>)>,
    /// Rows on paper above and below those in the document, and how high one is.
    space: Option<(usize, usize, f64)>,
}

/// One row in the document.
struct Line {
    row: Element,
    slots: Vec<Slot>,
    /// Its place in the arrangement.
    place: Option<usize>,
}

/// One cell in the document, and what it says.
struct Slot {
    cell: HtmlElement,
    kind: Kind,
    inner: Option<Element>,
    /// The picture before the words.
    icon: Option<Element>,
    /// What the words stand in, where they are all that is there.
    text: Option<Node>,
    words: String,
    value: String,
    /// Initials and hue.
    mark: Option<(String, u32)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Words,
    Long,
    Link,
    Away,
    Number,
    Day,
    Trend,
    Reason,
}

impl Kind {
    /// The element around a text of this kind, and the attribute that holds what the text stands for.
    fn element(self) -> Option<(&'static str, &'static str)> {
        match self {
            Kind::Words => None,
            Kind::Long => Some(("details", "class")),
            Kind::Link | Kind::Away => Some(("a", "href")),
            Kind::Number => Some(("data", "value")),
            Kind::Day => Some(("time", "datetime")),
            Kind::Trend => Some(("span", "aria-label")),
            Kind::Reason => Some(("span", "class")),
        }
    }
}

impl Painter {
    /// Brings the rows of a table's body up to date. `region` takes the focus of a row that leaves.
    pub fn paint(&mut self, body: &HtmlElement, region: &HtmlElement, sight: &Sight) {
        let is_same = self
            .of
            .as_ref()
            .is_some_and(|(list, places)| Arc::ptr_eq(list, sight.list) && Arc::ptr_eq(places, sight.places));
        if self.columns != sight.columns {
            body.set_text_content(None);
            self.lines.clear();
            self.columns = sight.columns.to_vec();
        }
        let focused = self.focused(body);
        if !is_same {
            self.of = Some((Arc::clone(sight.list), Arc::clone(sight.places)));
            self.lines.iter_mut().for_each(|line| line.place = None);
        }
        self.turn(body, sight.window.start, focused.is_some());
        while self.lines.len() > sight.window.len() {
            if let Some(line) = self.lines.pop_back() {
                line.row.remove();
            }
        }
        while self.lines.len() < sight.window.len() {
            let Some(line) = Line::new(sight) else { return };
            // Fails only for an element that contains the body.
            drop(body.append_child(&line.row));
            self.lines.push_back(line);
        }
        for (line, place) in self.lines.iter_mut().zip(sight.window.clone()) {
            if line.place != Some(place) {
                line.write(sight, place);
            }
        }
        if let Some((row, place)) = focused
            && self.lines.iter().all(|line| line.row != row || line.place != place)
        {
            drop(region.focus());
        }
        self.leave_space(body, sight);
    }

    /// Says how much space there is in place of the rows out of sight.
    fn leave_space(&mut self, body: &HtmlElement, sight: &Sight) {
        let above = sight.window.start;
        let below = sight.places.len().saturating_sub(sight.window.end);
        let space = (above, below, sight.height);
        if self.space.replace(space) == Some(space) {
            return;
        }
        let style = body.style();
        for (name, count) in [("--above", above), ("--below", below)] {
            // A custom property takes any text.
            drop(style.set_property(name, &format!("{}px", count as f64 * sight.height)));
        }
    }

    /// Moves rows that went out of sight on one side to the other. Those that stay in sight stay what they are where a person
    /// holds one of them.
    fn turn(&mut self, body: &HtmlElement, start: usize, is_focused: bool) {
        let Some(first) = self.lines.front().and_then(|line| line.place) else {
            return;
        };
        let by = start.abs_diff(first);
        let are_many = by * MOVED > self.lines.len();
        if by >= self.lines.len() || are_many && !is_focused && !is_selected(body) {
            return;
        }
        for _ in 0..by {
            // Both fail only for an element that contains the body.
            if start > first {
                let Some(line) = self.lines.pop_front() else { return };
                drop(body.append_child(&line.row));
                self.lines.push_back(line);
            } else {
                let Some(line) = self.lines.pop_back() else { return };
                drop(body.prepend_with_node_1(&line.row));
                self.lines.push_front(line);
            }
        }
    }

    /// The row that has the focus, and its place.
    fn focused(&self, body: &HtmlElement) -> Option<(Element, Option<usize>)> {
        let active = document().active_element()?;
        if !body.contains(Some(&active)) {
            return None;
        }
        let line = self.lines.iter().find(|line| line.row.contains(Some(&active)))?;
        Some((line.row.clone(), line.place))
    }
}

impl Line {
    fn new(sight: &Sight) -> Option<Line> {
        let document = document();
        let row = document.create_element("tr").ok()?;
        let mut slots = Vec::with_capacity(sight.columns.len());
        for (index, column) in sight.columns.iter().enumerate() {
            let cell = document.create_element(if index == 0 { "th" } else { "td" }).ok()?;
            let cell: HtmlElement = cell.unchecked_into();
            if index == 0 {
                set(&cell, "scope", "row");
            }
            if sight
                .list
                .rows()
                .columns()
                .get(*column)
                .is_some_and(|column| column.is_number)
            {
                cell.set_class_name("number");
            }
            drop(row.append_child(&cell));
            slots.push(Slot {
                cell,
                kind: Kind::Words,
                inner: None,
                icon: None,
                text: None,
                words: String::new(),
                value: String::new(),
                mark: None,
            });
        }
        Some(Line {
            row,
            slots,
            place: None,
        })
    }

    fn write(&mut self, sight: &Sight, place: usize) {
        self.place = Some(place);
        let Some(at) = sight.places.get(place) else { return };
        if !sight.is_all {
            // The head is the first row.
            set(&self.row, "aria-rowindex", &(place + 2).to_string());
        }
        let rows = sight.list.rows();
        let are_people = rows.columns().first().is_some_and(Column::is_of_people);
        for (slot, column) in self.slots.iter_mut().zip(sight.columns) {
            let link = rows.person(*at).filter(|_| *column == 0).map(|id| (sight.href)(&id));
            let cell = rows.cell(*at, *column);
            if are_people && *column == 0 {
                let name = if let Cell::Text(name) = &cell { name } else { "" };
                slot.mark(&format::visible(name));
            }
            match (cell, link) {
                (Cell::Text(words), link) => slot.write_words(&format::visible(&words), link),
                (Cell::Value { text, icon, href }, _) => slot.write_value(&format::visible(&text), &icon, &href),
                (Cell::Number { value, shown }, _) => slot.write(Kind::Number, &shown, &value.to_string()),
                (Cell::Day { day, shown }, _) => slot.write(Kind::Day, &shown, &day.to_string()),
                (Cell::Trend { values, shown }, _) => slot.write(Kind::Trend, &sparkline(&values, 96.0, 20.0), &shown),
                (Cell::Missing(reason), _) => slot.write(Kind::Reason, &reason, "sr-only"),
            }
        }
    }
}

impl Slot {
    /// Initials beside a name. The style draws them, so that nobody hears or copies them.
    fn mark(&mut self, name: &str) {
        let mark = (initials::letters(name), initials::hue(name));
        if self.mark.as_ref() == Some(&mark) {
            return;
        }
        let (letters, hue) = self.mark.insert(mark);
        if letters.is_empty() {
            // Fails only for a name that cannot be one.
            drop(self.cell.remove_attribute("data-initials"));
        } else {
            set(&self.cell, "data-initials", letters);
        }
        // A custom property takes any text.
        drop(self.cell.style().set_property("--hue", &hue.to_string()));
    }

    /// Words as somebody chose them: long ones are cut, and open in full.
    fn write_words(&mut self, words: &str, link: Option<String>) {
        let start = format::cut(words, LONGEST);
        match link {
            Some(href) => self.write(Kind::Link, &start, &href),
            None if start == words => self.write(Kind::Words, words, ""),
            None => {
                self.write(Kind::Long, words, "long");
                let summary = document().create_element("summary").ok();
                if let Some((inner, summary)) = self.inner.as_ref().zip(summary) {
                    summary.set_text_content(Some(&start));
                    // Fails only for an element that contains the other.
                    drop(inner.prepend_with_node_1(&summary));
                }
            }
        }
    }

    /// A value with its picture, and a way to the address that it is.
    fn write_value(&mut self, words: &str, icon: &str, href: &str) {
        if href.is_empty() {
            self.write_words(words, None);
        } else {
            self.write(Kind::Away, words, href);
            if let Some(link) = &self.inner {
                set(link, "target", "_blank");
                set(link, "rel", "external noopener noreferrer");
            }
        }
        let image = document().create_element("img").ok().filter(|_| !icon.is_empty());
        if let Some(image) = &image {
            for (name, value) in [("class", "icon"), ("alt", ""), ("loading", "lazy"), ("src", icon)] {
                set(image, name, value);
            }
            drop(self.cell.prepend_with_node_1(image));
        }
        self.icon = image;
    }

    /// Exactly one of text, link, number, date, drawing and reason. What is there already stays.
    fn write(&mut self, kind: Kind, words: &str, value: &str) {
        if let Some(icon) = self.icon.take() {
            icon.remove();
        }
        let element = kind.element();
        let is_other = self.kind != kind;
        if is_other {
            self.cell.set_text_content(None);
            self.kind = kind;
            let inner = element.and_then(|(name, _)| document().create_element(name).ok());
            self.inner = inner.inspect(|inner| drop(self.cell.append_child(inner)));
            self.text = None;
        }
        // Beside long words stands how they begin.
        if is_other || self.words != words || kind == Kind::Long {
            self.say(kind, words);
        }
        if let (Some(inner), Some((_, attribute))) = (&self.inner, element)
            && (is_other || self.value != value)
        {
            set(inner, attribute, value);
            value.clone_into(&mut self.value);
        }
    }

    fn say(&mut self, kind: Kind, words: &str) {
        words.clone_into(&mut self.words);
        match (&self.text, &self.inner) {
            // Whoever translates the page puts other texts in place of ours.
            (Some(text), _) if text.is_connected() => text.set_text_content(Some(words)),
            (_, Some(inner)) if kind == Kind::Trend => {
                inner.set_inner_html(words);
                inner.set_class_name("trend");
                set(inner, "role", "img");
            }
            (_, inner) => {
                let around: &Element = inner.as_ref().unwrap_or(&self.cell);
                around.set_text_content(Some(words));
                self.text = around.first_child().filter(|_| kind != Kind::Long);
            }
        }
    }
}

/// Whether some of its words are selected.
fn is_selected(body: &HtmlElement) -> bool {
    let selection = window().get_selection().ok().flatten();
    selection.is_some_and(|selection| {
        let ends = [selection.anchor_node(), selection.focus_node()];
        !selection.is_collapsed() && ends.iter().any(|end| body.contains(end.as_ref()))
    })
}

/// Fails only for a name that cannot be one.
fn set(element: &Element, name: &str, value: &str) {
    drop(element.set_attribute(name, value));
}

/// The address on this page of the link that was clicked.
pub fn link(event: &MouseEvent) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    target.closest("a:not([target])").ok()??.get_attribute("href")
}

/// How high a row is in CSS pixels, once there is one.
pub fn height(body: &HtmlElement) -> Option<f64> {
    let height = body.first_element_child()?.get_bounding_client_rect().height();
    (height > 0.0).then_some(height)
}

/// The list of nothing.
pub fn none() -> Shared {
    Arc::new(List::new(crate::table::Table::default()))
}
