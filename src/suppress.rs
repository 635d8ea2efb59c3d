//! Small groups in aggregate mode: a figure of fewer people than `privacy.min_group` is hidden, and so is every figure
//! next to it from which it could be computed.
//!
//! Works on finished panels, so that picture, table, tooltip, sentence and export hide the same. A panel that is not in
//! `RULES` is closed: a new one shows nothing until somebody has thought about it.

use crate::answers::Answers;
use crate::chart::summary::summary;
use crate::format;
use crate::groups::Group;
use crate::panel::PanelModel;
use crate::remote::State;
use crate::scope::Scope;
use crate::table::Cell;
use crate::words::{self, Help};

/// What the figures of a panel are about.
struct Rule {
    /// Id of the panel.
    id: &'static str,
    /// Columns of which each figure counts people.
    people: &'static [&'static str],
    /// Columns that are sums or differences of those: hidden where one of those is.
    computed: &'static [&'static str],
    /// Whether a row is left out with its figure, because its other cells tell of the same people.
    leaves_out: bool,
    /// Whether the lines drawn across the picture are means of the figures.
    has_means: bool,
    /// Whether everything is about all the people of the range together, who have to be enough.
    is_of_range: bool,
    /// Which figures make up a whole that is told elsewhere.
    parts: Parts,
}

/// Which figures of people make up a whole.
#[derive(Clone, Copy)]
enum Parts {
    /// None do.
    None,
    /// Those of a row.
    Columns,
    /// Those of a column.
    Rows,
    /// Those of a row, in more than one way: all are hidden where one is.
    Together,
}

const COUNTS: Rule = Rule {
    id: "",
    people: &["active_users", "before"],
    computed: &["change"],
    leaves_out: false,
    has_means: true,
    is_of_range: false,
    parts: Parts::None,
};

const RULES: &[Rule] = &[
    Rule {
        id: "user-status",
        people: &["active", "dormant", "suspended"],
        computed: &["total"],
        has_means: false,
        ..COUNTS
    },
    Rule { id: "daus", ..COUNTS },
    Rule {
        id: "active-users",
        ..COUNTS
    },
    Rule {
        id: "activity",
        people: &["active_users"],
        computed: &["seconds"],
        ..COUNTS
    },
    Rule {
        id: "actions",
        people: &["any", "ide", "login", "app", "tunnel", "web-terminal"],
        computed: &[],
        ..COUNTS
    },
    Rule {
        id: "weekdays",
        people: &["active_users"],
        computed: &["usual"],
        ..COUNTS
    },
    // Staying and lapsed make up everybody of the period before, the others everybody of this one, and both are told.
    Rule {
        id: "lifecycle",
        people: &["active_users", "staying", "returning", "new", "lapsed"],
        computed: &[],
        parts: Parts::Together,
        ..COUNTS
    },
    // Hides by itself.
    Rule {
        id: "retention",
        people: &[],
        computed: &[],
        ..COUNTS
    },
    // Where nobody uses two templates, those who use one are those who use none of the others.
    Rule {
        id: "templates",
        people: &["active_users"],
        computed: &["share", "seconds"],
        parts: Parts::Rows,
        ..COUNTS
    },
    Rule {
        id: "template-trends",
        people: &["active_users"],
        computed: &[],
        parts: Parts::Columns,
        ..COUNTS
    },
    // The server does not tell how many people use an app.
    Rule {
        id: "apps",
        people: &[],
        computed: &[],
        is_of_range: true,
        ..COUNTS
    },
    Rule {
        id: "across",
        people: &["people"],
        computed: &[],
        has_means: false,
        ..COUNTS
    },
    Rule {
        id: "reclaim",
        people: &["people"],
        computed: &[],
        has_means: false,
        ..COUNTS
    },
    Rule {
        id: "ai-usage",
        people: &["people"],
        computed: &[],
        has_means: false,
        ..COUNTS
    },
    Rule {
        id: "members",
        people: &["people"],
        computed: &[],
        has_means: false,
        ..COUNTS
    },
    // A workspace has one owner, and what is typed into a parameter may name somebody.
    Rule {
        id: "parameters",
        people: &["workspaces"],
        computed: &[],
        leaves_out: true,
        is_of_range: true,
        ..COUNTS
    },
];

