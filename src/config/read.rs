//! From the bytes of `config.json` to a [`Config`]: every field checked, each complaint with the path of its field.

use super::address;
use super::fields::{Fields, word, words, wrong, wrong_kind};
use super::{Auth, Config, ConfigError, DEMO, PeopleRules, Privacy, PrivacyMode, ROUTE, SourceConfig, SourceKind};
use crate::json::{Json, quoted, shown};
use crate::period::Preset;
use crate::query::{Action, Word, is_secret_name};
use crate::zone::{self, Day};
use siphasher::sip::SipHasher24;
use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::Arc;

/// The version of the file that this page reads.
const VERSION: u64 = 1;

/// Longest time between refreshes: a day. Browsers turn far longer timers into none at all.
const MAX_REFRESH: u64 = 86_400;

const KINDS: &[(&str, SourceKind)] = &[
    ("coder", SourceKind::Coder),
    ("coder-v1", SourceKind::CoderV1),
    ("windsurf", SourceKind::Windsurf),
    ("user-metrics", SourceKind::UserMetrics),
    ("demo", SourceKind::Demo),
];

const AUTHS: &[(&str, Auth)] = &[
    ("cookie", Auth::Cookie),
    ("proxy", Auth::Proxy),
    ("token", Auth::Token),
    ("host", Auth::Host),
    ("relay", Auth::Relay),
];

const MODES: &[(&str, PrivacyMode)] = &[
    ("full", PrivacyMode::Full),
    ("pseudonym", PrivacyMode::Pseudonym),
    ("aggregate", PrivacyMode::Aggregate),
];

// What few files have is never taken into the function that reads it: what has not run comes after the first view.

/// Reads the file. Total: any bytes give a configuration or the first thing that is wrong.
pub fn parse(bytes: &[u8]) -> Result<Config, ConfigError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if is_page(bytes) {
        return Err(wrong(
            "file",
            "is a web page, not JSON: the server answered with something else, perhaps a login page",
        ));
    }
    let value: Json = serde_json::from_slice(bytes).map_err(|error| wrong("file", &format!("is not JSON: {error}")))?;
    refuse_secrets("", &value)?;

    let mut file = Fields::new("", &value)?;
    match file.take("version") {
        None => return Err(wrong("version", "is missing: write 1")),
        Some(version) if version.as_u64() == Some(VERSION) => {}
        Some(version) => return Err(other_version(version)),
    }
    // What the file leaves out is as it is for the demo, except who is whom.
    let mut config = Config {
        people: Default::default(),
        ..Config::demo()
    };
    if let Some(title) = file.text("title")? {
        config.title = title;
    }
    if let Some(timezone) = file.text("timezone")? {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte);
        if !timezone.bytes().all(is_name) {
            return Err(wrong(
                "timezone",
                "must be `browser`, `UTC` or an IANA name such as `Europe/Berlin`",
            ));
        }
        config.timezone = timezone;
    }
    if let Some(locale) = file.text("locale")? {
        if !locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(wrong("locale", "must be `browser` or a language tag such as `de-CH`"));
        }
        config.locale = locale;
    }
    if let Some(word) = file.text("default_range")? {
        config.default_range = Preset::parse(&word).ok_or_else(|| no_preset(&word))?;
    }
    if let Some(seconds) = file.number("refresh_seconds", 0, MAX_REFRESH)? {
        config.refresh_seconds = seconds;
    }
    config.holidays = holidays(file.list("holidays")?)?;
    if let Some(value) = file.take("privacy") {
        config.privacy = privacy(value, &mut config.warnings)?;
    }
    if let Some(value) = file.take("embed") {
        config.parents = parents(value, &mut config.warnings)?;
    }
    config.sources = sources(file.take("sources"), &mut config.warnings)?;
    if let Some(value) = file.take("people") {
        config.people = people(value, &config.sources, &mut config.warnings)?.into();
    }
    file.warn_unknown(&mut config.warnings);

    for (index, source) in config.sources.iter().enumerate() {
        if matches!(source.auth, Auth::Host | Auth::Relay) && config.parents.is_empty() {
            return Err(no_parents(index, source.auth));
        }
    }
    Ok(config)
}

#[inline(never)]
fn other_version(found: &Json) -> ConfigError {
    let reason = format!("must be 1, the only version this page reads; found {}", shown(found));
    wrong("version", &reason)
}

#[inline(never)]
fn no_preset(found: &str) -> ConfigError {
    let words: Vec<&str> = Preset::ALL.iter().map(|(_, key, _)| *key).collect();
    let reason = format!("must be one of {}; found {found:?}", words.join(", "));
    wrong("default_range", &reason)
}

