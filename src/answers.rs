//! What has come back so far: each request with its outcome. The only input of reports beside the scope.

use crate::data::assistant::Assistant;
use crate::data::members::Members;
use crate::data::{
    BuildInfo, Data, Daus, Entitlements, Insights, Me, Organization, Statuses, Template, UserActivity, UserLatency,
    Users,
};
use crate::remote::{LoadError, State};
use crate::source::{Ask, Request};
use chrono::{DateTime, Utc};
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

/// What became of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// When the reply arrived.
    pub at: DateTime<Utc>,
    /// What it says, or why there is nothing.
    pub result: Result<Arc<Data>, LoadError>,
}

/// Outcomes by request. A request that is not in it is still on its way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    known: BTreeMap<Request, Known>,
    made: Made,
}

/// One thing that was made of answers and takes long to make: several panels need it, and the next answer may add to it.
#[derive(Default)]
struct Made(Mutex<Option<Arc<dyn Any + Send + Sync>>>);

/// It belongs to one of two copies.
impl Clone for Made {
    fn clone(&self) -> Made {
        Made::default()
    }
}

/// It follows from answers.
impl PartialEq for Made {
    fn eq(&self, _: &Made) -> bool {
        true
    }
}

impl fmt::Debug for Made {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("Made")
    }
}

/// What is known of one request.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    outcome: Outcome,
    /// Why an answer could not be had anew. The answer itself is still the outcome.
    failure: Option<LoadError>,
}

/// How a typed look-up ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Found<'a, T: ?Sized> {
    /// Still on its way.
    Waiting,
    /// Not to be had.
    Failed(&'a LoadError),
    /// Here it is.
    Here(&'a T),
}

impl<'a, T: ?Sized> Found<'a, T> {
    /// The value, if it is there.
    pub fn ok(self) -> Option<&'a T> {
        match self {
            Found::Here(value) => Some(value),
            Found::Waiting | Found::Failed(_) => None,
        }
    }

    /// The error, if there is one.
    pub fn error(self) -> Option<&'a LoadError> {
        match self {
            Found::Failed(error) => Some(error),
            Found::Waiting | Found::Here(_) => None,
        }
    }
}

impl Answers {
    /// Whether nothing has come back yet.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Records an outcome, replacing an earlier one.
    pub fn insert(&mut self, request: Request, outcome: Outcome) {
        let failure = None;
        self.known.insert(request, Known { outcome, failure });
    }

    /// Records an outcome of asking again. A failure that may pass takes no answer away: the last one stays, with its
    /// age.
    pub fn renew(&mut self, request: Request, outcome: Outcome) {
        match (self.known.get_mut(&request), &outcome.result) {
            (Some(known), Err(error))
                if known.outcome.result.is_ok() && matches!(error.state(), State::Failed | State::Limited) =>
            {
                known.failure = Some(error.clone());
            }
            _ => self.insert(request, outcome),
        }
    }

    /// Why a request has no answer, or none that is new.
    pub fn failure(&self, request: &Request) -> Option<&LoadError> {
        let known = self.known.get(request)?;
        known.failure.as_ref().or(known.outcome.result.as_ref().err())
    }

