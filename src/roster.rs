//! Who there is: the pages of the roster, and what a range tells of each person.
//!
//! A page tells how many accounts there are in all, so each answer tells what is to be asked next. Some pages are asked
//! ahead; after one that failed no more are asked, and what is there is used.

use crate::answers::{Answers, Found};
use crate::data::id::Id;
use crate::data::{Data, PersonLatency, PersonSeconds, User, Users};
use crate::measure;
use crate::order::Places;
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
    /// So many of the pages, from the first on, are in what follows.
    joined: usize,
    /// Each account once, in order.
    accounts: Vec<Place>,
    /// The numbers of their ids: accounts themselves are all over the memory, which takes longer than to compare them.
    numbers: Vec<[u64; 2]>,
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
    /// What the answers tell so far. Pages that come one after the other are added to those that were there before, and all
    /// who ask share what was made of them.
    pub fn read(scope: &Scope, answers: &Answers) -> Arc<Roster> {
        let mut roster = Roster {
            source: scope
                .source
                .as_ref()
                .map_or_else(String::new, |source| source.id.clone()),
            ..Roster::default()
        };
        // Pages up to the first that is on its way: those behind it may come in any order.
        let mut ready = None;
        for request in pages(scope, answers) {
            match answers.users(&request) {
                Found::Waiting => {
                    roster.is_waiting = true;
                    ready = ready.or(Some(roster.pages.len()));
                }
                Found::Failed(error) => roster.error = roster.error.or_else(|| Some(error.clone())),
                Found::Here(page) => {
                    roster.count = Some(page.count);
                    roster.loaded += page.users.len() as u64;
                    roster.pages.extend(answers.data(&request));
                }
            }
        }
        let ready = ready.unwrap_or(roster.pages.len());
        if let Some(before) = answers
            .made::<Roster>()
            .filter(|before| before.is_beginning_of(&roster))
        {
            let is_all =
                before.joined == roster.pages.len() && (before.count, before.is_waiting) == (roster.count, false);
            if is_all && !roster.is_waiting && before.error == roster.error {
                answers.keep(Arc::clone(&before) as _);
                return before;
            }
            // Who still looks at it keeps it as it was.
            if let Ok(before) = Arc::try_unwrap(before) {
                (roster.accounts, roster.numbers) = (before.accounts, before.numbers);
                (roster.places, roster.joined) = (before.places, before.joined);
            }
        }
        roster.join(ready);
        if !roster.is_waiting {
            roster.loaded = roster.accounts.len() as u64;
        }
        let roster = Arc::new(roster);
        answers.keep(Arc::clone(&roster) as _);
        roster
    }

    /// Whether the accounts that it knows are the first of another one.
    fn is_beginning_of(&self, other: &Roster) -> bool {
        let own = self.pages.get(..self.joined).unwrap_or_default();
        let theirs = other.pages.get(..self.joined).unwrap_or_default();
        let is_same = own.iter().zip(theirs).all(|(own, theirs)| Arc::ptr_eq(own, theirs));
        self.source == other.source && own.len() == theirs.len() && is_same
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

    /// Adds the accounts of the pages that are not there yet, up to so many pages. Somebody may be on two of them when an
    /// account came or went between them, and another on none.
    fn join(&mut self, ready: usize) {
        let pages: Vec<Arc<Data>> = self.pages.get(self.joined..ready).unwrap_or_default().to_vec();
        for (page, data) in pages.iter().enumerate() {
            let page = (self.joined + page) as u32;
            for (user, account) in users(data).iter().flat_map(|page| &page.users).enumerate() {
                let place = self.places.find_or_add(account.id.hash(), &|place| {
                    has(&self.pages, &self.accounts, &self.numbers, place, &account.id)
                });
                if place == self.accounts.len() {
                    self.accounts.push(Place {
                        page,
                        user: user as u32,
                    });
                    self.numbers.push(account.id.number());
                }
            }
        }
        self.joined = ready;
    }

    /// Where each account is, in order; each once.
    pub fn accounts(&self) -> &[Place] {
        &self.accounts
    }

    /// The account at a place, and its page.
    pub fn at(&self, place: Place) -> Option<(&Users, &User)> {
        at(&self.pages, place)
    }

    /// Which of the accounts has an id. Whether the one at `next` has it is looked at first, as most lists have an order in
    /// common.
    pub fn find(&self, id: &Id, next: usize) -> Option<usize> {
        let is_it = |place: usize| has(&self.pages, &self.accounts, &self.numbers, place, id);
        if is_it(next) {
            Some(next)
        } else {
            self.places.find(id.hash(), &is_it)
        }
    }

    /// Whether everybody is on it.
    pub fn is_whole(&self) -> bool {
        !self.is_waiting && self.error.is_none() && self.count.is_some_and(|count| self.loaded >= count)
    }
}

fn at(pages: &[Arc<Data>], place: Place) -> Option<(&Users, &User)> {
    let page = users(pages.get(place.page as usize)?)?;
    Some((page, page.users.get(place.user as usize)?))
}

/// Whether the account at a place has an id.
fn has(pages: &[Arc<Data>], accounts: &[Place], numbers: &[[u64; 2]], place: usize, id: &Id) -> bool {
    let by_number = numbers.get(place).map(|number| id.has(*number));
    by_number.is_some_and(|is_it| {
        is_it.unwrap_or_else(|| {
            let account = accounts.get(place).and_then(|place| at(pages, *place));
            account.is_some_and(|(_, user)| user.id == *id)
        })
    })
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
