//! The dashboard's URL as a value: every filter and setting that a shared link reproduces.
//!
//! Parsing never fails: a bad value falls back to its default and is named in a notice. Defaults are left out when
//! printing, unknown keys are kept. No secret is ever read from, or written to, the URL. What a value *means*
//! (which days, which templates) is the business of [`crate::scope`].

use crate::period::{DateRange, Interval, Period, Preset};
use crate::zone::{Day, day};

/// Only people who did this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Any activity.
    #[default]
    Any,
    /// Used an editor.
    Ide,
    /// Signed in.
    Login,
    /// Opened an app.
    App,
    /// Opened a tunnel.
    Tunnel,
    /// Used the web terminal.
    WebTerminal,
}

/// The period that figures are compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Compare {
    /// The days right before the range, as many as it has.
    #[default]
    Previous,
    /// The same days 52 weeks earlier, so that weekdays match.
    Year,
    /// No comparison.
    None,
}

/// Colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// Sibling pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// `./`
    #[default]
    Overview,
    /// `./activity`
    Activity,
    /// `./templates`
    Templates,
    /// `./people`
    People,
    /// `./check`: no figures, but how the page fares.
    Check,
    /// `./people?person=ID`; a page without a name of its own.
    Person,
}

impl View {
    /// The view that a query makes of a page: that of one person where one is named.
    pub fn with(self, query: &Query) -> View {
        if self == View::People && query.person.is_some() {
            View::Person
        } else {
            self
        }
    }
}

/// A closed set of URL words.
pub trait Word: Copy + PartialEq + Default + 'static {
    /// Each value with its word and its name.
    const ALL: &'static [(Self, &'static str, &'static str)];

    /// The value of a word.
    fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, key, _)| *key == word)
            .map(|(value, _, _)| *value)
    }

    /// The word of a value.
    fn key(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(value, _, _)| *value == self)
            .map_or("", |(_, key, _)| key)
    }

    /// The name of a value.
    fn label(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(value, _, _)| *value == self)
            .map_or("", |(_, _, label)| label)
    }
}

impl Word for Action {
    const ALL: &'static [(Action, &'static str, &'static str)] = &[
        (Action::Any, "any", "Any"),
        (Action::Ide, "ide", "IDE"),
        (Action::Login, "login", "Login"),
        (Action::App, "app", "App"),
        (Action::Tunnel, "tunnel", "Tunnel"),
        (Action::WebTerminal, "web-terminal", "Web terminal"),
    ];
}

impl Word for Compare {
    const ALL: &'static [(Compare, &'static str, &'static str)] = &[
        (Compare::Previous, "previous", "Previous period"),
        (Compare::Year, "year", "Year before"),
        (Compare::None, "none", "No comparison"),
    ];
}

impl Word for Theme {
    const ALL: &'static [(Theme, &'static str, &'static str)] = &[
        (Theme::System, "system", "System"),
        (Theme::Light, "light", "Light"),
        (Theme::Dark, "dark", "Dark"),
        (Theme::Contrast, "contrast", "High contrast"),
    ];
}

impl Word for View {
    const ALL: &'static [(View, &'static str, &'static str)] = &[
        (View::Overview, "", "Overview"),
        (View::Activity, "activity", "Activity"),
        (View::Templates, "templates", "Templates"),
        (View::People, "people", "People"),
        (View::Check, "check", "Self-check"),
    ];
}

/// Every key the view knows, in the order in which they are printed. The README says what they mean.
pub const KEYS: &[&str] = &[
    "range", "from", "to", "interval", "periods", "org", "action", "template", "compare", "tz", "theme", "q", "sort",
    "page", "person", "source", "show",
];

/// The URL's query string, typed. `None` and empty mean the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The range asked for.
    pub period: Option<Period>,
    /// The bucket.
    pub interval: Option<Interval>,
    /// Whether only whole buckets that are over are shown.
    pub is_complete: bool,
    /// Organization id.
    pub org: Option<String>,
    /// Kind of activity.
    pub action: Action,
    /// Template ids.
    pub templates: Vec<String>,
    /// Comparison.
    pub compare: Compare,
    /// Zone name, as typed; whether the browser knows it shows later.
    pub zone: Option<String>,
    /// Colours.
    pub theme: Theme,
    /// Search text.
    pub search: String,
    /// Sort column, `-` in front for descending.
    pub sort: Option<String>,
    /// Page from 1; 0 means the first.
    pub page: u32,
    /// Person id.
    pub person: Option<String>,
    /// Source id.
    pub source: Option<String>,
    /// Parts shown; empty means all.
    pub show: Vec<String>,
    /// Keys this version does not know, kept as they came.
    pub unknown: Vec<(String, String)>,
}

