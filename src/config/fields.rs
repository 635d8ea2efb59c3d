//! The fields of one JSON object, each asked for by name and type; every complaint carries the path of its field.

use super::ConfigError;
use crate::json::{self, Json, shown};

/// The fields of one object. Remembers which were asked for; the others are unknown.
pub struct Fields<'a> {
    path: &'a str,
    pub map: &'a json::Fields<'a>,
    known: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    pub fn new(path: &'a str, value: &'a Json<'a>) -> Result<Fields<'a>, ConfigError> {
        match value {
            Json::Object(map) => Ok(Fields {
                path,
                map,
                known: Vec::new(),
            }),
            other => Err(wrong_kind(
                if path.is_empty() { "file" } else { path },
                "an object",
                other,
            )),
        }
    }

    pub fn take(&mut self, name: &'static str) -> Option<&'a Json<'a>> {
        self.known.push(name);
        self.map.get(name)
    }

    /// A string with something in it.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, ConfigError> {
        match self.take(name) {
            None => Ok(None),
            Some(Json::Text(text)) if text.trim().is_empty() => Err(self.wrong(name, "must not be empty")),
            Some(Json::Text(text)) => Ok(Some(text.trim().to_string())),
            Some(other) => Err(wrong_kind(&self.at(name), "a string", other)),
        }
    }

    pub fn required(&mut self, name: &'static str) -> Result<String, ConfigError> {
        self.text(name)?.ok_or_else(|| self.wrong(name, "is missing"))
    }

    pub fn word<T: Copy>(&mut self, name: &'static str, table: &[(&str, T)]) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        match table.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(Some(*value)),
            None => Err(self.no_word(name, &words(table), &text)),
        }
    }

    pub fn number(&mut self, name: &'static str, least: u64, most: u64) -> Result<Option<u32>, ConfigError> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        match value
            .as_u64()
            .filter(|number| (least..=most).contains(number))
            .and_then(|number| u32::try_from(number).ok())
        {
            Some(number) => Ok(Some(number)),
            None => Err(self.no_number(name, least, most, value)),
        }
    }

    pub fn list(&mut self, name: &'static str) -> Result<&'a [Json<'a>], ConfigError> {
        match self.take(name) {
            None => Ok(&[]),
            Some(Json::List(values)) => Ok(values),
            Some(other) => Err(wrong_kind(&self.at(name), "a list", other)),
        }
    }

    pub fn warn_unknown(&self, warnings: &mut Vec<String>) {
        for (name, _) in self.map.in_order() {
            if !self.known.contains(&name) {
                warnings.push(format!("{}: unknown field", self.at(name)));
            }
        }
    }

    pub fn at(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.into()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    #[inline(never)]
    pub fn wrong(&self, name: &str, reason: &str) -> ConfigError {
        wrong(&self.at(name), reason)
    }

    #[inline(never)]
    fn no_word(&self, name: &str, words: &str, found: &str) -> ConfigError {
        self.wrong(name, &format!("must be one of {words}; found {found:?}"))
    }

    #[inline(never)]
    fn no_number(&self, name: &str, least: u64, most: u64, found: &Json) -> ConfigError {
        let reason = format!("must be a whole number from {least} to {most}; found {}", shown(found));
        self.wrong(name, &reason)
    }
}

/// Not compiled into each place that complains.
#[inline(never)]
pub fn wrong(field: &str, reason: &str) -> ConfigError {
    ConfigError {
        field: field.into(),
        reason: reason.into(),
    }
}

#[inline(never)]
pub fn wrong_kind(field: &str, expected: &str, found: &Json) -> ConfigError {
    wrong(field, &format!("must be {expected}; found {}", shown(found)))
}

#[inline(never)]
pub fn words<T>(table: &[(&str, T)]) -> String {
    table.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
}

pub fn word<'a, T: PartialEq>(table: &[(&'a str, T)], value: T) -> &'a str {
    table
        .iter()
        .find(|(_, known)| *known == value)
        .map_or("", |(word, _)| word)
}