/// Whether a panel shows nothing at all, and need not ask.
pub fn is_closed(scope: &Scope, id: &str) -> bool {
    !scope.names.are_shown() && !RULES.iter().any(|rule| rule.id == id)
}

/// Hides what stands for too few people.
pub fn hide(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    if !scope.names.are_shown() {
        hide_few(scope, answers, panel);
    }
}

#[inline(never)]
fn hide_few(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    if is_closed(scope, panel.id) {
        panel.clear();
        panel.stops_unless(false);
        return;
    }
    let Some(rule) = RULES.iter().find(|rule| rule.id == panel.id) else {
        return;
    };
    if rule.is_of_range && is_range_of_few(scope, answers, panel) {
        let why = format!("Fewer than {} people were active in the range.", few(scope));
        panel.clear();
        panel.stop(State::Forbidden, words::HIDDEN, why, Help::None);
        return;
    }
    let count = if rule.leaves_out {
        leave_out(scope, rule, panel)
    } else {
        blank(scope, rule, panel)
    };
    if count == 0 {
        return;
    }
    panel.headline = None;
    panel.changes.clear();
    if let Some(chart) = &mut panel.chart {
        if rule.has_means {
            chart.references.clear();
        }
        panel.summary = summary(chart, panel.title);
    }
    let (rows, have) = if count == 1 { ("row", "has") } else { ("rows", "have") };
    let (count, few) = (format::count(&scope.locale, count as u64), few(scope));
    let note = format!("{count} {rows} {have} figures of fewer than {few} people, which are hidden");
    panel.notes.push(note);
}

/// Whether a number of people may be shown: neither they are too few, nor those who are left of any of the larger groups
/// that they belong to.
pub fn is_enough(scope: &Scope, people: usize, among: &[usize]) -> bool {
    let is_few = |people: usize| scope.privacy.hides(people as u64);
    !is_few(people) && !among.iter().any(|all| is_few(all.saturating_sub(people)))
}

/// Which parts of a whole may be shown where the whole is known: so many are hidden that those hidden together are not
/// too few either. Nobody is in two parts.
pub fn parts(scope: &Scope, parts: &[usize]) -> Vec<bool> {
    let is_few = |people: usize| scope.privacy.hides(people as u64);
    let mut is_shown: Vec<bool> = parts.iter().map(|people| !is_few(*people)).collect();
    loop {
        let hidden = parts.iter().zip(&is_shown).filter(|(_, is_shown)| !**is_shown);
        if !is_few(hidden.map(|(people, _)| people).sum()) {
            return is_shown;
        }
        let shown = parts.iter().zip(&mut is_shown);
        let next = shown.filter(|(people, is_shown)| **is_shown && **people > 0);
        match next.min_by_key(|(people, _)| **people) {
            Some((_, is_shown)) => *is_shown = false,
            None => return is_shown,
        }
    }
}

