//! App & IDE usage: time in each app and editor, and how often it was opened where the server knows.

use super::Report;
use crate::answers::Answers;
use crate::chart::{Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::data::AppUsage;
use crate::format;
use crate::measure;
use crate::order;
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::words::{self, Help, action_note};

/// The panel.
pub const REPORT: Report = Report {
    id: "apps",
    title: "App & IDE usage",
    view: View::Templates,
    kinds: &[SourceKind::Coder],
    requests,
    further: super::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    scope
        .range
        .and_then(|range| measure::report_request(scope, range))
        .into_iter()
        .collect()
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Time of all people in each app. An hour in two apps counts in both, so the rows may add up to more than the time worked".into();
    let Some(report) = super::insights_report(scope, answers, panel) else {
        return;
    };
    panel.notes.extend(action_note(scope));
    let mut ranked: Vec<&AppUsage> = report.apps.iter().collect();
    order::sort_by(&mut ranked, |a, b| b.seconds.cmp(&a.seconds));
    let total = ranked.iter().fold(0_u64, |sum, app| sum.saturating_add(app.seconds));
    if total == 0 {
        panel.stop(State::Empty, "No time in any app", words::ZERO_USE, Help::None);
    }
    if ranked
        .iter()
        .any(|app| app.kind == "builtin" && app.times_used.is_none())
    {
        panel
            .notes
            .push("Times opened: the server counts them for apps of templates only".into());
    }
    panel.headline = (total > 0).then(|| format!("{} in all rows", format::duration(&scope.locale, total as f64)));
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("app", "App"),
            Column::text("kind", "Kind"),
            Column::number("seconds", "Time"),
            Column::number("share", "Share of all rows"),
            Column::number("times_opened", "Times opened"),
        ],
        rows: ranked.iter().map(|app| row(scope, app, total)).collect(),
    };
    if total > 0 {
        let shown: Vec<&AppUsage> = ranked
            .iter()
            .copied()
            .filter(|app| app.seconds > 0)
            .take(super::RANKED)
            .collect();
        let rows = shown
            .iter()
            .map(|app| Row {
                name: name(app),
                role: Role::Active,
            })
            .collect();
        let seconds = shown.iter().map(|app| Some(app.seconds as f64)).collect();
        super::ranking(
            scope,
            panel,
            Kind::Ranked(rows),
            vec![("Time", Role::Active, seconds)],
            Unit::Seconds,
            ranked.len(),
        );
    }
}

fn row(scope: &Scope, app: &AppUsage, total: u64) -> Vec<Cell> {
    let time = format::duration(&scope.locale, app.seconds as f64);
    let share = app.seconds as f64 / total.max(1) as f64;
    let share = if total == 0 {
        Cell::Missing("no time in any row".into())
    } else {
        Cell::Number {
            value: share,
            shown: format::percent(&scope.locale, share),
        }
    };
    vec![
        Cell::Text(name(app)),
        Cell::Text(if app.kind == "builtin" {
            "built in".into()
        } else {
            app.kind.clone()
        }),
        Cell::Number {
            value: app.seconds as f64,
            shown: if app.is_upper_bound {
                format!("up to {time}")
            } else {
                time
            },
        },
        share,
        app.times_used.map_or_else(
            || Cell::Missing("not counted by the server".into()),
            |times| Cell::Number {
                value: times as f64,
                shown: format::count(&scope.locale, times),
            },
        ),
    ]
}

/// The name with the slug where that says more; the accounting rows of newer servers in words.
fn name(app: &AppUsage) -> String {
    match app.slug.as_str() {
        "unknown" if app.kind == "builtin" => "Unknown apps: sessions the server could not name".into(),
        "overflow" if app.kind == "builtin" => "Further apps, folded into one row by the server".into(),
        slug if app.name.is_empty() => slug.into(),
        _ => app.name.clone(),
    }
}
