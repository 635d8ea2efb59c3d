//! What Coder means when it refuses.

use crate::remote::{LoadError, Reply};
use crate::source::Ask;
use crate::wire::refusal::{self, Words};

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
    if say_disabled(&words) && depends_on_collection(ask) && !matches!(reply.status, 401 | 429) {
        return LoadError::Disabled(words.short(reply.status));
    }
    // Coder hides a missing permission on insights behind this 404.
    if reply.status == 404 && words.message.to_ascii_lowercase().contains("do not have access") {
        return LoadError::Forbidden(words.short(reply.status));
    }
    refusal::reason(reply, &words)
}

/// Whether the figures come from the usage statistics that an administrator can switch off.
fn depends_on_collection(ask: &Ask) -> bool {
    matches!(ask, Ask::Daus | Ask::Insights(..) | Ask::Activity(_) | Ask::Latency(_))
}

fn say_disabled(words: &Words) -> bool {
    let said = format!("{} {}", words.message, words.detail).to_ascii_lowercase();
    ["disabled", "not enabled", "switched off", "turned off"]
        .iter()
        .any(|word| said.contains(word))
}
