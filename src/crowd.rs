//! Everybody whom a source knows, as people: what each source tells of them, who is idle everywhere, who holds a seat.

use crate::accounts::{self, Accounts, Told};
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::format;
use crate::order;
use crate::panel::PanelModel;
use crate::people::{self, Account, Counts, Joined, Last, Level, Person};
use crate::remote::State;
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::words::{self, Help, Message};
use chrono::{DateTime, Utc};

/// People with their accounts.
pub struct Crowd {
    accounts: Vec<Account>,
    joined: Joined,
    told: Vec<Told>,
    /// Of each person, in their order.
    names: Vec<String>,
    /// Whether mail addresses may be shown.
    has_mail: bool,
}

impl Crowd {
    /// Joins what the sources told.
    pub fn new(scope: &Scope, accounts: Accounts) -> Crowd {
        let Accounts { accounts, told } = accounts;
        let joined = people::join(&accounts, &scope.people);
        let names = {
            let known = joined.people.iter().map(|person| identity(person, &accounts));
            scope.names.of(known)
        };
        Crowd {
            accounts,
            joined,
            told,
            names,
            has_mail: scope.names.are_own(),
        }
    }

    /// Everybody.
    pub fn people(&self) -> &[Person] {
        &self.joined.people
    }

    /// What each source told.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// How the accounts of a source fared.
    pub fn counts(&self, kind: SourceKind) -> Counts {
        let found = self.joined.counts.iter().find(|(known, _)| *known == kind);
        found.map_or_else(Counts::default, |(_, counts)| *counts)
    }

    /// The accounts of a person.
    pub fn accounts(&self, person: &Person) -> impl Iterator<Item = &Account> {
        person.accounts.iter().filter_map(|place| self.accounts.get(*place))
    }

    /// The account of a person in a source.
    pub fn account(&self, person: &Person, kind: SourceKind) -> Option<&Account> {
        self.accounts(person).find(|account| account.kind == kind)
    }

    /// Whether a person is known not to be in a source: all its accounts are here, and none may be theirs.
    pub fn is_absent(&self, person: &Person, kind: SourceKind) -> bool {
        let is_whole = self.told.iter().any(|told| told.kind == kind && told.is_whole());
        is_whole && !person.is_ambiguous && self.account(person, kind).is_none()
    }

    /// Whether a source that the person has an account in calls it closed.
    pub fn is_closed(&self, person: &Person, kind: SourceKind) -> bool {
        self.account(person, kind).is_some_and(|account| !account.is_active)
    }

    /// Whether a person holds a seat in a source.
    pub fn has_seat(&self, person: &Person, kind: SourceKind) -> bool {
        self.account(person, kind)
            .is_some_and(|account| account.has_seat == Some(true))
    }

    /// When a person was last seen in any of their accounts; unknown as soon as one of them does not tell.
    pub fn last(&self, person: &Person) -> Last {
        let mut last = Last::Never;
        for account in self.accounts(person) {
            match account.last {
                Last::Unknown => return Last::Unknown,
                other => last = last.max(other),
            }
        }
        last
    }

    /// Whether a person was last seen before an instant, or never, everywhere.
    pub fn is_idle(&self, person: &Person, before: DateTime<Utc>) -> bool {
        match self.last(person) {
            Last::Unknown => false,
            Last::Never => true,
            Last::At(at) => at < before,
        }
    }

    /// Whether the configuration keeps a person out of the worksheet: on leave, or no person at all.
    pub fn is_excluded(&self, scope: &Scope, person: &Person) -> bool {
        let excluded = &scope.people.excluded;
        let is_one = |name: &String| !name.is_empty() && excluded.iter().any(|known| **known == *people::fold(name));
        !excluded.is_empty()
            && self
                .accounts(person)
                .any(|one| [&one.id, &one.mail, &one.username].into_iter().any(is_one))
    }

