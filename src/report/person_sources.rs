//! One person in all sources: which accounts are theirs, since when they rest, seats and credits.

use super::Report;
use crate::accounts;
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::crowd;
use crate::panel::PanelModel;
use crate::people::Person;
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::words::Help;

/// The panel.
pub const REPORT: Report = Report {
    id: "person-sources",
    title: "In all sources",
    view: View::Person,
    kinds: accounts::KINDS,
    requests,
    further,
    build,
};

fn is_asked(scope: &Scope) -> bool {
    scope.names.are_shown() && scope.person.is_some()
}

fn requests(scope: &Scope) -> Vec<Request> {
    if is_asked(scope) {
        crowd::requests(scope)
    } else {
        Vec::new()
    }
}

fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    if is_asked(scope) {
        crowd::further(scope, answers)
    } else {
        Vec::new()
    }
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "The accounts of this person, joined as in the list of everybody across sources".into();
    if panel.stops_unless(scope.names.are_shown()) {
        return;
    }
    let Some(crowd) = crowd::read(scope, answers, panel) else {
        return;
    };
    let link = scope.person.as_deref().unwrap_or_default();
    let is_it = |person: &Person| {
        let account = crowd.account(person, SourceKind::Coder);
        account.is_some_and(|account| scope.names.is_link_to(link, &account.id))
    };
    let Some((place, person)) = crowd.people().iter().enumerate().find(|(_, person)| is_it(person)) else {
        let why = "No account that Coder tells of is the one that the address names.";
        return panel.stop(State::Empty, "Not on the roster", why, Help::None);
    };
    let (own, all) = (person.accounts.len(), crowd.told().len());
    panel.headline = Some(format!("In {own} of {all} sources"));
    let list = crowd.sheet(scope, vec![place], false);
    // Who it is stands above already.
    let columns = list.rows().columns().iter().enumerate().skip(1);
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![Column::text("fact", "Fact"), Column::text("value", "Value")],
        rows: columns
            .map(|(place, column)| vec![Cell::Text(column.title.clone()), list.rows().cell(0, place)])
            .collect(),
    };
}
