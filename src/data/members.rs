//! What the company's user-metrics API says of its members.

use super::Last;
use chrono::{DateTime, Utc};

/// One page of `GET /api/v2/companies/{company_id}/user-metrics/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Members on all pages.
    pub count: u64,
    /// Whether there is a page after this one.
    pub has_next: bool,
    /// The members of this page, in the order of the server.
    pub rows: Vec<Member>,
}

/// `GET /api/v2/companies/{company_id}/user-metrics/summary/`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Figures by the name that the server gives them.
    pub figures: Vec<(String, f64)>,
}

/// One member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Id.
    pub id: String,
    /// Mail address.
    pub email: String,
    /// First and last name, may be empty.
    pub name: String,
    /// Status of the account.
    pub status: MemberStatus,
    /// Role, such as `admin`.
    pub role: String,
    /// Department; `None` for none.
    pub department: Option<String>,
    /// Sessions since the account exists.
    pub sessions: Option<u64>,
    /// Sessions in the current calendar month, whatever range was asked for.
    pub sessions_this_month: Option<u64>,
    /// Mean length of a session, in seconds.
    pub average: Option<u64>,
    /// Last activity.
    pub last_active: Last,
    /// Last sign-in.
    pub last_login: Last,
    /// When the account was created.
    pub created: Option<DateTime<Utc>>,
}

/// Status of an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberStatus {
    /// In use.
    Active,
    /// Closed, or left.
    Inactive,
    /// Invited.
    Pending,
    /// A word that this version does not know; empty where the server says nothing.
    Other(String),
}

impl Default for MemberStatus {
    fn default() -> MemberStatus {
        MemberStatus::Other(String::new())
    }
}
