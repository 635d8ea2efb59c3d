//! Activity by Coder v1: which requests give it, and what the answers add up to.
//!
//! Its days are those of UTC. It counts intervals from the start of the question, so a week or a month that the range
//! cuts short at its beginning is asked for by itself: the others then begin where those of the calendar do.

use crate::answers::{Answers, Found};
use crate::config::SourceKind;
use crate::data::Data;
use crate::data::usage::{self as data, Interval as Answered, Time};
use crate::measure::{Count, Counts, days_of};
use crate::order::{self, Index};
use crate::period::own::Own;
use crate::period::{DateRange, Interval, add_days};
use crate::query::Action;
use crate::scope::Scope;
use crate::source::{Request, Stretch, coder_v1};
use chrono::{DateTime, Duration, NaiveTime, Utc};
use std::sync::Arc;

/// People and their time per bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    /// People per bucket.
    pub counts: Counts,
    /// Time per bucket, of all people; `None` where no answer has it, or in no unit that is sure.
    pub times: Vec<Option<Time>>,
    /// How often a person's time and count in an interval contradict each other.
    pub contradictions: usize,
    /// Length of an interval as the server gave it, in nanoseconds, where it is the one asked for in another unit.
    pub odd_length: Option<i64>,
}

/// One person, in all that was asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Person {
    /// Who.
    pub person: data::Person,
    /// Time as the server adds it up; as its intervals add up where it does not.
    pub total: Time,
    /// Time as its intervals add up.
    pub summed: Time,
    /// Whether the server's list of users lacks the person.
    pub is_unlisted: bool,
}

impl Person {
    /// The name to show: name, else user name, else the id.
    pub fn name(&self) -> &str {
        let names = [&self.person.name, &self.person.username, &self.person.id];
        names
            .into_iter()
            .find(|name| !name.is_empty())
            .map_or("", String::as_str)
    }

    /// Whether the server's total is not what its intervals add up to.
    pub fn differs(&self) -> bool {
        self.total != self.summed
    }
}

/// The days of the range that have begun, in UTC.
pub fn days(scope: &Scope) -> Option<DateRange> {
    let range = scope.range?;
    let last = scope.last_utc_day();
    (range.first <= last).then(|| DateRange::new(range.first, range.last.min(last)))
}

/// The requests behind [`usage`] and [`People`].
pub fn requests(scope: &Scope, action: Action) -> Vec<Request> {
    let asked = stretches(scope, action);
    let source = scope.source_of(SourceKind::CoderV1);
    source.map_or_else(Vec::new, |source| {
        asked
            .into_iter()
            .map(|stretch| coder_v1::usage(source, stretch))
            .collect()
    })
}

/// So many intervals of a person's own are asked for at most.
const MOST: u32 = 1000;

/// The request for all of the range in intervals of a person's own. `None` where they would be too many.
pub fn own_request(scope: &Scope, own: Own) -> Option<Request> {
    let days = days(scope).filter(|days| own.most_in(days.days()) <= MOST)?;
    let stretch = Stretch {
        first: days.first,
        end: add_days(days.last, 1),
        interval: scope.interval,
        own: Some(own),
        action: scope.action,
        org: scope.org.clone(),
    };
    Some(coder_v1::usage(scope.source_of(SourceKind::CoderV1)?, stretch))
}

fn buckets(scope: &Scope) -> Vec<DateRange> {
    days(scope).map_or_else(Vec::new, |days| scope.interval.cut(days, scope.locale.week_start))
}

fn stretches(scope: &Scope, action: Action) -> Vec<Stretch> {
    let buckets = buckets(scope);
    let stretch = |buckets: &[DateRange]| {
        Some(Stretch {
            first: buckets.first()?.first,
            end: add_days(buckets.last()?.last, 1),
            interval: scope.interval,
            own: None,
            action,
            org: scope.org.clone(),
        })
    };
    let parts = match buckets.split_first() {
        Some((head, rest)) if head.days() < scope.interval.whole_days(*head) => {
            [stretch(std::slice::from_ref(head)), stretch(rest)]
        }
        _ => [stretch(&buckets), None],
    };
    parts.into_iter().flatten().collect()
}

/// What an answer says.
pub fn found<'a>(answers: &'a Answers, request: &Request) -> Found<'a, data::Usage> {
    answers.find(request, |data| {
        if let Data::Usage(value) = data {
            Some(value)
        } else {
            None
        }
    })
}

