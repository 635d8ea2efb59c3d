//! Small lines of time in the table of people: the time of each of them by interval, where somebody asks for it.

use crate::answers::Answers;
use crate::format;
use crate::order::Index;
use crate::panel::PanelModel;
use crate::report::trend;
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column};
use crate::timeline::{self, Timeline};
use crate::wish::Wish;

/// The column.
pub const ID: &str = "trend";

/// With more accounts than this the answers would be too much for one table.
const MOST: u64 = 5000;

/// The time of everybody by interval.
pub struct Trends {
    column: Column,
    /// How many intervals there are; 0 while they are on their way.
    width: usize,
    /// What sets intervals apart.
    remarks: Vec<&'static str>,
    /// Of each row, interval by interval.
    seconds: Vec<Option<f64>>,
}

fn are_asked(scope: &Scope) -> bool {
    scope.names.are_shown() && scope.wishes.of(Wish::Trend) == 1
}

/// What they need, where the roster is known to be short enough.
pub fn requests(scope: &Scope, count: Option<u64>) -> Vec<Request> {
    let is_asked = are_asked(scope) && count.is_some_and(|count| count <= MOST);
    if is_asked {
        timeline::requests(scope)
    } else {
        Vec::new()
    }
}

impl Trends {
    /// Offers them, and reads them for people of these ids, row by row.
    pub fn read<'a>(
        scope: &Scope,
        answers: &Answers,
        panel: &mut PanelModel,
        count: Option<u64>,
        ids: impl Iterator<Item = &'a str>,
    ) -> Option<Trends> {
        panel.offer(scope, Wish::Trend, "Time by interval", &["Hidden", "Shown"]);
        if !are_asked(scope) {
            return None;
        }
        let number = |count: usize| format::count(&scope.locale, count as u64);
        let Some((interval, buckets)) = timeline::buckets(scope).filter(|_| count.is_none_or(|count| count <= MOST))
        else {
            panel.notes.push(format!(
                "Time by interval is there for ranges of up to {} intervals, and up to {} accounts",
                number(timeline::MOST),
                number(MOST as usize)
            ));
            return None;
        };
        let mut trends = Trends {
            column: Column::text(ID, format!("Time by {}", interval.noun())),
            width: 0,
            remarks: buckets
                .iter()
                .map(|days| timeline::remark(scope, interval, days))
                .collect(),
            seconds: Vec::new(),
        };
        let known = Timeline::read(scope, answers, &buckets);
        if known.loaded < buckets.len() {
            panel.notes.push(format!(
                "Time by interval: {} of {} loaded",
                number(known.loaded),
                number(buckets.len())
            ));
            return Some(trends);
        }
        let missing = known.answers.iter().filter(|answer| answer.is_none()).count();
        if missing > 0 {
            panel.notes.push(format!(
                "Time by interval: {} of {} intervals have no answer",
                number(missing),
                number(buckets.len())
            ));
        }
        trends.width = buckets.len();
        let mut places = Index::with_capacity(count.unwrap_or(0) as usize);
        for id in ids {
            // Each is another, so its place is its row.
            places.place(id);
            trends
                .seconds
                .extend(known.answers.iter().map(|answer| answer.map(|_| 0.0)));
        }
        for (bucket, answer) in known.answers.iter().enumerate() {
            for person in answer.iter().flat_map(|answer| &answer.users) {
                let at = places.place(&person.user_id) * trends.width + bucket;
                trends
                    .seconds
                    .get_mut(at)
                    .into_iter()
                    .for_each(|seconds| *seconds = Some(person.seconds as f64));
            }
        }
        Some(trends)
    }

    /// Puts the column where the time of the whole range is.
    pub fn show_in(&self, columns: &mut Vec<Column>) {
        let place = columns.iter().position(|column| column.id == "seconds");
        columns.insert(place.map_or(columns.len(), |place| place + 1), self.column.clone());
    }

    /// The cell of a row.
    pub fn cell(&self, scope: &Scope, row: usize) -> Cell {
        let seconds = self.seconds.get(row * self.width..(row + 1) * self.width);
        match seconds.filter(|_| self.width > 0) {
            Some(seconds) => trend(scope, seconds, &self.remarks),
            None => Cell::Missing("loading".into()),
        }
    }
}
