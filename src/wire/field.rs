//! How single fields are read: tolerant of what servers do leave out, strict about what would be a wrong number.
//!
//! For `#[serde(deserialize_with)]`. Go writes a list it never filled as `null`, so `null` is an empty list or text.

use chrono::{DateTime, FixedOffset};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use std::fmt;

/// The largest count a server can mean: its integers have 64 bits and a sign.
pub const MOST: u64 = i64::MAX as u64;
/// Up to here every whole number has its own `f64`.
pub const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// How times are written.
pub const TIME: &str = "an RFC 3339 time";

/// A whole number from 0 on; `3.0` counts as one.
pub struct Count(pub u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Count, D::Error> {
        from.deserialize_u64(CountVisitor).map(Count)
    }
}

struct CountVisitor;

impl Visitor<'_> for CountVisitor {
    type Value = u64;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a whole number from 0 on")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
        if number <= MOST {
            Ok(number)
        } else {
            Err(E::invalid_value(Unexpected::Unsigned(number), &self))
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
        u64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<u64, E> {
        if number.fract() == 0.0 && (0.0..=MOST_EXACT).contains(&number) {
            return Ok(number as u64);
        }
        Err(E::invalid_value(Unexpected::Float(number), &self))
    }
}

/// A count that must be there.
pub fn count<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    Count::deserialize(from).map(|Count(number)| number)
}

/// A count that may be `null`; add `default` for one that may be missing.
pub fn count_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::<Count>::deserialize(from)?.map(|Count(number)| number))
}

/// A count that may be written as a text or be `null`; add `default` for one that may be missing.
pub fn written_count_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(Option::<Written<true>>::deserialize(from)?.map(|Written(number)| number as u64))
}

/// A number from 0 on that may be written as a text or be `null`; add `default` for one that may be missing.
pub fn written_number_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Ok(Option::<Written<false>>::deserialize(from)?.map(|Written(number)| number))
}

/// A number from 0 on, or a whole one; `"3"` counts as one.
struct Written<const WHOLE: bool>(f64);

impl<'de, const WHOLE: bool> Deserialize<'de> for Written<WHOLE> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(WrittenVisitor::<WHOLE>)
    }
}

struct WrittenVisitor<const WHOLE: bool>;

impl<const WHOLE: bool> Visitor<'_> for WrittenVisitor<WHOLE> {
    type Value = Written<WHOLE>;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(if WHOLE {
            "a whole number from 0 on"
        } else {
            "a number from 0 on"
        })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        if (0.0..=MOST_EXACT).contains(&number) && !(WHOLE && number.fract() != 0.0) {
            Ok(Written(number))
        } else {
            Err(E::invalid_value(Unexpected::Float(number), &self))
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let number = text
            .parse()
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))?;
        self.visit_f64(number)
    }
}

/// A text, empty when `null`.
pub fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(from)?.unwrap_or_default())
}

/// A list, empty when `null`.
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}

/// The place of a text in a list that has each text once; new ones are added.
pub fn place(list: &mut Vec<String>, text: String) -> u16 {
    let place = list.iter().position(|known| *known == text).unwrap_or_else(|| {
        list.push(text);
        list.len() - 1
    });
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// A time with its offset, RFC 3339.
pub fn time<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<FixedOffset>, D::Error> {
    let Time(time) = Time::deserialize(from)?;
    time.ok_or_else(|| D::Error::invalid_value(Unexpected::Str(""), &TimeVisitor))
}

/// A time that may be `null` or empty; add `default` for one that may be missing.
pub fn time_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    Ok(Option::<Time>::deserialize(from)?.and_then(|Time(time)| time))
}

/// A time, or none where the text is empty.
struct Time(Option<DateTime<FixedOffset>>);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
        from.deserialize_str(TimeVisitor)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(TIME)
    }

    // Within the visitor, so that `serde_json` says where the text stands.
    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        if text.is_empty() {
            return Ok(Time(None));
        }
        let time = DateTime::parse_from_rfc3339(text);
        time.map(|time| Time(Some(time)))
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}
