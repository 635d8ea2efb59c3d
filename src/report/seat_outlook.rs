//! Seat outlook: when active accounts turn dormant by themselves, what moved the number of seats in use, and where it is
//! heading.
//!
//! Only active accounts use a seat; who is not seen for the dormancy period turns dormant, and active again when seen:
//! <https://coder.com/docs/admin/users#user-status>. The server tells numbers of accounts at midnights, no comings and
//! goings: what is said of them is net.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::data::{Status, Statuses};
use crate::forecast::{self, Trend};
use crate::format;
use crate::panel::PanelModel;
use crate::period::{DateRange, add_days};
use crate::query::View;
use crate::remote::State;
use crate::roster::{self, Roster};
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::wish::Wish;
use crate::words::Help;
use crate::zone::Day;
use chrono::{DateTime, Utc};

/// The panel.
pub const REPORT: Report = Report {
    id: "seat-outlook",
    title: "Seat outlook",
    view: View::People,
    kinds: &[SourceKind::Coder],
    requests,
    further,
    build,
};

/// Days after which an account turns dormant: what servers do unless they are told otherwise, and what if it were less.
const PERIODS: [(&str, i64); 3] = [("90 days", 90), ("60 days", 60), ("30 days", 30)];
const PERIOD_NAMES: &[&str] = &[PERIODS[0].0, PERIODS[1].0, PERIODS[2].0];
/// Days left, at most.
const BANDS: [(&str, i64); 5] = [
    ("within 7 days", 7),
    ("8–14 days", 14),
    ("15–30 days", 30),
    ("31–60 days", 60),
    ("61–90 days", 90),
];
/// What is told as soon.
const SOON: i64 = 30;
/// Farther ahead a trend says nothing.
const HORIZON: f64 = 104.0;

fn requests(scope: &Scope) -> Vec<Request> {
    let Some(source) = scope.source.as_ref().filter(|_| scope.names.are_shown()) else {
        return Vec::new();
    };
    let mut requests = vec![
        coder::statuses(&source.id, &scope.zone.name, scope.zone.offset_at(scope.now)),
        coder::entitlements(&source.id),
    ];
    requests.extend(roster::first_page(scope));
    requests
}

fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    if scope.names.are_shown() {
        roster::further(scope, answers)
    } else {
        Vec::new()
    }
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted =
        "Active accounts by when they turn dormant and give their seat back, unless they are seen again".into();
    if panel.stops_unless(scope.names.are_shown()) || panel.stops_early(scope) {
        return;
    }
    let chosen = panel.offer(scope, Wish::Dormancy, "Dormant after", PERIOD_NAMES);
    let period = PERIODS.get(chosen).map_or(90, |(_, days)| *days);
    let [statuses, licence, ..] = panel.requests.as_slice() else {
        return;
    };
    let (statuses, licence) = (answers.statuses(statuses), answers.entitlements(licence));
    let roster = Roster::read(scope, answers);
    if roster.is_waiting || statuses == Found::Waiting || licence == Found::Waiting {
        return;
    }
    if let Some(error) = roster.error.as_ref().filter(|_| roster.pages.is_empty()) {
        return panel.fail(error);
    }
    let (spans, strange) = spans(scope, &roster, period);
    let active: u64 = spans.iter().map(|span| span.accounts).sum();
    if active == 0 {
        let why = "Nobody on the roster is active, so no seat is in use.";
        return panel.stop(State::Empty, "No active accounts", why, Help::None);
    }
    panel.state = State::Ready;
    let day = format::full_day(&scope.locale, scope.today);
    panel.footer.push(format!("as of {day}"));
    let count = |count: u64| format::count(&scope.locale, count);
    let soon: u64 = spans
        .iter()
        .filter(|span| span.most <= SOON)
        .map(|span| span.accounts)
        .sum();
    let is_real = period == PERIODS[0].1;
    panel.headline = Some(format!(
        "{} of {} seats {} come free within {SOON} days",
        count(soon),
        count(active),
        if is_real { "may" } else { "would" },
    ));
    if !roster.is_whole() {
        panel.state = State::Partial;
        let all = roster.count.unwrap_or(roster.loaded);
        panel.notes.push(format!(
            "Counted in {} of {} accounts: the others could not be read",
            count(roster.loaded),
            count(all)
        ));
    }
    if strange > 0 {
        panel.state = State::Partial;
        let have = if strange == 1 { "account has" } else { "accounts have" };
        panel.notes.push(format!(
            "{} {have} a status that this page does not know, and may use a seat",
            count(strange)
        ));
    }
    if scope.is_narrowed {
        panel
            .notes
            .push("Not filtered by organization or template: accounts belong to the whole deployment".into());
    }
    if is_real {
        panel.notes.push("An account turns dormant when it was not seen for 90 days, unless the server is set up otherwise; being seen once keeps the seat".into());
    } else {
        panel.notes.push(format!(
            "What if the server were set up so that an account turns dormant after {period} days"
        ));
    }
    match statuses {
        Found::Here(statuses) => {
            super::says_midnights(scope, panel, &statuses.rule);
            panel.notes.push(net(scope, statuses));
            let (limit, error) = match licence {
                Found::Here(licence) => (licence.limit(), None),
                Found::Failed(error) => (None, Some(error)),
                Found::Waiting => (None, None),
            };
            panel.notes.push(heading(scope, statuses, limit));
            panel.notes.push(match (error, limit) {
                (Some(error), _) => format!("Seat limit unknown: {error}"),
                (_, Some(_)) => "The limit is that of today".into(),
                (_, None) => "No seat limit is known of the licence".into(),
            });
        }
        Found::Failed(error) => {
            panel.state = State::Partial;
            panel.notes.push(format!("No net changes and no trend: {error}"));
        }
        Found::Waiting => {}
    }
    panel.table = table(scope, &spans, active);
    let row = |span: &Span| Row {
        name: span.name.into(),
        role: Role::Active,
    };
    let accounts = spans.iter().map(|span| Some(span.accounts as f64)).collect();
    let rows = Kind::Ranked(spans.iter().map(row).collect());
    super::ranking(
        scope,
        panel,
        rows,
        vec![("Active accounts", Role::Active, accounts)],
        Unit::Count,
        spans.len(),
    );
}