    /// Why an answer is older than wanted.
    pub fn why_old<'a>(&self, requests: impl IntoIterator<Item = &'a Request>) -> Option<&LoadError> {
        requests
            .into_iter()
            .find_map(|request| self.known.get(request)?.failure.as_ref())
    }

    /// Forgets what is not wanted any more.
    pub fn retain(&mut self, keep: impl Fn(&Request, &Outcome) -> bool) {
        self.made = Made::default();
        self.known.retain(|request, known| keep(request, &known.outcome));
    }

    /// Takes what was made of answers and kept, if it is of this type. It may be of answers that were replaced since: whoever
    /// takes it looks at what it was made of.
    pub fn made<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let made = self.made.0.lock().ok()?.take()?;
        made.downcast().ok()
    }

    /// Keeps what was made of answers, in place of what was kept before.
    pub fn keep(&self, made: Arc<dyn Any + Send + Sync>) {
        if let Ok(mut kept) = self.made.0.lock() {
            *kept = Some(made);
        }
    }

    /// The outcome of a request, if it has one.
    pub fn outcome(&self, request: &Request) -> Option<&Outcome> {
        self.known.get(request).map(|known| &known.outcome)
    }

    /// When the oldest of these answers arrived. A failure is none.
    pub fn oldest<'a>(&self, requests: impl IntoIterator<Item = &'a Request>) -> Option<DateTime<Utc>> {
        self.times(requests, true).min()
    }

    /// When something of this was last asked for and failed.
    pub fn asked_in_vain<'a>(&self, requests: impl IntoIterator<Item = &'a Request>) -> Option<DateTime<Utc>> {
        self.times(requests, false).max()
    }

    fn times<'a>(
        &self,
        requests: impl IntoIterator<Item = &'a Request>,
        is_ok: bool,
    ) -> impl Iterator<Item = DateTime<Utc>> {
        let outcomes = requests.into_iter().filter_map(|request| self.outcome(request));
        outcomes
            .filter(move |outcome| outcome.result.is_ok() == is_ok)
            .map(|outcome| outcome.at)
    }

    /// Whether insights were refused that will be asked anew: only once it is known who is signed in is it known, too,
    /// whether the templates have to be named.
    fn may_be_asked_anew(&self, request: &Request) -> bool {
        let names_none = match &request.ask {
            Ask::Insights(slice, _) | Ask::Activity(slice) | Ask::Latency(slice) => slice.templates.is_empty(),
            _ => false,
        };
        names_none
            && !self
                .known
                .keys()
                .any(|known| known.ask == Ask::Me && known.source == request.source)
    }

    /// The part of an answer that `pick` finds in it.
    pub fn find<T: ?Sized>(&self, request: &Request, pick: impl FnOnce(&Data) -> Option<&T>) -> Found<'_, T> {
        match self.outcome(request).map(|outcome| &outcome.result) {
            None => Found::Waiting,
            Some(Err(LoadError::Forbidden(_))) if self.may_be_asked_anew(request) => Found::Waiting,
            Some(Err(error)) => Found::Failed(error),
            Some(Ok(data)) => pick(data).map_or(Found::Waiting, Found::Here),
        }
    }

    /// Server version.
    pub fn build(&self, request: &Request) -> Found<'_, BuildInfo> {
        self.find(request, |data| {
            if let Data::Build(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// Who is signed in.
    pub fn me(&self, request: &Request) -> Found<'_, Me> {
        self.find(
            request,
            |data| {
                if let Data::Me(value) = data { Some(value) } else { None }
            },
        )
    }

    /// Organizations.
    pub fn organizations(&self, request: &Request) -> Found<'_, [Organization]> {
        self.find(request, |data| {
            if let Data::Organizations(value) = data {
                Some(value.as_slice())
            } else {
                None
            }
        })
    }

    /// Templates.
    pub fn templates(&self, request: &Request) -> Found<'_, [Template]> {
        self.find(request, |data| {
            if let Data::Templates(value) = data {
                Some(value.as_slice())
            } else {
                None
            }
        })
    }

    /// Licence.
    pub fn entitlements(&self, request: &Request) -> Found<'_, Entitlements> {
        self.find(request, |data| {
            if let Data::Entitlements(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// Daily active users.
    pub fn daus(&self, request: &Request) -> Found<'_, Daus> {
        self.find(request, |data| {
            if let Data::Daus(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// Accounts by status.
    pub fn statuses(&self, request: &Request) -> Found<'_, Statuses> {
        self.find(request, |data| {
            if let Data::Statuses(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// Template insights.
    pub fn insights(&self, request: &Request) -> Found<'_, Insights> {
        self.find(request, |data| {
            if let Data::Insights(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// Time by person.
    pub fn activity(&self, request: &Request) -> Found<'_, UserActivity> {
        self.find(request, |data| {
            if let Data::Activity(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// Latency by person.
    pub fn latency(&self, request: &Request) -> Found<'_, UserLatency> {
        self.find(request, |data| {
            if let Data::Latency(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// Accounts.
    pub fn users(&self, request: &Request) -> Found<'_, Users> {
        self.find(request, |data| {
            if let Data::Users(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// Seats of the AI assistant.
    pub fn assistant(&self, request: &Request) -> Found<'_, Assistant> {
        self.find(request, |data| {
            if let Data::Assistant(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// A page of the company's members.
    pub fn members(&self, request: &Request) -> Found<'_, Members> {
        self.find(request, |data| {
            if let Data::Members(value) = data {
                Some(value)
            } else {
                None
            }
        })
    }

    /// The answer itself, for whoever keeps it longer than the look-up.
    pub fn data(&self, request: &Request) -> Option<Arc<Data>> {
        self.outcome(request)?.result.as_ref().ok().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::coder;

    fn outcome(hour: i64, result: Result<Arc<Data>, LoadError>) -> Outcome {
        let at = DateTime::from_timestamp(hour * 3600, 0).unwrap_or_default();
        Outcome { at, result }
    }

    #[test]
    fn what_was_made_of_answers_is_taken_once_and_forgotten_with_them() {
        let mut answers = Answers::default();
        answers.keep(Arc::new(1_u8));
        answers.keep(Arc::new(2_u8));
        assert_eq!(answers, Answers::default(), "it is no part of what is known");
        assert_eq!(answers.clone().made::<u8>(), None);
        assert_eq!(answers.made(), Some(Arc::new(2_u8)));
        assert_eq!(answers.made::<u8>(), None);
        answers.keep(Arc::new(1_u8));
        assert_eq!(answers.made::<u16>(), None, "something else was kept");
        answers.keep(Arc::new(1_u8));
        answers.retain(|_, _| true);
        assert_eq!(answers.made::<u8>(), None);
    }

    #[test]
    fn a_failure_that_may_pass_takes_no_answer_away_a_refusal_does() {
        let request = coder::build("coder");
        let good = || Ok(Arc::new(Data::Build(BuildInfo::default())));
        let mut answers = Answers::default();
        answers.renew(request.clone(), outcome(1, Err(LoadError::Unreachable)));
        assert!(answers.build(&request).error().is_some(), "there was none before");
        assert_eq!(answers.why_old([&request]), None);

        answers.renew(request.clone(), outcome(2, good()));
        let known = answers.clone();
        for error in [LoadError::Unreachable, LoadError::Limited(None), LoadError::Timeout] {
            answers.renew(request.clone(), outcome(3, Err(error.clone())));
            assert_eq!(answers.outcome(&request), known.outcome(&request), "with its age");
            assert_eq!(answers.failure(&request), Some(&error));
            assert_eq!(answers.why_old([&request]), Some(&error));
        }
        answers.renew(request.clone(), outcome(4, good()));
        assert_eq!(answers.failure(&request), None);

        answers.renew(request.clone(), outcome(5, Err(LoadError::Unauthorized)));
        assert_eq!(answers.build(&request).error(), Some(&LoadError::Unauthorized));
        assert_eq!(answers.why_old([&request]), None);
    }
}