/// A value of the URL that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The key.
    pub key: String,
    /// The value as it came.
    pub value: String,
    /// What is the matter with it, and what holds instead.
    pub said: String,
}

impl Query {
    /// Adds a template to those chosen, or takes it out.
    pub fn toggle_template(&mut self, id: String) {
        match self.templates.iter().position(|chosen| *chosen == id) {
            Some(place) => drop(self.templates.remove(place)),
            None => self.templates.push(id),
        }
    }

    /// Reads a query string, with or without the leading `?`.
    pub fn parse(text: &str) -> (Query, Vec<Notice>) {
        let mut reading = Reading::default();
        for (key, value) in pairs(text) {
            reading.take(key, value);
        }
        let Reading {
            mut query,
            mut notices,
            from,
            to,
            preset,
            ..
        } = reading;
        if query.page == 1 {
            query.page = 0;
        }
        query.period = match from.or(to) {
            Some(_) => locked(from, to, &mut notices),
            None => preset.map(Period::Preset),
        };
        (query, notices)
    }

    /// Prints the query without defaults, with a leading `?` unless it is empty.
    pub fn print(&self) -> String {
        let mut out: Vec<(&str, String)> = Vec::new();
        match self.period {
            Some(Period::Preset(preset)) => out.push(("range", preset.key().into())),
            Some(Period::Locked(range)) => {
                out.push(("from", range.first.to_string()));
                out.push(("to", range.last.to_string()));
            }
            None => {}
        }
        let mut text = |key, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                out.push((key, value));
            }
        };
        text("interval", self.interval.map(|interval| interval.key().into()));
        text("periods", self.is_complete.then(|| "complete".into()));
        text("org", self.org.clone());
        text("action", (self.action != Action::Any).then(|| self.action.key().into()));
        text("template", Some(self.templates.join(",")));
        text(
            "compare",
            (self.compare != Compare::Previous).then(|| self.compare.key().into()),
        );
        text("tz", self.zone.clone());
        text("theme", (self.theme != Theme::System).then(|| self.theme.key().into()));
        text("q", Some(self.search.clone()));
        text("sort", self.sort.clone());
        text("page", (self.page > 1).then(|| self.page.to_string()));
        text("person", self.person.clone());
        text("source", self.source.clone());
        text("show", Some(self.show.join(",")));
        let known = out.iter().map(|(key, value)| format!("{}={}", key, escape(value)));
        let unknown = self
            .unknown
            .iter()
            .map(|(key, value)| format!("{}={}", escape(key), escape(value)));
        let joined = known.chain(unknown).collect::<Vec<_>>().join("&");
        if joined.is_empty() {
            joined
        } else {
            format!("?{joined}")
        }
    }

    /// Whether a part of the page is asked for by its name.
    pub fn names(&self, part: &str) -> bool {
        self.show.iter().any(|shown| shown == part)
    }

    /// Whether a part of the page is shown. Naming any panel hides the panels not named.
    pub fn shows(&self, part: &str) -> bool {
        if self.show.is_empty() {
            return true;
        }
        let all_panels = part.starts_with("panel:") && !self.show.iter().any(|shown| shown.starts_with("panel:"));
        all_panels || self.names(part)
    }
}

/// A query on its way from its text.
#[derive(Default)]
struct Reading {
    query: Query,
    notices: Vec<Notice>,
    seen: Vec<String>,
    from: Option<Day>,
    to: Option<Day>,
    preset: Option<Preset>,
}

