//! An answer as a tree whose nodes know where they stand: a reader asks for fields by name and by type, and a complaint
//! carries the path of the value.
//!
//! One reader for all types: in the browser a derived one weighs some kB for each struct. Answers with thousands of rows
//! have derived ones, which are faster.

use super::field::{self, MOST, MOST_EXACT};
use super::refusal;
use crate::json::{Json, shown};
use crate::remote::DecodeError;
use chrono::{DateTime, FixedOffset};

/// What reading gives.
pub type Result<T> = std::result::Result<T, DecodeError>;

/// A value of an answer.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    value: &'a Json<'a>,
    place: Place<'a>,
}

#[derive(Clone, Copy)]
enum Place<'a> {
    Whole,
    Field(&'a Node<'a>, &'a str),
    Item(&'a Node<'a>, usize),
}

impl<'a> Node<'a> {
    /// The whole answer.
    pub fn new(value: &'a Json<'a>) -> Node<'a> {
        Node {
            value,
            place: Place::Whole,
        }
    }

    /// A field of an object; none where it is missing or `null`.
    pub fn get(&'a self, name: &'a str) -> Result<Option<Node<'a>>> {
        let node = self.field(name)?;
        Ok(node.filter(|node| !matches!(node.value, Json::Null)))
    }

    /// A field that must be there, and may be `null`.
    pub fn must(&'a self, name: &'a str) -> Result<Node<'a>> {
        self.field(name)?
            .ok_or_else(|| self.complaint(format!("missing field `{name}`")))
    }

    fn field(&'a self, name: &'a str) -> Result<Option<Node<'a>>> {
        let Json::Object(fields) = self.value else {
            return Err(self.wrong("an object"));
        };
        Ok(fields.get(name).map(|value| Node {
            value,
            place: Place::Field(self, name),
        }))
    }

    /// A text that must be there.
    pub fn text(&self, name: &str) -> Result<String> {
        self.must(name)?.as_text()
    }

    /// A text, empty where it is missing or `null`.
    pub fn text_if_any(&self, name: &str) -> Result<String> {
        self.get(name)?.map_or_else(|| Ok(String::new()), |node| node.as_text())
    }

    fn as_text(&self) -> Result<String> {
        match self.value {
            Json::Text(text) => Ok(text.to_string()),
            _ => Err(self.wrong("a text")),
        }
    }

    /// Yes or no, if the field is there.
    pub fn flag_if_any(&self, name: &str) -> Result<Option<bool>> {
        let Some(node) = self.get(name)? else { return Ok(None) };
        match node.value {
            Json::Flag(flag) => Ok(Some(*flag)),
            _ => Err(node.wrong("true or false")),
        }
    }

    /// A whole number from 0 on that must be there; `3.0` counts as one.
    pub fn count(&self, name: &str) -> Result<u64> {
        self.must(name)?.as_count()
    }

    /// A whole number from 0 on, if the field is there.
    pub fn count_if_any(&self, name: &str) -> Result<Option<u64>> {
        self.get(name)?.map(|node| node.as_count()).transpose()
    }

    fn as_count(&self) -> Result<u64> {
        let whole = self.value.as_u64().filter(|number| *number <= MOST);
        let written = || {
            let number = self.value.as_f64()?;
            (number.fract() == 0.0 && (0.0..=MOST_EXACT).contains(&number)).then_some(number as u64)
        };
        whole
            .or_else(written)
            .ok_or_else(|| self.wrong("a whole number from 0 on"))
    }

    /// A time with its offset that must be there, RFC 3339.
    pub fn time(&self, name: &str) -> Result<DateTime<FixedOffset>> {
        let node = self.must(name)?;
        node.as_time()?.ok_or_else(|| node.wrong(field::TIME))
    }

    /// A time, if the field is there and not empty.
    pub fn time_if_any(&self, name: &str) -> Result<Option<DateTime<FixedOffset>>> {
        self.get(name)?.map_or(Ok(None), |node| node.as_time())
    }

    fn as_time(&self) -> Result<Option<DateTime<FixedOffset>>> {
        match self.value.as_str() {
            Some("") => Ok(None),
            Some(text) if let Ok(time) = DateTime::parse_from_rfc3339(text) => Ok(Some(time)),
            _ => Err(self.wrong(field::TIME)),
        }
    }

    /// Hands over each item of a list; a list that is `null` has none.
    pub fn each(&self, take: &mut dyn FnMut(&Node) -> Result<()>) -> Result<()> {
        let items = match self.value {
            Json::Null => return Ok(()),
            Json::List(items) => items,
            _ => return Err(self.wrong("a list")),
        };
        for (index, value) in items.iter().enumerate() {
            take(&Node {
                value,
                place: Place::Item(self, index),
            })?;
        }
        Ok(())
    }

    /// Hands over each item of a list that may be missing.
    pub fn each_of(&self, name: &str, take: &mut dyn FnMut(&Node) -> Result<()>) -> Result<()> {
        self.get(name)?.map_or(Ok(()), |node| node.each(take))
    }

    /// Hands over each field of an object, in the order of their names. Of two with one name the later holds.
    pub fn each_field(&self, take: &mut dyn FnMut(&str, &Node) -> Result<()>) -> Result<()> {
        let fields = match self.value {
            Json::Null => return Ok(()),
            Json::Object(fields) => fields,
            _ => return Err(self.wrong("an object")),
        };
        for (name, value) in fields.in_order() {
            let place = Place::Field(self, name);
            take(name, &Node { value, place })?;
        }
        Ok(())
    }

    /// The texts of a list that may be missing.
    pub fn texts(&self, name: &str) -> Result<Vec<String>> {
        let mut texts = Vec::new();
        self.each_of(name, &mut |node| {
            texts.push(node.as_text()?);
            Ok(())
        })?;
        Ok(texts)
    }

    /// Says that a field is not what it should be.
    pub fn complain(&self, name: &str, expected: &str) -> DecodeError {
        match self.must(name) {
            Ok(node) => node.wrong(expected),
            Err(error) => error,
        }
    }

    fn wrong(&self, expected: &str) -> DecodeError {
        let found = shown(self.value);
        self.complaint(format!("found {found}, expected {expected}"))
    }

    /// What is quoted of the answer is cleaned like any words of the server.
    fn complaint(&self, reason: String) -> DecodeError {
        let mut path = String::new();
        self.write(&mut path);
        DecodeError {
            path: if path.is_empty() {
                "answer".into()
            } else {
                refusal::clean(&path)
            },
            reason: refusal::clean(&reason),
        }
    }

    fn write(&self, path: &mut String) {
        match self.place {
            Place::Whole => {}
            Place::Field(of, name) => {
                of.write(path);
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
            Place::Item(of, index) => {
                of.write(path);
                path.push_str(&format!("[{index}]"));
            }
        }
    }
}
