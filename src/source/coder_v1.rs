//! Coder v1: what is asked of its activity API, and what the replies mean.
//!
//! The API was documented with the view that this one follows, and is private to the server: its route and its words
//! for actions may be set in `config.json`. It counts in days of UTC, from the start of the question.

use super::{Answer, Ask, Reader, Request, Stretch};
use crate::config::SourceConfig;
use crate::data::Data;
use crate::data::usage::{self, Time, Usage};
use crate::order;
use crate::period::Interval;
use crate::query::{Action, Word};
use crate::remote::{LoadError, Reply};
use crate::wire::cut::{Batch, EACH, Way};
use crate::wire::{field, object, refusal};
use crate::zone::Day;
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, Unexpected, Visitor};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Who did something, per interval.
pub fn usage(source: &SourceConfig, stretch: Stretch) -> Request {
    let midnight = |day: Day| format!("{day}T00:00:00.000000Z");
    let mut query = vec![("start", midnight(stretch.first)), ("end", midnight(stretch.end))];
    query.extend(category(source, stretch.action).map(|word| ("category", word.to_string())));
    let interval = stretch.own.map(|own| own.to_string());
    query.push(("interval", interval.unwrap_or_else(|| words(stretch.interval).into())));
    query.extend(stretch.org.iter().map(|org| ("org", org.clone())));
    let path = format!("{}/metrics/activity", source.route);
    Request::get(&source.id, Ask::Usage(stretch), path, query)
}

/// Organizations. The answer reads like that of Coder v2.
pub fn organizations(source: &SourceConfig) -> Request {
    Request::get(&source.id, Ask::Organizations, "api/v0/orgs", Vec::new())
}

/// The word of an action in a query; `None` for any, which is asked for by leaving it out.
pub fn category(source: &SourceConfig, action: Action) -> Option<&str> {
    let configured = source.categories.get(action.key()).map(String::as_str);
    configured.or_else(|| (action != Action::Any).then(|| action.key()))
}

/// Whether the word of an action is a guess: the documentation shows those of two actions only.
pub fn is_guessed(source: &SourceConfig, action: Action) -> bool {
    let is_documented = matches!(action, Action::Any | Action::Ide | Action::Tunnel);
    !is_documented && !source.categories.contains_key(action.key())
}

/// An interval in the grammar of the API: a number, a space, a unit in the singular.
fn words(interval: Interval) -> &'static str {
    match interval {
        Interval::Day => "1 day",
        Interval::Week => "1 week",
        Interval::Month => "1 month",
        Interval::Days90 => "90 day",
        Interval::Year => "1 year",
    }
}

/// People and their use, while the answer comes.
#[derive(Default)]
pub struct Rows {
    /// In the order in which they were first named.
    people: Vec<usage::Person>,
    places: HashMap<String, u32>,
    /// Keys of the list of users that are not the ids of these, and whose they are.
    keys: Vec<(String, u32)>,
    /// As they stand in the answer, without their times.
    intervals: Vec<usage::Interval>,
    /// The place of the interval that is being read, and what it tells.
    now: usize,
    uses: Vec<usage::Use>,
    /// Of each person the interval in which it was met last, from 1, and the place there.
    met: Vec<(usize, usize)>,
}

impl Reader for Rows {
    fn ways(&self) -> &'static [Way] {
        &[&["activity", EACH, "user_activity"], &["users"]]
    }

    fn take(&mut self, rows: Batch<'_>) -> Result<(), serde_json::Error> {
        if rows.way == 0 {
            self.turn_to(rows.of);
            for one in serde_json::from_slice::<Vec<WireUse>>(rows.text)? {
                self.add_use(one);
            }
        } else {
            self.add_users(serde_json::from_slice(rows.text)?);
        }
        Ok(())
    }

    fn end(&mut self, request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
        if !refusal::is_answer(reply) {
            return Err(refusal::reason(reply, &refusal::Words::of(reply)));
        }
        let wire: Wire = object(&reply.body)?;
        let heads = wire.activity.unwrap_or_default();
        self.turn_to(heads.len());
        let stretch = match &request.ask {
            Ask::Usage(stretch) => Some(stretch),
            _ => None,
        };
        Ok(Answer::Data(Data::Usage(self.usage(heads, stretch))))
    }
}

