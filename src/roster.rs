//! Who there is: the pages of the roster, and what a range tells of each person.
//!
//! A page tells how many accounts there are in all, so each answer tells what is to be asked next. Some pages are asked
//! ahead; after one that failed no more are asked, and what is there is used.

use crate::answers::{Answers, Found};
use crate::data::{Data, PersonLatency, PersonSeconds, User, Users};
use crate::measure;
use crate::order::{self, Places};
use crate::remote::LoadError;
use crate::scope::{Scope, Templates};
use crate::source::coder;
use crate::source::{Request, Slice};
use crate::words;
use std::sync::Arc;

/// So many pages are under way at a time.
const AHEAD: usize = 4;

/// The roster as far as it is known.
#[derive(Debug, Default)]
pub struct Roster {
    /// Its pages in order, without those that are missing.
    pub pages: Vec<Arc<Data>>,
    /// Accounts in these pages; each once, as soon as none is on its way.
    pub loaded: u64,
    /// Accounts in all, as the server counts them; `None` before the first page.
    pub count: Option<u64>,
    /// Why pages are missing.
    pub error: Option<LoadError>,
    /// Whether a page is on its way.
    pub is_waiting: bool,
    /// Id of the source whose roster it is.
    source: String,
    /// Each account once, in order; none while a page is on its way.
    accounts: Vec<Place>,
    /// Where each of these is, by its id.
    places: Places,
}

/// Where an account is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Page of the roster.
    pub page: u32,
    /// Account in it.
    pub user: u32,
}

impl Roster {
    /// What the answers tell so far. Once all of it is there it is made once for all who ask.
    pub fn read(scope: &Scope, answers: &Answers) -> Arc<Roster> {
        let source = scope.source.as_ref().map_or("", |source| source.id.as_str());
        if let Some(roster) = answers.made::<Roster>().filter(|made| made.source == source) {
            return roster;
        }
        let mut roster = Roster {
            source: source.into(),
            ..Roster::default()
        };
        for request in pages(scope, answers) {
            match answers.users(&request) {
                Found::Waiting => roster.is_waiting = true,
                Found::Failed(error) => roster.error = roster.error.or_else(|| Some(error.clone())),
                Found::Here(page) => {
                    roster.count = Some(page.count);
                    roster.loaded += page.users.len() as u64;
                    roster.pages.extend(answers.data(&request));
                }
            }
        }
        if roster.is_waiting {
            return Arc::new(roster);
        }
        roster.find_accounts();
        let roster = Arc::new(roster);
        answers.keep(Arc::clone(&roster) as _);
        roster
    }

    /// What the answer about one account tells.
    pub fn of_one(answers: &Answers, request: &Request) -> Roster {
        let found = answers.users(request);
        Roster {
            is_waiting: matches!(found, Found::Waiting),
            error: found.error().cloned(),
            pages: answers.data(request).into_iter().collect(),
            ..Roster::default()
        }
    }

    /// Somebody may be on two pages when an account came or went between them, and another on none.
    fn find_accounts(&mut self) {
        let loaded = self.loaded as usize;
        let mut accounts: Vec<Place> = Vec::with_capacity(loaded);
        let mut places = Places::with_capacity(loaded);
        let pages: Vec<&[User]> = self
            .pages
            .iter()
            .map(|page| users(page).map_or(&[][..], |page| &page.users))
            .collect();
        for (page, users) in pages.iter().enumerate() {
            for (user, account) in users.iter().enumerate() {
                let id_at = |place: usize| {
                    let Place { page, user } = *accounts.get(place)?;
                    Some(pages.get(page as usize)?.get(user as usize)?.id.as_str())
                };
                if places.find_or_add(&account.id, &id_at) == accounts.len() {
                    let (page, user) = (page as u32, user as u32);
                    accounts.push(Place { page, user });
                }
            }
        }
        self.loaded = accounts.len() as u64;
        (self.accounts, self.places) = (accounts, places);
    }

    /// Where each account is, in order; none while a page is on its way.
    pub fn accounts(&self) -> &[Place] {
        &self.accounts
    }

    /// The account at a place, and its page.
    pub fn at(&self, place: Place) -> Option<(&Users, &User)> {
        let page = users(self.pages.get(place.page as usize)?)?;
        Some((page, page.users.get(place.user as usize)?))
    }