/// Active accounts that have some time left.
struct Span {
    name: &'static str,
    /// Days left, at most.
    most: i64,
    accounts: u64,
}

/// Active accounts by the time that is left to them; those that were never seen come last. And how many accounts have a
/// status that is not known.
fn spans(scope: &Scope, roster: &Roster, period: i64) -> (Vec<Span>, u64) {
    let span = |(name, most)| Span {
        name,
        most,
        accounts: 0,
    };
    let bands = BANDS.into_iter().filter(|(_, most)| *most <= period);
    let mut spans: Vec<Span> = [("now", 0)]
        .into_iter()
        .chain(bands)
        .chain([("never seen", i64::MAX)])
        .map(span)
        .collect();
    // Begun days count: who was seen then or before has no more days left than these. A clock that is ahead makes nobody's
    // more than there are.
    let now = instant(scope.now);
    let until = |span: &Span| (now.0 - (period - span.most.min(period)) * 86_400, now.1);
    let untils: Vec<(i64, u32)> = spans.iter().map(until).collect();
    let mut counts = vec![0; spans.len()];
    let [never, last] = [1, 2].map(|back| spans.len().saturating_sub(back));
    let mut strange = 0;
    for account in roster.accounts() {
        let Some((_, user)) = roster.at(*account) else { continue };
        match user.status {
            Some(Status::Active) => {}
            Some(_) => continue,
            None => {
                strange += 1;
                continue;
            }
        }
        let place = user.last_seen.map_or(never, |seen| {
            let (seconds, nanos) = instant(seen);
            let is_in = |until: &(i64, u32)| seconds < until.0 || (seconds == until.0 && nanos <= until.1);
            untils.iter().position(is_in).unwrap_or(last).min(last)
        });
        counts.get_mut(place).into_iter().for_each(|count| *count += 1);
    }
    for (span, count) in spans.iter_mut().zip(counts) {
        span.accounts = count;
    }
    spans.retain(|span| span.accounts > 0 || (1..=period).contains(&span.most));
    (spans, strange)
}

/// An instant in seconds and what is beyond them: to compare many of them takes no calendar.
fn instant(time: DateTime<Utc>) -> (i64, u32) {
    (time.timestamp(), time.timestamp_subsec_nanos())
}

