//! The figures at the top of the overview: who is active, how often, and whether the seats are used.
//!
//! DAU, WAU, MAU and stickiness are over days that have ended; each tile says which days.

use crate::answers::{Answers, Found};
use crate::config::SourceConfig;
use crate::data::{InsightsReport, Status};
use crate::format;
use crate::measure;
use crate::period::{DateRange, Interval};
use crate::query::{Action, Compare};
use crate::remote::{LoadError, State};
use crate::scope::{Scope, Templates};
use crate::source::{Request, coder};
use crate::words::{self, Message};

/// One figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Id of its element.
    pub id: &'static str,
    /// What it is.
    pub label: &'static str,
    /// What is counted, for those who want to know exactly.
    pub meaning: String,
    /// State, as in `data-state`.
    pub state: State,
    /// Exact value, where there is one.
    pub value: Option<f64>,
    /// As shown; a dash where there is none.
    pub shown: String,
    /// Which days or which whole it refers to.
    pub detail: String,
    /// Change against the period it is compared with.
    pub change: Option<Change>,
    /// Why there is no value.
    pub message: Option<Message>,
}

/// A change against another period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// In short.
    pub shown: String,
    /// Both figures with their days.
    pub exactly: String,
}

impl Tile {
    fn new(id: &'static str, label: &'static str, meaning: impl Into<String>) -> Tile {
        Tile {
            id,
            label,
            meaning: meaning.into(),
            state: State::Loading,
            value: None,
            shown: "–".into(),
            detail: String::new(),
            change: None,
            message: None,
        }
    }

    fn show(mut self, value: f64, shown: String, detail: impl Into<String>) -> Tile {
        (self.state, self.value, self.shown, self.detail) = (State::Ready, Some(value), shown, detail.into());
        self
    }

    fn fail(mut self, error: &LoadError) -> Tile {
        let message = words::message(error);
        (self.state, self.detail, self.message) = (error.state(), message.title.clone(), Some(message));
        self
    }

    /// Says what a figure is about where a filter does not reach it.
    fn not_narrowed(mut self, is_asked: bool, whole: &str) -> Tile {
        if is_asked && self.value.is_some() {
            self.detail = format!("{} ({whole})", self.detail);
        }
        self
    }

    /// Hides a figure of too few people.
    fn hide(mut self, scope: &Scope) -> Tile {
        let few = format::count(&scope.locale, u64::from(scope.privacy.min_group));
        (self.value, self.change, self.shown) = (None, None, "–".into());
        (self.state, self.detail) = (State::Forbidden, format!("Hidden: fewer than {few} people"));
        self
    }

    /// Hides a figure that counts people, if they are too few, and whom the server's words may name.
    fn hide_few(mut self, scope: &Scope) -> Tile {
        if let Some(message) = &mut self.message {
            message.detail = scope.names.without_addresses(&message.detail);
        }
        if let Some(change) = &mut self.change {
            change.exactly = scope.names.without_addresses(&change.exactly);
        }
        let is_count = COUNTS.contains(&self.id);
        match self.value {
            Some(value) if is_count && scope.privacy.hides(value as u64) => self.hide(scope),
            _ => self,
        }
    }

    /// Shortens a figure that would not stay on its line, and says in full what it is.
    #[inline(never)]
    fn shorten(&mut self, scope: &Scope) {
        let short = self.value.map(|value| format::compact(&scope.locale, value));
        let full = short.map(|short| std::mem::replace(&mut self.shown, short));
        self.detail = full
            .into_iter()
            .chain([std::mem::take(&mut self.detail)])
            .collect::<Vec<_>>()
            .join(" · ");
    }

    fn none(mut self, detail: impl Into<String>) -> Tile {
        (self.state, self.detail) = (State::Empty, detail.into());
        self
    }

    /// Says that the server left figures out.
    fn incomplete(mut self) -> Tile {
        (self.state, self.detail) = (State::Failed, "The answer is incomplete".into());
        self
    }
}

/// The tiles whose figure counts people. The others are means, which hide themselves where they are of such figures.
const COUNTS: &[&str] = &["tile-active", "wau", "mau", "seats", "dormant"];

/// So many letters a tile has room for: figures up to a hundred million.
const LONGEST: usize = 10;

const WEEK: u16 = 7;
const MONTH: u16 = 30;

