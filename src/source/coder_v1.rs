//! Coder v1: what is asked of its activity API, and what the replies mean.
//!
//! The API was documented with the view that this one follows, and is private to the server: its route and its words
//! for actions may be set in `config.json`. It counts in days of UTC, from the start of the question.

use super::{Answer, Ask, Request, Stretch};
use crate::config::SourceConfig;
use crate::data::Data;
use crate::data::usage::{self, Time, Usage};
use crate::order;
use crate::period::Interval;
use crate::query::{Action, Word};
use crate::remote::{LoadError, Reply};
use crate::wire::{field, object, refusal};
use crate::zone::Day;
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Who did something, per interval.
pub fn usage(source: &SourceConfig, stretch: Stretch) -> Request {
    let midnight = |day: Day| format!("{day}T00:00:00.000000Z");
    let mut query = vec![("start", midnight(stretch.first)), ("end", midnight(stretch.end))];
    query.extend(category(source, stretch.action).map(|word| ("category", word.to_string())));
    query.push(("interval", words(stretch.interval).to_string()));
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

/// Reads a reply about activity. Total: any bytes give data or a reason.
pub fn read(stretch: &Stretch, reply: &Reply) -> Result<Answer, LoadError> {
    if !refusal::is_answer(reply) {
        return Err(refusal::reason(reply, &refusal::Words::of(reply)));
    }
    let wire: Wire = object(&reply.body)?;
    Ok(Answer::Data(Data::Usage(wire.into_data(stretch))))
}

#[derive(Deserialize)]
struct Wire<'a> {
    // Naming a reader makes a missing key an error: `{}` is no answer.
    #[serde(borrow, deserialize_with = "Option::deserialize")]
    activity: Option<Vec<WireInterval<'a>>>,
    #[serde(borrow, default)]
    users: Option<BTreeMap<Cow<'a, str>, WireUser>>,
}

#[derive(Deserialize)]
struct WireInterval<'a> {
    #[serde(deserialize_with = "field::time")]
    time: DateTime<FixedOffset>,
    duration: Option<Number>,
    #[serde(borrow, default)]
    user_activity: Option<Vec<WireUse<'a>>>,
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

impl Wire<'_> {
    fn into_data(self, stretch: &Stretch) -> Usage {
        let (mut people, mut places) = (Vec::new(), HashMap::new());
        let users = self.users.unwrap_or_default();
        let mut keys = Vec::with_capacity(users.len());
        for (key, user) in users {
            // A key may be a word in place of an id, while intervals name the id.
            let id = if user.id.is_empty() { key.to_string() } else { user.id };
            let place = *places.entry(id.clone()).or_insert(people.len() as u32);
            keys.push((key.into_owned(), place));
            if place as usize == people.len() {
                people.push(usage::Person {
                    id,
                    name: refusal::clean(&user.name),
                    username: refusal::clean(&user.username),
                    roles: user.roles.iter().map(|role| refusal::clean(role)).collect(),
                    total: Some(Time::new(value(user.total_duration), value(user.total_count))),
                    summed: Time::default(),
                });
            }
        }
        for (key, place) in keys {
            places.entry(key).or_insert(place);
        }
        let mut intervals: Vec<usage::Interval> = Vec::new();
        // The interval in which a person was met last, and where.
        let mut met: Vec<(usize, usize)> = Vec::new();
        for (index, wire) in self.activity.unwrap_or_default().into_iter().enumerate() {
            let mut uses: Vec<usage::Use> = Vec::new();
            for WireUse {
                user_id,
                duration,
                count,
            } in wire.user_activity.unwrap_or_default()
            {
                let known = places.get(user_id.as_ref()).copied();
                let person = known.unwrap_or_else(|| {
                    let place = people.len() as u32;
                    places.insert(user_id.to_string(), place);
                    people.push(usage::Person {
                        id: user_id.into_owned(),
                        ..usage::Person::default()
                    });
                    place
                });
                let time = Time::new(value(duration), value(count));
                met.resize(people.len(), (usize::MAX, 0));
                match met.get_mut(person as usize) {
                    Some((last, place)) if *last == index => {
                        if let Some(earlier) = uses.get_mut(*place) {
                            earlier.time.add(time);
                        }
                    }
                    Some(met) => {
                        *met = (index, uses.len());
                        uses.push(usage::Use { person, time });
                    }
                    None => {}
                }
            }
            let (start, length) = (wire.time.to_utc(), value(wire.duration));
            intervals.push(usage::Interval::new(start, length, uses));
        }
        order::sort_by(&mut intervals, |a, b| a.start.cmp(&b.start));
        // Told twice is measured once.
        intervals.dedup_by_key(|interval| interval.start);
        // Whether the end is excluded is not documented: what begins there was not asked for. An answer that is all
        // about other times stays as it is.
        let is_inside = |interval: &usage::Interval| {
            let day = interval.start.date_naive();
            stretch.first <= day && day < stretch.end
        };
        if intervals.iter().any(is_inside) {
            intervals.retain(is_inside);
        }
        for one in intervals.iter().flat_map(|interval| &interval.uses) {
            if let Some(person) = people.get_mut(one.person as usize) {
                person.summed.add(one.time);
            }
        }
        Usage { intervals, people }
    }
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
