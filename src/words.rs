//! What the page says in words: states and errors with a way on, notices, notes, footer. One place for one voice.

use crate::answers::Answers;
use crate::config::{SourceConfig, SourceKind};
use crate::data::Organization;
use crate::format;
use crate::period::DateRange;
use crate::query::{Action, Notice, Word};
use crate::remote::LoadError;
use crate::scope::{Scope, Templates};
use crate::source::Request;
use crate::source::coder;
use chrono::Timelike;

/// Title of what the privacy setting keeps closed.
pub const HIDDEN: &str = "Hidden by the privacy setting";

/// What to say where the server measured nothing at all.
pub const ZERO_USE: &str = "The server measured 0. If people did work in these days, check whether usage statistics are switched off on the server.";

/// Why an answer tells nothing of the days asked for.
pub const OTHER_DAYS: &str = "the server answered for other days than those asked for";

/// Why nothing can be compared with days before.
pub fn no_figures(scope: &Scope, days: DateRange) -> String {
    format!("the server has no figures of {}", format::span(&scope.locale, days))
}

/// A state in words, with a way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is the matter.
    pub title: String,
    /// Why, and the server's words where there are any.
    pub detail: String,
    /// What a person can do here.
    pub help: Help,
}

/// What a person can do about a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Help {
    /// Nothing here.
    None,
    /// Ask again.
    Retry,
    /// Load what was stopped.
    Load,
    /// Sign in at the source, or give a token for this tab.
    SignIn,
    /// Ask again after this many seconds.
    Wait(u32),
}

/// Where to sign in.
pub struct SignIn {
    /// Id of the source.
    pub source: String,
    /// Its name.
    pub label: String,
    /// Address of its sign-in page, for sources that a person can sign in at.
    pub login: Option<String>,
    /// What is asked for.
    pub secret: &'static str,
    /// What to know before it is given away; may be empty.
    pub warning: &'static str,
}

/// Where to sign in at a source.
pub fn sign_in(source: &SourceConfig) -> SignIn {
    let login = (source.kind == SourceKind::Coder).then(|| format!("{}login", source.base_url));
    SignIn {
        source: source.id.clone(),
        label: source.label.clone(),
        login,
        secret: match source.kind {
            SourceKind::Windsurf => "Service key for this tab",
            _ => "Token for this tab",
        },
        warning: match source.kind {
            SourceKind::Windsurf => {
                "A last resort: a service key opens the data of the whole team, and its maker says never to put one into a browser. Better let a proxy add it."
            }
            _ => "",
        },
    }
}

/// How old the figures are: the time of the oldest, once all are there; or when they were asked for in vain.
pub fn freshness(scope: &Scope, answers: &Answers, requests: &[Request]) -> String {
    let is_whole = requests.iter().all(|request| answers.outcome(request).is_some());
    match answers.oldest(requests).filter(|_| is_whole) {
        Some(at) if answers.why_old(requests).is_some() => {
            format!("Updated {}; not all could be had anew", clock(scope, at))
        }
        Some(at) => format!("Updated {}", clock(scope, at)),
        None => match answers.asked_in_vain(requests).filter(|_| is_whole) {
            Some(at) => format!("Asked {}; nothing could be had", clock(scope, at)),
            None => "Loading…".to_string(),
        },
    }
}

/// An error in words.
pub fn message(error: &LoadError) -> Message {
    let (title, detail, help) = match error {
        LoadError::Unreachable => ("No connection", "The server did not answer. It may be down, this computer may be offline, or the server does not allow requests from this page (CORS): serve the page from the same origin as the API.".to_string(), Help::Retry),
        LoadError::Cancelled => ("Cancelled", "Loading was stopped before all of the answer was here.".to_string(), Help::Load),
        LoadError::Timeout => ("No answer in time", "The server took too long. A shorter range is answered faster.".to_string(), Help::Retry),
        LoadError::TooLarge(limit) => ("Answer too large", format!("The answer is larger than the {} MB this page accepts. Choose a shorter range or fewer templates.", limit / 1_000_000), Help::None),
        LoadError::Unauthorized => ("Not signed in", "The server wants a session. Sign in there, or use a token for this tab.".to_string(), Help::SignIn),
        LoadError::SessionEnded => ("Session ended", "The page around this one has signed out, or the server does not accept its session any more. Sign in there, then try again.".to_string(), Help::Retry),
        LoadError::Forbidden(words) => ("Not allowed", words.clone(), Help::None),
        LoadError::NotFound(words) => ("Not found", words.clone(), Help::None),
        LoadError::Unsupported(words) => ("Not supported by this server", words.clone(), Help::None),
        LoadError::Disabled(words) => ("Collection is switched off", words.clone(), Help::None),
        LoadError::Limited(Some(seconds)) => ("Too many requests", format!("The server asks to wait {seconds} seconds."), Help::Wait(*seconds)),
        LoadError::Limited(None) => ("Too many requests", "The server asks to slow down.".to_string(), Help::Wait(60)),
        LoadError::Refused(words) => ("The server refused the request", words.clone(), Help::None),
        LoadError::Server { status, message } if message.is_empty() => ("The server failed", format!("It answered with status {status}."), Help::Retry),
        LoadError::Server { status, message } => ("The server failed", format!("Status {status}: {message}"), Help::Retry),
        LoadError::Program => ("A part of this page is missing", "It could not be fetched: the connection is gone, or a newer release is on the server. Reload the page.".to_string(), Help::Retry),
        LoadError::Decode(error) => ("The answer could not be read", error.to_string(), Help::Retry),
    };
    Message {
        title: title.into(),
        detail,
        help,
    }
}

