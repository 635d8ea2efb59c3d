//! An oracle: what the pages show of the demo, against plain loops over its log of half hours.
//!
//! A thousand deployments: any moment between its first weeks and years later, in any zone, with any range, interval,
//! action and organization. The loops know nothing of slices, plans, answers and zones as data; they read the clock of
//! the zone from the tz database and walk through it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use chrono::{DateTime, Datelike, Duration, NaiveDate, Offset, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use metrics::answers::{Answers, Outcome};
use metrics::config::Config;
use metrics::demo::{Demo, Event};
use metrics::locale::Locale;
use metrics::panel::PanelModel;
use metrics::query::{Query, View};
use metrics::report;
use metrics::scope::{Directory, Moment, Scope};
use metrics::source::{Answer, Request, coder, read};
use metrics::table::Cell;
use metrics::zone::Zone;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const CASES: u64 = 1000;
const HALF_HOUR: i64 = 1800;

/// One question about one deployment.
#[derive(Debug)]
struct Case {
    now: DateTime<Utc>,
    tz: Tz,
    first: NaiveDate,
    last: NaiveDate,
    interval: &'static str,
    action: &'static str,
    /// Place in the list of organizations.
    org: Option<usize>,
}

/// Chance that is the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, count: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % count
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.roll(items.len() as u64) as usize]
    }
}

impl Case {
    fn new(serial: u64) -> Case {
        let mut dice = Dice(serial.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1);
        // Mostly young deployments, which have few people and are quick to recount.
        let days = if dice.roll(200) == 0 { 2600 } else { 200 };
        let opening: DateTime<Utc> = "2019-06-24T00:00:00Z".parse().unwrap();
        let now = opening + Duration::seconds((dice.roll(days) * 86_400 + dice.roll(86_400)) as i64);
        let tz = dice.pick(&TZ_VARIANTS);
        let today = now.with_timezone(&tz).date_naive();
        let length = if days > 200 {
            5
        } else {
            dice.pick(&[1, 2, 7, 10, 16, 40])
        };
        let last = today - Duration::days(dice.pick(&[0, 0, 0, 1, 6]));
        Case {
            now,
            tz,
            first: last - Duration::days(dice.roll(length) as i64),
            last,
            interval: dice.pick(&["day", "day", "week", "month", "90d", "year"]),
            action: dice.pick(&["any", "any", "ide", "app", "tunnel", "web-terminal"]),
            org: (dice.roll(4) == 0).then(|| dice.roll(4) as usize),
        }
    }

    fn zone(&self) -> Zone {
        let (from, to) = (self.now - Duration::days(90), self.now + Duration::days(30));
        Zone::probe(self.tz.name(), from.timestamp(), to.timestamp(), 86_400, |second| {
            let instant = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
            self.tz.offset_from_utc_datetime(&instant).fix().local_minus_utc()
        })
    }

    /// The first second at which the clocks of a place show a day or a later one.
    fn midnight(&self, tz: Tz, day: NaiveDate) -> i64 {
        let date = |second: i64| tz.timestamp_opt(second, 0).unwrap().date_naive();
        let noon = day.and_hms_opt(12, 0, 0).unwrap().and_utc().timestamp();
        let mut second = noon - 40 * 3600;
        // Offsets of our time are whole quarters of an hour.
        second -= second.rem_euclid(900);
        while date(second) < day {
            second += 900;
        }
        second
    }

    /// The latest second that Coder can be asked about: a full hour of the place, at most the next one of UTC.
    fn latest(&self) -> i64 {
        let mut second = self.now.timestamp() / 3600 * 3600 + 3600;
        while self.tz.timestamp_opt(second, 0).unwrap().format("%M%S").to_string() != "0000" {
            second -= 900;
        }
        second
    }

    /// The days of each bucket, found by walking through the calendar.
    fn buckets(&self, last: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
        let mut buckets: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        let mut day = self.first;
        while day <= last {
            let begins = match self.interval {
                "day" => true,
                "week" => day.weekday().num_days_from_monday() == 0,
                "month" => day.day() == 1,
                "year" => day.ordinal() == 1,
                _ => (day - self.first).num_days() % 90 == 0,
            };
            match buckets.last_mut() {
                Some(bucket) if !begins => bucket.1 = day,
                _ => buckets.push((day, day)),
            }
            day += Duration::days(1);
        }
        buckets
    }
}