/// What the tiles need.
pub fn requests(scope: &Scope) -> Vec<Request> {
    let Some(source) = &scope.source else {
        return Vec::new();
    };
    // Accounts are counted whatever the range.
    let mut requests = vec![
        coder::entitlements(&source.id),
        coder::statuses(&source.id, &scope.zone.name, scope.zone.offset_at(scope.now)),
    ];
    let Some(range) = scope.range else {
        return requests;
    };
    requests.extend(measure::report_request(scope, range));
    requests.extend(measure::counts_requests(scope, range, Interval::Day));
    if let Some(compared) = scope.compared() {
        requests.extend(
            [scope.closed(), Some(compared)]
                .into_iter()
                .flatten()
                .filter_map(|days| measure::report_request(scope, days)),
        );
    }
    requests.extend(
        scope
            .trailing(WEEK)
            .and_then(|days| measure::report_request(scope, days)),
    );
    if let Some(days) = scope.trailing(MONTH) {
        requests.extend(measure::report_request(scope, days));
        requests.extend(measure::counts_requests(scope, days, Interval::Day));
    }
    requests
}

/// The tiles in a scope, with the answers so far.
pub fn build(scope: &Scope, answers: &Answers) -> Vec<Tile> {
    let Some(source) = &scope.source else {
        return Vec::new();
    };
    let use_of_workspaces = [
        active(scope, answers),
        average(scope, answers),
        trailing(
            scope,
            answers,
            WEEK,
            Tile::new(
                "wau",
                "WAU",
                "Weekly active users: people who used a workspace in the 7 whole days up to the end of the range, each counted once",
            ),
        ),
        trailing(
            scope,
            answers,
            MONTH,
            Tile::new(
                "mau",
                "MAU",
                "Monthly active users: people who used a workspace in the 30 whole days up to the end of the range, each counted once",
            ),
        ),
        stickiness(scope, answers),
    ];
    let accounts = [seats(scope, answers, source), dormant(scope, answers, source)];
    let is_action_asked = scope.action != Action::Any;
    use_of_workspaces
        .into_iter()
        .map(|tile| tile.not_narrowed(is_action_asked, "any action"))
        .chain(
            accounts
                .into_iter()
                .map(|tile| tile.not_narrowed(scope.is_narrowed, "whole deployment")),
        )
        .map(|tile| {
            let mut tile = tile.hide_few(scope);
            if tile.shown.chars().count() > LONGEST {
                tile.shorten(scope);
            }
            tile
        })
        .collect()
}

/// Why insights cannot be asked at all, if so.
fn blocked(scope: &Scope, answers: &Answers, tile: &Tile) -> Option<Tile> {
    if scope.is_too_long() {
        return Some(tile.clone().none("The range is too long"));
    }
    if scope.range.is_none() {
        let why = if scope.asked.first > scope.today {
            "The range lies in the future"
        } else {
            "No complete period in the range"
        };
        return Some(tile.clone().none(why));
    }
    match &scope.templates {
        Templates::All | Templates::Only(_) => None,
        Templates::None => Some(tile.clone().none("No templates")),
        Templates::Unknown => {
            let source = scope.source.as_ref()?;
            Some(
                answers
                    .templates(&coder::templates(&source.id))
                    .error()
                    .map_or_else(|| tile.clone(), |error| tile.clone().fail(error)),
            )
        }
    }
}

fn people(scope: &Scope, people: u64) -> String {
    format::count(&scope.locale, people)
}

/// The report of some days, if it is about them; else the tile that says why not.
fn report_of<'a>(
    scope: &Scope,
    answers: &'a Answers,
    days: DateRange,
    tile: &Tile,
) -> Result<&'a InsightsReport, Box<Tile>> {
    match measure::report(scope, answers, days) {
        Found::Waiting if measure::report_request(scope, days).is_none() => {
            Err(Box::new(tile.clone().none("The day has just begun")))
        }
        Found::Waiting => Err(Box::new(tile.clone())),
        Found::Failed(error) => Err(Box::new(tile.clone().fail(error))),
        Found::Here(Some(report)) => Ok(report),
        Found::Here(None) => Err(Box::new(tile.clone().incomplete())),
    }
}

