//! What Windsurf's `UserPageAnalytics` says of the seats of a team.

use chrono::{DateTime, FixedOffset, Utc};

/// `POST /api/v1/UserPageAnalytics`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assistant {
    /// Everybody of the team, whatever the status, in the order of the server.
    pub seats: Vec<Seat>,
    /// Start and end of the billing cycle that credits belong to, as far as the server told; the end is excluded.
    pub cycle: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
}

/// One person of the team.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seat {
    /// Name, may be empty.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Role, such as `admin`; empty where the server is too old to tell.
    pub role: String,
    /// Place in the team.
    pub status: TeamStatus,
    /// Whether an administrator switched the assistant off for this person.
    pub is_off: bool,
    /// Days with an accepted completion, Cascade or command between the times asked for; not bounded by them.
    pub active_days: u64,
    /// Prompt credits used in the billing cycle; `None` where the server does not count them at all.
    pub credits: Option<f64>,
    /// Last activity of any kind; `None` for none ever.
    pub last_active: Option<DateTime<Utc>>,
    /// Last accepted completion; `None` for none ever.
    pub last_autocomplete: Option<DateTime<Utc>>,
    /// Last use of Cascade; `None` for none ever.
    pub last_chat: Option<DateTime<Utc>>,
    /// Last command; `None` for none ever.
    pub last_command: Option<DateTime<Utc>>,
    /// When the person joined, where the server tells.
    pub signed_up: Option<DateTime<Utc>>,
}

impl Seat {
    /// Whether the seat can be used: approved, and not switched off.
    pub fn is_open(&self) -> bool {
        self.status == TeamStatus::Approved && !self.is_off
    }

    /// Whether no feature was ever used.
    pub fn is_unused(&self) -> bool {
        [self.last_autocomplete, self.last_chat, self.last_command] == [None; 3] && self.active_days == 0
    }
}

/// Place of a person in the team.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TeamStatus {
    /// In the team: the only status that holds a seat.
    Approved,
    /// Invited, or asked to join.
    Pending,
    /// Refused.
    Rejected,
    /// The server says that it is not specified, or says nothing.
    #[default]
    Unspecified,
    /// A word that this version does not know.
    Other(String),
}
