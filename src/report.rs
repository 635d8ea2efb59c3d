//! Reports: what each panel and tile shows, as a function of the [`Scope`] and the [`Answers`] so far.
//!
//! A report names its requests, and builds its model from whatever has come back. Models hold text, numbers and
//! charts as data: components format nothing, add up nothing and decide nothing.

use crate::answers::{Answers, Found};
use crate::chart::summary::summary;
use crate::chart::{Axes, ChartModel, Kind, Role, Row, Series, Unit};
use crate::config::{SourceConfig, SourceKind};
use crate::data::{DayRule, InsightsReport, UserActivity};
use crate::format;
use crate::groups::{self, Group};
use crate::measure;
use crate::panel::PanelModel;
use crate::period::DateRange;
use crate::query::{View, Word};
use crate::remote::{LoadError, State};
use crate::rows::{Key, List, Rows};
use crate::scope::{Scope, Templates};
use crate::source::{Request, Slice, coder, coder_v1};
use crate::suppress;
use crate::table::{Cell, Column, Table};
use crate::wish::Wish;
use crate::words::{self, Help};
use chrono::{DateTime, Utc, Weekday};
use std::sync::Arc;

pub mod across;
pub mod active_users;
pub mod activity;
pub mod ai_usage;
pub mod apps;
pub mod daus;
pub mod latency;
pub mod members;
pub mod parameters;
pub mod people;
pub mod person;
pub mod person_sources;
pub mod person_timeline;
pub mod reclaim;
mod seat_outlook;
pub mod template_trends;
pub mod templates;
pub mod tiles;
pub mod user_activity;
pub mod user_status;

/// The panel whose table keeps in the URL how it is looked at.
pub const IN_URL: &str = people::REPORT.id;

/// One panel of the page.
pub struct Report {
    /// Id of its `<section>`.
    pub id: &'static str,
    /// Title, and accessible name.
    pub title: &'static str,
    /// The page it belongs to.
    pub view: View,
    /// The APIs it reads.
    pub kinds: &'static [SourceKind],
    /// What it needs. Empty when nothing can be asked (yet).
    pub requests: fn(&Scope) -> Vec<Request>,
    /// What it needs beside that, as far as the answers so far tell: the next page of a list.
    pub further: fn(&Scope, &Answers) -> Vec<Request>,
    /// What it shows.
    pub build: fn(&Scope, &Answers, &mut PanelModel),
}

/// Panels are told apart by their ids.
impl PartialEq for Report {
    fn eq(&self, other: &Report) -> bool {
        self.id == other.id
    }
}

/// The panels of the first page, which is all of the program that it needs.
pub const OVERVIEW: &[Report] = &[user_status::REPORT, daus::REPORT, active_users::REPORT];

/// The panels of a page, in the order in which they stand on it.
pub fn of(view: View) -> &'static [Report] {
    match view {
        View::Overview => OVERVIEW,
        View::Templates => &[
            template_trends::REPORT,
            templates::REPORT,
            apps::REPORT,
            user_activity::REPORT,
            latency::REPORT,
            parameters::REPORT,
        ],
        View::Activity => &[
            activity::over_time::REPORT,
            activity::weekdays::REPORT,
            activity::side_by_side::REPORT,
            activity::most_active::REPORT,
            activity::lifecycle::REPORT,
            activity::retention::REPORT,
        ],
        View::People => &[
            people::REPORT,
            seat_outlook::REPORT,
            across::REPORT,
            ai_usage::REPORT,
            members::REPORT,
            reclaim::REPORT,
        ],
        View::Person => &[person::REPORT, person_timeline::REPORT, person_sources::REPORT],
        View::Check => &[],
    }
}

/// The APIs that the panels of a page read. By itself, so that a page can be named without being loaded.
const fn kinds(view: View) -> &'static [&'static [SourceKind]] {
    match view {
        View::Overview => &[user_status::REPORT.kinds],
        View::Templates => &[templates::REPORT.kinds],
        View::Activity => &[activity::over_time::REPORT.kinds],
        View::People => &[
            people::REPORT.kinds,
            seat_outlook::REPORT.kinds,
            across::REPORT.kinds,
            ai_usage::REPORT.kinds,
            members::REPORT.kinds,
            reclaim::REPORT.kinds,
        ],
        View::Person => &[person::REPORT.kinds],
        View::Check => &[],
    }
}