/// What moved the number of active accounts within the range, in net figures: they are all accounts less the others.
fn net(scope: &Scope, statuses: &Statuses) -> String {
    let known = statuses.days(&scope.zone, scope.today);
    let days = known.and_then(|(first, last)| scope.range?.overlap(&DateRange::new(first, last)));
    let Some(days) = days.filter(|days| days.days() > 1) else {
        return "No net changes: it takes two midnights of the range that the server tells of".into();
    };
    if !statuses.unknown.is_empty() {
        let unknown = statuses.unknown.join(", ");
        return format!("No net changes: this page does not know accounts that are {unknown}");
    }
    let change = |status: Status| {
        let at = |day: Day| {
            let midnight = statuses.rule.midnight(&scope.zone, day);
            statuses.at(status, midnight).map(|count| count as f64)
        };
        Some(at(days.last)? - at(days.first)?)
    };
    let changes = [Status::Active, Status::Dormant, Status::Suspended].map(change);
    let [Some(active), Some(dormant), Some(suspended)] = changes else {
        return "No net changes: the server has no record of every status on the first of these days".into();
    };
    let signed = |change: f64| format::signed(&scope.locale, change);
    format!(
        "Active accounts {} net over {}: created less deleted {}, woken less fallen dormant {}, restored less suspended {}",
        signed(active),
        format::span(&scope.locale, days),
        signed(active + dormant + suspended),
        signed(-dormant),
        signed(-suspended),
    )
}

/// Where the number of active accounts is heading, by the last weeks of the answer, whatever the range.
fn heading(scope: &Scope, statuses: &Statuses, limit: Option<u64>) -> String {
    let weeks = forecast::LEAST - 1;
    let last = statuses.days(&scope.zone, scope.today).map(|(_, last)| last);
    let at = |day: Day| statuses.at(Status::Active, statuses.rule.midnight(&scope.zone, day));
    let figures: Option<Vec<f64>> = last.and_then(|last| {
        let back = (0..=weeks).rev().map(|week| at(add_days(last, -7 * week as i64)));
        back.map(|count| count.map(|count| count as f64)).collect()
    });
    let trend = figures.as_deref().and_then(forecast::trend);
    let (Some(last), Some(trend), Some(now)) = (last, trend, figures.as_deref().and_then(<[f64]>::last)) else {
        return format!("No trend: it takes records of {weeks} weeks");
    };
    let Trend { slope, low, high } = trend;
    let signed = |change: f64| format::signed(&scope.locale, change);
    // Where all figures stand in a row, there is nothing to say.
    let between = |low: String, high: String| match low == high {
        true => String::new(),
        false => format!(" (in 4 of 5 cases {low} to {high})"),
    };
    let mut words = format!(
        "Trend of the last {weeks} weeks: {} active accounts a week{}",
        signed(slope),
        between(signed(low), signed(high))
    );
    let Some(limit) = limit.map(|limit| limit as f64) else {
        return words;
    };
    let limit_shown = format::count(&scope.locale, limit as i128);
    let when = |slope: f64| {
        let weeks = forecast::steps_to(*now, limit, slope).filter(|weeks| slope > 0.0 && *weeks <= HORIZON)?;
        let day = add_days(last, (weeks * 7.0).ceil() as i64);
        Some(format::full_day(&scope.locale, day))
    };
    if *now > limit {
        words.push_str(&format!(". The limit of {limit_shown} is passed already"));
    } else if let Some(day) = when(slope) {
        let early = when(high).unwrap_or_else(|| day.clone());
        let late = when(low).unwrap_or_else(|| "no time within two years".into());
        words.push_str(&format!(
            ". If it goes on like this, the limit of {limit_shown} is reached about {day}{}",
            between(early, late)
        ));
    } else {
        words.push_str(&format!(
            ". If it goes on like this, the limit of {limit_shown} is not reached within two years"
        ));
    }
    words
}

fn table(scope: &Scope, spans: &[Span], active: u64) -> Table {
    let row = |span: &Span| {
        let share = span.accounts as f64 / active as f64;
        vec![
            Cell::Text(span.name.into()),
            Cell::Number {
                value: span.accounts as f64,
                shown: format::count(&scope.locale, span.accounts),
            },
            Cell::Number {
                value: share,
                shown: format::percent(&scope.locale, share),
            },
        ]
    };
    Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("left", "Turn dormant"),
            Column::number("accounts", "Active accounts"),
            Column::number("share", "Share of active accounts"),
        ],
        rows: spans.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::instant;
    use chrono::{DateTime, Duration};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn instants_are_in_their_order(seconds in -4_000_000_000_i64..4_000_000_000, nanos in 0_u32..1_000_000_000, more in -3_i64..3) {
            let one = DateTime::from_timestamp(seconds, nanos).unwrap();
            for other in [one + Duration::nanoseconds(more), one + Duration::seconds(more)] {
                prop_assert_eq!(instant(one).cmp(&instant(other)), one.cmp(&other));
            }
        }
    }
}
