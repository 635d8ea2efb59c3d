//! Everybody whom a source knows, as people: what each source tells of them, who is idle everywhere, who holds a seat.

use crate::accounts::{self, Accounts, Told};
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::format;
use crate::order;
use crate::panel::PanelModel;
use crate::people::{self, Account, Counts, Everybody, Last, Level, Person, label_of};
use crate::period::add_days;
use crate::remote::State;
use crate::rows::{self, Choices, Key, List, Rows};
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column};
use crate::words::{self, Help, Message};
use std::borrow::Cow;
use std::sync::Arc;

/// After so many days without use somebody may be called idle.
pub const IDLE_DAYS: [i64; 3] = [30, 60, 90];

/// People with their accounts.
pub struct Crowd {
    /// Who is who.
    pub everybody: Arc<Everybody>,
    told: Vec<Told>,
    /// Of each person, in their order.
    names: Vec<String>,
    /// What stands for each person in an address; empty for who has no page.
    links: Vec<String>,
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
        let link = |person: &Person| {
            let mut own = person.accounts.iter().filter_map(|place| accounts.get(*place));
            let account = own.find(|account| account.kind == SourceKind::Coder);
            account.map_or_else(String::new, |account| scope.names.link(&account.id))
        };
        Crowd {
            links: joined.people.iter().map(link).collect(),
            everybody: Arc::new(Everybody { accounts, joined }),
            told,
            names,
            has_mail: scope.names.are_own(),
        }
    }

    /// Everybody.
    pub fn people(&self) -> &[Person] {
        &self.everybody.joined.people
    }

    /// What each source told.
    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// How the accounts of a source fared.
    pub fn counts(&self, kind: SourceKind) -> Counts {
        let found = self.everybody.joined.counts.iter().find(|(known, _)| *known == kind);
        found.map_or_else(Counts::default, |(_, counts)| *counts)
    }

    /// The accounts of a person.
    pub fn accounts(&self, person: &Person) -> impl Iterator<Item = &Account> {
        person
            .accounts
            .iter()
            .filter_map(|place| self.everybody.accounts.get(*place))
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

    /// Whether a person holds a seat anywhere.
    pub fn is_holder(&self, person: &Person) -> bool {
        self.accounts(person).any(|account| account.has_seat == Some(true))
    }

    /// Tells of a person whether nobody has seen them for so many days or more, everywhere, as far as it can be told who
    /// they are.
    pub fn idle(&self, scope: &Scope, days: i64) -> impl Fn(&Person) -> bool {
        let before = scope.zone.start_of(add_days(scope.today, 1 - days)).to_utc();
        move |person| {
            let is_idle = match self.last(person) {
                Last::Unknown => false,
                // Nobody can have been idle for longer than there was something to use.
                Last::Never => self
                    .accounts(person)
                    .all(|account| account.since.is_none_or(|since| since < before)),
                Last::At(at) => at < before,
            };
            is_idle && !person.is_ambiguous
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

    /// Some people, given by their places, by the longest idle or by name, to be looked at one by one.
    pub fn sheet(self, scope: &Scope, mut places: Vec<usize>, is_by_idle: bool) -> rows::Shared {
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
        Arc::new(List::new(Sheet {
            columns: self.columns(),
            // All of them can be told apart by how they were found.
            choices: if is_by_idle { &[] } else { FOUND },
            crowd: self,
            scope: scope.clone(),
            places,
        }))
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::text("person", "Person")];
        if self.has_mail {
            columns.push(Column::text("email", "E-mail"));
        }
        columns.push(Column::text("seats", "Seats held"));
        columns.push(Column::number("idle_days", "Idle days"));
        for told in &self.told {
            let label = label_of(told.kind);
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
                let held: Vec<&str> = kinds
                    .filter(|kind| self.has_seat(person, *kind))
                    .map(label_of)
                    .collect();
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
        let label = label_of(told.kind);
        if !told.is_whole() {
            format!("not among what {label} told")
        } else if person.is_ambiguous {
            "not told apart".into()
        } else {
            format!("not in {label}")
        }
    }
}

/// People as the rows of a table, formatted only where somebody looks.
struct Sheet {
    crowd: Crowd,
    scope: Scope,
    columns: Vec<Column>,
    places: Vec<usize>,
    choices: &'static [Choices],
}

const FOUND: &[Choices] = &[Choices {
    label: "Found",
    names: &[
        "Everybody",
        "In several sources",
        "Not told apart",
        "In one source only",
    ],
}];

impl Sheet {
    fn person(&self, row: usize) -> Option<(usize, &Person)> {
        let place = *self.places.get(row)?;
        Some((place, self.crowd.people().get(place)?))
    }
}

impl Rows for Sheet {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.places.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        let found = self.person(row).zip(self.columns.get(column));
        found.map_or_else(
            || Cell::Missing(String::new()),
            |((place, person), column)| {
                let name = self.crowd.names.get(place).map_or("", String::as_str);
                self.crowd.cell(&self.scope, person, name, column.id)
            },
        )
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        self.cell(row, column).into_key()
    }

    fn words(&self, row: usize, add: &mut dyn FnMut(&str)) {
        let Some((place, person)) = self.person(row) else {
            return;
        };
        add(self.crowd.names.get(place).map_or("", String::as_str));
        for account in self.crowd.accounts(person).filter(|_| self.crowd.has_mail) {
            [&account.username, &account.mail]
                .into_iter()
                .for_each(|word| add(word));
        }
    }

    fn person(&self, row: usize) -> Option<Cow<'_, str>> {
        let link = self.crowd.links.get(*self.places.get(row)?)?;
        (!link.is_empty()).then_some(Cow::Borrowed(link.as_str()))
    }

    fn noun(&self) -> Option<[&'static str; 2]> {
        Some(["person", "people"])
    }

    fn choices(&self) -> &[Choices] {
        self.choices
    }

    fn is_chosen(&self, row: usize, _: usize, choice: usize) -> bool {
        self.person(row).is_some_and(|(_, person)| match choice {
            1 => person.accounts.len() > 1,
            2 => person.is_ambiguous,
            _ => person.accounts.len() == 1 && !person.is_ambiguous,
        })
    }
}