    /// A table of some people, given by their places: by the longest idle, or by name.
    pub fn table(&self, scope: &Scope, mut places: Vec<usize>, is_by_idle: bool) -> Table {
        let last = |place: usize| {
            self.people()
                .get(place)
                .map_or(Last::Unknown, |person| self.last(person))
        };
        let name = |place: usize| self.names.get(place).map_or("", String::as_str);
        order::sort_by(&mut places, |a, b| {
            let by_idle = if is_by_idle {
                rank(last(*a)).cmp(&rank(last(*b)))
            } else {
                std::cmp::Ordering::Equal
            };
            by_idle.then_with(|| name(*a).cmp(name(*b)))
        });
        let mut table = Table {
            columns: self.columns(),
            ..Table::default()
        };
        let row = |place: &usize| {
            let person = self.people().get(*place)?;
            let cells = table
                .columns
                .iter()
                .map(|column| self.cell(scope, person, name(*place), column.id));
            Some(cells.collect())
        };
        table.rows = places.iter().filter_map(row).collect();
        table
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::text("person", "Person")];
        if self.has_mail {
            columns.push(Column::text("email", "E-mail"));
        }
        columns.push(Column::text("seats", "Seats held"));
        columns.push(Column::number("idle_days", "Idle days, everywhere"));
        for told in &self.told {
            let label = label(told.kind);
            let [status, last] = ids(told.kind);
            columns.push(Column::text(status, label));
            columns.push(Column::text(last, format!("{label}, last used")));
        }
        if self.told.iter().any(|told| told.kind == SourceKind::Windsurf) {
            columns.push(Column::number("credits", "Credits in the cycle"));
        }
        columns.push(Column::text("matched_by", "Matched by"));
        columns
    }

    fn cell(&self, scope: &Scope, person: &Person, name: &str, id: &str) -> Cell {
        if let Some(told) = self.told.iter().find(|told| ids(told.kind).contains(&id)) {
            let [status, _] = ids(told.kind);
            return match self.account(person, told.kind) {
                None => Cell::Missing(self.why_absent(person, told)),
                Some(account) if id == status => text_or(&account.status, "no status"),
                Some(account) => last_cell(scope, account.last),
            };
        }
        match id {
            "person" => Cell::Text(name.into()),
            "email" => {
                let mail = self
                    .accounts(person)
                    .map(|account| account.mail.as_str())
                    .find(|mail| !mail.is_empty());
                text_or(mail.unwrap_or_default(), "no address")
            }
            "seats" => {
                let kinds = self.told.iter().map(|told| told.kind);
                let held: Vec<&str> = kinds.filter(|kind| self.has_seat(person, *kind)).map(label).collect();
                text_or(&held.join(", "), "no seat")
            }
            "idle_days" => match self.last(person) {
                Last::Unknown => Cell::Missing("not told".into()),
                Last::Never => Cell::Missing("never used".into()),
                Last::At(at) => {
                    let days = (scope.today - scope.zone.day_of(at)).num_days().max(0);
                    number(days as f64, format::count(&scope.locale, days.unsigned_abs()))
                }
            },
            "credits" => match self.account(person, SourceKind::Windsurf) {
                Some(Account {
                    credits: Some(credits), ..
                }) => number(*credits, format::decimal(&scope.locale, *credits, 2)),
                Some(_) => Cell::Missing("not told".into()),
                None => Cell::Missing("no account in the AI assistant".into()),
            },
            _ if person.is_ambiguous => Cell::Text("not told apart".into()),
            _ => match person.by {
                None => Cell::Missing("in one source only".into()),
                Some(level) => Cell::Text(level_words(level).into()),
            },
        }
    }

    fn why_absent(&self, person: &Person, told: &Told) -> String {
        let label = label(told.kind);
        if !told.is_whole() {
            format!("not among what {label} told")
        } else if person.is_ambiguous {
            "not told apart".into()
        } else {
            format!("not in {label}")
        }
    }
}

/// What panels about everybody ask. Nothing where only one source knows people.
pub fn requests(scope: &Scope) -> Vec<Request> {
    let is_asked = accounts::are_several(scope) && scope.names.are_shown();
    if is_asked {
        accounts::requests(scope)
    } else {
        Vec::new()
    }
}

/// What they ask beside that, as far as the answers tell.
pub fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    let is_asked = accounts::are_several(scope) && scope.names.are_shown();
    if is_asked {
        accounts::further(scope, answers)
    } else {
        Vec::new()
    }
}

