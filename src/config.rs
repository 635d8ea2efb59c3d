//! `config.json`: what the person who runs the page decides. Read at run time from beside `index.html`.
//!
//! Base URLs, embedding parents and the privacy floor come from here alone. A wrong file is an error that names the
//! field and the reason; an unknown field is only a warning.

use crate::period::Preset;
use crate::zone::Day;
use std::collections::BTreeMap;
use std::sync::Arc;

mod address;
mod fields;
mod read;

pub use read::{is_own_page, parse, print_people};

/// The parsed file, defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Title of the page.
    pub title: String,
    /// `browser`, `UTC` or an IANA name.
    pub timezone: String,
    /// `browser` or a BCP 47 tag.
    pub locale: String,
    /// Range shown when the URL names none.
    pub default_range: Preset,
    /// Seconds between automatic refreshes; 0 means never.
    pub refresh_seconds: u32,
    /// Days off beside weekends.
    pub holidays: Arc<[Day]>,
    /// What may be shown of single people.
    pub privacy: Privacy,
    /// Which accounts of different sources are of one person.
    pub people: Arc<PeopleRules>,
    /// Where data comes from, in the order of the file.
    pub sources: Vec<SourceConfig>,
    /// Origins that may embed the page.
    pub parents: Vec<String>,
    /// Fields of the file that this version does not know.
    pub warnings: Vec<String>,
}

impl Config {
    /// What holds when there is no `config.json`: demo data, and nothing else.
    pub fn demo() -> Config {
        Config {
            title: "Metrics".into(),
            timezone: "browser".into(),
            locale: "browser".into(),
            default_range: Preset::Days(28),
            refresh_seconds: 0,
            holidays: Arc::default(),
            privacy: Privacy::default(),
            people: Arc::new(PeopleRules {
                domains: ["example.com", "corp.example.com", "partners.example.com"]
                    .map(String::from)
                    .into(),
                ..PeopleRules::default()
            }),
            sources: vec![SourceConfig::demo()],
            parents: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// One place that answers requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceConfig {
    /// Unique id, used in the URL.
    pub id: String,
    /// Which API it speaks.
    pub kind: SourceKind,
    /// Name shown to people.
    pub label: String,
    /// Absolute URL, or a path on the page's own origin; always ends in `/`.
    pub base_url: String,
    /// Who adds the credential.
    pub auth: Auth,
    /// Path of the v1 API below the base, without slashes at its ends.
    pub route: String,
    /// Words of the v1 API for actions it may name differently.
    pub categories: BTreeMap<String, String>,
    /// Company id of the user-metrics API.
    pub company_id: String,
    /// Name of the group that Windsurf is asked about; empty for all of the team.
    pub group: String,
}

impl SourceConfig {
    /// The word for its kind in the file.
    pub fn kind_word(&self) -> &'static str {
        read::kind_word(self.kind)
    }

    /// The synthetic deployment.
    pub fn demo() -> SourceConfig {
        SourceConfig {
            id: DEMO.into(),
            kind: SourceKind::Demo,
            label: "Demo".into(),
            base_url: "/".into(),
            auth: Auth::Cookie,
            route: ROUTE.into(),
            categories: BTreeMap::new(),
            company_id: "d3000000-0000-4000-8000-000000000001".into(),
            group: String::new(),
        }
    }
}

/// The id under which the URL always finds the synthetic deployment.
pub const DEMO: &str = "demo";

/// Where servers of the v1 API have it.
const ROUTE: &str = "api/private";

/// Which API a source speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// Coder v2.
    Coder,
    /// Coder v1.
    CoderV1,
    /// Windsurf / Codeium.
    Windsurf,
    /// Company user-metrics.
    UserMetrics,
    /// The synthetic deployment in the browser; speaks as Coder v2.
    Demo,
}

/// Where an API wants its credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// In a header: its name, and what stands before the secret.
    Header(&'static str, &'static str),
    /// In a field of the JSON object that is posted.
    Field(&'static str),
}

impl SourceKind {
    /// Its word in the file.
    pub fn word(self) -> &'static str {
        read::kind_word(self)
    }

    /// Where its API wants the credential.
    pub fn credential(self) -> Credential {
        match self {
            SourceKind::Coder | SourceKind::Demo => Credential::Header("Coder-Session-Token", ""),
            SourceKind::CoderV1 => Credential::Header("Session-Token", ""),
            SourceKind::UserMetrics => Credential::Header("Authorization", "Bearer "),
            SourceKind::Windsurf => Credential::Field("service_key"),
        }
    }
}

/// Who adds the credential to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Auth {
    /// The browser's session on the same origin.
    Cookie,
    /// A reverse proxy.
    Proxy,
    /// A person types it for this tab; kept in memory only.
    Token,
    /// The embedding page hands it over.
    Host,
    /// The embedding page makes the requests.
    Relay,
}

/// What may be shown of single people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privacy {
    /// The mode.
    pub mode: PrivacyMode,
    /// Smallest group of people a figure may stand for, in aggregate mode.
    pub min_group: u32,
    /// What pseudonyms are made from beside ids: the hash of a text of the file, 0 without one.
    pub salt: u64,
}

impl Privacy {
    /// Whether a figure about so many people must not be shown. Nobody at all is not a group.
    pub fn hides(&self, people: u64) -> bool {
        self.mode == PrivacyMode::Aggregate && people > 0 && people < u64::from(self.min_group)
    }
}

impl Default for Privacy {
    fn default() -> Privacy {
        Privacy {
            mode: PrivacyMode::Full,
            min_group: 5,
            salt: 0,
        }
    }
}

/// Accounts of one person: the API and the id, user name or mail address there, of two sources.
pub type Alias = [(SourceKind, String); 2];

/// What is known of accounts in different sources beside what the sources tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleRules {
    /// Domains, in lower case, within which the local part of a mail address names one person, as a user name does.
    pub domains: Vec<String>,
    /// Accounts of one person each.
    pub aliases: Vec<Alias>,
    /// Ids, user names or mail addresses, in lower case, that no worksheet proposes anything about: people on leave,
    /// accounts of machines.
    pub excluded: Vec<String>,
}

/// How people are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivacyMode {
    /// By their names.
    Full,
    /// By a stable pseudonym.
    Pseudonym,
    /// Not at all.
    Aggregate,
}

/// Why `config.json` cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("config.json: {field}: {reason}")]
pub struct ConfigError {
    /// Path of the field, or `file`.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}
