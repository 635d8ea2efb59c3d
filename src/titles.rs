//! What templates and organizations are called in panels: by their names, or by a part of the id where no name is known,
//! with a word on why.

use crate::answers::{Answers, Found};
use crate::data::{Organization, Template};
use crate::format;
use crate::order;
use crate::scope::Scope;
use crate::source::coder;
use crate::words;

/// The names of things of one kind.
#[derive(Debug)]
pub struct Titles {
    /// What they are, one and many.
    noun: [&'static str; 2],
    /// Ids with names.
    known: Vec<(String, String)>,
    /// Why there are no names; empty where the list is here.
    why: String,
}

impl Titles {
    /// Of templates.
    pub fn templates(scope: &Scope, answers: &Answers) -> Titles {
        let source = scope.source.as_ref().map_or("", |source| &source.id);
        let of = |one: &Template| (one.id.clone(), one.name.clone());
        read(
            ["template", "templates"],
            answers.templates(&coder::templates(source)),
            of,
        )
    }

    /// Of organizations.
    pub fn organizations(scope: &Scope, answers: &Answers) -> Titles {
        let source = scope.source.as_ref().map_or("", |source| &source.id);
        let of = |one: &Organization| (one.id.clone(), one.name.clone());
        let list = answers.organizations(&coder::organizations(source));
        read(["organization", "organizations"], list, of)
    }

    /// The name of a thing, or a part of its id.
    pub fn of(&self, id: &str) -> String {
        self.name(id).map_or_else(|| format::short_id(id), str::to_string)
    }

    fn name(&self, id: &str) -> Option<&str> {
        let known = self.known.iter().find(|(known, _)| known == id);
        known
            .map(|(_, name)| name.as_str())
            .filter(|name| !name.trim().is_empty())
    }

    /// That some of these things have no name, and why.
    pub fn note<'a>(&self, ids: impl Iterator<Item = &'a str>) -> Option<String> {
        let mut nameless: Vec<&str> = ids.filter(|id| self.name(id).is_none()).collect();
        order::sort_by(&mut nameless, Ord::cmp);
        nameless.dedup();
        let [one, many] = self.noun;
        let is_here = self.why.is_empty();
        match nameless.len() {
            0 => None,
            _ if !is_here => Some(format!(
                "Without the names of {many}: {}. Parts of their ids stand for them",
                self.why
            )),
            1 => Some(format!(
                "One {one} that the server does not list, as it was deleted or is hidden from this account, is shown by a part of its id"
            )),
            count => Some(format!(
                "{count} {many} that the server does not list, as they were deleted or are hidden from this account, are shown by parts of their ids"
            )),
        }
    }
}

fn read<T>(noun: [&'static str; 2], list: Found<[T]>, of: fn(&T) -> (String, String)) -> Titles {
    let (known, why) = match list {
        Found::Here(list) => (list.iter().map(of).collect(), String::new()),
        Found::Failed(error) => (Vec::new(), words::message(error).title),
        Found::Waiting => (Vec::new(), "on their way".into()),
    };
    Titles { noun, known, why }
}