/// The pages that have panels, in the order of the tabs.
pub fn views() -> Vec<View> {
    let has_panels = |view: &View| !kinds(*view).is_empty();
    View::ALL.iter().map(|(view, ..)| *view).filter(has_panels).collect()
}

/// The pages of which a source can fill at least one panel.
pub fn views_with_sources(scope: &Scope) -> Vec<View> {
    let is_there = |kinds: &&[SourceKind]| kinds.iter().any(|kind| scope.source_of(*kind).is_some());
    let is_filled = |view: &View| kinds(*view).iter().any(is_there);
    views().into_iter().filter(is_filled).collect()
}

/// Where the organizations of a page are named.
pub fn organizations(view: View, scope: &Scope) -> Option<Request> {
    match view {
        View::Activity => scope.source_of(SourceKind::CoderV1).map(coder_v1::organizations),
        _ => scope.source.as_ref().map(|source| coder::organizations(&source.id)),
    }
}

/// For reports whose requests need no answer to be known.
fn nothing(_: &Scope, _: &Answers) -> Vec<Request> {
    Vec::new()
}

impl Report {
    /// Everything to ask, as far as the answers so far tell.
    pub fn wanted(&self, scope: &Scope, answers: &Answers) -> Vec<Request> {
        if suppress::is_closed(scope, self.id) {
            return Vec::new();
        }
        let mut wanted = (self.requests)(scope);
        wanted.extend((self.further)(scope, answers));
        wanted
    }

    /// Whether the page has the sources that it reads. What reads several APIs is about what they have in common, so it
    /// needs two of them.
    pub fn is_filled(&self, scope: &Scope) -> bool {
        let has = |kind: &&SourceKind| scope.source_of(**kind).is_some();
        self.kinds.iter().filter(has).count() >= self.kinds.len().min(2)
    }

    /// Where its figures come from.
    fn sources(&self, scope: &Scope) -> Vec<SourceConfig> {
        let mut sources: Vec<SourceConfig> = Vec::new();
        for source in self.kinds.iter().filter_map(|kind| scope.source_of(*kind)) {
            if !sources.contains(source) {
                sources.push(source.clone());
            }
        }
        sources
    }

    /// The panel in a scope, with the answers so far.
    pub fn panel(&self, scope: &Scope, answers: &Answers) -> PanelModel {
        let requests = self.wanted(scope, answers);
        let mut panel = PanelModel {
            id: self.id,
            title: self.title,
            counted: String::new(),
            state: State::Loading,
            message: None,
            notes: Vec::new(),
            headline: None,
            day_rule: String::new(),
            chart: None,
            drill: Vec::new(),
            changes: Vec::new(),
            summary: String::new(),
            table: Table {
                caption: self.title.into(),
                ..Table::default()
            },
            groups: Table::default(),
            list: None,
            footer: Vec::new(),
            provenance: Vec::new(),
            requests,
            sources: self.sources(scope),
            deeds: Vec::new(),
            controls: Vec::new(),
            interval: None,
            more: None,
            mending: None,
        };
        (self.build)(scope, answers, &mut panel);
        let has_figures = panel.chart.is_some() || panel.has_table();
        if let Some(error) = answers.why_old(&panel.requests).filter(|_| has_figures) {
            panel.state = State::Stale;
            panel.message = Some(words::message(error));
        }
        suppress::hide(scope, answers, &mut panel);
        panel.hide_addresses(scope);
        if panel.state != State::Loading {
            panel.finish(scope, answers);
        }
        panel
    }
}

/// From which day to which weeks are, in words.
fn week_start(scope: &Scope) -> String {
    let name = |day: Weekday| {
        let names = &scope.locale.weekdays;
        names
            .get(day.num_days_from_monday() as usize)
            .cloned()
            .unwrap_or_default()
    };
    let first = scope.locale.week_start;
    format!("Weeks are from {} to {}", name(first), name(first.pred()))
}

/// The people of a bucket as a cell.
fn people_cell(scope: &Scope, count: &measure::Count) -> Cell {
    count.people.map_or_else(
        || Cell::Missing(if count.is_too_young { "just begun" } else { "no answer" }.into()),
        |people| Cell::Number {
            value: people as f64,
            shown: format::count(&scope.locale, people),
        },
    )
}