/// People and their time per bucket of the range.
pub fn usage(scope: &Scope, answers: &Answers, action: Action) -> Usage {
    let today = scope.now.date_naive();
    let buckets = buckets(scope);
    let mut usage = Usage {
        times: vec![None; buckets.len()],
        ..Usage::default()
    };
    usage.counts.buckets = buckets
        .iter()
        .map(|days| Count {
            days: *days,
            people: None,
            is_open: days.last >= today,
            is_cut: days.days() < scope.interval.whole_days(*days) && days.last < today,
            is_too_young: false,
        })
        .collect();
    let mut others: Vec<(Count, Option<Time>)> = Vec::new();
    for (request, stretch) in requests(scope, action).iter().zip(stretches(scope, action)) {
        let answer = match found(answers, request) {
            Found::Waiting => {
                usage.counts.is_waiting = true;
                continue;
            }
            Found::Failed(error) => {
                usage.counts.errors.push(error.clone());
                continue;
            }
            Found::Here(answer) => answer,
        };
        for interval in &answer.intervals {
            usage.contradictions += interval.contradictions;
            match bucket_of(&buckets, &stretch, interval) {
                Some(place) => {
                    if length(&stretch, interval) == Length::OtherUnit {
                        usage.odd_length = interval.length;
                    } else if let Some(of_bucket) = usage.times.get_mut(place) {
                        *of_bucket = Some(interval.time);
                    }
                    if let Some(count) = usage.counts.buckets.get_mut(place) {
                        count.people = Some(interval.people);
                    }
                }
                None => others.push((foreign(scope, interval), Some(interval.time))),
            }
        }
    }
    if !others.is_empty() && usage.counts.buckets.iter().all(|count| count.people.is_none()) {
        order::sort_by(&mut others, |a, b| a.0.days.cmp(&b.0.days));
        (usage.counts.buckets, usage.times) = others.into_iter().unzip();
        usage.counts.is_foreign = true;
    }
    usage
}

/// Everybody whom the answers about the range name.
#[derive(Debug, Default)]
pub struct People {
    /// They, in no order.
    pub people: Vec<Person>,
    answers: Vec<Arc<Data>>,
    /// Of each answer where its people are among these.
    places: Vec<Vec<usize>>,
    /// Of each bucket of the range the answer that has it, and the interval there.
    buckets: Vec<Option<(usize, usize)>>,
}

impl People {
    /// What the answers tell so far.
    pub fn read(scope: &Scope, answers: &Answers, action: Action) -> People {
        let buckets = buckets(scope);
        let mut all = People {
            buckets: vec![None; buckets.len()],
            ..People::default()
        };
        let mut known = Index::default();
        for (request, stretch) in requests(scope, action).iter().zip(stretches(scope, action)) {
            let Some((answer, data)) = found(answers, request).ok().zip(answers.data(request)) else {
                continue;
            };
            for (place, interval) in answer.intervals.iter().enumerate() {
                let bucket = bucket_of(&buckets, &stretch, interval);
                if let Some(bucket) = bucket.and_then(|bucket| all.buckets.get_mut(bucket)) {
                    *bucket = Some((all.answers.len(), place));
                }
            }
            let mut own = Vec::with_capacity(answer.people.len());
            for person in &answer.people {
                let place = known.place(&person.id);
                if place == all.people.len() {
                    all.people.push(Person {
                        person: person.clone(),
                        ..Person::default()
                    });
                }
                if let Some(known) = all.people.get_mut(place) {
                    known.total.add(person.total.unwrap_or(person.summed));
                    known.summed.add(person.summed);
                    known.is_unlisted |= person.total.is_none();
                    if known.person.username.is_empty() {
                        known.person = person.clone();
                    }
                }
                own.push(place);
            }
            all.answers.push(data);
            all.places.push(own);
        }
        all
    }

    /// Seconds of a person in each bucket of the range; `None` where no answer has the bucket.
    pub fn seconds(&self, person: usize) -> Vec<Option<f64>> {
        let own: Vec<Option<u32>> = self.places.iter().map(|places| place_of(places, person)).collect();
        let buckets = self.buckets.iter();
        buckets.map(|bucket| self.seconds_in((*bucket)?, &own)).collect()
    }

