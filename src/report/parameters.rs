//! Parameters usage: how many workspaces chose which value of a template's rich parameters.

use super::Report;
use crate::answers::Answers;
use crate::config::{Auth, SourceConfig, SourceKind};
use crate::data::{ParameterOption, ParameterUsage};
use crate::format;
use crate::measure;
use crate::order;
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::words::Help;

/// The panel.
pub const REPORT: Report = Report {
    id: "parameters",
    title: "Parameters usage",
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
    panel.counted =
        "Workspaces whose latest build within the range used the value; a range without builds has none".into();
    let Some(report) = super::insights_report(scope, answers, panel) else {
        return;
    };
    let rows: Vec<Vec<Cell>> = report
        .parameters
        .iter()
        .flat_map(|parameter| rows(scope, parameter))
        .collect();
    if rows.is_empty() {
        return panel.stop(
            State::Empty,
            "No parameters",
            "No workspace with parameters was built in the range.",
            Help::None,
        );
    }
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("parameter", "Parameter"),
            Column::text("kind", "Type"),
            Column::text("value", "Value"),
            Column::number("workspaces", "Workspaces"),
        ],
        rows,
    };
}

fn rows(scope: &Scope, parameter: &ParameterUsage) -> Vec<Vec<Cell>> {
    let name = if parameter.display_name.is_empty() {
        &parameter.name
    } else {
        &parameter.display_name
    };
    let mut values: Vec<&(String, u64)> = parameter.values.iter().collect();
    order::sort_by(&mut values, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values
        .into_iter()
        .map(|(value, count)| {
            vec![
                Cell::Text(name.clone()),
                Cell::Text(parameter.kind.clone()),
                Cell::Value {
                    text: shown(parameter, value),
                    icon: option(parameter, value).map_or_else(String::new, |option| icon(scope, &option.icon)),
                    href: address(value),
                },
                Cell::Number {
                    value: *count as f64,
                    shown: format::count(&scope.locale, *count),
                },
            ]
        })
        .collect()
}

fn option<'a>(parameter: &'a ParameterUsage, value: &str) -> Option<&'a ParameterOption> {
    parameter.options.iter().find(|option| option.value == value)
}

/// Where the picture of an option is: among those that Coder itself has, and only where they are on the page's own origin.
/// Any other would tell a third party who is looking. With a token no cookie is to be sent, and pictures would bring theirs.
fn icon(scope: &Scope, path: &str) -> String {
    let is_shown =
        |source: &&SourceConfig| source.kind == SourceKind::Coder && matches!(source.auth, Auth::Cookie | Auth::Proxy);
    let source = scope.source.as_ref().filter(is_shown);
    let base = source.map_or("", |source| &source.base_url);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    match path.strip_prefix("/icon/") {
        Some(name) if base.starts_with('/') && name.chars().all(is_plain) => format!("{base}icon/{name}"),
        _ => String::new(),
    }
}

/// The address that a value is, if it can be opened without harm: encrypted, and of a host that stands there in plain.
fn address(value: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_graphic() && !"\"<>\\^`{|}".contains(letter);
    let host = value
        .strip_prefix("https://")
        .map(|rest| rest.split(['/', '?', '#']).next());
    match host.flatten() {
        Some(host) if !host.is_empty() && !host.contains('@') && value.chars().all(is_plain) => value.into(),
        _ => String::new(),
    }
}

/// A value as people know it: the name of its option, words for booleans, the items of a list, quotes around nothing.
fn shown(parameter: &ParameterUsage, value: &str) -> String {
    if let Some(option) = option(parameter, value) {
        return if option.name == value {
            value.into()
        } else {
            format!("{} ({value})", option.name)
        };
    }
    let text = match (parameter.kind.as_str(), value) {
        ("bool", "true") => "True".to_string(),
        ("bool", "false") => "False".to_string(),
        ("list(string)", _) => {
            serde_json::from_str::<Vec<String>>(value).map_or_else(|_| value.to_string(), |items| items.join(", "))
        }
        _ => value.to_string(),
    };
    let text = if text.is_empty() {
        "“” (empty)".to_string()
    } else {
        text
    };
    // An option may have been removed from the template after somebody chose it.
    if parameter.options.is_empty() {
        text
    } else {
        format!("{text} (no longer an option)")
    }
}
