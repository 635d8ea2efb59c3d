//! What one panel shows, as a value: words, chart, table, where the figures come from, and what may be taken away.

use crate::answers::Answers;
use crate::chart::summary::summary;
use crate::chart::{ChartModel, Kind, Role};
use crate::config::{SourceConfig, SourceKind};
use crate::format;
use crate::measure;
use crate::people::{Everybody, Mending};
use crate::period::DateRange;
use crate::query::{Action, Word};
use crate::remote::{LoadError, State};
use crate::rows::{self, List};
use crate::scope::{Scope, Templates};
use crate::source::Request;
use crate::source::coder::{self, plan};
use crate::table::{Cell, Column, Table};
use crate::wish::Wish;
use crate::words::{self, Help, Message, SignIn};
use crate::{csv, curl};
use chrono::{DateTime, FixedOffset};
use std::sync::Arc;

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
    /// What the rows of the picture lead to, from the first on; empty where they lead nowhere.
    pub drill: Vec<Drill>,
    /// How each series changed against the comparison period, bucket by bucket, where the table does not tell it.
    pub changes: Vec<Vec<Option<String>>>,
    /// One sentence that says what the picture shows.
    pub summary: String,
    /// The figures.
    pub table: Table,
    /// The figures of the chart and others like them, where the table lists people instead; else empty.
    pub groups: Table,
    /// The figures in place of the table where there may be too many to format all of them.
    pub list: Option<rows::Shared>,
    /// Source, zone and time of the figures.
    pub footer: Vec<String>,
    /// Header block of an export: what the figures are.
    pub provenance: Vec<(String, String)>,
    /// What was asked, for "Copy as curl".
    pub requests: Vec<Request>,
    /// Where the figures come from.
    pub sources: Vec<SourceConfig>,
    /// What can be asked of the source beside the figures.
    pub deeds: Vec<Deed>,
    /// What can be chosen at it.
    pub controls: Vec<Control>,
    /// The interval of a person's own, where one may be asked for; empty for that of the page.
    pub interval: Option<String>,
    /// How much of a list is here, where there is more that can be asked for.
    pub more: Option<More>,
    /// Everybody, and what may be mended about them here.
    pub mending: Option<(Mending, Arc<Everybody>)>,
}

/// One thing to choose at a panel: one of its names holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// What is chosen.
    pub wish: Wish,
    /// What it is called.
    pub label: &'static str,
    /// What there is to choose.
    pub names: &'static [&'static str],
    /// The place of what holds.
    pub chosen: usize,
}

/// How much of a list is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct More {
    /// So many are here.
    pub loaded: u64,
    /// So many there are.
    pub all: u64,
    /// Both in words.
    pub words: String,
    /// Whether some are on their way, or cannot be had now.
    pub is_waiting: bool,
}