/// Resolves, asks and builds as the page does, until nothing new is asked.
fn panels(view: View, url: &str, moment: &Moment, demo: &Demo) -> BTreeMap<&'static str, PanelModel> {
    let (query, notices) = Query::parse(url);
    assert!(notices.is_empty(), "{notices:?}");
    let config = Config::demo();
    let mut answers = Answers::default();
    loop {
        let directory = Directory {
            me: answers.me(&coder::me("demo")).ok(),
            templates: answers.templates(&coder::templates("demo")).ok(),
        };
        let scope = Scope::resolve(&query, &config, moment, directory);
        let mut wanted = vec![coder::me("demo"), coder::templates("demo")];
        wanted.extend(
            report::of(view)
                .iter()
                .flat_map(|report| report.wanted(&scope, &answers)),
        );
        wanted.retain(|request| answers.outcome(request).is_none());
        if wanted.is_empty() {
            return report::of(view)
                .iter()
                .map(|report| (report.id, formatted(report.panel(&scope, &answers))))
                .collect();
        }
        for request in wanted {
            let result = match read(&request, &demo.answer(&request)) {
                Ok(Answer::Data(data)) => Ok(data.into()),
                Ok(Answer::Instead(_)) => panic!("a detour"),
                Err(error) => Err(error),
            };
            answers.insert(request, Outcome { at: moment.now, result });
        }
    }
}

/// A panel with all rows of its list in its table.
fn formatted(mut panel: PanelModel) -> PanelModel {
    if let Some(list) = &panel.list {
        let columns = 0..list.rows().columns().len();
        let row = |row| columns.clone().map(|column| list.rows().cell(row, column)).collect();
        panel.table.rows = (0..list.count()).map(row).collect();
        panel.table.columns = list.rows().columns().to_vec();
    }
    panel
}

/// The exact values of some columns, row by row; `None` where one is missing.
fn column(panel: &PanelModel, id: &str) -> Vec<Option<f64>> {
    let place = panel
        .table
        .columns
        .iter()
        .position(|column| column.id == id)
        .unwrap_or_else(|| panic!("{id} of {}", panel.id));
    let value = |row: &Vec<Cell>| match &row[place] {
        Cell::Number { value, .. } => Some(*value),
        _ => None,
    };
    panel.table.rows.iter().map(value).collect()
}

fn words(panel: &PanelModel, id: &str) -> Vec<String> {
    let place = panel.table.columns.iter().position(|column| column.id == id).unwrap();
    panel
        .table
        .rows
        .iter()
        .map(|row| row[place].words().to_string())
        .collect()
}

fn day_cells(panel: &PanelModel) -> Vec<NaiveDate> {
    let day = |row: &Vec<Cell>| match &row[0] {
        Cell::Day { day, .. } => *day,
        cell => panic!("{cell:?}"),
    };
    panel.table.rows.iter().map(day).collect()
}

/// The log of half hours, and who is who.
struct Log {
    events: Vec<Event>,
    names: BTreeMap<u128, String>,
    removed: BTreeSet<u128>,
}

impl Log {
    /// What lies wholly between two seconds.
    fn between(&self, from: i64, to: i64) -> impl Iterator<Item = &Event> {
        let is_inside =
            move |event: &&Event| from <= event.start.timestamp() && event.start.timestamp() + HALF_HOUR <= to;
        self.events.iter().filter(is_inside)
    }
}

/// Seconds of a half hour that count for an action: those of its longest app.
fn seconds(event: &Event, action: &str) -> u64 {
    if action == "any" {
        return event.seconds;
    }
    let kind = |slug: &str| match slug {
        "code-server" | "jupyter" | "rstudio" => "ide",
        "vscode" | "jetbrains" | "ssh" | "sftp" => "tunnel",
        "reconnecting-pty" => "web-terminal",
        _ => "app",
    };
    let mut most = 0;
    for (slug, _, seconds) in &event.apps {
        if kind(slug) == action {
            most = most.max(*seconds);
        }
    }
    most
}