/// Says why there is not a single figure.
fn fail_without_figures(panel: &mut PanelModel, error: Option<&LoadError>) {
    match error {
        Some(error) => panel.fail(error),
        None => {
            let why = "The server left out the figures of all these days.";
            panel.stop(State::Failed, "The answer is incomplete", why, Help::Retry);
        }
    }
}

/// The report of the range, for panels about templates. `None` where the panel has to stop or to wait.
fn insights_report<'a>(scope: &Scope, answers: &'a Answers, panel: &mut PanelModel) -> Option<&'a InsightsReport> {
    if panel.stops_before_asking(scope, answers) {
        return None;
    }
    let range = scope.range?;
    match measure::report(scope, answers, range) {
        Found::Waiting => None,
        Found::Failed(error) => {
            panel.fail(error);
            None
        }
        Found::Here(None) => {
            let why = "The server left the report of the range out.";
            panel.stop(State::Failed, "The answer is incomplete", why, Help::Retry);
            None
        }
        Found::Here(Some(report)) => {
            panel.state = State::Ready;
            panel.says_days(scope, range, Some((report.start, report.end)));
            Some(report)
        }
    }
}

/// Adds what is drawn behind the figures for comparison: a quiet series, and columns for its figure and the change.
/// `people` are the panel's own figures with whether each may be compared: whole and over.
fn compare_with(
    scope: &Scope,
    panel: &mut PanelModel,
    behind: DateRange,
    people: &[(Option<u64>, bool)],
    before: &[Option<u64>],
) {
    let days = format::span(&scope.locale, behind);
    if before.iter().all(Option::is_none) {
        panel
            .notes
            .push(format!("Without comparison: {}", words::no_figures(scope, behind)));
        return;
    }
    let weeks = scope
        .range
        .map_or(0, |range| (range.first - behind.first).num_days() / 7);
    let when = weeks_earlier(weeks);
    panel
        .notes
        .push(format!("Grey line: {days}, {when}, so that weekdays match"));
    if let Some(chart) = &mut panel.chart {
        let values = before.iter().map(|people| people.map(|people| people as f64)).collect();
        chart.series.push(Series {
            name: when.clone(),
            role: Role::Context,
            values,
        });
    }
    let place = panel.table.columns.len().saturating_sub(1);
    panel.table.columns.insert(place, Column::number("before", when));
    panel
        .table
        .columns
        .insert(place + 1, Column::number("change", "Change"));
    for ((row, (now, is_comparable)), then) in panel.table.rows.iter_mut().zip(people).zip(before) {
        let missing = |reason: &str| Cell::Missing(reason.into());
        let earlier = then.map_or_else(
            || missing("no answer"),
            |then| Cell::Number {
                value: then as f64,
                shown: format::count(&scope.locale, then),
            },
        );
        let change = match (now, then) {
            (Some(now), Some(then)) if *is_comparable => Cell::Number {
                value: *now as f64 - *then as f64,
                shown: changed(scope, *now as f64, *then as f64),
            },
            (Some(_), Some(_)) => missing("not compared: not a whole interval yet"),
            _ => missing("no answer"),
        };
        row.insert(place, earlier);
        row.insert(place + 1, change);
    }
}

/// "+12 (+4%)"; below 20 people the share says too little.
fn changed(scope: &Scope, now: f64, then: f64) -> String {
    let difference = now - then;
    let share = (then >= 20.0).then(|| format!(" ({})", format::signed_percent(&scope.locale, difference / then)));
    format::signed(&scope.locale, difference) + &share.unwrap_or_default()
}

/// How a series changed against what it was before, bucket by bucket, for the tooltip.
fn changes(scope: &Scope, now: &[Option<u64>], before: &[Option<u64>]) -> Vec<Option<String>> {
    let change = |(now, then): (&Option<u64>, &Option<u64>)| {
        let then = then.filter(|then| !scope.privacy.hides(*then))?;
        Some(changed(scope, (*now)? as f64, then as f64))
    };
    now.iter().zip(before).map(change).collect()
}

fn weeks_earlier(weeks: i64) -> String {
    if weeks == 1 {
        "a week earlier".to_string()
    } else {
        format!("{weeks} weeks earlier")
    }
}

/// So many rows of a ranking are drawn; the table has them all.
const RANKED: usize = 12;