fn active(scope: &Scope, answers: &Answers) -> Tile {
    let tile = Tile::new(
        "tile-active",
        "Active users",
        "People who used a workspace in the range, each counted once",
    );
    if let Some(tile) = blocked(scope, answers, &tile) {
        return tile;
    }
    let Some(range) = scope.range else {
        return tile;
    };
    let report = match report_of(scope, answers, range, &tile) {
        Ok(report) => report,
        Err(tile) => return *tile,
    };
    let is_about = measure::is_about(scope, range, report);
    let days = if is_about {
        range
    } else {
        measure::days_of(report.start, report.end)
    };
    let midnight = scope.zone.start_of(scope.today);
    let open = if !is_about || !scope.is_open(&range) {
        ""
    } else if measure::slice(scope, range).is_some_and(|slice| slice.end > midnight) {
        ", today so far"
    } else {
        ", today not yet"
    };
    let mut tile = tile.show(
        report.active_users as f64,
        people(scope, report.active_users),
        format!("{}{open}", format::span(&scope.locale, days)),
    );
    if !is_about {
        tile.state = State::Partial;
        tile.detail.push_str(" (the days the server answered for)");
        return tile;
    }
    if let (Some(closed), Some(before)) = (scope.closed(), scope.compared()) {
        tile.change = match (figure(scope, answers, closed), figure(scope, answers, before)) {
            (Ok(now), Ok(then)) => {
                let is_hidden = scope.privacy.hides(now) || scope.privacy.hides(then);
                (!is_hidden).then(|| change(scope, now as f64, then as f64, before))
            }
            (Err(why), _) | (_, Err(why)) => why.map(|exactly| Change {
                shown: "No comparison".into(),
                exactly,
            }),
        };
    }
    tile
}

/// Active users of some days, or why they are not known; without a reason while they are awaited.
fn figure(scope: &Scope, answers: &Answers, days: DateRange) -> Result<u64, Option<String>> {
    match measure::report(scope, answers, days) {
        Found::Waiting => Err(None),
        Found::Failed(error) => Err(Some(error.to_string())),
        Found::Here(Some(report)) if measure::is_about(scope, days, report) => Ok(report.active_users),
        Found::Here(Some(_)) => Err(Some(words::OTHER_DAYS.into())),
        Found::Here(None) => Err(Some(words::no_figures(scope, days))),
    }
}

/// "+12 (+4%) vs 27 days before"
fn change(scope: &Scope, now: f64, then: f64, before: DateRange) -> Change {
    let which = match scope.compare {
        Compare::Year => "52 weeks before".to_string(),
        _ if before.days() == 1 => "the day before".to_string(),
        _ => format!("{} days before", before.days()),
    };
    let closed = scope
        .closed()
        .map_or_else(String::new, |days| format::span(&scope.locale, days));
    Change {
        shown: format!("{} vs {which}", super::changed(scope, now, then)),
        exactly: format!(
            "{} in {closed}, {} in {}; only whole days are compared",
            format::decimal(&scope.locale, now, 0),
            format::decimal(&scope.locale, then, 0),
            format::span(&scope.locale, before)
        ),
    }
}

fn average(scope: &Scope, answers: &Answers) -> Tile {
    let tile = Tile::new(
        "dau",
        "DAU, average",
        "Daily active users: mean over the whole days of the range, in days of the zone shown",
    );
    if let Some(tile) = blocked(scope, answers, &tile) {
        return tile;
    }
    let Some(range) = scope.range else {
        return tile;
    };
    let counts = measure::counts(scope, answers, range, Interval::Day);
    if counts.is_waiting {
        return tile;
    }
    match (counts.mean(), counts.error()) {
        (_, Some(error)) => tile.fail(error),
        _ if counts.is_any_hidden(scope) => tile.hide(scope),
        (Some((mean, days)), None) => {
            let unit = if days == 1 { "day" } else { "days" };
            let mut tile = tile.show(
                mean,
                format::decimal(&scope.locale, mean, 1),
                format!("mean of {days} whole {unit}"),
            );
            if counts.is_foreign || counts.missing() > 0 {
                tile.state = State::Partial;
                tile.detail.push_str(if counts.is_foreign {
                    " (the days the server answered for)"
                } else {
                    "; others have no answer"
                });
            }
            tile
        }
        (None, None) if counts.missing() > 0 => tile.incomplete(),
        (None, None) if scope.closed().is_some() => tile.none("The server answered for other days"),
        (None, None) => tile.none("No whole day in the range"),
    }
}