impl Reading {
    #[inline(never)]
    fn take(&mut self, key: String, value: String) {
        if is_secret_name(&key) {
            self.notices.push(Notice {
                key,
                value: String::new(),
                said: "is left out: a link is no place for a secret".into(),
            });
            return;
        }
        if KEYS.contains(&key.as_str()) {
            if self.seen.contains(&key) {
                self.notices.push(Notice {
                    key,
                    value,
                    said: "is given again: the first value is used".into(),
                });
                return;
            }
            self.seen.push(key.clone());
        }
        let mut bad = |said: &str| {
            self.notices.push(Notice {
                key: key.clone(),
                value: value.clone(),
                said: said.into(),
            })
        };
        if value.is_empty() && key != "show" && KEYS.contains(&key.as_str()) {
            return;
        }
        match key.as_str() {
            "range" => {
                self.preset = Preset::parse(&value).or_else(|| {
                    bad("is no range: the default is used");
                    None
                })
            }
            "from" => {
                self.from = day(&value).or_else(|| {
                    bad("is no day: it is left out");
                    None
                })
            }
            "to" => {
                self.to = day(&value).or_else(|| {
                    bad("is no day: it is left out");
                    None
                })
            }
            "interval" => {
                self.query.interval = Interval::parse(&value).or_else(|| {
                    bad("is no interval: it follows from the range");
                    None
                })
            }
            "periods" => {
                self.query.is_complete = value == "complete";
                if !self.query.is_complete {
                    bad("all periods");
                }
            }
            "org" => self.query.org = Some(value),
            "action" => {
                self.query.action = Action::parse(&value).unwrap_or_else(|| {
                    bad("is no action: any is counted");
                    Action::Any
                })
            }
            "template" => self.query.templates = list(&value),
            "compare" => {
                self.query.compare = Compare::parse(&value).unwrap_or_else(|| {
                    bad("is no comparison: the previous period is used");
                    Compare::Previous
                })
            }
            "tz" => self.query.zone = Some(value),
            "theme" => {
                self.query.theme = Theme::parse(&value).unwrap_or_else(|| {
                    bad("is no theme: the system's is used");
                    Theme::System
                })
            }
            "q" => self.query.search = value,
            "sort" => self.query.sort = Some(value),
            "page" => {
                self.query.page = value.parse().unwrap_or_else(|_| {
                    bad("is no page: the first is shown");
                    0
                })
            }
            "person" => self.query.person = Some(value),
            "source" => self.query.source = Some(value),
            "show" => {
                let (known, other): (Vec<String>, Vec<String>) = list(&value).into_iter().partition(|part| shows(part));
                for part in other {
                    self.notices.push(Notice {
                        key: key.clone(),
                        value: part,
                        said: "is no part of the page: it is left out".into(),
                    });
                }
                self.query.show = known;
            }
            _ => self.query.unknown.push((key, value)),
        }
    }
}

/// The days between two that are given, or the one that is.
#[inline(never)]
fn locked(from: Option<Day>, to: Option<Day>, notices: &mut Vec<Notice>) -> Option<Period> {
    let (first, last) = (from.or(to)?, to.or(from)?);
    if first > last {
        notices.push(Notice {
            key: "from".into(),
            value: first.to_string(),
            said: "is after to: they are swapped".into(),
        });
    }
    let missing = if from.is_some() { "to" } else { "from" };
    let is_one_missing = from.is_none() || to.is_none();
    if is_one_missing && !notices.iter().any(|notice| notice.key == missing) {
        notices.push(Notice {
            key: missing.into(),
            value: String::new(),
            said: format!("is missing: {first} alone is shown"),
        });
    }
    Some(Period::Locked(DateRange::new(first, last)))
}

fn shows(part: &str) -> bool {
    matches!(part, "title" | "filters" | "tabs" | "footer")
        || part.strip_prefix("panel:").is_some_and(|id| !id.is_empty())
}

/// Whether a name promises a secret. Such fields are refused wherever others can read them: in the URL and in
/// `config.json`.
pub fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 8] = [
        "token",
        "secret",
        "passw",
        "servicekey",
        "apikey",
        "authorization",
        "credential",
        "bearer",
    ];
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    PARTS.iter().any(|part| plain.contains(part))
}

fn list(value: &str) -> Vec<String> {
    value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(Into::into)
        .collect()
}

/// Splits a query string into decoded pairs; `+` is a space, a broken escape stays as it is.
fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    text.trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescape(key), unescape(value))
        })
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        let hex = tail
            .get(..2)
            .filter(|_| byte == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match (byte, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'%', Some(value)) => {
                bytes.push(value);
                rest = tail.get(2..).unwrap_or_default();
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Percent-encodes a value for a query string. Letters, digits and `-_.~,:/` stay readable; `+` and `&` never do.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~,:/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(
                    char::from_digit(u32::from(digit), 16)
                        .unwrap_or('0')
                        .to_ascii_uppercase(),
                );
            }
        }
    }
    out
}