#[inline(never)]
fn no_parents(index: usize, auth: Auth) -> ConfigError {
    let reason = "needs a page that embeds this one: list its origin in embed.parents";
    wrong(
        &format!("sources[{index}].auth"),
        &format!("{:?} {reason}", word(AUTHS, auth)),
    )
}

/// The word of a kind.
pub fn kind_word(kind: SourceKind) -> &'static str {
    word(KINDS, kind)
}

/// Whether the bytes are this very page: a server that answers every missing file with `index.html` means by that
/// that there is no `config.json`.
pub fn is_own_page(bytes: &[u8]) -> bool {
    is_page(bytes) && bytes.windows(7).any(|part| part == b"boot.js")
}

fn is_page(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().first() == Some(&b'<')
}

/// `["2026-12-25", "2027-01-01"]`
#[inline(never)]
fn holidays(days: &[Json]) -> Result<Arc<[Day]>, ConfigError> {
    let day = |(index, value): (usize, &Json)| {
        let day = value.as_str().and_then(|text| zone::day(text.trim()));
        day.ok_or_else(|| {
            let reason = format!("must be a date such as 2026-12-25; found {}", shown(value));
            wrong(&format!("holidays[{index}]"), &reason)
        })
    };
    days.iter().enumerate().map(day).collect()
}

fn privacy(value: &Json, warnings: &mut Vec<String>) -> Result<Privacy, ConfigError> {
    let defaults = Privacy::default();
    let mut fields = Fields::new("privacy", value)?;
    let mode = fields.word("mode", MODES)?.unwrap_or(defaults.mode);
    let min_group = fields
        .number("min_group", 1, u64::from(u32::MAX))?
        .unwrap_or(defaults.min_group);
    let salt = fields.text("salt")?.map_or(defaults.salt, |text| {
        let mut hasher = SipHasher24::new();
        hasher.write(text.as_bytes());
        hasher.finish()
    });
    fields.warn_unknown(warnings);
    Ok(Privacy { mode, min_group, salt })
}

/// `{"domains": ["example.com"], "aliases": {"coder:fern-07": "windsurf:fern@example.com"}}`; an alias may name a list.
#[inline(never)]
fn people(value: &Json, sources: &[SourceConfig], warnings: &mut Vec<String>) -> Result<PeopleRules, ConfigError> {
    let mut fields = Fields::new("people", value)?;
    let mut rules = PeopleRules::default();
    for (index, value) in fields.list("domains")?.iter().enumerate() {
        let path = format!("people.domains[{index}]");
        let domain = value.as_str().ok_or_else(|| wrong_kind(&path, "a string", value))?;
        let domain = domain.trim().to_lowercase();
        if domain.is_empty() || domain.contains(|letter: char| letter == '@' || letter.is_whitespace()) {
            return Err(wrong(
                &path,
                "must be the part of addresses after the `@`, such as example.com",
            ));
        }
        rules.domains.push(domain);
    }
    for (index, value) in fields.list("exclude")?.iter().enumerate() {
        let path = format!("people.exclude[{index}]");
        let name = value.as_str().ok_or_else(|| wrong_kind(&path, "a string", value))?;
        rules.excluded.push(name.trim().to_lowercase());
    }
    if let Some(value) = fields.take("aliases") {
        let aliases = Fields::new("people.aliases", value)?;
        for (name, value) in aliases.map.in_order() {
            let path = aliases.at(name);
            let from = account(&path, name, sources)?;
            let others = match value {
                Json::List(others) => others.as_slice(),
                other => std::slice::from_ref(other),
            };
            for other in others {
                let text = other
                    .as_str()
                    .ok_or_else(|| wrong_kind(&path, "a string or a list of strings", other))?;
                let to = account(&path, text, sources)?;
                if to.0 == from.0 {
                    return Err(wrong(&path, "must name accounts of two sources"));
                }
                rules.aliases.push([from.clone(), to]);
            }
        }
    }
    fields.warn_unknown(warnings);
    Ok(rules)
}

