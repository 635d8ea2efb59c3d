//! Distinct people per bucket and per range: which requests give them, and what the answers add up to.
//!
//! People are never added up: the figure of a range comes from the server's report of exactly that range.

use crate::answers::{Answers, Found};
use crate::chart::Bucket;
use crate::chart::values::Values;
use crate::data::{Insights, InsightsReport};
use crate::locale::Locale;
use crate::order;
use crate::period::{DateRange, Interval};
use crate::remote::LoadError;
use crate::scope::Scope;
use crate::source::coder::{self, plan, time};
use crate::source::{Request, Slice};
use chrono::{DateTime, FixedOffset};

/// People per bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// Buckets in order.
    pub buckets: Vec<Count>,
    /// Whether an answer is still on its way.
    pub is_waiting: bool,
    /// Why parts are missing.
    pub errors: Vec<LoadError>,
    /// The server answered for other times than those asked for; the buckets are the ones it gave.
    pub is_foreign: bool,
}

/// One bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Its days.
    pub days: DateRange,
    /// Distinct people; `None` where no answer has it.
    pub people: Option<u64>,
    /// Whether it still runs.
    pub is_open: bool,
    /// Whether it has fewer days than a whole bucket of its interval, because the range begins or ends inside.
    pub is_cut: bool,
    /// Whether it is so young that the server cannot be asked about it yet.
    pub is_too_young: bool,
}

impl Count {
    /// What sets it apart from the others, in few words.
    pub fn remark(&self, locale: &Locale, is_foreign: bool) -> String {
        let remark = match (self.is_open, self.is_cut) {
            (false, true) if is_foreign => "not the interval asked for",
            (is_open, is_cut) => remark(is_open, is_cut),
        };
        locale.with_holiday(self.days, remark)
    }
}

/// Said of a bucket that is not over.
pub const SO_FAR: &str = "so far";

/// What sets a bucket apart that is not over, or of which the range has a part only.
pub fn remark(is_open: bool, is_cut: bool) -> &'static str {
    match (is_open, is_cut) {
        (true, _) => SO_FAR,
        (false, true) => "cut short by the range",
        (false, false) => "",
    }
}

impl Counts {
    /// Mean over the whole buckets that are over, and their number. `None` when there is none.
    pub fn mean(&self) -> Option<(f64, usize)> {
        let closed: Vec<f64> = self.closed().map(|people| people as f64).collect();
        (!closed.is_empty()).then(|| (closed.iter().sum::<f64>() / closed.len() as f64, closed.len()))
    }

    /// Its buckets as a chart draws them.
    pub fn drawn(&self) -> Vec<Bucket> {
        let bucket = |count: &Count| Bucket {
            days: count.days,
            is_open: count.is_open,
            // What the server answered for instead is no part of anything that was asked for.
            is_cut: count.is_cut && !self.is_foreign,
            is_uncollected: count.people.is_none() && !count.is_too_young,
        };
        self.buckets.iter().map(bucket).collect()
    }

    /// Its figures as a chart draws them.
    pub fn values(&self) -> Values {
        let people = |count: &Count| count.people.map(|people| people as f64);
        self.buckets.iter().map(people).collect()
    }

    /// Figures of the whole buckets that are over.
    fn closed(&self) -> impl Iterator<Item = u64> {
        self.buckets
            .iter()
            .filter(|count| !count.is_open && !count.is_cut)
            .filter_map(|count| count.people)
    }

    /// Whether a figure is of too few people to be shown: then their mean would tell it.
    pub fn is_any_hidden(&self, scope: &Scope) -> bool {
        let mut figures = self.buckets.iter().filter_map(|count| count.people);
        figures.any(|people| scope.privacy.hides(people))
    }

    /// How many buckets should have a figure and have none.
    pub fn missing(&self) -> usize {
        self.buckets
            .iter()
            .filter(|count| count.people.is_none() && !count.is_too_young)
            .count()
    }

    /// The first reason why something is missing.
    pub fn error(&self) -> Option<&LoadError> {
        self.errors.first()
    }
}

fn pieces(scope: &Scope, range: DateRange, interval: Interval) -> (Vec<DateRange>, Vec<plan::Piece>) {
    let buckets = interval.cut(range, scope.locale.week_start);
    let pieces = scope.template_ids().map_or_else(Vec::new, |ids| {
        plan::plan(&scope.zone, &buckets, interval, scope.now, ids)
    });
    (buckets, pieces)
}