fn trailing(scope: &Scope, answers: &Answers, length: u16, tile: Tile) -> Tile {
    if let Some(tile) = blocked(scope, answers, &tile) {
        return tile;
    }
    let Some(days) = scope.trailing(length) else {
        return tile;
    };
    match report_of(scope, answers, days, &tile) {
        Err(tile) => *tile,
        Ok(report) if measure::is_about(scope, days, report) => tile.show(
            report.active_users as f64,
            people(scope, report.active_users),
            format::span(&scope.locale, days),
        ),
        Ok(_) => tile.none("The server answered for other days"),
    }
}

fn stickiness(scope: &Scope, answers: &Answers) -> Tile {
    let tile = Tile::new(
        "stickiness",
        "Stickiness",
        "Average DAU divided by MAU, both over the 30 whole days up to the end of the range: how much of the month's people come on an average day",
    );
    if let Some(tile) = blocked(scope, answers, &tile) {
        return tile;
    }
    let Some(days) = scope.trailing(MONTH) else {
        return tile;
    };
    let report = match report_of(scope, answers, days, &tile) {
        Ok(report) if measure::is_about(scope, days, report) => report,
        Ok(_) => return tile.none("The server answered for other days"),
        Err(tile) => return *tile,
    };
    let counts = measure::counts(scope, answers, days, Interval::Day);
    if counts.is_waiting {
        return tile;
    }
    match (counts.mean(), counts.error()) {
        (_, Some(error)) => tile.fail(error),
        _ if counts.is_any_hidden(scope) || scope.privacy.hides(report.active_users) => tile.hide(scope),
        _ if report.active_users == 0 => tile.none("Nobody was active in these 30 days"),
        // A mean of other days than those of the MAU would be a share of nothing.
        _ if counts.is_foreign || counts.missing() > 0 => tile.none("Some of the 30 days have no answer"),
        (Some((mean, _)), None) => {
            let share = mean / report.active_users as f64;
            let detail = format!(
                "{} of {} MAU on an average day",
                format::decimal(&scope.locale, mean, 1),
                people(scope, report.active_users)
            );
            tile.show(share, format::percent(&scope.locale, share), detail)
        }
        (None, None) => tile.none("Some of the 30 days have no answer"),
    }
}

fn seats(scope: &Scope, answers: &Answers, source: &SourceConfig) -> Tile {
    let tile = Tile::new(
        "seats",
        "Seats used",
        "Active accounts, which are the only ones that use a seat, of the seats of the licence, as the server counts them now. Whole deployment, whatever the range",
    );
    let licence = match answers.entitlements(&coder::entitlements(&source.id)) {
        Found::Waiting => return tile,
        Found::Failed(error) => return tile.fail(error),
        Found::Here(licence) => licence,
    };
    match (licence.seats_used, licence.limit()) {
        (Some(used), Some(limit)) => {
            let share = used as f64 / limit as f64;
            let over = if used > limit {
                format!(", {} over", people(scope, used - limit))
            } else {
                String::new()
            };
            tile.show(
                used as f64,
                people(scope, used),
                format!(
                    "now, of {} ({}{over})",
                    people(scope, limit),
                    format::percent(&scope.locale, share)
                ),
            )
        }
        (Some(used), None) if licence.has_license => {
            tile.show(used as f64, people(scope, used), "now, no limit in the licence")
        }
        (Some(used), None) => tile.show(used as f64, people(scope, used), "now, no licence"),
        (None, _) if !licence.has_license => tile.none("No licence"),
        (None, Some(limit)) => tile.none(format!("of {}: the server does not count them", people(scope, limit))),
        (None, None) => tile.none("The licence does not count seats"),
    }
}

fn dormant(scope: &Scope, answers: &Answers, source: &SourceConfig) -> Tile {
    let tile = Tile::new(
        "dormant",
        "Dormant accounts",
        "Accounts without use for the dormancy period (90 days unless changed), or never signed in. They use no seat. Whole deployment",
    );
    let statuses = match answers.statuses(&coder::statuses(
        &source.id,
        &scope.zone.name,
        scope.zone.offset_at(scope.now),
    )) {
        Found::Waiting => return tile,
        Found::Failed(error) => return tile.fail(error),
        Found::Here(statuses) => statuses,
    };
    let Some((_, day)) = statuses.days(&scope.zone, scope.today) else {
        return tile.none("Not recorded yet");
    };
    match statuses.at(Status::Dormant, statuses.rule.midnight(&scope.zone, day)) {
        Some(count) => tile.show(
            count as f64,
            people(scope, count),
            format!("at 00:00, {}", format::day(&scope.locale, day)),
        ),
        None => tile.none("Not recorded yet"),
    }
}