/// What panels about everybody ask. Nothing where only one source knows people.
pub fn requests(scope: &Scope) -> Vec<Request> {
    if accounts::are_several(scope) {
        accounts::requests(scope)
    } else {
        Vec::new()
    }
}

/// What they ask beside that, as far as the answers tell.
pub fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    if accounts::are_several(scope) {
        accounts::further(scope, answers)
    } else {
        Vec::new()
    }
}

/// Everybody whom the sources know. `None` where the panel has to stop or to wait: people are joined once all is there.
pub fn read(scope: &Scope, answers: &Answers, panel: &mut PanelModel) -> Option<Crowd> {
    if panel.stops_early(scope) {
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
        let is_cut = told.kind == SourceKind::UserMetrics && told.error.is_none() && scope.names.are_shown();
        let way_on = if is_cut {
            ". The panel Members loads all of them"
        } else {
            ""
        };
        panel
            .notes
            .push(format!("Not everybody is here: {}{way_on}", progress(scope, told)));
    }
    panel.message = error.map(words::message);
    let day = format::full_day(&scope.locale, scope.today);
    panel.footer.push(format!("as of {day}, whatever the range"));
    Some(Crowd::new(scope, accounts))
}

/// "Coder: 1,000 of 2,345 people".
fn progress(scope: &Scope, told: &Told) -> String {
    let count = |count: u64| {
        if scope.privacy.hides(count) {
            format!("fewer than {}", format::count(&scope.locale, scope.privacy.min_group))
        } else {
            format::count(&scope.locale, count)
        }
    };
    let all = told.count.map_or_else(String::new, |all| format!(" of {}", count(all)));
    format!("{}: {}{all} people", label_of(told.kind), count(told.loaded))
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

/// When something was last used.
pub fn last_cell(scope: &Scope, last: Last) -> Cell {
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