fn request(scope: &Scope, piece: &plan::Piece) -> Option<Request> {
    let source = scope.source.as_ref()?;
    Some(coder::insights(&source.id, piece.slice.clone(), piece.grain))
}

/// The requests behind [`counts`].
pub fn counts_requests(scope: &Scope, range: DateRange, interval: Interval) -> Vec<Request> {
    pieces(scope, range, interval)
        .1
        .iter()
        .filter_map(|piece| request(scope, piece))
        .collect()
}

/// People per bucket of a range.
pub fn counts(scope: &Scope, answers: &Answers, range: DateRange, interval: Interval) -> Counts {
    let (buckets, pieces) = pieces(scope, range, interval);
    let mut counts = Counts {
        buckets: buckets
            .iter()
            .map(|days| Count {
                days: *days,
                people: None,
                is_open: scope.is_open(days),
                is_cut: days.days() < interval.whole_days(*days) && !scope.is_open(days),
                is_too_young: scope.is_open(days) && slice(scope, *days).is_none(),
            })
            .collect(),
        ..Counts::default()
    };
    let mut others: Vec<Count> = Vec::new();
    for piece in &pieces {
        let Some(request) = request(scope, piece) else {
            continue;
        };
        match answers.insights(&request) {
            Found::Waiting => counts.is_waiting = true,
            Found::Failed(error) => counts.errors.push(error.clone()),
            Found::Here(insights) => {
                let figures = plan::figures(piece, insights);
                let found = figures.iter().any(|(_, people)| people.is_some());
                for (index, people) in figures {
                    if let Some(count) = counts.buckets.get_mut(index) {
                        count.people = people;
                    }
                }
                if !found {
                    others.extend(foreign(scope, interval, insights));
                }
            }
        }
    }
    if !others.is_empty() && counts.buckets.iter().all(|count| count.people.is_none()) {
        // A server that gives the same answer to several requests has still measured it once.
        order::sort_by(&mut others, |a, b| a.days.cmp(&b.days));
        others.dedup_by_key(|count| count.days);
        counts.buckets = others;
        counts.is_foreign = true;
    }
    counts
}

/// What an answer tells of other days than those asked for: its intervals, or its report where it has none.
fn foreign(scope: &Scope, interval: Interval, insights: &Insights) -> Vec<Count> {
    let count = |start: DateTime<FixedOffset>, end: DateTime<FixedOffset>, people| {
        let days = days_of(start, end);
        Count {
            days,
            people: Some(people),
            is_open: end > scope.now,
            is_cut: end <= scope.now && days.days() != interval.whole_days(days),
            is_too_young: false,
        }
    };
    if insights.intervals.is_empty() {
        let report = insights.report.iter();
        return report
            .map(|report| count(report.start, report.end, report.active_users))
            .collect();
    }
    let intervals = insights.intervals.iter();
    intervals
        .map(|interval| count(interval.start, interval.end, interval.active_users))
        .collect()
}

/// The request whose report is about a range as a whole. Where one request cuts the range into days, it is that one.
pub fn report_request(scope: &Scope, range: DateRange) -> Option<Request> {
    let slice = slice(scope, range)?;
    let whole = pieces(scope, range, Interval::Day)
        .1
        .into_iter()
        .find(|piece| piece.slice == slice);
    let source = scope.source.as_ref()?;
    Some(coder::insights(&source.id, slice, whole.and_then(|piece| piece.grain)))
}

/// The report of a range as a whole; `None` inside where the answer has none.
pub fn report<'a>(scope: &Scope, answers: &'a Answers, range: DateRange) -> Found<'a, Option<InsightsReport>> {
    let Some(request) = report_request(scope, range) else {
        return Found::Waiting;
    };
    match answers.insights(&request) {
        Found::Waiting => Found::Waiting,
        Found::Failed(error) => Found::Failed(error),
        Found::Here(insights) => Found::Here(&insights.report),
    }
}

/// Whether a report is about these days, as far as they have passed.
pub fn is_about(scope: &Scope, range: DateRange, report: &InsightsReport) -> bool {
    slice(scope, range).is_some_and(|slice| plan::is_for(&slice, report.start, report.end))
}

/// The days that a report covers, as its own clock has them.
pub fn days_of(start: DateTime<FixedOffset>, end: DateTime<FixedOffset>) -> DateRange {
    DateRange::new(
        start.date_naive(),
        (end - chrono::Duration::seconds(1)).max(start).date_naive(),
    )
}

/// The slice of some days.
pub fn slice(scope: &Scope, range: DateRange) -> Option<Slice> {
    time::slice(&scope.zone, range, scope.now, scope.template_ids()?)
}
