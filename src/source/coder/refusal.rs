//! Replies that are not answers: which advice they amount to, and the server's words made fit to be shown.
//!
//! Coder says `{"message", "detail"?, "validations"?}`; proxies in front of it say whatever they like, in HTML.

use crate::remote::{LoadError, Reply};
use crate::source::Ask;
use serde_json::Value;

/// Words longer than this are cut.
const LONGEST: usize = 300;
/// Error bodies larger than this are not worth reading.
const LARGEST: usize = 1 << 20;

/// Whether the reply answers the request: a success, and not a login page in place of it.
pub fn is_answer(reply: &Reply) -> bool {
    (200..300).contains(&reply.status) && !is_page(reply)
}

/// Whether a server complains about the key `timezone`, or about the zone's name.
pub fn is_about_zone(reply: &Reply) -> bool {
    let words = Words::of(reply);
    let names_zone = |text: &str| text.to_ascii_lowercase().contains("timezone");
    reply.status == 400
        && (names_zone(&words.message)
            || names_zone(&words.detail)
            || words.complaints.iter().any(|complaint| complaint.field == "timezone"))
}

/// Why a reply is no answer.
pub fn reason(ask: &Ask, reply: &Reply) -> LoadError {
    let words = Words::of(reply);
    if words.say_disabled() && depends_on_collection(ask) && !matches!(reply.status, 401 | 429) {
        return LoadError::Disabled(words.short(reply.status));
    }
    match reply.status {
        // A page where an answer should be, or the way to one: somebody wants a sign-in first.
        200..=299 | 301 | 302 | 303 | 307 | 308 | 401 => LoadError::Unauthorized,
        400 => LoadError::Refused(words.long(reply.status)),
        403 => LoadError::Forbidden(words.short(reply.status)),
        // Coder hides a missing permission on insights behind this 404.
        404 if words.say_no_access() => LoadError::Forbidden(words.short(reply.status)),
        404 | 405 | 410 | 501 => LoadError::Unsupported(words.long(reply.status)),
        429 => LoadError::Limited(reply.retry_after),
        status => LoadError::Server {
            status,
            message: words.all(),
        },
    }
}

/// Whether the figures come from the usage statistics that an administrator can switch off.
fn depends_on_collection(ask: &Ask) -> bool {
    matches!(ask, Ask::Daus | Ask::Insights(..) | Ask::Activity(_) | Ask::Latency(_))
}

/// Whether the body is a page for people. A wrong content type on JSON is forgiven.
fn is_page(reply: &Reply) -> bool {
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
struct Words {
    message: String,
    detail: String,
    complaints: Vec<Complaint>,
}

struct Complaint {
    field: String,
    detail: String,
}

impl Words {
    fn of(reply: &Reply) -> Words {
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
        let complaint = |one: &Value| {
            let one = one.as_object()?;
            let part = |key| text(one, key).unwrap_or_default();
            Some(Complaint {
                field: part("field"),
                detail: part("detail"),
            })
        };
        let complaints = body.get("validations").and_then(Value::as_array);
        Words {
            message: text(body, "message")
                .or_else(|| text(body, "error"))
                .unwrap_or_default(),
            detail: text(body, "detail").unwrap_or_default(),
            complaints: complaints.into_iter().flatten().filter_map(complaint).collect(),
        }
    }

    /// Detail, else message, as Coder's own pages do.
    fn short(&self, status: u16) -> String {
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
    fn long(&self, status: u16) -> String {
        let all = self.all();
        if all.is_empty() { format!("HTTP {status}") } else { all }
    }

    fn all(&self) -> String {
        let complaints = self
            .complaints
            .iter()
            .map(|one| format!("{}: {}", one.field, one.detail));
        let parts = [self.message.clone(), self.detail.clone()]
            .into_iter()
            .chain(complaints);
        clean(&parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
    }

    fn say_disabled(&self) -> bool {
        let said = format!("{} {}", self.message, self.detail).to_ascii_lowercase();
        ["disabled", "not enabled", "switched off", "turned off"]
            .iter()
            .any(|word| said.contains(word))
    }

    fn say_no_access(&self) -> bool {
        self.message.to_ascii_lowercase().contains("do not have access")
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