    /// Which of the accounts has an id. Whether the one at `next` has it is looked at first, as most lists have an order in
    /// common.
    pub fn find(&self, id: &str, next: usize) -> Option<usize> {
        let id_at = |place: usize| Some(self.at(*self.accounts.get(place)?)?.1.id.as_str());
        match id_at(next) {
            Some(known) if order::is_same(known, id) => Some(next),
            _ => self.places.find(id, &id_at),
        }
    }

    /// Whether everybody is on it.
    pub fn is_whole(&self) -> bool {
        !self.is_waiting && self.error.is_none() && self.count.is_some_and(|count| self.loaded >= count)
    }
}

/// The pages to ask for after the first, as far as the answers tell.
pub fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    pages(scope, answers).split_off(1.min(scope.source.iter().len()))
}

/// How many accounts there are, once that is known.
pub fn count(scope: &Scope, answers: &Answers) -> Option<u64> {
    Some(answers.users(&first_page(scope)?).ok()?.count)
}

/// The first page of the roster.
pub fn first_page(scope: &Scope) -> Option<Request> {
    Some(coder::users(&scope.source.as_ref()?.id, 0))
}

fn pages(scope: &Scope, answers: &Answers) -> Vec<Request> {
    let mut pages: Vec<Request> = first_page(scope).into_iter().collect();
    let first = pages.first().and_then(|first| answers.users(first).ok());
    let (Some(source), Some(first)) = (scope.source.as_ref(), first) else {
        return pages;
    };
    // A server may send less than it is asked for.
    let step = first.users.len() as u64;
    let (mut from, mut ahead) = (step, 0);
    while step > 0 && from < first.count && ahead < AHEAD {
        let page = coder::users(&source.id, from);
        let outcome = answers.users(&page);
        let is_over = match outcome {
            Found::Waiting => {
                ahead += 1;
                false
            }
            Found::Failed(_) => true,
            Found::Here(page) => page.users.is_empty(),
        };
        pages.push(page);
        if is_over {
            break;
        }
        from += step;
    }
    pages
}

/// What a range tells of people.
#[derive(Debug)]
pub enum Part {
    /// On its way.
    Waiting,
    /// Not to be had, and why, in words and as the error if there is one.
    Missing(String, Option<LoadError>),
    /// Here it is.
    Here(Arc<Data>),
}

impl Part {
    /// What an endpoint tells of people in the range.
    pub fn read(scope: &Scope, answers: &Answers, ask: fn(&str, Slice) -> Request) -> Part {
        let Some(source) = &scope.source else {
            return Part::Missing("no source".into(), None);
        };
        let slice = scope.range.and_then(|range| measure::slice(scope, range));
        let Some(slice) = slice else {
            let list = answers.templates(&coder::templates(&source.id));
            return match (&scope.templates, list) {
                (Templates::Unknown, Found::Failed(error)) => Part::failed(error),
                (Templates::Unknown, _) => Part::Waiting,
                (Templates::None, _) => Part::Missing("no templates to measure".into(), None),
                _ => Part::Missing("the day has just begun".into(), None),
            };
        };
        let request = ask(&source.id, slice);
        match answers.find(&request, |data: &Data| Some(data)) {
            Found::Waiting => Part::Waiting,
            Found::Failed(error) => Part::failed(error),
            Found::Here(_) => answers.data(&request).map_or(Part::Waiting, Part::Here),
        }
    }

    fn failed(error: &LoadError) -> Part {
        Part::Missing(words::message(error).title, Some(error.clone()))
    }

    /// The answer, if it is here.
    pub fn data(&self) -> Option<&Arc<Data>> {
        match self {
            Part::Here(data) => Some(data),
            Part::Waiting | Part::Missing(..) => None,
        }
    }

    /// Why there is no answer, where there will be none.
    pub fn why(&self) -> Option<&str> {
        match self {
            Part::Missing(why, _) => Some(why),
            Part::Waiting | Part::Here(_) => None,
        }
    }
}

/// Accounts of an answer.
pub fn users(data: &Data) -> Option<&Users> {
    match data {
        Data::Users(users) => Some(users),
        _ => None,
    }
}

/// Time of people in an answer, and the templates it names.
pub fn seconds(data: &Data) -> (&[PersonSeconds], &[String]) {
    match data {
        Data::Activity(activity) => (&activity.users, &activity.template_ids),
        _ => (&[], &[]),
    }
}

/// Latency of people in an answer.
pub fn latencies(data: &Data) -> &[PersonLatency] {
    match data {
        Data::Latency(latency) => &latency.users,
        _ => &[],
    }
}