/// Everybody whom the sources know. `None` where the panel has to stop or to wait: people are joined once all is there.
pub fn read(scope: &Scope, answers: &Answers, panel: &mut PanelModel) -> Option<Crowd> {
    if panel.stops_unless(scope.names.are_shown()) || panel.stops_early(scope) {
        return None;
    }
    if !accounts::are_several(scope) {
        let why = "People are looked at across sources once config.json has a second source that knows them: Windsurf, or the company's user-metrics.";
        panel.stop(State::Unsupported, "One source only", why, Help::None);
        return None;
    }
    let accounts = accounts::read(scope, answers);
    let waiting: Vec<String> = accounts
        .told
        .iter()
        .filter(|told| told.is_waiting)
        .map(|told| progress(scope, told))
        .collect();
    if !waiting.is_empty() {
        panel.message = Some(Message {
            title: "Loading people".into(),
            detail: waiting.join(", "),
            help: Help::None,
        });
        return None;
    }
    let error = accounts.told.iter().find_map(|told| told.error.as_ref());
    if accounts.told.iter().filter(|told| told.loaded > 0).count() < 2 {
        match error {
            Some(error) => panel.fail(error),
            None => {
                let why = "Fewer than two of the sources know anybody, so there is nothing to join.";
                panel.stop(State::Empty, "Nobody to join", why, Help::None);
            }
        }
        return None;
    }
    panel.state = State::Ready;
    for told in accounts.told.iter().filter(|told| !told.is_whole()) {
        panel.state = State::Partial;
        panel
            .notes
            .push(format!("Not everybody is here: {}", progress(scope, told)));
    }
    panel.message = error.map(words::message);
    let day = format::full_day(&scope.locale, scope.today);
    panel.footer.push(format!("as of {day}, whatever the range"));
    Some(Crowd::new(scope, accounts))
}

/// "Coder: 1,000 of 2,345 people".
fn progress(scope: &Scope, told: &Told) -> String {
    let count = |count: u64| format::count(&scope.locale, count);
    let all = told.count.map_or_else(String::new, |all| format!(" of {}", count(all)));
    format!("{}: {}{all} people", label(told.kind), count(told.loaded))
}

/// The name of a source of people.
pub fn label(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Windsurf => "AI assistant",
        SourceKind::UserMetrics => "Company",
        _ => "Coder",
    }
}

fn ids(kind: SourceKind) -> [&'static str; 2] {
    match kind {
        SourceKind::Windsurf => ["ai_status", "ai_last"],
        SourceKind::UserMetrics => ["company_status", "company_last"],
        _ => ["coder_status", "coder_last"],
    }
}

fn level_words(level: Level) -> &'static str {
    match level {
        Level::Alias => "alias",
        Level::Mail => "mail address",
        Level::Tag => "mail address without its tag",
        Level::Username => "user name",
    }
}

/// Who a person is: the id that pseudonyms are made of, and the name. In Coder the id, as in its other panels; elsewhere
/// the mail address, which is all that other panels know.
fn identity<'a>(person: &Person, accounts: &'a [Account]) -> (&'a str, &'a str) {
    let own = || person.accounts.iter().filter_map(|place| accounts.get(*place));
    let id = own()
        .find(|account| account.kind == SourceKind::Coder)
        .map(|account| account.id.as_str());
    let words =
        |pick: fn(&Account) -> &String| own().map(pick).map(String::as_str).find(|word| !word.trim().is_empty());
    let mail = words(|account| &account.mail);
    let id = id.or(mail).or_else(|| words(|account| &account.id)).unwrap_or_default();
    let name = words(|account| &account.name).or_else(|| words(|account| &account.username));
    (id, name.or(mail).unwrap_or(id))
}

fn last_cell(scope: &Scope, last: Last) -> Cell {
    match last {
        Last::Unknown => Cell::Missing("not told".into()),
        Last::Never => Cell::Text("never".into()),
        Last::At(at) => {
            let day = scope.zone.day_of(at);
            Cell::Day {
                day,
                shown: format::full_day(&scope.locale, day),
            }
        }
    }
}

/// Never comes before any day, and what is not told after all.
fn rank(last: Last) -> (bool, Last) {
    (last == Last::Unknown, last)
}

fn number(value: f64, shown: String) -> Cell {
    Cell::Number { value, shown }
}

fn text_or(words: &str, why: &str) -> Cell {
    if words.trim().is_empty() {
        Cell::Missing(why.into())
    } else {
        Cell::Text(words.into())
    }
}
