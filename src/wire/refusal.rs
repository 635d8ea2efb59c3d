//! Replies that are not answers: which advice they amount to, and the server's words made fit to be shown.
//!
//! Coder says `{"message", "detail"?, "validations"?: [{"field", "detail"}]}`, Coder v1 `{"error": {"msg"}}`, Windsurf `{"error"}`, Django `{"detail",
//! "code", "errors"?: {field: [text]}, "retry_after"?}`. Proxies in front of them say whatever they like, in HTML.

use crate::remote::{LoadError, Reply};
use serde_json::Value;

/// Words longer than this are cut.
const LONGEST: usize = 300;
/// Error bodies larger than this are not worth reading.
const LARGEST: usize = 1 << 20;

/// Whether the reply answers the request: a success, and not a login page in place of it.
pub fn is_answer(reply: &Reply) -> bool {
    reply.is_success() && !is_page(reply)
}

/// Why a reply is no answer, by its status. What an API means by its words is its source's to say first.
pub fn reason(reply: &Reply, words: &Words) -> LoadError {
    match reply.status {
        // A page where an answer should be, or the way to one: somebody wants a sign-in first.
        200..=299 | 301 | 302 | 303 | 307 | 308 | 401 => LoadError::Unauthorized,
        400 => LoadError::Refused(words.long(reply.status)),
        403 => LoadError::Forbidden(words.short(reply.status)),
        404 | 405 | 410 | 501 => LoadError::Unsupported(words.long(reply.status)),
        429 => LoadError::Limited(words.wait.or(reply.retry_after)),
        status => LoadError::Server {
            status,
            message: words.all(),
        },
    }
}

/// Whether the body is a page for people. A wrong content type on JSON is forgiven.
pub fn is_page(reply: &Reply) -> bool {
    let start = reply
        .body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&reply.body)
        .trim_ascii_start();
    match start.first() {
        Some(b'<') => true,
        Some(b'{' | b'[') => false,
        _ => reply.content_type.contains("html"),
    }
}

/// What a server said when it refused.
#[derive(Default)]
pub struct Words {
    /// What is the matter.
    pub message: String,
    /// More about it.
    pub detail: String,
    /// What is wrong with which field.
    pub complaints: Vec<Complaint>,
    /// A word for programs.
    pub code: String,
    /// Seconds to wait.
    pub wait: Option<u32>,
}

/// What a server said of one field of a request.
pub struct Complaint {
    /// The field.
    pub field: String,
    /// What is wrong with it.
    pub detail: String,
}

impl Words {
    /// What a reply says.
    pub fn of(reply: &Reply) -> Words {
        if reply.body.len() > LARGEST {
            return Words::default();
        }
        // A database error can be two documents in a row, as the server goes on after the first: the first counts.
        let first = serde_json::Deserializer::from_slice(&reply.body)
            .into_iter::<Value>()
            .next();
        match first {
            Some(Ok(Value::Object(body))) => Words::of_json(&body),
            Some(Ok(Value::String(text))) => Words {
                message: clean(&text),
                ..Words::default()
            },
            _ if is_page(reply) => Words {
                message: title(&reply.body),
                ..Words::default()
            },
            Some(Ok(_)) => Words::default(),
            _ => Words {
                message: clean(&String::from_utf8_lossy(&reply.body)),
                ..Words::default()
            },
        }
    }

    fn of_json(body: &serde_json::Map<String, Value>) -> Words {
        let text = |body: &serde_json::Map<String, Value>, key| body.get(key).and_then(Value::as_str).map(clean);
        if let Some(error) = body.get("error").and_then(Value::as_object) {
            return Words {
                message: text(error, "msg").unwrap_or_default(),
                // Of any shape; only sentences are worth showing.
                detail: text(error, "details").unwrap_or_default(),
                ..Words::default()
            };
        }
        let complaint = |one: &Value| {
            let one = one.as_object()?;
            let part = |key| text(one, key).unwrap_or_default();
            Some(Complaint {
                field: part("field"),
                detail: part("detail"),
            })
        };
        let listed = body.get("validations").and_then(Value::as_array);
        let mut complaints: Vec<Complaint> = listed.into_iter().flatten().filter_map(complaint).collect();
        for (field, details) in body.get("errors").and_then(Value::as_object).into_iter().flatten() {
            let details = details.as_array().map_or(std::slice::from_ref(details), Vec::as_slice);
            complaints.extend(details.iter().filter_map(Value::as_str).map(|detail| Complaint {
                field: clean(field),
                detail: clean(detail),
            }));
        }
        let wait = body.get("retry_after").and_then(Value::as_f64);
        Words {
            message: text(body, "message")
                .or_else(|| text(body, "error"))
                .unwrap_or_default(),
            detail: text(body, "detail").unwrap_or_default(),
            complaints,
            code: text(body, "code").unwrap_or_default(),
            wait: wait.map(|seconds| seconds.ceil() as u32),
        }
    }

    /// Detail, else message, as Coder's own pages do.
    pub fn short(&self, status: u16) -> String {
        let first = if self.detail.is_empty() {
            &self.message
        } else {
            &self.detail
        };
        if first.is_empty() {
            format!("HTTP {status}")
        } else {
            first.clone()
        }
    }

    /// All of it, or the bare status where nothing was said.
    pub fn long(&self, status: u16) -> String {
        let all = self.all();
        if all.is_empty() { format!("HTTP {status}") } else { all }
    }

    /// All of it; empty where nothing was said.
    pub fn all(&self) -> String {
        let complaints = self
            .complaints
            .iter()
            .map(|one| format!("{}: {}", one.field, one.detail));
        let parts = [self.message.clone(), self.detail.clone()]
            .into_iter()
            .chain(complaints);
        clean(&parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }
}

/// The title of a page: `502 Bad Gateway`.
fn title(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title>").map(|at| at + "<title>".len());
    let found = start.and_then(|start| text.get(start..start + lower.get(start..)?.find('<')?));
    clean(found.unwrap_or_default())
}

/// Words of a server as they may be shown: one line, no control characters, nothing that turns the writing
/// direction around, at most 300 characters.
pub fn clean(words: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for char in words.chars() {
        let char = if char.is_control() || char.is_whitespace() {
            ' '
        } else {
            char
        };
        if turns_direction(char) || (char == ' ' && (out.is_empty() || out.ends_with(' '))) {
            continue;
        }
        if length == LONGEST {
            out.push('…');
            break;
        }
        out.push(char);
        length += 1;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Invisible marks by which text can be made to read other than it is.
fn turns_direction(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