/// Checks one case; how many half hours it is about.
fn check(serial: u64) -> usize {
    let case = Case::new(serial);
    let zone = case.zone();
    let demo = Demo::new(case.now, &zone);
    let moment = Moment {
        now: case.now,
        zone,
        locale: Locale::english(),
    };
    let json = |request: Request| serde_json::from_slice::<Value>(&demo.answer(&request).body).unwrap();
    let id = |value: &Value| u128::from_str_radix(&value.as_str().unwrap().replace('-', ""), 16).unwrap();
    let org = case.org.map(|place| {
        json(coder::organizations("demo"))[place]["id"]
            .as_str()
            .unwrap()
            .to_string()
    });
    let templates: BTreeSet<u128> = json(coder::templates("demo"))
        .as_array()
        .unwrap()
        .iter()
        .filter(|template| org.as_deref().is_none_or(|org| template["organization_id"] == org))
        .map(|template| id(&template["id"]))
        .collect();
    let all: Vec<Event> = demo
        .events(case.first - Duration::days(2), case.last + Duration::days(2))
        .collect();
    let of_org = |event: &Event| templates.contains(&event.template_id);
    let accounts: Vec<_> = demo.accounts().collect();
    let mut log = Log {
        events: all.iter().filter(|event| of_org(event)).cloned().collect(),
        names: accounts
            .iter()
            .map(|account| (account.id, account.username.clone()))
            .collect(),
        removed: accounts
            .iter()
            .filter(|account| account.deleted.is_some_and(|at| at <= case.now))
            .map(|account| account.id)
            .collect(),
    };
    let url = format!(
        "?from={}&to={}&interval={}&action={}&compare=none{}",
        case.first,
        case.last,
        case.interval,
        case.action,
        org.map_or(String::new(), |org| format!("&org={org}"))
    );
    let context = format!("case {serial}: {case:?} {url}");
    let overview = panels(View::Overview, &url, &moment, &demo);
    by_zone(&case, &log, &overview, &context);
    by_person(&case, &log, &panels(View::Templates, &url, &moment, &demo), &context);
    by_action(&case, &log, &panels(View::Activity, &url, &moment, &demo), &context);
    // Daily active users are those of the whole deployment, whatever is chosen.
    log.events = all;
    by_day(&case, &log, &overview, &context);
    log.events.len()
}

/// Active users in days of the zone.
fn by_zone(case: &Case, log: &Log, panels: &BTreeMap<&'static str, PanelModel>, context: &str) {
    let panel = &panels["active-users"];
    let mut expected = Vec::new();
    for (first, last) in case.buckets(case.last) {
        let from = case.midnight(case.tz, first);
        let close = case.midnight(case.tz, last + Duration::days(1));
        let end = if close <= case.now.timestamp() {
            close
        } else {
            close.min(case.latest())
        };
        let mut people = BTreeSet::new();
        for event in log.between(from, end) {
            people.insert(event.user_id);
        }
        expected.push((first, (end > from).then_some(people.len() as f64)));
    }
    if expected.iter().all(|(_, people)| people.is_none()) {
        assert_eq!(panel.state.word(), "empty", "{context}");
        return;
    }
    let found: Vec<_> = day_cells(panel)
        .into_iter()
        .zip(column(panel, "active_users"))
        .collect();
    assert_eq!(found, expected, "{context}: active users, {:?}", panel.message);
}

/// Daily active users in days of UTC.
fn by_day(case: &Case, log: &Log, panels: &BTreeMap<&'static str, PanelModel>, context: &str) {
    let panel = &panels["daus"];
    if panel.table.rows.is_empty() {
        assert!(case.first > case.now.date_naive(), "{context}: {:?}", panel.message);
        return;
    }
    for (day, found) in day_cells(panel).into_iter().zip(column(panel, "active_users")) {
        let from = case.midnight(Tz::UTC, day);
        let mut people = BTreeSet::new();
        for event in log.between(from, from + 86_400) {
            people.insert(event.user_id);
        }
        assert_eq!(found, Some(people.len() as f64), "{context}: {day}");
    }
}

