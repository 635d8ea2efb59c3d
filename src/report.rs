//! Reports: what each panel and tile shows, as a function of the [`Scope`] and the [`Answers`] so far.
//!
//! A report names its requests, and builds its model from whatever has come back. Models hold text, numbers and
//! charts as data: components format nothing, add up nothing and decide nothing.

use crate::answers::{Answers, Found};
use crate::chart::summary::summary;
use crate::chart::{ChartModel, Kind, Role, Series, Unit};
use crate::config::{PrivacyMode, SourceKind};
use crate::data::{InsightsReport, Organization};
use crate::format;
use crate::measure;
use crate::period::DateRange;
use crate::query::{Action, View, Word};
use crate::remote::{LoadError, State};
use crate::scope::{Scope, Templates};
use crate::source::coder::{self, plan};
use crate::source::{Request, Slice};
use crate::table::{Cell, Column, Table};
use crate::{csv, curl};
use chrono::{DateTime, FixedOffset, Timelike};

pub mod active_users;
pub mod apps;
pub mod daus;
pub mod latency;
pub mod parameters;
pub mod tiles;
pub mod user_activity;
pub mod user_status;

/// One panel of the page.
pub struct Report {
    /// Id of its `<section>`.
    pub id: &'static str,
    /// Title, and accessible name.
    pub title: &'static str,
    /// The page it belongs to.
    pub view: View,
    /// What it needs. Empty when nothing can be asked (yet).
    pub requests: fn(&Scope) -> Vec<Request>,
    /// What it shows.
    pub build: fn(&Scope, &Answers, &mut PanelModel),
}

/// Every panel, in the order in which it stands on its page.
pub const REPORTS: &[Report] = &[
    user_status::REPORT,
    daus::REPORT,
    active_users::REPORT,
    apps::REPORT,
    user_activity::REPORT,
    latency::REPORT,
    parameters::REPORT,
];

/// What to say where the server measured nothing at all.
const ZERO_USE: &str = "The server measured 0. If people did work in these days, check whether usage statistics are switched off on the server.";

/// The panels of a page.
pub fn of(view: View) -> impl Iterator<Item = &'static Report> {
    REPORTS.iter().filter(move |report| report.view == view)
}

/// The pages that have panels, in the order of the tabs.
pub fn views() -> Vec<View> {
    let has_panels = |view: &View| of(*view).next().is_some();
    View::ALL.iter().map(|(view, ..)| *view).filter(has_panels).collect()
}

/// What one panel shows.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelModel {
    /// Id of its `<section>`.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// One line that says what is counted.
    pub counted: String,
    /// State, as in `data-state`.
    pub state: State,
    /// What to say in place of, or above, the picture.
    pub message: Option<Message>,
    /// What a reader must know to read the figures right.
    pub notes: Vec<String>,
    /// The headline figure with its words, shown beside the title.
    pub headline: Option<String>,
    /// Where its days begin and end, for footer and tooltip: "days of Europe/Berlin".
    pub day_rule: String,
    /// The picture.
    pub chart: Option<ChartModel>,
    /// One sentence that says what the picture shows.
    pub summary: String,
    /// The figures.
    pub table: Table,
    /// Source, zone and time of the figures.
    pub footer: Vec<String>,
    /// Header block of an export: what the figures are.
    pub provenance: Vec<(String, String)>,
    /// What was asked, for "Copy as curl".
    pub requests: Vec<Request>,
}

/// A state in words, with a way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is the matter.
    pub title: String,
    /// Why, and the server's words where there are any.
    pub detail: String,
    /// What a person can do here.
    pub help: Help,
}

/// What a person can do about a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Help {
    /// Nothing here.
    None,
    /// Ask again.
    Retry,
    /// Sign in at the source, or give a token for this tab.
    SignIn,
    /// Ask again after this many seconds.
    Wait(u32),
}

impl Report {
    /// The panel in a scope, with the answers so far.
    pub fn panel(&self, scope: &Scope, answers: &Answers) -> PanelModel {
        let requests = (self.requests)(scope);
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
            summary: String::new(),
            table: Table {
                caption: self.title.into(),
                ..Table::default()
            },
            footer: Vec::new(),
            provenance: Vec::new(),
            requests,
        };
        (self.build)(scope, answers, &mut panel);
        if panel.state != State::Loading {
            panel.finish(scope, answers);
        }
        panel
    }
}

