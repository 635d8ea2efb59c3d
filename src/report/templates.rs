//! Templates: a ranking by people who used them and by time, each template counted by the server on its own.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::format;
use crate::panel::{Drill, PanelModel};
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::titles::Titles;
use crate::words::{self, Help, action_note};

/// The panel.
pub const REPORT: Report = Report {
    id: "templates",
    title: "Templates",
    view: View::Templates,
    kinds: &[SourceKind::Coder],
    requests,
    further,
    build,
};

/// The time of so many templates is asked for, those with the most people first: one request each.
const TIMED: usize = 12;

fn requests(scope: &Scope) -> Vec<Request> {
    super::slice_request(scope, coder::activity)
}

/// The time in one template: activity of its people in it alone.
fn timed(scope: &Scope, template: &str) -> Option<Request> {
    let narrowed = super::of_template(scope, template);
    super::slice_request(&narrowed, coder::activity).pop()
}

fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    let used = super::used_templates(scope, answers);
    used.iter().take(TIMED).filter_map(|(id, _)| timed(scope, id)).collect()
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "People who used a workspace of the template in the range, and their time in it".into();
    if panel.stops_before_asking(scope, answers) {
        return;
    }
    let (Some(range), Some(request)) = (scope.range, panel.requests.first()) else {
        return;
    };
    let activity = match answers.activity(request) {
        Found::Waiting => return,
        Found::Failed(error) => return panel.fail(error),
        Found::Here(activity) => activity,
    };
    panel.state = State::Ready;
    panel.says_days(scope, range, activity.span);
    panel.notes.extend(action_note(scope));
    if activity.users.is_empty() {
        return panel.stop(State::Empty, "Nobody was active", words::ZERO_USE, Help::None);
    }
    let ranked = super::used_templates(scope, answers);
    let all = activity.users.len() as u64;
    let titles = Titles::templates(scope, answers);
    panel.notes.extend(titles.note(ranked.iter().map(|(id, _)| *id)));
    let row = |(id, people): &(&str, u64)| {
        let share = *people as f64 / all as f64;
        let count = |value: u64| Cell::Number {
            value: value as f64,
            shown: format::count(&scope.locale, value),
        };
        vec![
            Cell::Text(titles.of(id)),
            count(*people),
            Cell::Number {
                value: share,
                shown: format::percent(&scope.locale, share),
            },
            time(scope, answers, panel, id),
        ]
    };
    let rows: Vec<Vec<Cell>> = ranked.iter().map(row).collect();
    let templates = if ranked.len() == 1 { "template" } else { "templates" };
    let people = if all == 1 { "person" } else { "people" };
    panel.headline = Some(format!(
        "{} {templates} used by {} {people}",
        format::count(&scope.locale, ranked.len() as u64),
        format::count(&scope.locale, all)
    ));
    if ranked.len() > 1 {
        panel
            .notes
            .push("Who used two templates counts in both, so the rows may add up to more than all people".into());
    }
    if ranked.len() > TIMED {
        panel
            .notes
            .push(format!("Time: asked for the {TIMED} templates with the most people"));
    }
    let drawn = || ranked.iter().take(super::RANKED);
    let names = drawn()
        .map(|(id, _)| Row {
            name: titles.of(id),
            role: Role::Active,
        })
        .collect();
    panel.drill = drawn().map(|(id, _)| Drill::Template(id.to_string())).collect();
    let people = drawn().map(|(_, people)| Some(*people as f64)).collect();
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("template", "Template"),
            Column::number("active_users", "Active users"),
            Column::number("share", "Share of active users"),
            Column::number("seconds", "Time"),
        ],
        rows,
    };
    super::ranking(
        scope,
        panel,
        Kind::Ranked(names),
        vec![("Active users", Role::Active, people)],
        Unit::Count,
        ranked.len(),
    );
}

/// The time of all people in one template.
fn time(scope: &Scope, answers: &Answers, panel: &PanelModel, id: &str) -> Cell {
    let request = timed(scope, id).filter(|request| panel.requests.contains(request));
    let missing = |why: &str| Cell::Missing(why.into());
    let Some(request) = request else {
        return missing("not asked for");
    };
    match answers.activity(&request) {
        Found::Waiting => missing("on its way"),
        Found::Failed(_) => missing("no answer"),
        Found::Here(activity) => {
            let seconds = activity.users.iter().map(|person| person.seconds);
            let seconds = seconds.fold(0_u64, u64::saturating_add);
            Cell::Number {
                value: seconds as f64,
                shown: format::duration(&scope.locale, seconds as f64),
            }
        }
    }
}
