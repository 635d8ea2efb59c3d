//! The accounts of every source of the page in one list, for panels that look across sources.

use crate::answers::{Answers, Found};
use crate::config::SourceKind;
use crate::data::assistant::{Seat, TeamStatus};
use crate::data::members::{Member, MemberStatus};
use crate::data::{Last, Status, User};
use crate::people::Account;
use crate::remote::LoadError;
use crate::roster;
use crate::scope::Scope;
use crate::source::{Request, company, windsurf};
use std::collections::BTreeSet;

/// The APIs that name accounts, in the order in which they are shown.
pub const KINDS: &[SourceKind] = &[SourceKind::Coder, SourceKind::Windsurf, SourceKind::UserMetrics];

/// What the sources told.
#[derive(Debug, Default)]
pub struct Accounts {
    /// All accounts that are known.
    pub accounts: Vec<Account>,
    /// What each source told, in the order of [`KINDS`]; those that the page does not have are left out.
    pub told: Vec<Told>,
}

/// What a source told.
#[derive(Debug)]
pub struct Told {
    /// Which one.
    pub kind: SourceKind,
    /// Accounts that are known.
    pub loaded: u64,
    /// Accounts that there are; `None` while that is not known.
    pub count: Option<u64>,
    /// Whether an answer is on its way.
    pub is_waiting: bool,
    /// Why accounts are missing.
    pub error: Option<LoadError>,
}

impl Told {
    /// Whether every account is known. Only then does it mean something that somebody is not among them.
    pub fn is_whole(&self) -> bool {
        !self.is_waiting && self.error.is_none() && self.count.is_some_and(|count| self.loaded >= count)
    }
}

/// Whether more than one source of the page knows people.
pub fn are_several(scope: &Scope) -> bool {
    KINDS.iter().filter(|kind| scope.source_of(**kind).is_some()).count() > 1
}

/// What to ask first.
pub fn requests(scope: &Scope) -> Vec<Request> {
    let nothing = Answers::default();
    let pages = roster_pages(scope, &nothing).into_iter().chain(assistant(scope));
    pages.chain(member_pages(scope, &nothing)).collect()
}

/// What to ask beside that, as far as the answers tell.
pub fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    let roster = roster_pages(scope, answers).into_iter().skip(1);
    roster.chain(member_pages(scope, answers).into_iter().skip(1)).collect()
}

/// What the answers tell so far.
pub fn read(scope: &Scope, answers: &Answers) -> Accounts {
    let mut all = Accounts::default();
    // Who comes or goes while pages are read moves others to the next page, or to the one before: they appear twice.
    let mut seen = BTreeSet::new();
    if scope.source_of(SourceKind::Coder).is_some() {
        let told = Told::read(SourceKind::Coder, &roster_pages(scope, answers), |request| {
            page(answers.users(request), |page| {
                let new: Vec<&User> = page
                    .users
                    .iter()
                    .filter(|user| seen.insert(user.id.to_string()))
                    .collect();
                all.accounts.extend(new.iter().map(|one| user(one)));
                (new.len(), page.count)
            })
        });
        all.told.push(told);
    }
    if let Some(source) = scope.source_of(SourceKind::Windsurf) {
        let mut told = Told::read(SourceKind::Windsurf, assistant(scope).as_slice(), |request| {
            page(answers.assistant(request), |team| {
                all.accounts.extend(team.seats.iter().map(seat));
                (team.seats.len(), team.seats.len() as u64)
            })
        });
        // Who is in no group asked for may be in another.
        told.count = told.count.filter(|_| source.group.is_empty());
        all.told.push(told);
    }
    if scope.source_of(SourceKind::UserMetrics).is_some() {
        seen.clear();
        let told = Told::read(SourceKind::UserMetrics, &member_pages(scope, answers), |request| {
            page(answers.members(request), |page| {
                let new: Vec<&Member> = page.rows.iter().filter(|row| seen.insert(row.id.clone())).collect();
                all.accounts.extend(new.iter().map(|row| member(row)));
                (new.len(), page.count)
            })
        });
        all.told.push(told);
    }
    all
}

/// So many pages are asked for by itself: a company may ask 100 times a minute, and others ask as well.
const MOST_PAGES: u32 = 20;

/// The pages of the company's members that are known to be there: one after the other, up to the first without an
/// answer.
pub fn member_pages(scope: &Scope, answers: &Answers) -> Vec<Request> {
    member_pages_of(scope, answers, "", "-last_active")
}