    /// Who was active in a bucket: places among all. `None` where no answer has it.
    pub fn present(&self, bucket: usize) -> Option<impl Iterator<Item = usize>> {
        let (answer, interval) = (*self.buckets.get(bucket)?)?;
        let (Data::Usage(usage), places) = (&**self.answers.get(answer)?, self.places.get(answer)?) else {
            return None;
        };
        let uses = usage.intervals.get(interval)?.uses.iter();
        let active = uses.filter(|one| one.time.is_some());
        Some(active.filter_map(|one| places.get(one.person as usize).copied()))
    }

    /// Seconds of a person in the last bucket that some answer has.
    pub fn last_seconds(&self, person: usize) -> Option<f64> {
        let bucket = self.buckets.iter().rev().flatten().next()?;
        let own: Vec<Option<u32>> = self.places.iter().map(|places| place_of(places, person)).collect();
        self.seconds_in(*bucket, &own)
    }

    fn seconds_in(&self, (answer, interval): (usize, usize), own: &[Option<u32>]) -> Option<f64> {
        let Some(Data::Usage(usage)) = self.answers.get(answer).map(|data| &**data) else {
            return None;
        };
        let uses = &usage.intervals.get(interval)?.uses;
        // Who is not in it was not active: that is 0.
        let place = own.get(answer).copied().flatten();
        let place = place.and_then(|person| uses.binary_search_by_key(&person, |one| one.person).ok());
        let one = place.and_then(|place| uses.get(place));
        Some(one.map_or(0.0, |one| one.time.seconds()))
    }
}

/// The place of a person in an answer: most often the same as among all.
fn place_of(places: &[usize], person: usize) -> Option<u32> {
    let is_same = places.get(person) == Some(&person);
    let place = if is_same {
        Some(person)
    } else {
        places.iter().position(|place| *place == person)
    };
    place.map(|place| place as u32)
}

/// The bucket that an interval is about, by its start and length.
fn bucket_of(buckets: &[DateRange], stretch: &Stretch, interval: &Answered) -> Option<usize> {
    let place = buckets.binary_search_by(|bucket| midnight(*bucket).cmp(&interval.start));
    place.ok().filter(|_| length(stretch, interval) != Length::Other)
}

fn midnight(bucket: DateRange) -> DateTime<Utc> {
    bucket.first.and_time(NaiveTime::MIN).and_utc()
}

/// What the length of an interval tells of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    /// It is the one asked for, or the server does not say.
    Asked,
    /// It would be, were it not in nanoseconds.
    OtherUnit,
    /// It is another interval.
    Other,
}

fn length(stretch: &Stretch, interval: &Answered) -> Length {
    // Databases have their own idea of a year as a length.
    let (least, most) = match stretch.interval {
        Interval::Day => (1, 1),
        Interval::Week => (7, 7),
        Interval::Month => (28, 31),
        Interval::Days90 => (90, 90),
        Interval::Year => (360, 366),
    };
    let day = 86_400_000_000_000_i64;
    let end = stretch.end.and_time(NaiveTime::MIN).and_utc();
    let is_asked = |nanos: i64| {
        (least * day..=most * day).contains(&nanos) || interval.start + Duration::nanoseconds(nanos) == end
    };
    let is_in_other_unit = |nanos: i64| {
        [1_000, 1_000_000, 1_000_000_000]
            .iter()
            .any(|factor| is_asked(nanos.saturating_mul(*factor)))
    };
    match interval.length {
        Some(nanos) if is_asked(nanos) => Length::Asked,
        Some(nanos) if is_in_other_unit(nanos) => Length::OtherUnit,
        Some(_) => Length::Other,
        None => Length::Asked,
    }
}

/// An interval that was not asked for, under its own days.
fn foreign(scope: &Scope, interval: &Answered) -> Count {
    let length = interval.length.map_or(Duration::days(1), Duration::nanoseconds);
    let end = interval.start.checked_add_signed(length).unwrap_or(interval.start);
    let days = days_of(interval.start.fixed_offset(), end.fixed_offset());
    Count {
        days,
        people: Some(interval.people),
        is_open: end > scope.now,
        is_cut: end <= scope.now && days.days() != scope.interval.whole_days(days),
        is_too_young: false,
    }
}