impl PanelModel {
    /// Ends in a state without figures.
    pub fn stop(&mut self, state: State, title: impl Into<String>, detail: impl Into<String>, help: Help) {
        self.state = state;
        self.message = Some(Message {
            title: title.into(),
            detail: detail.into(),
            help,
        });
    }

    /// Ends because of an error.
    pub fn fail(&mut self, error: &LoadError) {
        self.state = error.state();
        self.message = Some(message(error));
    }

    /// Stops where the question itself has no answer: no source, nothing begun, no templates. True if it stopped.
    pub fn stops_early(&mut self, scope: &Scope) -> bool {
        if scope.source.is_none() {
            self.stop(
                State::Unsupported,
                "No Coder source",
                "config.json names no source that can answer this.",
                Help::None,
            );
        } else if scope.is_too_long() {
            self.stop(
                State::Unsupported,
                "The range is too long",
                "At most ten years are asked for at once. Choose a shorter range.",
                Help::None,
            );
        } else if scope.range.is_none() {
            let days = format::span(&scope.locale, scope.asked);
            self.stop(
                State::Empty,
                "These days have not begun",
                format!("{days} lies in the future."),
                Help::None,
            );
        } else {
            return false;
        }
        true
    }

    /// Stops where the templates of the question are not known or none. True if it stopped.
    pub fn stops_at_templates(&mut self, scope: &Scope, templates_error: Option<&LoadError>) -> bool {
        match (&scope.templates, templates_error) {
            (Templates::None, _) if scope.is_narrowed => {
                self.stop(
                    State::Empty,
                    "No templates",
                    "No template that this account may see fits the organization and templates chosen, so there is nothing to measure.",
                    Help::None,
                );
            }
            (Templates::None, _) => {
                self.stop(
                    State::Forbidden,
                    "No templates to see",
                    "This account may see no template, and without one the server gives no insights.",
                    Help::None,
                );
            }
            (Templates::Unknown, Some(error)) => self.fail(error),
            (Templates::Unknown, None) => self.state = State::Loading,
            _ => return false,
        }
        true
    }

    /// Stops where single people may not be shown, and where [`Self::stops_at_templates`] does. True if it stopped.
    fn stops_at_people(&mut self, scope: &Scope, answers: &Answers) -> bool {
        if scope.privacy.mode != PrivacyMode::Full {
            let why = "config.json asks not to show single people, so this panel stays closed.";
            self.stop(State::Forbidden, "Hidden by the privacy setting", why, Help::None);
            return true;
        }
        self.stops_before_asking(scope, answers)
    }

    /// Stops wherever insights cannot be asked. True if it stopped.
    fn stops_before_asking(&mut self, scope: &Scope, answers: &Answers) -> bool {
        let source = scope.source.as_ref();
        let list = source.and_then(|source| answers.templates(&coder::templates(&source.id)).error());
        if self.stops_early(scope) || self.stops_at_templates(scope, list) {
            return true;
        }
        if self.requests.is_empty() {
            let why = "The server can be asked about it from the first full hour on.";
            self.stop(State::Empty, "The day has just begun", why, Help::Retry);
        }
        self.requests.is_empty()
    }

    /// Says which days and templates the figures are about, above all where those are not the ones asked for.
    fn says_days(
        &mut self,
        scope: &Scope,
        range: DateRange,
        span: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
    ) {
        self.notes.extend(templates_note(scope));
        let Some((start, end)) = span else { return };
        let is_about = measure::slice(scope, range).is_some_and(|slice| plan::is_for(&slice, start, end));
        let days = format::span(&scope.locale, measure::days_of(start, end));
        if is_about {
            self.footer.push(format!("{days}, days of {}", scope.zone.name));
        } else {
            self.state = State::Partial;
            self.footer.push(days.clone());
            self.notes
                .insert(0, format!("The server answered for {days}, not for the days asked for"));
        }
    }

