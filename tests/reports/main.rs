//! From the answers of a server and the address of the page to what the page shows: every figure, note and state.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use chrono::{DateTime, Datelike, Duration, NaiveDate, Offset, TimeZone, Utc};
use metrics::answers::{Answers, Outcome};
use metrics::config::{self, Config};
use metrics::demo::Demo;
use metrics::locale::Locale;
use metrics::panel::PanelModel;
use metrics::period::add_days;
use metrics::query::{Query, View};
use metrics::remote::{LoadError, Reply, State};
use metrics::report::tiles::{self, Tile};
use metrics::report::{self};
use metrics::scope::{Directory, Moment, Scope, Templates};
use metrics::source::coder;
use metrics::source::{Answer, Ask, Grain, Request, Slice, read};
use metrics::table::{Cell, Table};
use metrics::wish::{Wish, Wishes};
use metrics::words::Help;
use metrics::zone::{Zone, rfc3339};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeSet;

mod account;
mod across;
mod activity;
mod export;
mod failure;
mod filter;
mod harm;
mod people;
mod privacy;
mod recorded;
mod seats;
mod server;
mod team;
mod time;
mod whole;

use server::{except, insights, insights_as, licence, ok, people_on, reply, usual, usual_at};

const ORG_A: &str = "00000000-0000-0000-0000-0000000000a0";
const ORG_B: &str = "00000000-0000-0000-0000-0000000000b0";
const EMPTY_ORG: &str = "00000000-0000-0000-0000-0000000000e0";
const T1: &str = "00000000-0000-0000-0000-000000000001";
const T2: &str = "00000000-0000-0000-0000-000000000002";
const T3: &str = "00000000-0000-0000-0000-000000000003";

/// A Friday afternoon.
const NOW: &str = "2026-11-20T14:23:05Z";

/// All that a page shows, and what it asked for it.
struct Page {
    /// What the head of the page says of how old the figures are.
    freshness: String,
    scope: Scope,
    panels: Vec<PanelModel>,
    tiles: Vec<Tile>,
    asked: Vec<Request>,
}

/// Who answers. `None` means that the answer is still on its way.
type Server<'a> = &'a dyn Fn(&Request) -> Option<Reply>;

/// Resolves, asks and builds as the page in the browser does, until nothing new is asked.
fn page_of(view: View, url: &str, moment: &Moment, config: &Config, server: Server) -> Page {
    page_wishing(Wishes::default(), view, url, moment, config, server)
}

/// The same where something was chosen at panels.
fn page_wishing(wishes: Wishes, view: View, url: &str, moment: &Moment, config: &Config, server: Server) -> Page {
    // What is drawn behind for comparison has its own tests; without a word about it the others leave it out.
    let plain = format!("{url}{}compare=none", if url.contains('?') { "&" } else { "?" });
    let (query, _) = Query::parse(if url.contains("compare=") { url } else { &plain });
    let mut answers = Answers::default();
    let mut asked: Vec<Request> = Vec::new();
    loop {
        let scope = {
            let source = metrics::scope::choose_source(&query, config);
            let id = source.map_or(String::new(), |source| source.id);
            let directory = Directory {
                me: answers.me(&coder::me(&id)).ok(),
                templates: answers.templates(&coder::templates(&id)).ok(),
            };
            Scope {
                wishes,
                ..Scope::resolve(&query, config, moment, directory)
            }
        };
        let new: Vec<Request> = wanted(view, &scope, &answers)
            .into_iter()
            .filter(|request| !asked.contains(request))
            .collect();
        if new.is_empty() {
            let panel = |report: &report::Report| formatted(report.panel(&scope, &answers));
            let panels = report::of(view).iter().map(panel).collect();
            let tiles = tiles::build(&scope, &answers);
            return Page {
                freshness: metrics::words::freshness(&scope, &answers, &asked),
                scope,
                panels,
                tiles,
                asked,
            };
        }
        for request in new {
            asked.push(request.clone());
            if let Some(result) = outcome(&request, server) {
                let at = moment.now + Duration::seconds(1);
                answers.insert(
                    request,
                    Outcome {
                        at,
                        result: result.map(Into::into),
                    },
                );
            }
        }
    }
}

fn wanted(view: View, scope: &Scope, answers: &Answers) -> Vec<Request> {
    let mut wanted = Vec::new();
    if let Some(source) = &scope.source {
        wanted.extend([
            coder::build(&source.id),
            coder::me(&source.id),
            coder::organizations(&source.id),
            coder::templates(&source.id),
        ]);
    }
    if view == View::Overview {
        wanted.extend(tiles::requests(scope));
    }
    wanted.extend(report::of(view).iter().flat_map(|report| report.wanted(scope, answers)));
    let mut unique = Vec::new();
    for request in wanted {
        if !unique.contains(&request) {
            unique.push(request);
        }
    }
    unique
}