/// Which figures of cohorts may be shown: how many of each are there in its own period and in those after it. Those of
/// all cohorts in one period make up everybody of it, which is told elsewhere, and so do those who are not there: what is
/// hidden together must not be too few either.
pub fn cohorts(scope: &Scope, cohorts: &[Vec<u64>]) -> Vec<Vec<bool>> {
    let size = |cohort: &[u64]| cohort.first().map_or(0, |size| *size as usize);
    let mut is_shown: Vec<Vec<bool>> = cohorts
        .iter()
        .map(|cohort| {
            let is_enough = |count: &u64| is_enough(scope, *count as usize, &[size(cohort)]);
            // Without its size nothing of a cohort is told.
            let is_told = is_enough(&(size(cohort) as u64));
            cohort.iter().map(|count| is_told && is_enough(count)).collect()
        })
        .collect();
    for period in 0..cohorts.len() {
        let in_period = || {
            cohorts
                .iter()
                .take(period + 1)
                .enumerate()
                .map(|(place, cohort)| (place, period - place, cohort))
        };
        let (mut there, mut away) = (0, 0);
        for (place, age, cohort) in in_period() {
            let is_hidden = is_shown.get(place).and_then(|row| row.get(age)) == Some(&false);
            let count = cohort.get(age).copied().unwrap_or(0) as usize;
            if is_hidden {
                there += count;
                away += size(cohort).saturating_sub(count);
            }
        }
        let is_few = |people: usize| scope.privacy.hides(people as u64);
        if is_few(there) || is_few(away) {
            for (place, age, _) in in_period() {
                let cell = is_shown.get_mut(place).and_then(|row| row.get_mut(age));
                cell.into_iter().for_each(|cell| *cell = false);
            }
        }
    }
    // What is told of a cohort tells its size.
    for cohort in is_shown.iter_mut().filter(|cohort| cohort.first() == Some(&false)) {
        cohort.fill(false);
    }
    is_shown
}

/// Which of these groups may be shown. Those by the same thing, which follow each other, make up a whole that is told.
pub fn of_groups(scope: &Scope, groups: &[Group]) -> Vec<bool> {
    let wholes = groups.chunk_by(|a, b| a.by == b.by);
    let people = |whole: &[Group]| whole.iter().map(|group| group.people).collect::<Vec<_>>();
    wholes.flat_map(|whole| parts(scope, &people(whole))).collect()
}

/// Whether so many people are too few to say anything of them: the panel is closed then.
pub fn closes(scope: &Scope, panel: &mut PanelModel, people: usize, who: &str) -> bool {
    let is_few = scope.privacy.hides(people as u64);
    if is_few {
        panel.clear();
        let why = format!("There are fewer than {} {who}.", few(scope));
        panel.stop(State::Forbidden, words::HIDDEN, why, Help::None);
    }
    is_few
}

/// Leaves a panel whose table would list people with the figures of the groups alone, and of these with those that may
/// be shown.
pub fn only_groups(panel: &mut PanelModel, is_shown: &[bool]) {
    panel.table = std::mem::take(&mut panel.groups);
    panel.table.caption = panel.title.into();
    let place = panel.table.columns.iter().position(|column| column.id == "people");
    for (row, _) in is_shown.iter().enumerate().filter(|(_, is_shown)| !**is_shown) {
        let cells = panel.table.rows.get_mut(row);
        if let Some(cell) = cells.zip(place).and_then(|(cells, place)| cells.get_mut(place)) {
            *cell = Cell::Missing("hidden: it would tell of too few people".into());
        }
        for series in panel.chart.iter_mut().flat_map(|chart| &mut chart.series) {
            series.values.set(row, None);
        }
    }
    panel
        .notes
        .push("Single people are not listed: config.json asks for groups only".into());
    if is_shown.contains(&false) {
        panel
            .notes
            .push("Figures that tell of too few people, or would let them be computed, are hidden".into());
    }
    if let Some(chart) = &panel.chart {
        panel.summary = summary(chart, panel.title);
    }
}

/// The least number of people that a figure may stand for, in words.
fn few(scope: &Scope) -> String {
    format::count(&scope.locale, u64::from(scope.privacy.min_group))
}

fn is_range_of_few(scope: &Scope, answers: &Answers, panel: &PanelModel) -> bool {
    let reports = panel
        .requests
        .iter()
        .filter_map(|request| answers.insights(request).ok());
    reports
        .filter_map(|insights| insights.report.as_ref())
        .any(|report| scope.privacy.hides(report.active_users))
}

fn is_hidden(scope: &Scope, cell: &Cell) -> bool {
    matches!(cell, Cell::Number { value, .. } if scope.privacy.hides(*value as u64))
}

