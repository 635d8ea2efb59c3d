//! What Coder v1 says of activity: who did something, in which interval, for how long.

use chrono::{DateTime, Utc};

/// `GET …/metrics/activity`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Oldest first, no two from the same instant. Intervals that the server left out are absent, not empty.
    pub intervals: Vec<Interval>,
    /// Everybody whom the answer names, in an interval or in its list of users; each once.
    pub people: Vec<Person>,
}

/// One interval, counted from the start of what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Start.
    pub start: DateTime<Utc>,
    /// Its length in nanoseconds, if the server says one.
    pub length: Option<i64>,
    /// Who is listed for it; each person once, in the order of their places.
    pub uses: Vec<Use>,
    /// How many of them were active.
    pub people: u64,
    /// Their time.
    pub time: Time,
    /// For how many time and count contradict each other.
    pub contradictions: usize,
}

impl Interval {
    /// An interval and its sums: these are asked for again and again, and lists may be long.
    pub fn new(start: DateTime<Utc>, length: Option<i64>, uses: Vec<Use>) -> Interval {
        let mut interval = Interval {
            start,
            length,
            uses: Vec::new(),
            people: 0,
            time: Time::default(),
            contradictions: 0,
        };
        for one in uses.iter().filter(|one| one.time.is_some()) {
            interval.people += 1;
            interval.time.add(one.time);
            interval.contradictions += usize::from(!one.time.agrees());
        }
        Interval { uses, ..interval }
    }
}

/// One person in one interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// Place in [`Usage::people`].
    pub person: u32,
    /// How much.
    pub time: Time,
}

/// How long somebody was active, told twice: the API sends a time and a count, and its counts are minutes. Where it
/// sends but one of them the other follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
    /// The time, in nanoseconds.
    pub nanos: i64,
    /// The count, in minutes.
    pub minutes: i64,
}

/// A minute in nanoseconds.
const MINUTE: i64 = 60_000_000_000;

impl Time {
    /// From what was sent.
    pub fn new(nanos: Option<i64>, minutes: Option<i64>) -> Time {
        Time {
            nanos: nanos.unwrap_or_else(|| minutes.unwrap_or(0).saturating_mul(MINUTE)),
            minutes: minutes.unwrap_or_else(|| nanos.unwrap_or(0) / MINUTE),
        }
    }

    /// Whether there was any activity.
    pub fn is_some(&self) -> bool {
        self.nanos > 0 || self.minutes > 0
    }

    /// Whether time and count tell the same, to a minute.
    pub fn agrees(&self) -> bool {
        self.nanos.abs_diff(self.minutes.saturating_mul(MINUTE)) < MINUTE.unsigned_abs()
    }

    /// The time in seconds.
    pub fn seconds(&self) -> f64 {
        // Nanoseconds of a year do not fit a float; seconds and their parts do.
        let second = 1_000_000_000;
        (self.nanos / second) as f64 + (self.nanos % second) as f64 / second as f64
    }

    /// Takes one away that was added.
    pub fn take(&mut self, other: Time) {
        self.nanos = self.nanos.saturating_sub(other.nanos);
        self.minutes = self.minutes.saturating_sub(other.minutes);
    }

    /// Adds another.
    pub fn add(&mut self, other: Time) {
        self.nanos = self.nanos.saturating_add(other.nanos);
        self.minutes = self.minutes.saturating_add(other.minutes);
    }
}

/// One person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Id; opaque.
    pub id: String,
    /// Name, may be empty.
    pub name: String,
    /// User name, may be empty.
    pub username: String,
    /// Role names, such as `site-member`.
    pub roles: Vec<String>,
    /// Time in all that was asked about, as the server adds it up; `None` for people who are in an interval but not in
    /// its list of users.
    pub total: Option<Time>,
    /// Time as the intervals add up.
    pub summed: Time,
}
