//! Active users by template: small charts with the same axes, one for each of the templates with the most people.
//!
//! The server has no answer with a series for each template: each is asked for on its own.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{ChartModel, Kind, Role, Series};
use crate::config::SourceKind;
use crate::format;
use crate::measure::{self, Counts};
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::titles::Titles;
use crate::words::{self, Help, action_note};

/// The panel.
pub const REPORT: Report = Report {
    id: "template-trends",
    title: "Active users by template",
    view: View::Templates,
    kinds: &[SourceKind::Coder],
    requests,
    further,
    build,
};

/// So many templates are drawn.
const DRAWN: usize = 8;

/// People who used a template, interval by interval.
struct Trend {
    id: String,
    name: String,
    counts: Counts,
}

fn requests(scope: &Scope) -> Vec<Request> {
    super::slice_request(scope, coder::activity)
}

fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    let Some(range) = scope.range else { return Vec::new() };
    let used = super::used_templates(scope, answers);
    let of = |(id, _): &(&str, u64)| measure::counts_requests(&super::of_template(scope, id), range, scope.interval);
    used.iter().take(DRAWN).flat_map(of).collect()
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "People who used a workspace of the template, each counted once per interval and template".into();
    if panel.stops_before_asking(scope, answers) {
        return;
    }
    let (Some(range), Some(request)) = (scope.range, panel.requests.first()) else {
        return;
    };
    match answers.activity(request) {
        Found::Waiting => return,
        Found::Failed(error) => return panel.fail(error),
        Found::Here(activity) if activity.template_ids.is_empty() => {
            return panel.stop(State::Empty, "Nobody was active", words::ZERO_USE, Help::None);
        }
        Found::Here(_) => {}
    }
    let axes = super::axes(scope, panel);
    let used = super::used_templates(scope, answers);
    let titles = Titles::templates(scope, answers);
    let trends: Vec<Trend> = used
        .iter()
        .take(DRAWN)
        .map(|(id, _)| Trend {
            id: id.to_string(),
            name: titles.of(id),
            counts: measure::counts(&super::of_template(scope, id), answers, range, scope.interval),
        })
        .collect();
    let waiting = trends.iter().filter(|trend| trend.counts.is_waiting).count();
    if waiting > 0 {
        return;
    }
    panel.day_rule = format!("days of {}", scope.zone.name);
    panel.notes.extend(action_note(scope));
    panel
        .notes
        .extend(titles.note(trends.iter().map(|trend| trend.id.as_str())));
    if used.len() > DRAWN {
        panel.notes.push(format!(
            "The {DRAWN} templates with the most people, of {}",
            format::count(&scope.locale, used.len() as u64)
        ));
    }
    // Where the server answered for other intervals, the series of two templates need not stand below each other.
    if trends.iter().any(|trend| trend.counts.is_foreign) {
        let why = "The server answered for other intervals than those asked for, and not the same for each template.";
        return panel.stop(State::Partial, "These figures do not line up", why, Help::Retry);
    }
    let error = trends.iter().find_map(|trend| trend.counts.error());
    let figures = || trends.iter().flat_map(|trend| &trend.counts.buckets);
    if figures().all(|count| count.people.is_none()) {
        return super::fail_without_figures(panel, error);
    }
    let missing: usize = trends.iter().map(|trend| trend.counts.missing()).sum();
    panel.state = if missing > 0 { State::Partial } else { State::Ready };
    if missing > 0 {
        panel
            .notes
            .push(format!("{missing} of {} figures have no answer", figures().count()));
    }
    panel.message = error.map(words::message);
    panel.table = table(scope, &trends);
    let Some(first) = trends.first() else { return };
    panel.draw(ChartModel {
        buckets: first.counts.drawn(),
        series: trends
            .iter()
            .map(|trend| Series {
                name: trend.name.clone(),
                role: Role::Active,
                values: trend.counts.values(),
            })
            .collect(),
        ..ChartModel::new(Kind::Multiples(axes), scope.interval, &scope.locale)
    });
}

/// A row an interval, a column a template.
fn table(scope: &Scope, trends: &[Trend]) -> Table {
    let mut columns = vec![Column::text("interval", scope.interval.label())];
    let column = |trend: &Trend| Column::number("active_users", trend.name.as_str()).about(trend.id.as_str());
    columns.extend(trends.iter().map(column));
    columns.push(Column::text("note", "Note"));
    let buckets = trends.first().map_or(&[][..], |trend| &trend.counts.buckets);
    let row = |(place, bucket): (usize, &measure::Count)| {
        let mut row = vec![Cell::Day {
            day: bucket.days.first,
            shown: format::span(&scope.locale, bucket.days),
        }];
        row.extend(trends.iter().map(|trend| {
            trend.counts.buckets.get(place).map_or_else(
                || Cell::Missing("no answer".into()),
                |count| super::people_cell(scope, count),
            )
        }));
        row.push(Cell::Text(bucket.remark(&scope.locale, false)));
        row
    };
    Table {
        caption: REPORT.title.into(),
        columns,
        rows: buckets.iter().enumerate().map(row).collect(),
    }
}