/// Shows rows of which there may be many: each is formatted once somebody looks at it. The table keeps those that are
/// drawn, for the tooltip.
fn show_rows(panel: &mut PanelModel, rows: impl Rows + 'static) {
    let list = List::new(rows);
    let columns = list.rows().columns().to_vec();
    let row = |row| (0..columns.len()).map(|column| list.rows().cell(row, column)).collect();
    panel.table.rows = (0..list.count().min(RANKED)).map(row).collect();
    panel.table.columns = columns;
    panel.list = Some(Arc::new(list));
}

/// The accounts of a list as rows: put into words, searched and sorted only where somebody looks.
struct Listed {
    /// What a row is called, one and many.
    noun: [&'static str; 2],
    columns: Vec<Column>,
    /// So many columns, from the first on, are searched.
    searched: usize,
    count: usize,
    /// One cell, by row and column.
    cell: CellOf,
}

type CellOf = Box<dyn Fn(usize, usize) -> Cell + Send + Sync>;

impl Rows for Listed {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.count
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        (self.cell)(row, column)
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        self.cell(row, column).into_key()
    }

    fn words(&self, row: usize, add: &mut dyn FnMut(&str)) {
        for column in 0..self.searched {
            if let Cell::Text(text) = self.cell(row, column) {
                add(&text);
            }
        }
    }

    fn noun(&self) -> Option<[&'static str; 2]> {
        Some(self.noun)
    }
}

/// Says at which midnights accounts are counted.
fn says_midnights(scope: &Scope, panel: &mut PanelModel, rule: &DayRule) {
    match rule {
        DayRule::Zone => panel.day_rule = format!("00:00 in {}", scope.zone.name),
        DayRule::Hours(hours) => {
            panel.day_rule = format!("00:00 at {}", format::offset(hours * 3600));
            panel.notes.push("This server knows whole hours only: its days are not exactly those of the zone, above all where clocks change".into());
        }
    }
}

/// Draws the first rows of the panel's table as a ranking, and says where there are more.
fn ranking(
    scope: &Scope,
    panel: &mut PanelModel,
    kind: Kind,
    series: Vec<(&str, Role, Vec<Option<f64>>)>,
    unit: Unit,
    all: usize,
) {
    let drawn = series.first().map_or(0, |(.., values)| values.len());
    if drawn == 0 {
        return;
    }
    if drawn < all {
        let count = |count: usize| format::count(&scope.locale, count as u64);
        panel.notes.push(format!(
            "Drawn: the first {} of {}. The table has them all",
            count(drawn),
            count(all)
        ));
    }
    let series = series.into_iter().map(|(name, role, values)| Series {
        name: name.into(),
        role,
        values: values.into(),
    });
    let mut kind = kind;
    if let Kind::Ranked(rows) | Kind::Ranges { rows, .. } = &mut kind {
        rows.iter_mut().for_each(|row| row.name = format::name(&row.name));
    }
    panel.draw(ChartModel {
        series: series.collect(),
        unit,
        ..ChartModel::new(kind, scope.interval, &scope.locale)
    });
}

/// Offers a choice of axes for small multiples, and gives the one that holds.
fn axes(scope: &Scope, panel: &mut PanelModel) -> Axes {
    match panel.offer(scope, Wish::Axes, "Scale", &["Same for all", "Its own each"]) {
        0 => Axes::Same,
        _ => Axes::Own,
    }
}

/// The same question about one template alone.
fn of_template(scope: &Scope, template: &str) -> Scope {
    Scope {
        templates: Templates::Only(vec![template.to_string()]),
        is_narrowed: true,
        ..scope.clone()
    }
}

/// The templates that people used in the range, with their number, most people first. Empty while it is not known.
fn used_templates<'a>(scope: &Scope, answers: &'a Answers) -> Vec<(&'a str, u64)> {
    let requests = slice_request(scope, coder::activity);
    let activity = requests.first().and_then(|request| answers.activity(request).ok());
    let used = activity.map_or_else(Vec::new, UserActivity::people_by_template);
    // Whoever used one of the templates asked for may be listed with others, too.
    let is_asked = |id: &str| match &scope.templates {
        Templates::Only(ids) => ids.iter().any(|asked| asked == id),
        _ => true,
    };
    used.into_iter().filter(|(id, _)| is_asked(id)).collect()
}