/// The same of the members of a status, in an order.
pub fn member_pages_of(scope: &Scope, answers: &Answers, status: &str, order: &str) -> Vec<Request> {
    let source = scope.source_of(SourceKind::UserMetrics);
    let Some((source, range)) = source.zip(scope.range) else {
        return Vec::new();
    };
    let mut pages = Vec::new();
    for number in 1..=MOST_PAGES.saturating_add(scope.wishes.more_members) {
        let page = company::some_members(source, range, number, status, order);
        let has_next = answers.members(&page).ok().is_some_and(|members| members.has_next);
        pages.push(page);
        if !has_next {
            break;
        }
    }
    pages
}

fn assistant(scope: &Scope) -> Vec<Request> {
    let source = scope.source_of(SourceKind::Windsurf);
    let request = source.zip(scope.range);
    request
        .map(|(source, range)| windsurf::assistant(source, &scope.zone, range))
        .into_iter()
        .collect()
}

/// The pages of the roster that are known to be there.
fn roster_pages(scope: &Scope, answers: &Answers) -> Vec<Request> {
    let first = roster::first_page(scope).into_iter();
    first.chain(roster::further(scope, answers)).collect()
}

impl Told {
    /// Reads the pages of a source; each tells how many accounts are new in it, and how many there are in all.
    fn read(kind: SourceKind, pages: &[Request], mut page: impl FnMut(&Request) -> Page) -> Told {
        let mut told = Told {
            kind,
            loaded: 0,
            count: None,
            is_waiting: false,
            error: None,
        };
        for request in pages {
            match page(request) {
                Ok(Some((new, count))) => {
                    told.loaded += new as u64;
                    told.count = Some(count);
                }
                Ok(None) => told.is_waiting = true,
                Err(error) => told.error = Some(error),
            }
        }
        told
    }
}

/// How many accounts are new in a page, and how many there are in all; nothing while it is on its way.
type Page = Result<Option<(usize, u64)>, LoadError>;

fn page<T>(found: Found<'_, T>, read: impl FnOnce(&T) -> (usize, u64)) -> Page {
    match found {
        Found::Waiting => Ok(None),
        Found::Failed(error) => Err(error.clone()),
        Found::Here(answer) => Ok(Some(read(answer))),
    }
}

fn user(user: &User) -> Account {
    Account {
        kind: SourceKind::Coder,
        id: user.id.to_string(),
        mail: user.email.clone(),
        username: user.username.clone(),
        name: user.name.clone(),
        status: match user.status {
            Some(Status::Active) => "active",
            Some(Status::Dormant) => "dormant",
            Some(Status::Suspended) => "suspended",
            None => "unknown",
        }
        .into(),
        is_active: user.status != Some(Status::Suspended),
        // Only active accounts use a seat.
        has_seat: user.status.map(|status| status == Status::Active),
        since: user.created,
        last: user.last_seen.map_or(Last::Never, Last::At),
        credits: None,
    }
}

fn seat(seat: &Seat) -> Account {
    let used = [
        seat.last_autocomplete,
        seat.last_chat,
        seat.last_command,
        seat.last_active,
    ];
    let last = used.into_iter().flatten().max().filter(|_| !seat.is_unused());
    let status = match &seat.status {
        TeamStatus::Approved if seat.is_off => "approved, switched off",
        TeamStatus::Approved => "approved",
        TeamStatus::Pending => "pending",
        TeamStatus::Rejected => "rejected",
        TeamStatus::Unspecified => "not specified",
        TeamStatus::Other(word) => word,
    };
    Account {
        kind: SourceKind::Windsurf,
        id: seat.email.clone(),
        mail: seat.email.clone(),
        username: String::new(),
        name: seat.name.clone(),
        status: status.into(),
        is_active: seat.is_open(),
        has_seat: Some(seat.is_open()),
        since: seat.signed_up,
        last: match last {
            Some(at) => Last::At(at),
            None if seat.is_unused() => Last::Never,
            None => Last::Unknown,
        },
        credits: seat.credits,
    }
}

fn member(member: &Member) -> Account {
    let status = match &member.status {
        MemberStatus::Active => "active",
        MemberStatus::Inactive => "inactive",
        MemberStatus::Pending => "pending",
        MemberStatus::Other(word) => word,
    };
    Account {
        kind: SourceKind::UserMetrics,
        id: member.id.clone(),
        mail: member.email.clone(),
        username: String::new(),
        name: member.name.clone(),
        status: status.into(),
        is_active: member.status != MemberStatus::Inactive,
        has_seat: None,
        since: member.created,
        last: member.last_active.max(member.last_login),
        credits: None,
    }
}