    /// What holds for every panel: where the figures come from, and what an export says of itself.
    fn finish(&mut self, scope: &Scope, answers: &Answers) {
        if !self.day_rule.is_empty() {
            self.footer.insert(0, self.day_rule.clone());
        }
        let source = scope
            .source
            .as_ref()
            .map_or(String::new(), |source| source.label.clone());
        let demo = scope
            .source
            .as_ref()
            .is_some_and(|source| source.kind == SourceKind::Demo);
        self.footer.insert(
            0,
            if demo {
                format!("{source} (synthetic data)")
            } else {
                source.clone()
            },
        );
        let days: Vec<String> = self.footer.iter().skip(1).cloned().collect();
        let fetched = answers.oldest(&self.requests);
        if let Some(at) = fetched {
            self.footer.push(format!("fetched {}", clock(scope, at)));
        }
        let mut provenance = vec![
            ("panel".to_string(), self.title.to_string()),
            (
                "range".to_string(),
                format!("{} to {}", scope.asked.first, scope.asked.last),
            ),
            ("zone".to_string(), scope.zone.name.clone()),
            (
                "source".to_string(),
                if demo {
                    format!("{source} (synthetic demo data)")
                } else {
                    source
                },
            ),
            (
                "fetched".to_string(),
                fetched.map_or(String::new(), |at| crate::zone::rfc3339(&scope.zone.local(at))),
            ),
            ("state".to_string(), self.state.word().to_string()),
        ];
        provenance.extend(days.into_iter().map(|days| ("days".to_string(), days)));
        if let Some(chart) = &self.chart {
            provenance.push(("interval".to_string(), chart.interval.key().to_string()));
        }
        provenance.extend(scope.org.iter().map(|org| ("organization".to_string(), org.clone())));
        if let Templates::Only(ids) = &scope.templates {
            provenance.push(("templates".to_string(), ids.join(" ")));
        }
        if scope.action != Action::Any {
            provenance.push(("action".to_string(), scope.action.key().to_string()));
        }
        provenance.extend(self.notes.iter().map(|note| ("note".to_string(), note.clone())));
        self.provenance = provenance;
    }
}

impl PanelModel {
    /// What is on screen, as CSV with a header block.
    pub fn csv(&self) -> String {
        csv::csv(&self.provenance, &self.table)
    }

    /// Title and second line of a picture of the chart: days, where they begin, source, time.
    pub fn picture_text(&self) -> (String, String) {
        let days = self.chart.as_ref().and_then(|chart| {
            let (first, last) = (chart.buckets.first()?, chart.buckets.last()?);
            Some(format::span(
                &chart.locale,
                DateRange::new(first.days.first, last.days.last),
            ))
        });
        let about: Vec<String> = days.into_iter().chain(self.footer.iter().cloned()).collect();
        (self.title.to_string(), about.join(" · "))
    }

    /// A name for the exported file, without its ending.
    pub fn file_name(&self, scope: &Scope) -> String {
        format!("{}_{}_{}", self.id, scope.asked.first, scope.asked.last)
    }

    /// What was asked, as one curl command a line. `origin` is the page's own.
    pub fn curl(&self, scope: &Scope, origin: &str) -> Option<String> {
        let source = scope.source.as_ref()?;
        let commands: Vec<String> = self
            .requests
            .iter()
            .map(|request| curl::command(source, request, origin))
            .collect();
        Some(commands.join("\n"))
    }
}

/// The figures of one bucket, for the tooltip and for speech.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    /// The bucket in full.
    pub title: String,
    /// Name and figure of each column of the table; in stacks with the share of the whole.
    pub lines: Vec<(String, String)>,
    /// Exact days and where they begin.
    pub span: String,
}