/// The rules in the form that the file has them in, as a document with nothing else in it. Sources are named by their
/// kinds, unless another source has that for its id.
pub fn print_people(rules: &PeopleRules, sources: &[SourceConfig]) -> String {
    let list = |texts: &[String]| texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    let account = |(kind, name): &(SourceKind, String)| {
        let is_taken = sources
            .iter()
            .any(|source| source.id == kind_word(*kind) && source.kind != *kind);
        let of_kind = sources.iter().find(|source| source.kind == *kind).filter(|_| is_taken);
        format!("{}:{name}", of_kind.map_or(kind_word(*kind), |source| &source.id))
    };
    // By the account at the one end: those at the other.
    let mut aliases: Vec<(String, Vec<String>)> = Vec::new();
    for [from, to] in &rules.aliases {
        let (from, to) = (account(from), account(to));
        match aliases.iter_mut().find(|(known, _)| *known == from) {
            Some((_, others)) if others.contains(&to) => {}
            Some((_, others)) => others.push(to),
            None => aliases.push((from, vec![to])),
        }
    }
    let aliases: Vec<String> = aliases
        .iter()
        .map(|(from, others)| match others.as_slice() {
            [one] => format!("      {}: {}", quoted(from), quoted(one)),
            many => format!("      {}: [{}]", quoted(from), list(many)),
        })
        .collect();
    let aliases = if aliases.is_empty() {
        String::new()
    } else {
        format!("\n{}\n    ", aliases.join(",\n"))
    };
    let (domains, excluded) = (list(&rules.domains), list(&rules.excluded));
    format!(
        "{{\n  \"people\": {{\n    \"domains\": [{domains}],\n    \"aliases\": {{{aliases}}},\n    \"exclude\": [{excluded}]\n  }}\n}}\n"
    )
}

/// `SOURCE:NAME`: the id or kind of a source, and the id, user name or mail address of an account there.
#[inline(never)]
fn account(path: &str, text: &str, sources: &[SourceConfig]) -> Result<(SourceKind, String), ConfigError> {
    let parts = text.split_once(':').filter(|(_, name)| !name.trim().is_empty());
    let found = parts.and_then(|(source, name)| {
        let by_id = sources.iter().find(|known| known.id == source).map(|known| known.kind);
        let by_kind = || KINDS.iter().find(|(word, _)| *word == source).map(|(_, kind)| *kind);
        let kind = by_id.filter(|kind| *kind != SourceKind::Demo).or_else(by_kind)?;
        Some((kind, name.trim().to_string()))
    });
    found.ok_or_else(|| {
        let found = text.chars().take(40).collect::<String>();
        let reason = "must be accounts such as `coder:fern-07`, the id of a source before the colon";
        wrong(path, &format!("{reason}; found {found:?}"))
    })
}

fn parents(value: &Json, warnings: &mut Vec<String>) -> Result<Vec<String>, ConfigError> {
    let mut fields = Fields::new("embed", value)?;
    let mut parents: Vec<String> = Vec::new();
    for (index, value) in fields.list("parents")?.iter().enumerate() {
        let path = format!("embed.parents[{index}]");
        let text = value.as_str().ok_or_else(|| wrong_kind(&path, "a string", value))?;
        let parent = address::parent(text).map_err(|reason| wrong(&path, &reason))?;
        if !parents.contains(&parent) {
            parents.push(parent);
        }
    }
    fields.warn_unknown(warnings);
    Ok(parents)
}

fn sources(value: Option<&Json>, warnings: &mut Vec<String>) -> Result<Vec<SourceConfig>, ConfigError> {
    const NONE: &str = "lists no source: give at least one, or remove the file to see the demo";
    let values = match value {
        None => return Err(wrong("sources", "is missing: list at least one source")),
        Some(Json::List(values)) if values.is_empty() => return Err(wrong("sources", NONE)),
        Some(Json::List(values)) => values,
        Some(other) => return Err(wrong_kind("sources", "a list", other)),
    };
    let mut sources: Vec<SourceConfig> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let path = format!("sources[{index}]");
        let source = source(&path, value, warnings)?;
        if let Some(first) = sources.iter().position(|earlier| earlier.id == source.id) {
            return Err(taken_id(&path, &source.id, first));
        }
        sources.push(source);
    }
    Ok(sources)
}

#[inline(never)]
fn taken_id(path: &str, id: &str, first: usize) -> ConfigError {
    wrong(
        &format!("{path}.id"),
        &format!("{id:?} is already the id of sources[{first}]"),
    )
}

