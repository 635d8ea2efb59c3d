//! Time of people over the range, by interval. Coder gives totals only, so each interval is asked for by itself, and each
//! answer is about everybody.

use crate::answers::{Answers, Found};
use crate::data::UserActivity;
use crate::measure;
use crate::period::{DateRange, Interval};
use crate::remote::LoadError;
use crate::scope::Scope;
use crate::source::{Request, coder};

/// More intervals than this are not asked for.
pub const MOST: usize = 31;

/// The range, cut by its interval or the next longer one that gives few enough.
pub fn buckets(scope: &Scope) -> Option<(Interval, Vec<DateRange>)> {
    let range = scope.range?;
    let longer = Interval::ALL.iter().map(|(interval, ..)| *interval);
    let mut cuts = longer
        .skip_while(|interval| *interval != scope.interval)
        .map(|interval| (interval, interval.cut(range, scope.locale.week_start)));
    cuts.find(|(_, buckets)| buckets.len() <= MOST)
}

/// What is asked about an interval. `None` where it is so young that the server cannot be asked yet.
pub fn request(scope: &Scope, days: DateRange) -> Option<Request> {
    let slice = measure::slice(scope, days)?;
    Some(coder::activity(&scope.source.as_ref()?.id, slice))
}

/// What sets an interval apart from the others.
pub fn remark(scope: &Scope, interval: Interval, days: &DateRange) -> &'static str {
    measure::remark(scope.is_open(days), is_cut(scope, interval, days))
}

/// Whether the range leaves days of an interval out, and it is over.
pub fn is_cut(scope: &Scope, interval: Interval, days: &DateRange) -> bool {
    days.days() < interval.whole_days(*days) && !scope.is_open(days)
}

/// All that is asked.
pub fn requests(scope: &Scope) -> Vec<Request> {
    let buckets = buckets(scope).into_iter().flat_map(|(_, buckets)| buckets);
    buckets.filter_map(|days| request(scope, days)).collect()
}

/// What the answers tell so far.
#[derive(Default)]
pub struct Timeline<'a> {
    /// Of each interval the answer; `None` where there is none.
    pub answers: Vec<Option<&'a UserActivity>>,
    /// How many intervals are settled.
    pub loaded: usize,
    /// Why one has no answer.
    pub error: Option<&'a LoadError>,
}

impl<'a> Timeline<'a> {
    /// Reads these intervals.
    pub fn read(scope: &Scope, answers: &'a Answers, buckets: &[DateRange]) -> Timeline<'a> {
        let mut timeline = Timeline {
            loaded: buckets.len(),
            ..Timeline::default()
        };
        for days in buckets {
            let mut known = None;
            match request(scope, *days).map(|request| answers.activity(&request)) {
                Some(Found::Waiting) => timeline.loaded -= 1,
                Some(Found::Failed(error)) => timeline.error = timeline.error.or(Some(error)),
                Some(Found::Here(answer)) => known = Some(answer).filter(|answer| is_about(scope, *days, answer)),
                None => {}
            }
            timeline.answers.push(known);
        }
        timeline
    }
}

/// Whether an answer is about these days. One that does not say is believed.
fn is_about(scope: &Scope, days: DateRange, activity: &UserActivity) -> bool {
    let slice = measure::slice(scope, days);
    let is_it = |(start, end)| slice.is_some_and(|slice| coder::plan::is_for(&slice, start, end));
    activity.span.is_none_or(is_it)
}