impl Rows {
    fn place(&mut self, id: Cow<'_, str>) -> u32 {
        if let Some(place) = self.places.get(id.as_ref()) {
            return *place;
        }
        let place = self.people.len() as u32;
        self.places.insert(id.to_string(), place);
        self.met.push((0, 0));
        self.people.push(usage::Person {
            id: id.into_owned(),
            ..usage::Person::default()
        });
        place
    }

    fn add_users(&mut self, users: BTreeMap<Cow<'_, str>, WireUser>) {
        for (key, user) in users {
            // A key may be a word in place of an id, while intervals name the id.
            let is_key = user.id.is_empty() || user.id == key;
            let place = self.place(if is_key { key.clone() } else { user.id.into() });
            if !is_key {
                self.keys.push((key.into_owned(), place));
            }
            if let Some(person) = self
                .people
                .get_mut(place as usize)
                .filter(|known| known.total.is_none())
            {
                person.name = refusal::clean(&user.name);
                person.username = refusal::clean(&user.username);
                person.roles = user.roles.iter().map(|role| refusal::clean(role)).collect();
                person.total = Some(Time::new(value(user.total_duration), value(user.total_count)));
            }
        }
    }

    fn add_use(&mut self, one: WireUse<'_>) {
        // Most intervals name the same people in the same order.
        let last = self.uses.last().map_or(0, |last| last.person + 1);
        let is_next = self
            .people
            .get(last as usize)
            .is_some_and(|next| next.id == one.user_id);
        let person = if is_next { last } else { self.place(one.user_id) };
        self.add(person, Time::new(value(one.duration), value(one.count)));
    }

    fn add(&mut self, person: u32, time: Time) {
        if let Some(known) = self.people.get_mut(person as usize) {
            known.summed.add(time);
        }
        match self.met.get_mut(person as usize) {
            Some((last, place)) if *last == self.now + 1 => {
                if let Some(earlier) = self.uses.get_mut(*place) {
                    earlier.time.add(time);
                }
            }
            Some(met) => {
                *met = (self.now + 1, self.uses.len());
                self.uses.push(usage::Use { person, time });
            }
            None => {}
        }
    }

    /// Goes on to an interval. Those before it are whole.
    fn turn_to(&mut self, index: usize) {
        while self.now < index {
            // As many as there are, in one allocation that fits them.
            let mut uses = self.uses.to_vec();
            self.uses.clear();
            if !uses.is_sorted_by_key(|one| one.person) {
                order::sort_by(&mut uses, |a, b| a.person.cmp(&b.person));
            }
            self.intervals
                .push(usage::Interval::new(DateTime::UNIX_EPOCH, None, uses));
            self.now += 1;
        }
    }

    /// All of it, with start and length of each interval.
    fn usage(&mut self, heads: Vec<WireInterval>, stretch: Option<&Stretch>) -> Usage {
        self.join_keys();
        let mut intervals = std::mem::take(&mut self.intervals);
        for (interval, head) in intervals.iter_mut().zip(heads) {
            (interval.start, interval.length) = (head.time.to_utc(), value(head.duration));
        }
        order::sort_by(&mut intervals, |a, b| a.start.cmp(&b.start));
        // Whether the end is excluded is not documented: what begins there was not asked for. An answer that is all
        // about other times stays as it is.
        let is_inside = |interval: &usage::Interval| {
            let day = interval.start.date_naive();
            stretch.is_none_or(|stretch| stretch.first <= day && day < stretch.end)
        };
        let is_any_inside = intervals.iter().any(is_inside);
        let mut last = None;
        intervals.retain(|interval| {
            // Told twice is measured once.
            let is_new = last.replace(interval.start) != Some(interval.start);
            let is_kept = is_new && (is_inside(interval) || !is_any_inside);
            for one in interval.uses.iter().filter(|_| !is_kept) {
                if let Some(person) = self.people.get_mut(one.person as usize) {
                    person.summed.take(one.time);
                }
            }
            is_kept
        });
        Usage {
            intervals,
            people: std::mem::take(&mut self.people),
        }
    }