impl PanelModel {
    /// The figures of a bucket: those of the table's row, so that picture and table cannot disagree.
    pub fn tip(&self, index: usize) -> Option<Tip> {
        let chart = self.chart.as_ref()?;
        let row = self.table.rows.get(index)?;
        let total: Option<f64> = chart.series.iter().map(|series| series.values.get(index)).sum();
        let share = |name: &str, value: f64| {
            let is_part =
                matches!(chart.kind, Kind::StackedArea) && chart.series.iter().any(|series| series.name == name);
            let share = total.filter(|total| is_part && *total > 0.0).map(|total| value / total);
            share.map_or_else(String::new, |share| {
                format!(" ({})", format::percent(&chart.locale, share))
            })
        };
        let line = |(column, cell): (&Column, &Cell)| {
            let figure = match cell {
                Cell::Number { value, shown } => format!("{shown}{}", share(&column.title, *value)),
                Cell::Text(text) if text.is_empty() => return None,
                Cell::Text(text) | Cell::Missing(text) | Cell::Day { shown: text, .. } => text.clone(),
            };
            Some((column.title.clone(), figure))
        };
        let lines = self.table.columns.iter().zip(row).skip(1).filter_map(line).collect();
        let Some(bucket) = chart.buckets.get(index) else {
            // A chart of things: the first column names them.
            let title = row.first().map_or_else(String::new, |cell| cell.words().to_string());
            return Some(Tip {
                title,
                lines,
                span: String::new(),
            });
        };
        let days = format::span(&chart.locale, bucket.days);
        Some(Tip {
            title: chart.bucket_text(bucket),
            lines,
            span: [days, self.day_rule.clone()].join(", "),
        })
    }
}

/// Where to sign in.
pub struct SignIn {
    /// Id of the source.
    pub source: String,
    /// Its name.
    pub label: String,
    /// Address of its sign-in page, for sources that a person can sign in at.
    pub login: Option<String>,
}

/// Where to sign in for the source of the page.
pub fn sign_in(scope: &Scope) -> Option<SignIn> {
    let source = scope.source.as_ref()?;
    let login = (source.kind == SourceKind::Coder).then(|| format!("{}login", source.base_url));
    Some(SignIn {
        source: source.id.clone(),
        label: source.label.clone(),
        login,
    })
}

/// How old the figures are: the time of the oldest.
pub fn freshness(scope: &Scope, answers: &Answers, requests: &[Request]) -> String {
    match answers.oldest(requests) {
        Some(at) => format!("Updated {}", clock(scope, at)),
        None => "Loading…".to_string(),
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
    if before.iter().all(Option::is_none) {
        return;
    }
    let days = format::span(&scope.locale, behind);
    let weeks = scope
        .range
        .map_or(0, |range| (range.first - behind.first).num_days() / 7);
    let when = if weeks == 1 {
        "a week earlier".to_string()
    } else {
        format!("{weeks} weeks earlier")
    };
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
            (Some(now), Some(then)) if *is_comparable => {
                let difference = *now as f64 - *then as f64;
                Cell::Number {
                    value: difference,
                    shown: format::signed(&scope.locale, difference),
                }
            }
            (Some(_), Some(_)) => missing("not compared: not a whole interval yet"),
            _ => missing("no answer"),
        };
        row.insert(place, earlier);
        row.insert(place + 1, change);
    }
}

/// So many rows of a ranking are drawn; the table has them all.
const RANKED: usize = 12;

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
    let chart = ChartModel {
        kind,
        buckets: Vec::new(),
        interval: scope.interval,
        series: series.collect(),
        references: Vec::new(),
        unit,
        locale: scope.locale.clone(),
    };
    panel.summary = summary(&chart, panel.title);
    panel.chart = Some(chart);
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

/// An error in words.
pub fn message(error: &LoadError) -> Message {
    let (title, detail, help) = match error {
        LoadError::Unreachable => ("No connection", "The server did not answer. It may be down, this computer may be offline, or the server does not allow requests from this page (CORS): serve the page from the same origin as the API.".to_string(), Help::Retry),
        LoadError::Timeout => ("No answer in time", "The server took too long. A shorter range is answered faster.".to_string(), Help::Retry),
        LoadError::TooLarge(limit) => ("Answer too large", format!("The answer is larger than the {} MB this page accepts. Choose a shorter range or fewer templates.", limit / 1_000_000), Help::None),
        LoadError::Unauthorized => ("Not signed in", "The server wants a session. Sign in there, or use a token for this tab.".to_string(), Help::SignIn),
        LoadError::Forbidden(words) => ("Not allowed", words.clone(), Help::None),
        LoadError::Unsupported(words) => ("Not supported by this server", words.clone(), Help::None),
        LoadError::Disabled(words) => ("Collection is switched off", words.clone(), Help::None),
        LoadError::Limited(Some(seconds)) => ("Too many requests", format!("The server asks to wait {seconds} seconds."), Help::Wait(*seconds)),
        LoadError::Limited(None) => ("Too many requests", "The server asks to slow down.".to_string(), Help::Wait(60)),
        LoadError::Refused(words) => ("The server refused the request", words.clone(), Help::None),
        LoadError::Server { status, message } if message.is_empty() => ("The server failed", format!("It answered with status {status}."), Help::Retry),
        LoadError::Server { status, message } => ("The server failed", format!("Status {status}: {message}"), Help::Retry),
        LoadError::Decode(error) => ("The answer could not be read", error.to_string(), Help::Retry),
    };
    Message {
        title: title.into(),
        detail,
        help,
    }
}