/// Something that a source does when a person asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// Words of its button.
    pub label: &'static str,
    /// How it is asked for.
    pub request: Request,
    /// The name of the file that comes back; without it the figures are asked for again.
    pub file: Option<String>,
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

    /// Takes all figures away.
    pub fn clear(&mut self) {
        self.headline = None;
        self.changes.clear();
        self.chart = None;
        self.summary = String::new();
        self.table.columns.clear();
        self.table.rows.clear();
        self.groups.rows.clear();
        self.list = None;
        self.notes.clear();
        self.deeds.clear();
        self.controls.clear();
        self.interval = None;
        self.more = None;
        self.mending = None;
    }

    /// Shows a picture, with the sentence that says what it shows.
    pub fn draw(&mut self, chart: ChartModel) {
        self.summary = summary(&chart, self.title);
        self.chart = Some(chart);
    }

    /// Offers a choice, and gives the place of what holds.
    pub fn offer(&mut self, scope: &Scope, wish: Wish, label: &'static str, names: &'static [&'static str]) -> usize {
        let chosen = scope.wishes.of(wish);
        self.controls.push(Control {
            wish,
            label,
            names,
            chosen,
        });
        chosen
    }

    /// Ends because of an error.
    pub fn fail(&mut self, error: &LoadError) {
        self.state = error.state();
        self.message = Some(words::message(error));
    }

    /// Stops where the question itself has no answer: no source, nothing begun, no templates. True if it stopped.
    pub fn stops_early(&mut self, scope: &Scope) -> bool {
        if self.sources.is_empty() {
            let why = "No source of config.json that is shown here can answer this.";
            self.stop(State::Unsupported, "No source for this", why, Help::None);
        } else if scope.is_too_long() {
            self.stop(
                State::Unsupported,
                "The range is too long",
                "At most ten years are asked for at once. Choose a shorter range.",
                Help::None,
            );
        } else if scope.range.is_none() {
            let days = format::span(&scope.locale, scope.asked);
            let (title, why) = if scope.asked.first <= scope.today {
                (
                    "No complete period",
                    format!("In {days} no {} is whole and over.", scope.interval.noun()),
                )
            } else {
                ("These days have not begun", format!("{days} lies in the future."))
            };
            self.stop(State::Empty, title, why, Help::None);
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

    /// Stops where single people may not be shown under any name, and where [`Self::stops_before_asking`] does. For
    /// panels that name people as [`Scope::names`] says and show nothing else that tells who they are. True if it
    /// stopped.
    pub fn stops_without_names(&mut self, scope: &Scope, answers: &Answers) -> bool {
        self.stops_unless(scope.names.are_shown()) || self.stops_before_asking(scope, answers)
    }

    /// Stops where the privacy setting forbids rows about single people. True if it stopped.
    pub fn stops_unless(&mut self, may_be_shown: bool) -> bool {
        if !may_be_shown {
            let why = "config.json asks not to show single people, so this panel stays closed.";
            self.stop(State::Forbidden, words::HIDDEN, why, Help::None);
        }
        !may_be_shown
    }

    /// Stops wherever insights cannot be asked. True if it stopped.
    pub fn stops_before_asking(&mut self, scope: &Scope, answers: &Answers) -> bool {
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

    /// Where people are not known by their names, what servers say must not name them either.
    pub fn hide_addresses(&mut self, scope: &Scope) {
        if !scope.names.are_own() {
            self.without_addresses(scope);
        }
    }

    #[inline(never)]
    fn without_addresses(&mut self, scope: &Scope) {
        let message = self.message.iter_mut().map(|message| &mut message.detail);
        for text in message.chain(&mut self.notes) {
            *text = scope.names.without_addresses(text);
        }
    }

    /// Says which days and templates the figures are about, above all where those are not the ones asked for.
    pub fn says_days(
        &mut self,
        scope: &Scope,
        range: DateRange,
        span: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
    ) {
        self.notes.extend(words::templates_note(scope));
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
    pub fn finish(&mut self, scope: &Scope, answers: &Answers) {
        if !self.day_rule.is_empty() {
            self.footer.insert(0, self.day_rule.clone());
        }
        let source = self
            .sources
            .iter()
            .map(|source| source.label.as_str())
            .collect::<Vec<_>>()
            .join(" + ");
        let demo = self.sources.iter().any(|source| source.kind == SourceKind::Demo);
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
        let in_vain = || answers.asked_in_vain(&self.requests).map(|at| ("asked", at));
        if let Some((word, at)) = fetched.map(|at| ("fetched", at)).or_else(in_vain) {
            self.footer.push(format!("{word} {}", words::clock(scope, at)));
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
        for control in &self.controls {
            let chosen = control.names.get(control.chosen).copied().unwrap_or_default();
            provenance.push((control.label.to_lowercase(), chosen.to_string()));
        }
        let group = |row: &Vec<Cell>| row.iter().map(Cell::words).collect::<Vec<_>>().join(", ");
        provenance.extend(self.groups.rows.iter().map(|row| ("group".to_string(), group(row))));
        provenance.extend(self.notes.iter().map(|note| ("note".to_string(), note.clone())));
        self.provenance = provenance;
    }
}

impl PanelModel {
    /// The rows of its table, whether they are formatted already or not.
    pub fn rows(&self) -> rows::Shared {
        let list = self.list.clone();
        list.unwrap_or_else(|| Arc::new(List::new(self.table.clone())))
    }

    /// The rows of the groups.
    pub fn group_rows(&self) -> rows::Shared {
        Arc::new(List::new(self.groups.clone()))
    }

    /// Whether there is a table to show.
    pub fn has_table(&self) -> bool {
        self.list.is_some() || !self.table.rows.is_empty()
    }

    /// All its figures, as CSV with a header block.
    pub fn csv(&self) -> String {
        let list = self.rows();
        let columns: Vec<usize> = (0..list.rows().columns().len()).collect();
        self.csv_of(&list, &list.sorted(""), &columns, Vec::new())
    }

    /// The rows and columns at some places, as CSV with a header block that tells how they were chosen, too.
    pub fn csv_of(&self, list: &List, places: &[usize], columns: &[usize], chosen: Vec<(String, String)>) -> String {
        let header: Vec<_> = self.provenance.iter().cloned().chain(chosen).collect();
        let row = |row: &usize| columns.iter().map(|column| list.rows().cell(*row, *column)).collect();
        let titles = columns.iter().filter_map(|column| list.rows().columns().get(*column));
        csv::lines(&header, titles, places.iter().map(row))
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

    /// Where to sign in: the source that refused, or else the first.
    pub fn sign_in(&self, answers: &Answers) -> Option<SignIn> {
        let is_refused = |request: &&Request| {
            let outcome = answers.outcome(request).map(|outcome| &outcome.result);
            matches!(outcome, Some(Err(LoadError::Unauthorized)))
        };
        let refused = self.requests.iter().find(is_refused);
        let has_refused = |source: &&SourceConfig| refused.is_none_or(|request| request.source == source.id);
        self.sources.iter().find(has_refused).map(words::sign_in)
    }

    /// A name for the exported file, without its ending.
    pub fn file_name(&self, scope: &Scope) -> String {
        format!("{}_{}_{}", self.id, scope.asked.first, scope.asked.last)
    }

    /// What was asked, as one curl command a line. `origin` is the page's own.
    pub fn curl(&self, scope: &Scope, origin: &str) -> Option<String> {
        let command = |request: &Request| Some(curl::command(scope.source_by_id(&request.source)?, request, origin));
        let commands: Vec<String> = self.requests.iter().filter_map(command).collect();
        (!commands.is_empty()).then(|| commands.join("\n"))
    }
}

/// What a click on a thing asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drill {
    /// Only this template, by its id; or all again where it is the only one already.
    Template(String),
    /// One person, by the id.
    Person(String),
    /// The people of a cohort who were there so many periods later, as a list.
    Cell(usize, usize),
}

impl Drill {
    /// What a click does, for the tooltip.
    fn words(&self) -> &'static str {
        match self {
            Drill::Template(_) => "Click or Enter: this template alone",
            Drill::Person(_) => "Click or Enter: this person",
            Drill::Cell(..) => "Click or Enter: list these people",
        }
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
    /// What a click on a place, or on the cell of a series there, leads to.
    pub fn drill_at(&self, place: usize, series: Option<usize>) -> Option<&Drill> {
        let chart = self.chart.as_ref().filter(|chart| chart.is_grid());
        let row = chart.map_or(0, |chart| series.unwrap_or(0) * chart.len());
        self.drill.get(row + place)
    }

    /// The figures of a bucket, or of the cell of a series: those of the table's row, so that picture and table cannot
    /// disagree.
    pub fn tip(&self, index: usize, series: Option<usize>) -> Option<Tip> {
        let chart = self.chart.as_ref()?;
        let is_grouped = !self.groups.rows.is_empty();
        let table = if is_grouped { &self.groups } else { &self.table };
        // A row of cohorts is a series, and the place is a column of it, behind its name.
        let cell = chart.is_grid().then_some((series.unwrap_or(0), index + 1));
        let row = table.rows.get(cell.map_or(index, |(row, _)| row))?;
        let parts = || chart.series.iter().filter(|series| series.role != Role::Context);
        let total: Option<f64> = parts()
            .map(|series| series.values.get(index).map(|part| part.max(0.0)))
            .sum();
        let is_stacked = matches!(chart.kind, Kind::StackedArea | Kind::StackedBars);
        // Share of the whole, and change, of what is drawn.
        let more = |name: &str| {
            let Some(place) = chart.series.iter().position(|series| series.name == name) else {
                return String::new();
            };
            let part = chart.series.get(place).and_then(|series| series.values.get(index));
            let share = part.zip(total).filter(|(part, _)| is_stacked && *part > 0.0);
            let share = share.map(|(part, total)| format!(" ({})", format::percent(&chart.locale, part / total)));
            let change = self
                .changes
                .get(place)
                .and_then(|changes| changes.get(index).cloned().flatten());
            let change = change.map(|change| format!(", {change}"));
            share.unwrap_or_default() + &change.unwrap_or_default()
        };
        let line = |(column, cell): (&Column, &Cell)| {
            let figure = match cell {
                Cell::Number { shown, .. } => shown.clone() + &more(&column.title),
                Cell::Text(text) if text.is_empty() => return None,
                Cell::Trend { .. } => return None,
                Cell::Text(_) | Cell::Value { .. } | Cell::Missing(_) | Cell::Day { .. } => format::name(cell.words()),
            };
            Some((column.title.clone(), figure))
        };
        let is_meant =
            |(place, _): &(usize, _)| *place > 0 && cell.is_none_or(|(_, column)| *place <= 1 || *place == column);
        let cells = table.columns.iter().zip(row).enumerate().filter(is_meant);
        let lines = cells.filter_map(|(_, cell)| line(cell)).collect();
        let Some(bucket) = chart.buckets.get(index) else {
            // A chart of things: the first column names them.
            let mut title = row.first().map_or_else(String::new, |cell| format::name(cell.words()));
            if let Some(head) = table.columns.first().filter(|_| cell.is_some()) {
                title = format!("{}: {title}", head.title);
            }
            let span = self.drill_at(index, series).map_or("", Drill::words).into();
            return Some(Tip { title, lines, span });
        };
        let days = format::span(&chart.locale, bucket.days);
        Some(Tip {
            title: chart.locale.with_holiday(bucket.days, &chart.bucket_text(bucket)),
            lines,
            span: [days, self.day_rule.clone()].join(", "),
        })
    }
}