    /// Where intervals name a person by the key in the list of users, that is the person of the id.
    fn join_keys(&mut self) {
        let mut is_of: Vec<u32> = (0..self.people.len() as u32).collect();
        let mut is_any = false;
        for (key, place) in std::mem::take(&mut self.keys) {
            let named = self.places.get(&key).map_or(place, |named| *named);
            let is_listed = self
                .people
                .get(named as usize)
                .is_none_or(|person| person.total.is_some());
            if let Some(of) = is_of.get_mut(named as usize).filter(|_| named != place && !is_listed) {
                *of = place;
                is_any = true;
            }
        }
        if !is_any {
            return;
        }
        // Those who are somebody else leave, and everything is added up anew.
        let mut kept = 0;
        let mut new_places = vec![0; is_of.len()];
        for ((place, of), new) in (0_u32..).zip(&is_of).zip(&mut new_places) {
            if place == *of {
                *new = kept;
                kept += 1;
            }
        }
        let people = std::mem::take(&mut self.people);
        let own = people.into_iter().zip((0_u32..).zip(&is_of));
        self.people = own
            .filter(|(_, (place, of))| place == *of)
            .map(|(person, _)| person)
            .collect();
        self.people
            .iter_mut()
            .for_each(|person| person.summed = Time::default());
        self.met = vec![(0, 0); self.people.len()];
        self.now = 0;
        for interval in std::mem::take(&mut self.intervals) {
            for one in interval.uses {
                let of = is_of
                    .get(one.person as usize)
                    .and_then(|of| new_places.get(*of as usize));
                self.add(of.copied().unwrap_or_default(), one.time);
            }
            self.turn_to(self.now + 1);
        }
    }
}

/// An answer without its rows.
#[derive(Deserialize)]
struct Wire {
    // Naming a reader makes a missing key an error: `{}` is no answer.
    #[serde(deserialize_with = "Option::deserialize")]
    activity: Option<Vec<WireInterval>>,
    #[serde(rename = "users", default)]
    _users: Option<serde_json::Map<String, serde_json::Value>>,
}

#[derive(Deserialize)]
struct WireInterval {
    #[serde(deserialize_with = "field::time")]
    time: DateTime<FixedOffset>,
    duration: Option<Number>,
    #[serde(rename = "user_activity", default, deserialize_with = "field::list")]
    _uses: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct WireUse<'a> {
    #[serde(borrow)]
    user_id: Cow<'a, str>,
    duration: Option<Number>,
    count: Option<Number>,
}

#[derive(Deserialize)]
struct WireUser {
    #[serde(default, deserialize_with = "field::text")]
    id: String,
    #[serde(default, deserialize_with = "field::text")]
    name: String,
    #[serde(default, deserialize_with = "field::text")]
    username: String,
    #[serde(default, deserialize_with = "field::list")]
    roles: Vec<String>,
    total_duration: Option<Number>,
    total_count: Option<Number>,
}

fn value(number: Option<Number>) -> Option<i64> {
    number.map(|Number(value)| value)
}

/// A whole number from 0 on, also in quotes. Never by way of a float: nanoseconds of a year do not fit one.
struct Number(i64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Number, D::Error> {
        from.deserialize_any(NumberVisitor).map(Number)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = i64;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a whole number from 0 on")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<i64, E> {
        i64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<i64, E> {
        if number < 0 {
            return Err(E::invalid_value(Unexpected::Signed(number), &self));
        }
        Ok(number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<i64, E> {
        let number = text.parse().ok().filter(|number| *number >= 0);
        number.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