/// Draws groups of people, and keeps them as a table beside that of the people; what is drawn comes first in it.
fn grouped(scope: &Scope, panel: &mut PanelModel, title: &str, drawn: &[Group], all: &[Group]) {
    let row = |group: &Group| Row {
        name: group.name.clone(),
        role: Role::Active,
    };
    let people = drawn.iter().map(|group| Some(group.people as f64)).collect();
    let rows = Kind::Ranked(drawn.iter().map(row).collect());
    let series = vec![("People", Role::Active, people)];
    ranking(scope, panel, rows, series, Unit::Count, drawn.len());
    panel.summary = panel
        .chart
        .as_ref()
        .map_or_else(String::new, |chart| summary(chart, title));
    panel.groups = groups::table(scope, panel.title, all);
}

/// Time from bucket to bucket as a small line; in words of those that are whole, as far as there are any. `remarks` say
/// what sets buckets apart.
fn trend(scope: &Scope, seconds: &[Option<f64>], remarks: &[&str]) -> Cell {
    let duration = |seconds: f64| format::duration(&scope.locale, seconds);
    let known = || {
        seconds
            .iter()
            .zip(remarks)
            .filter_map(|(seconds, remark)| Some(((*seconds)?, *remark)))
    };
    let all: Vec<f64> = known().map(|(seconds, _)| seconds).collect();
    let whole = known().filter(|(_, remark)| remark.is_empty());
    let whole: Vec<f64> = whole.map(|(seconds, _)| seconds).collect();
    let told = if whole.is_empty() { &all } else { &whole };
    let mut shown = match told.as_slice() {
        [] => return Cell::Missing("no answer".into()),
        [only] => duration(*only),
        [first, .., last] => {
            let highest = told.iter().copied().fold(0.0, f64::max);
            format!(
                "{} to {}, highest {}",
                duration(*first),
                duration(*last),
                duration(highest)
            )
        }
    };
    if let Some((seconds, measure::SO_FAR)) = known().next_back().filter(|_| !whole.is_empty()) {
        shown += &format!(", {} {}", measure::SO_FAR, duration(seconds));
    }
    Cell::Trend {
        values: seconds.into(),
        shown,
    }
}

/// Words, or why there are none.
fn words_or(words: &str, why: &str) -> Cell {
    if words.is_empty() {
        Cell::Missing(why.into())
    } else {
        Cell::Text(words.into())
    }
}

/// What people are called in place of their names, by their ids; `None` where they are known by their own.
fn pseudonyms<'a, I: Iterator<Item = &'a str>>(scope: &Scope, ids: impl FnOnce() -> I) -> Option<Vec<String>> {
    (!scope.names.are_own()).then(|| scope.names.of(ids().map(|id| (id, ""))))
}

/// The same of people whom a source knows by their mail addresses, given with an id for those without.
fn pseudonyms_by_mail<'a>(scope: &Scope, people: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Vec<String>> {
    if scope.names.are_own() {
        return None;
    }
    let known: Vec<String> = people.map(|(mail, id)| crate::people::identity(mail, id)).collect();
    Some(scope.names.of(known.iter().map(|id| (id.as_str(), ""))))
}

/// A mail address, where it may be shown.
fn mail_cell(scope: &Scope, mail: &str) -> Cell {
    if scope.names.are_own() {
        words_or(mail, "no mail address")
    } else {
        Cell::Missing("hidden by the privacy setting".into())
    }
}

/// The day of an instant, or why there is none.
fn day_or(scope: &Scope, at: Option<DateTime<Utc>>, why: &str) -> Cell {
    let day = at.map(|at| scope.zone.day_of(at));
    day.map_or_else(
        || Cell::Missing(why.into()),
        |day| Cell::Day {
            day,
            shown: format::full_day(&scope.locale, day),
        },
    )
}

/// The day of the last time. That there was none is known, and said.
fn day_or_never(scope: &Scope, at: Option<DateTime<Utc>>) -> Cell {
    if at.is_none() {
        return Cell::Text("never".into());
    }
    day_or(scope, at, "")
}

/// The request for a slice of the range, if there is one.
fn slice_request(scope: &Scope, ask: fn(&str, Slice) -> Request) -> Vec<Request> {
    let slice = scope.range.and_then(|range| measure::slice(scope, range));
    let source = scope.source.as_ref();
    source
        .zip(slice)
        .map(|(source, slice)| ask(&source.id, slice))
        .into_iter()
        .collect()
}