/// Date and time of an instant in the zone of the view, to the minute.
pub fn clock(scope: &Scope, at: chrono::DateTime<chrono::Utc>) -> String {
    let local = scope.zone.local(at);
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    if local.date_naive() == scope.today {
        time
    } else {
        format!("{} {time}", format::day(&scope.locale, local.date_naive()))
    }
}

/// Which templates the figures are about, where those are not all of the deployment.
fn templates_note(scope: &Scope) -> Option<String> {
    let Templates::Only(ids) = &scope.templates else {
        return None;
    };
    let those = match ids.len() {
        1 => "the one template".to_string(),
        count => format!("the {} templates", format::count(&scope.locale, count as u64)),
    };
    Some(if scope.is_narrowed {
        format!("Only use of {those} chosen is counted")
    } else {
        format!("Only use of {those} that this account may see is counted")
    })
}

/// What the action filter means where nothing can be filtered by it.
pub fn action_note(scope: &Scope) -> Option<String> {
    no_action_note(scope, "Coder counts any usage here")
}

fn no_action_note(scope: &Scope, why: &str) -> Option<String> {
    (scope.action != Action::Any).then(|| format!("Not filtered by action “{}”: {why}", scope.action.label()))
}

/// A value of the URL that could not be used, in words.
pub fn notice(notice: &crate::query::Notice) -> String {
    let value = crate::format::cut(&notice.value, 60);
    if notice.value.is_empty() {
        format!("{} is missing: {} is used", notice.key, notice.instead)
    } else {
        format!("{}={value} cannot be used: {}", notice.key, notice.instead)
    }
}

/// A zone that the browser does not know, in words; `None` when it is the one in use.
pub fn zone_notice(scope: &Scope, asked: &str) -> Option<String> {
    let used = &scope.zone.name;
    (asked != used).then(|| {
        format!(
            "tz={} is not a zone this browser knows: {used} is used",
            format::cut(asked, 60)
        )
    })
}

/// A source that cannot be shown here, in words; `None` when it is the one in use.
pub fn source_notice(scope: &Scope, asked: &str) -> Option<String> {
    let used = scope.source.as_ref()?;
    let asked_cut = format::cut(asked, 60);
    (asked != used.id).then(|| {
        format!(
            "source={asked_cut} is not a Coder source of config.json: {} is used",
            used.label
        )
    })
}

/// An organization that the server did not name, in words; `None` when it did, or when its list is not known.
pub fn org_notice(known: &[Organization], asked: &str) -> Option<String> {
    let is_unknown = !known.is_empty() && !known.iter().any(|org| org.id == asked);
    is_unknown.then(|| {
        format!(
            "org={} is not an organization this account can see",
            format::cut(asked, 60)
        )
    })
}

/// What holds for the whole page: zone, offset, source and its version.
pub fn footer(scope: &Scope, answers: &Answers) -> String {
    let mut parts = vec![format!(
        "Days of {} ({} now)",
        scope.zone.name,
        format::offset(scope.zone.offset_at(scope.now))
    )];
    if let Some(source) = &scope.source {
        let version = answers
            .build(&crate::source::coder::build(&source.id))
            .ok()
            .map(|build| build.version.clone())
            .filter(|version| !version.is_empty());
        parts.push(version.map_or_else(|| source.label.clone(), |version| format!("{} {version}", source.label)));
    }
    parts.join(" · ")
}