fn outcome(request: &Request, server: Server) -> Option<Result<metrics::data::Data, LoadError>> {
    let mut request = request.clone();
    for _ in 0..3 {
        match read(&request, &server(&request)?) {
            Ok(Answer::Data(data)) => return Some(Ok(data)),
            Ok(Answer::Instead(other)) => request = other,
            Err(error) => return Some(Err(error)),
        }
    }
    Some(Err(LoadError::Unsupported("too many detours".into())))
}

/// The overview of a real source, in a zone, at a time.
fn page(url: &str, now: &str, zone_name: &str, server: Server) -> Page {
    page_of(View::Overview, url, &moment(now, zone_name), &coder_config(), server)
}

/// The overview at the usual time, in UTC.
fn usual_page(url: &str, server: Server) -> Page {
    page(url, NOW, "UTC", server)
}

impl Page {
    fn panel(&self, id: &str) -> &PanelModel {
        self.panels.iter().find(|panel| panel.id == id).expect(id)
    }

    fn tile(&self, id: &str) -> &Tile {
        self.tiles.iter().find(|tile| tile.id == id).expect(id)
    }

    /// A tile as `ready 12.5 "shown" detail`.
    fn tile_text(&self, id: &str) -> String {
        let tile = self.tile(id);
        let value = tile.value.map_or(String::new(), |value| format!(" {value}"));
        format!("{}{value} “{}” {}", tile.state.word(), tile.shown, tile.detail)
    }

    /// What was asked of the insights of templates, as sent.
    fn insights_asked(&self) -> Vec<String> {
        let is_insights = |request: &&Request| matches!(request.ask, Ask::Insights(..));
        self.asked.iter().filter(is_insights).map(Request::target).collect()
    }

    fn states(&self) -> Vec<&'static str> {
        self.panels
            .iter()
            .map(|panel| panel.state.word())
            .chain(self.tiles.iter().map(|tile| tile.state.word()))
            .collect()
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn zone(name: &str) -> Zone {
    if name == "UTC" {
        return Zone::utc();
    }
    let tz: chrono_tz::Tz = name.parse().unwrap();
    let (from, to) = (at("2015-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
    Zone::probe(name, from.timestamp(), to.timestamp(), 7 * 86_400, |second| {
        let instant = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
        tz.offset_from_utc_datetime(&instant).fix().local_minus_utc()
    })
}

fn moment(now: &str, zone_name: &str) -> Moment {
    Moment {
        now: at(now),
        zone: zone(zone_name),
        locale: Locale::english(),
    }
}

fn coder_config() -> Config {
    config(
        r#"{"version":1,"sources":[{"id":"c","kind":"coder","label":"Coder","base_url":"https://coder.example.com/","auth":"token"}]}"#,
    )
}

fn config(text: &str) -> Config {
    config::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// One thing chosen, and nothing else.
fn wish(wish: Wish, place: usize) -> Wishes {
    let mut wishes = Wishes::default();
    wishes.choose(wish, place);
    wishes
}

/// The rows of a panel that lists many, in words.
fn listed(panel: &PanelModel) -> Vec<String> {
    let list = panel.rows();
    let columns = list.rows().columns();
    let row = |row: usize| (0..columns.len()).map(|column| list.rows().cell(row, column)).collect();
    rows(&Table {
        rows: (0..list.count()).map(row).collect(),
        ..Table::default()
    })
}

/// A panel with all rows of its list in its table, where that shows the first of them.
fn formatted(mut panel: PanelModel) -> PanelModel {
    if let Some(list) = panel.list.as_ref().filter(|_| !panel.table.columns.is_empty()) {
        let row = |row| {
            (0..panel.table.columns.len())
                .map(|column| list.rows().cell(row, column))
                .collect()
        };
        let rows: Vec<Vec<Cell>> = (0..list.count()).map(row).collect();
        assert_eq!(panel.table.rows, rows[..panel.table.rows.len()], "{}", panel.id);
        panel.table.rows = rows;
    }
    panel
}

/// Each row in words: cells as shown, what is missing as `(reason)`.
fn rows(table: &Table) -> Vec<String> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number { shown, .. } | Cell::Day { shown, .. } | Cell::Trend { shown, .. } => shown.clone(),
        Cell::Value { text, .. } => text.clone(),
        Cell::Missing(why) => format!("({why})"),
    };
    table
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .map(text)
                .collect::<Vec<_>>()
                .join(" | ")
                .trim_end_matches([' ', '|'])
                .to_string()
        })
        .collect()
}

/// The exact values of a column.
fn values(table: &Table, id: &str) -> Vec<Option<f64>> {
    let index = table.columns.iter().position(|column| column.id == id).expect(id);
    let value = |row: &Vec<Cell>| match &row[index] {
        Cell::Number { value, .. } => Some(*value),
        _ => None,
    };
    table.rows.iter().map(value).collect()
}

fn numbers(values: &[u32]) -> Vec<Option<f64>> {
    values.iter().map(|value| Some(f64::from(*value))).collect()
}

fn has_note(panel: &PanelModel, words: &str) -> bool {
    panel.notes.iter().any(|note| note.contains(words))
}