/// Date and time of an instant in the zone of the view, to the minute.
pub fn clock(scope: &Scope, at: chrono::DateTime<chrono::Utc>) -> String {
    let local = scope.zone.local(at);
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    if local.date_naive() == scope.today {
        time
    } else {
        format!("{} {time}", format::day(&scope.locale, local.date_naive()))
    }
}

/// Which templates the figures are about, where those are not all of the deployment.
pub fn templates_note(scope: &Scope) -> Option<String> {
    let Templates::Only(ids) = &scope.templates else {
        return None;
    };
    let those = match ids.len() {
        1 => "the one template".to_string(),
        count => format!("the {} templates", format::count(&scope.locale, count as u64)),
    };
    Some(if scope.is_narrowed {
        format!("Only use of {those} chosen is counted")
    } else {
        format!("Only use of {those} that this account may see is counted")
    })
}

/// What the action filter means where nothing can be filtered by it.
pub fn action_note(scope: &Scope) -> Option<String> {
    no_action_note(scope, "Coder counts any usage here")
}

/// That the action filter cannot be obeyed, and why; `None` where it asks for nothing.
pub fn no_action_note(scope: &Scope, why: &str) -> Option<String> {
    (scope.action != Action::Any).then(|| format!("Not filtered by action “{}”: {why}", scope.action.label()))
}

/// That filters of Coder cannot be obeyed by another API, and why.
pub fn unfiltered_notes(scope: &Scope, why: &str) -> Vec<String> {
    let what = (scope.is_narrowed).then(|| format!("Not filtered by organization and templates: {why}"));
    what.into_iter().chain(no_action_note(scope, why)).collect()
}

/// A value of the URL that could not be used, in words.
pub fn notice(notice: &Notice) -> String {
    let equals = if notice.value.is_empty() { "" } else { "=" };
    let value = format::cut(&notice.value, 60);
    format!("{}{equals}{value} {}", notice.key, notice.said)
}

/// A zone that the browser does not know, in words; `None` when it is the one in use.
pub fn zone_notice(scope: &Scope, asked: &str) -> Option<String> {
    let used = &scope.zone.name;
    (asked != used).then(|| {
        format!(
            "tz={} is not a zone this browser knows: {used} is used",
            format::cut(asked, 60)
        )
    })
}

/// A source that config.json does not have, in words; `None` when it is in use.
pub fn source_notice(scope: &Scope, asked: &str) -> Option<String> {
    let asked_cut = format::cut(asked, 60);
    scope
        .source_by_id(asked)
        .is_none()
        .then(|| format!("source={asked_cut} is not a source of config.json: all of them are used"))
}

/// An organization that the server did not name, in words; `None` when it did, or when its list is not known.
pub fn org_notice(known: &[Organization], asked: &str) -> Option<String> {
    let is_unknown = !known.is_empty() && !known.iter().any(|org| org.id == asked);
    is_unknown.then(|| {
        format!(
            "org={} is not an organization this account can see",
            format::cut(asked, 60)
        )
    })
}

/// What holds for the whole page: zone, offset, source and its version.
pub fn footer(scope: &Scope, answers: &Answers) -> String {
    let mut parts = vec![format!(
        "Days of {} ({} now)",
        scope.zone.name,
        format::offset(scope.zone.offset_at(scope.now))
    )];
    if let Some(source) = &scope.source {
        let version = answers
            .build(&coder::build(&source.id))
            .ok()
            .map(|build| build.version.clone())
            .filter(|version| !version.is_empty());
        parts.push(version.map_or_else(
            || source.label.clone(),
            |version| format!("{} {}", source.label, format::name(&version)),
        ));
    }
    parts.join(" · ")
}
