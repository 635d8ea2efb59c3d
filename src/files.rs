//! Recorded responses in place of servers: what a file answers is told by its shape, and requests are answered from it.
//!
//! The bytes stay as they are and take the way that a server's take: one reader for both. A file about other days than
//! those asked for is an answer about other days, which panels tell anyway.

use crate::config::{SourceConfig, SourceKind};
use crate::import;
use crate::period::DateRange;
use crate::remote::{LoadError, Reply};
use crate::source::Request;
use serde_json::Value;

mod csv;
mod shape;

use shape::Shape;

/// The files that are open, in the order in which they were opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files {
    documents: Vec<Document>,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
struct Document {
    name: String,
    shape: Shape,
    value: Value,
    /// First and last day that it is about, where it says.
    days: Option<DateRange>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Name of the file.
    pub name: String,
    /// What it was taken for, or why it was refused.
    pub outcome: Result<String, String>,
    /// Where it contradicts files that were opened before: it is believed, being the later one.
    pub conflicts: Vec<String>,
}

impl Files {
    /// Opens a file. Comments and faulty commas are forgiven; what is no response of a known API is refused.
    pub fn open(&mut self, name: &str, text: &str) -> Taken {
        let read = read(text);
        let mut conflicts = Vec::new();
        let outcome = read.map(|(shape, value)| {
            let days = shape::days(shape, &value);
            let document = Document {
                name: name.into(),
                shape,
                value,
                days,
            };
            conflicts = self.conflicts(&document);
            self.documents.push(document);
            match days {
                Some(days) if days.first == days.last => format!("{}, {}", shape.name(), days.first),
                Some(days) => format!("{}, {} to {}", shape.name(), days.first, days.last),
                None => shape.name().into(),
            }
        });
        Taken {
            name: name.into(),
            outcome,
            conflicts,
        }
    }

    /// Whether no file is open.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The sources that the files stand for.
    pub fn sources(&self) -> Vec<SourceConfig> {
        let has = |kind: SourceKind| self.documents.iter().any(|document| document.shape.kind() == kind);
        SOURCES.iter().filter(|(_, kind, _)| has(*kind)).map(source).collect()
    }

    /// Whether a source is one of these.
    pub fn is_source(id: &str) -> bool {
        SOURCES.iter().any(|(known, ..)| *known == id)
    }

    /// The days that the files are about, all together.
    pub fn days(&self) -> Option<DateRange> {
        let mut days = self.documents.iter().filter_map(|document| document.days);
        let first = days.next()?;
        Some(days.fold(first, |all, days| {
            DateRange::new(all.first.min(days.first), all.last.max(days.last))
        }))
    }

    /// Answers a request as the server did that was recorded.
    pub fn answer(&self, request: &Request) -> Result<Reply, LoadError> {
        let shape = Shape::of(&request.ask);
        let fitting = self.documents.iter().filter(|document| Some(document.shape) == shape);
        let values: Vec<&Value> = fitting.map(|document| &document.value).collect();
        let body = shape::answer(&request.ask, &values);
        let why = || LoadError::Unsupported("No file that is open holds this answer.".into());
        Ok(Reply {
            status: 200,
            content_type: "application/json".into(),
            retry_after: None,
            body: body.ok_or_else(why)?.to_string().into_bytes(),
        })
    }

    /// What a file says otherwise than those before it.
    fn conflicts(&self, new: &Document) -> Vec<String> {
        let mut conflicts = Vec::new();
        for old in self.documents.iter().filter(|old| old.shape == new.shape) {
            let count = shape::contradictions(new.shape, &old.value, &new.value);
            if count > 0 {
                let figures = if count == 1 {
                    "1 figure is"
                } else {
                    &format!("{count} figures are")
                };
                conflicts.push(format!("{figures} not the same in {}", old.name));
            }
        }
        conflicts
    }
}

/// Sources that files stand for: id, API, name.
const SOURCES: [(&str, SourceKind, &str); 4] = [
    ("files", SourceKind::Coder, "Files"),
    ("files-v1", SourceKind::CoderV1, "Files (Coder v1)"),
    ("files-windsurf", SourceKind::Windsurf, "Files (Windsurf)"),
    ("files-company", SourceKind::UserMetrics, "Files (company)"),
];

fn source((id, kind, label): &(&str, SourceKind, &str)) -> SourceConfig {
    SourceConfig {
        id: (*id).into(),
        kind: *kind,
        label: (*label).into(),
        ..SourceConfig::demo()
    }
}

/// What a text is, or why it is nothing that is known.
fn read(text: &str) -> Result<(Shape, Value), String> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err("it is empty".into());
    }
    if text.starts_with('<') {
        return Err("it is a web page, not a response: perhaps a sign-in page was saved in its place".into());
    }
    if !text.starts_with(['{', '[', '/', '#']) {
        return csv::members(text).map(|value| (Shape::Members, value));
    }
    let value: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&import::tidy(text)))
        .map_err(|error| format!("it is not JSON: {error}"))?;
    let shape = shape::recognise(&value)?;
    Ok((shape, shape::without_secrets(shape, value)))
}