/// Leaves whole rows out.
fn leave_out(scope: &Scope, rule: &Rule, panel: &mut PanelModel) -> usize {
    let places = places(rule.people, panel);
    let before = panel.table.rows.len();
    let is_of_few = |row: &Vec<Cell>| {
        places
            .iter()
            .any(|place| row.get(*place).is_some_and(|cell| is_hidden(scope, cell)))
    };
    panel.table.rows.retain(|row| !is_of_few(row));
    before - panel.table.rows.len()
}

/// Blanks figures, in the table and in the picture. Counts the rows with figures of too few people.
fn blank(scope: &Scope, rule: &Rule, panel: &mut PanelModel) -> usize {
    let (people, computed) = (places(rule.people, panel), places(rule.computed, panel));
    let few = few(scope);
    let mut count = 0;
    for (index, is_shown) in shown(scope, rule, &people, panel).into_iter().enumerate() {
        let Some(row) = panel.table.rows.get_mut(index) else {
            continue;
        };
        let has_few = people
            .iter()
            .any(|place| row.get(*place).is_some_and(|cell| is_hidden(scope, cell)));
        count += usize::from(has_few);
        for (place, _) in people.iter().zip(&is_shown).filter(|(_, is_shown)| !**is_shown) {
            let Some(cell) = row.get_mut(*place) else { continue };
            *cell = Cell::Missing(if is_hidden(scope, cell) {
                format!("hidden: fewer than {few} people")
            } else {
                "hidden: it would tell a hidden figure".into()
            });
            let title = panel.table.columns.get(*place).map(|column| column.title.as_str());
            let chart = panel.chart.iter_mut().flat_map(|chart| &mut chart.series);
            for series in chart.filter(|series| Some(series.name.as_str()) == title) {
                series.values.set(index, None);
            }
        }
        for place in computed.iter().filter(|_| is_shown.contains(&false)) {
            if let Some(cell) = row.get_mut(*place) {
                *cell = Cell::Missing("hidden: it would tell a hidden figure of this row".into());
            }
        }
    }
    count
}

/// Of each row, which of its figures of people may be shown.
fn shown(scope: &Scope, rule: &Rule, people: &[usize], panel: &PanelModel) -> Vec<Vec<bool>> {
    let rows = &panel.table.rows;
    let figure = |row: &Vec<Cell>, place: usize| match row.get(place) {
        Some(Cell::Number { value, .. }) => *value as usize,
        _ => 0,
    };
    let of_row = |row: &Vec<Cell>| -> Vec<usize> { people.iter().map(|place| figure(row, *place)).collect() };
    match rule.parts {
        Parts::None => {
            let is_shown = |row| {
                of_row(row)
                    .into_iter()
                    .map(|people| is_enough(scope, people, &[]))
                    .collect()
            };
            rows.iter().map(is_shown).collect()
        }
        Parts::Together => {
            let is_shown = |row| {
                let people = of_row(row);
                let is_shown = people.iter().all(|people| is_enough(scope, *people, &[]));
                vec![is_shown; people.len()]
            };
            rows.iter().map(is_shown).collect()
        }
        Parts::Columns => rows.iter().map(|row| parts(scope, &of_row(row))).collect(),
        Parts::Rows => {
            let mut is_shown = vec![Vec::with_capacity(people.len()); rows.len()];
            for place in people {
                let figures: Vec<usize> = rows.iter().map(|row| figure(row, *place)).collect();
                let column = parts(scope, &figures);
                is_shown.iter_mut().zip(column).for_each(|(row, cell)| row.push(cell));
            }
            is_shown
        }
    }
}

fn places(ids: &[&str], panel: &PanelModel) -> Vec<usize> {
    let columns = panel.table.columns.iter().enumerate();
    let is_named = columns.filter(|(_, column)| ids.contains(&column.id));
    is_named.map(|(place, _)| place).collect()
}