fn source(path: &str, value: &Json, warnings: &mut Vec<String>) -> Result<SourceConfig, ConfigError> {
    let mut fields = Fields::new(path, value)?;
    let id = fields.required("id")?;
    if id.len() > 64
        || !id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    {
        return Err(fields.wrong(
            "id",
            "must be at most 64 letters, digits, `-`, `_` or `.`: it is used in links",
        ));
    }
    let kind = match fields.word("kind", KINDS)? {
        Some(kind) => kind,
        None => {
            return Err(no_kind(&fields));
        }
    };
    if id == DEMO && kind != SourceKind::Demo {
        return Err(fields.wrong("id", "`demo` is kept for the demo data: choose another id"));
    }
    let label = fields.text("label")?.unwrap_or_else(|| id.clone());
    let base_url = match fields.text("base_url")? {
        Some(text) => address::base_url(&text).map_err(|reason| fields.wrong("base_url", &reason))?,
        None if kind == SourceKind::Demo => "/".into(),
        None => {
            return Err(fields.wrong(
                "base_url",
                "is missing: write a URL, or a path on the page's own origin such as `/`",
            ));
        }
    };
    let auth = fields.word("auth", AUTHS)?.unwrap_or(match kind {
        SourceKind::Coder | SourceKind::Demo => Auth::Cookie,
        SourceKind::Windsurf => Auth::Proxy,
        SourceKind::CoderV1 | SourceKind::UserMetrics => Auth::Token,
    });
    let route = fields.text("route")?;
    let categories = fields.take("categories");
    let company_id = fields.text("company_id")?;
    let group = fields.text("group")?;
    for (name, is_given, of_kind) in [
        ("route", route.is_some(), SourceKind::CoderV1),
        ("categories", categories.is_some(), SourceKind::CoderV1),
        ("company_id", company_id.is_some(), SourceKind::UserMetrics),
        ("group", group.is_some(), SourceKind::Windsurf),
    ] {
        if is_given && kind != of_kind {
            warnings.push(not_used(path, name, of_kind));
        }
    }
    let route = match route {
        Some(text) => address::route(&text).map_err(|reason| fields.wrong("route", &reason))?,
        None => ROUTE.into(),
    };
    let categories = categories
        .map(|value| self::categories(&format!("{path}.categories"), value, warnings))
        .transpose()?
        .unwrap_or_default();
    let company_id = match company_id {
        Some(text) if is_uuid(&text) => text.to_ascii_lowercase(),
        Some(_) => {
            return Err(fields.wrong(
                "company_id",
                "must be a UUID such as f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a",
            ));
        }
        None if kind == SourceKind::UserMetrics => {
            return Err(fields.wrong("company_id", "is missing: write the company's UUID"));
        }
        None => String::new(),
    };
    fields.warn_unknown(warnings);
    Ok(SourceConfig {
        id,
        kind,
        label,
        base_url,
        auth,
        route,
        categories,
        company_id,
        group: group.unwrap_or_default(),
    })
}

#[inline(never)]
fn no_kind(fields: &Fields<'_>) -> ConfigError {
    fields.wrong("kind", &format!("is missing: write one of {}", words(KINDS)))
}

#[inline(never)]
fn not_used(path: &str, name: &str, of: SourceKind) -> String {
    format!("{path}.{name}: is used by sources of kind {} only", kind_word(of))
}

#[inline(never)]
fn categories(path: &str, value: &Json, warnings: &mut Vec<String>) -> Result<BTreeMap<String, String>, ConfigError> {
    let fields = Fields::new(path, value)?;
    let mut categories = BTreeMap::new();
    for (name, value) in fields.map.in_order() {
        let path = fields.at(name);
        let text = value.as_str().ok_or_else(|| wrong_kind(&path, "a string", value))?;
        if Action::parse(name).is_none() {
            warnings.push(format!("{path}: unknown action"));
        }
        categories.insert(name.to_string(), text.to_string());
    }
    Ok(categories)
}

/// Refuses fields that look like a secret, wherever they are: everybody who can open the page can read the file.
fn refuse_secrets(path: &str, value: &Json) -> Result<(), ConfigError> {
    match value {
        Json::Object(map) => map.in_order().into_iter().try_for_each(|(name, value)| {
            let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            if is_secret_name(name) {
                let reason = "looks like a secret, and everybody who can open the page can read this file: remove it (and renew \
                              it if it was real), then set `auth` to `proxy`, `token`, `host` or `relay`";
                return Err(wrong(&path, reason));
            }
            refuse_secrets(&path, value)
        }),
        Json::List(values) => values.iter().enumerate().try_for_each(|(index, value)| refuse_secrets(&format!("{path}[{index}]"), value)),
        _ => Ok(()),
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| {
            if matches!(index, 8 | 13 | 18 | 23) {
                byte == b'-'
            } else {
                byte.is_ascii_hexdigit()
            }
        })
}