/// Time by person and by app, in the range as far as it has passed.
fn by_person(case: &Case, log: &Log, panels: &BTreeMap<&'static str, PanelModel>, context: &str) {
    let from = case.midnight(case.tz, case.first);
    let close = case.midnight(case.tz, case.last + Duration::days(1));
    let end = if close <= case.now.timestamp() {
        close
    } else {
        close.min(case.latest())
    };
    let (mut people, mut apps): (BTreeMap<String, f64>, BTreeMap<String, f64>) = Default::default();
    for event in log.between(from, end) {
        *people.entry(log.names[&event.user_id].clone()).or_default() += event.seconds as f64;
        for (_, name, seconds) in &event.apps {
            *apps.entry(name.to_string()).or_default() += *seconds as f64;
        }
    }
    for (id, of, expected) in [("user-activity", "user", people), ("apps", "app", apps)] {
        let panel = &panels[id];
        let mut found = BTreeMap::new();
        if !panel.table.rows.is_empty() {
            let rows = words(panel, of).into_iter().zip(column(panel, "seconds"));
            found.extend(rows.filter_map(|(name, seconds)| Some((name, seconds.filter(|seconds| *seconds > 0.0)?))));
        }
        assert_eq!(found, expected, "{context}: {id}, {:?}", panel.message);
    }
}

/// People and their time by action, in days of UTC.
fn by_action(case: &Case, log: &Log, panels: &BTreeMap<&'static str, PanelModel>, context: &str) {
    let today = case.now.date_naive();
    let last = case.last.min(today);
    let panel = &panels["activity"];
    if case.first > today {
        assert_eq!(panel.state.word(), "empty", "{context}");
        return;
    }
    let mut expected = Vec::new();
    let mut totals: BTreeMap<u128, f64> = BTreeMap::new();
    for (first, last) in case.buckets(last) {
        let (from, to) = (
            case.midnight(Tz::UTC, first),
            case.midnight(Tz::UTC, last + Duration::days(1)),
        );
        let (mut people, mut time) = (BTreeSet::new(), 0.0);
        for event in log.between(from, to) {
            let seconds = seconds(event, case.action) as f64;
            if seconds > 0.0 {
                people.insert(event.user_id);
                time += seconds;
                *totals.entry(event.user_id).or_default() += seconds / 60.0;
            }
        }
        expected.push((first, Some(people.len() as f64), Some(time)));
    }
    let (people, times) = (column(panel, "active_users"), column(panel, "seconds"));
    let found: Vec<_> = day_cells(panel)
        .into_iter()
        .zip(people)
        .zip(times)
        .map(|((day, people), time)| (day, people, time))
        .collect();
    assert_eq!(found, expected, "{context}: activity, {:?}", panel.message);
    // The same people stand in the column of the action beside the others.
    let actions = &panels["actions"];
    if !actions.table.rows.is_empty() {
        let beside = column(actions, case.action);
        assert_eq!(
            beside,
            expected.iter().map(|(_, people, _)| *people).collect::<Vec<_>>(),
            "{context}: actions"
        );
    }

    let panel = &panels["most-active"];
    let mut found = BTreeMap::new();
    if !panel.table.rows.is_empty() {
        found.extend(
            words(panel, "name")
                .into_iter()
                .zip(column(panel, "minutes").into_iter().flatten()),
        );
        for ((seconds, minutes), note) in column(panel, "seconds")
            .into_iter()
            .zip(column(panel, "minutes"))
            .zip(words(panel, "note"))
        {
            let agrees = seconds.unwrap() == minutes.unwrap() * 60.0;
            assert_ne!(agrees, note.contains("contradicts its count"), "{context}: {note}");
        }
    }
    // Accounts that are gone have no name any more, only an id with one hyphen.
    let name = |id: &u128| {
        let digits = format!("{id:032x}");
        if log.removed.contains(id) {
            format!("{}-{}", &digits[..8], &digits[8..])
        } else {
            log.names[id].clone()
        }
    };
    let expected: BTreeMap<String, f64> = totals.iter().map(|(id, minutes)| (name(id), *minutes)).collect();
    assert_eq!(found, expected, "{context}: most active");
}

#[test]
fn pages_say_what_plain_loops_count() {
    // In strands, as machines have several cores.
    let strands: Vec<_> = (0..4)
        .map(|strand| std::thread::spawn(move || (strand..CASES).step_by(4).map(check).sum::<usize>()))
        .collect();
    let mut half_hours = 0;
    for strand in strands {
        match strand.join() {
            Ok(counted) => half_hours += counted,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    assert!(half_hours > 1_000_000, "{half_hours} half hours are no proof");
}
