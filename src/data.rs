//! What responses say, in the terms of the domain: sentinels, missing keys and odd units are gone.
//!
//! One response becomes one [`Data`]. Records keep the words of the API they come from; counts of different meaning
//! have different names and are never added up.

use crate::order;
use crate::zone::{Day, Zone};
use chrono::{DateTime, Duration, FixedOffset, NaiveTime, Utc};
use id::Id;

pub mod assistant;
pub mod id;
pub mod members;
pub mod usage;

/// The meaning of one response.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Version of the server.
    Build(BuildInfo),
    /// Who is signed in.
    Me(Me),
    /// Organizations, in the order of the server.
    Organizations(Vec<Organization>),
    /// Templates the caller may see.
    Templates(Vec<Template>),
    /// Licence.
    Entitlements(Entitlements),
    /// Daily active users of the deployment, in UTC days.
    Daus(Daus),
    /// Accounts by status, at each midnight.
    Statuses(Statuses),
    /// Template insights: report and intervals.
    Insights(Insights),
    /// Time used by each person.
    Activity(UserActivity),
    /// Latency of each person.
    Latency(UserLatency),
    /// Accounts: a page of the list, or one.
    Users(Users),
    /// Who did something, per interval, by Coder v1.
    Usage(usage::Usage),
    /// Seats of the AI assistant.
    Assistant(assistant::Assistant),
    /// A page of the company's members.
    Members(members::Members),
    /// The company's own figures of its members.
    Summary(members::Summary),
}

impl Data {
    /// Puts lists of people in their order, once, as they may be long: after they were read, and before they are asked for.
    pub fn rank(&mut self) {
        match self {
            Data::Activity(activity) => activity.rank(),
            Data::Latency(latency) => latency.rank(),
            _ => {}
        }
    }
}

/// `GET /api/v2/buildinfo`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildInfo {
    /// As printed, for example `v2.31.2+5f3e1a2`.
    pub version: String,
    /// Unique id of the deployment; empty on old servers.
    pub deployment_id: String,
}

/// `GET /api/v2/users/me`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Me {
    /// Id.
    pub id: String,
    /// User name.
    pub username: String,
    /// Site-wide role names, such as `owner` or `auditor`.
    pub roles: Vec<String>,
    /// Organizations the person belongs to.
    pub organization_ids: Vec<String>,
}

impl Me {
    /// Whether a site-wide role grants insights over every template. Others must name their own templates, or the
    /// server answers 404.
    pub fn sees_all_insights(&self) -> bool {
        self.roles
            .iter()
            .any(|role| matches!(role.as_str(), "owner" | "template-admin" | "auditor"))
    }
}

/// One organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// Id.
    pub id: String,
    /// Display name, or the name where it has none.
    pub name: String,
}

/// One template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Id.
    pub id: String,
    /// Display name, or the name where it has none.
    pub name: String,
    /// Organization it belongs to.
    pub organization_id: String,
}

/// `GET /api/v2/entitlements`: what the licence says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entitlements {
    /// Whether there is a licence at all.
    pub has_license: bool,
    /// Seats in use, as the server counts them. `None` when it does not say.
    pub seats_used: Option<u64>,
    /// Seats paid for. `None` means no limit is known.
    pub seat_limit: Option<u64>,
    /// When the server last counted.
    pub refreshed_at: Option<DateTime<Utc>>,
    /// Warnings in the server's words.
    pub warnings: Vec<String>,
}

impl Entitlements {
    /// The seats that may be used; a limit of 0 is none.
    pub fn limit(&self) -> Option<u64> {
        self.seat_limit.filter(|limit| *limit > 0)
    }
}

/// `GET /api/v2/insights/daus`: distinct people with any usage, per **UTC** day whatever zone was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Daus {
    /// Oldest first, one per day, no duplicates. Days the server left out are absent, not 0.
    pub days: Vec<(Day, u64)>,
}

/// Account status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Signed in or used within the dormancy period: the only status that uses a seat.
    Active,
    /// Not seen for the dormancy period, or never signed in.
    Dormant,
    /// Locked by an administrator.
    Suspended,
}

/// Where the server put the midnights of its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayRule {
    /// Local midnights of the zone asked for.
    Zone,
    /// Midnights at a fixed offset in hours east of UTC: an old server that cannot do better.
    Hours(i32),
}

impl DayRule {
    /// The midnight at which a day begins for the server.
    pub fn midnight(&self, zone: &Zone, day: Day) -> DateTime<Utc> {
        match self {
            DayRule::Zone => zone.start_of(day).to_utc(),
            DayRule::Hours(hours) => (day.and_time(NaiveTime::MIN) - Duration::hours(i64::from(*hours))).and_utc(),
        }
    }

    /// The day of an instant for the server.
    pub fn day_of(&self, zone: &Zone, instant: DateTime<Utc>) -> Day {
        match self {
            DayRule::Zone => zone.day_of(instant),
            DayRule::Hours(hours) => (instant + Duration::hours(i64::from(*hours))).date_naive(),
        }
    }
}

/// When an account was last used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Last {
    /// The source does not tell.
    #[default]
    Unknown,
    /// Never.
    Never,
    /// Then.
    At(DateTime<Utc>),
}

/// Accounts from an instant on, oldest first.
pub type StatusPoints = Vec<(DateTime<Utc>, u64)>;

/// `GET /api/v2/insights/user-status-counts`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statuses {
    /// Points of each status that ever occurred, oldest first. Old servers send a point only where a count changed:
    /// the last value holds until the next point.
    pub points: Vec<(Status, StatusPoints)>,
    /// Keys of statuses this version does not know; their accounts are in no series.
    pub unknown: Vec<String>,
    /// Where its days begin.
    pub rule: DayRule,
}

impl Statuses {
    /// The first and the last day that the answer tells of; `None` when it has no point at all.
    ///
    /// Servers that know zones give a point a day. Older ones may give one only where a count changed: what they told
    /// last holds until today.
    pub fn days(&self, zone: &Zone, today: Day) -> Option<(Day, Day)> {
        let instants = || self.points.iter().flat_map(|(_, points)| points).map(|(from, _)| *from);
        let first = self.rule.day_of(zone, instants().min()?);
        let last = match self.rule {
            DayRule::Zone => self.rule.day_of(zone, instants().max()?).min(today),
            DayRule::Hours(_) => today,
        };
        Some((first.min(last), last))
    }

    /// Accounts of a status at an instant: the last point holds until the next. `None` before the first point, where
    /// the number is not known. A status without points never occurred: the server names only those that did.
    pub fn at(&self, status: Status, instant: DateTime<Utc>) -> Option<u64> {
        let Some((_, points)) = self
            .points
            .iter()
            .find(|(known, points)| *known == status && !points.is_empty())
        else {
            return Some(0);
        };
        let after = points.partition_point(|(from, _)| *from <= instant);
        points.get(after.checked_sub(1)?).map(|(_, count)| *count)
    }
}

/// `GET /api/v2/insights/templates`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Insights {
    /// The range as a whole; absent when the server left it out.
    pub report: Option<InsightsReport>,
    /// Oldest first; empty when none were asked for or the server left them out.
    pub intervals: Vec<IntervalReport>,
}

/// The range as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct InsightsReport {
    /// Range as the server understood it.
    pub start: DateTime<FixedOffset>,
    /// End, excluded.
    pub end: DateTime<FixedOffset>,
    /// Templates with any usage.
    pub template_ids: Vec<String>,
    /// Distinct people.
    pub active_users: u64,
    /// One row per app, in the order of the server. A slug may occur more than once.
    pub apps: Vec<AppUsage>,
    /// Rich parameters and how many workspaces chose which value.
    pub parameters: Vec<ParameterUsage>,
}

/// One interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntervalReport {
    /// Start, in the offset of the request.
    pub start: DateTime<FixedOffset>,
    /// End, excluded.
    pub end: DateTime<FixedOffset>,
    /// Distinct people in this interval; not to be added up.
    pub active_users: u64,
}

/// Use of one app. Rows are identified by kind, slug, name and icon together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppUsage {
    /// `builtin` or `app`.
    pub kind: String,
    /// Slug; not unique.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Path or URL of an icon, may be empty.
    pub icon: String,
    /// Family of newer servers, for example `vscode`.
    pub family: Option<String>,
    /// Seconds over all people.
    pub seconds: u64,
    /// Whether `seconds` is an upper bound (folded rows of newer servers).
    pub is_upper_bound: bool,
    /// Times opened; `None` where the server cannot know: old servers, and all built-in rows.
    pub times_used: Option<u64>,
    /// Templates in which it was used.
    pub template_ids: Vec<String>,
}

/// One rich parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParameterUsage {
    /// Name in the template.
    pub name: String,
    /// Display name, may be empty.
    pub display_name: String,
    /// `string`, `number`, `bool` or `list(string)`.
    pub kind: String,
    /// Description.
    pub description: String,
    /// Options, empty when it is free.
    pub options: Vec<ParameterOption>,
    /// Values and the number of workspaces whose latest build in the range used them.
    pub values: Vec<(String, u64)>,
    /// Templates in which it exists.
    pub template_ids: Vec<String>,
}

/// One option of a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParameterOption {
    /// Name shown.
    pub name: String,
    /// Value stored.
    pub value: String,
    /// Icon, may be empty.
    pub icon: String,
}

/// `GET /api/v2/insights/user-activity`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserActivity {
    /// Start and end of the range as the server understood it, if it said.
    pub span: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
    /// Templates with any usage.
    pub template_ids: Vec<String>,
    /// People with their seconds; the server's order.
    pub users: Vec<PersonSeconds>,
    /// Their places, most time first, then by name.
    pub ranked: Vec<usize>,
    /// Places of templates with the number of people who used each, most people first.
    pub counted: Vec<(usize, u64)>,
}

impl UserActivity {
    /// Ranks the people and counts those of each template.
    fn rank(&mut self) {
        let mut people = vec![0; self.template_ids.len()];
        for place in self.users.iter().flat_map(|person| &person.templates) {
            people
                .get_mut(usize::from(*place))
                .into_iter()
                .for_each(|people| *people += 1);
        }
        self.counted = people.into_iter().enumerate().collect();
        let id = |place: usize| self.template_ids.get(place);
        order::sort_by(&mut self.counted, |a, b| {
            b.1.cmp(&a.1).then_with(|| id(a.0).cmp(&id(b.0)))
        });
        self.ranked = ranked(
            self.users
                .iter()
                .map(|person| (u64::MAX - person.seconds, &person.username)),
        );
    }

    /// The templates that a person used.
    pub fn templates_of(&self, person: &PersonSeconds) -> impl Iterator<Item = &str> {
        let places = person.templates.iter();
        places.filter_map(|place| self.template_ids.get(usize::from(*place)).map(String::as_str))
    }

    /// Templates with the number of people who used each, most people first.
    pub fn people_by_template(&self) -> Vec<(&str, u64)> {
        let template = |(place, people): &(usize, u64)| Some((self.template_ids.get(*place)?.as_str(), *people));
        self.counted.iter().filter_map(template).collect()
    }
}

/// One person's time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonSeconds {
    /// Id.
    pub user_id: Id,
    /// User name.
    pub username: String,
    /// Seconds of use in the range.
    pub seconds: u64,
    /// Templates used, as places in the list of the answer.
    pub templates: Vec<u16>,
}

/// `GET /api/v2/insights/user-latency`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserLatency {
    /// Start and end of the range as the server understood it, if it said.
    pub span: Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)>,
    /// Templates with any usage.
    pub template_ids: Vec<String>,
    /// People with their latency; the server's order.
    pub users: Vec<PersonLatency>,
    /// Their places, slowest first, then by name; who has no latency comes last.
    pub ranked: Vec<usize>,
}

impl UserLatency {
    /// Ranks the people.
    fn rank(&mut self) {
        let slowness = |person: &PersonLatency| u64::MAX - order::float_key(person.p50.unwrap_or(f64::NEG_INFINITY));
        self.ranked = ranked(self.users.iter().map(|person| (slowness(person), &person.username)));
    }
}

/// The places of people by their ranks, then by their names.
fn ranked<'a>(people: impl Iterator<Item = (u64, &'a String)>) -> Vec<usize> {
    let key = |(rank, name): (u64, &'a String)| ([rank, order::letters(name, 0), order::letters(name, 8)], name);
    let (keys, names): (Vec<order::Key>, Vec<&String>) = people.map(key).unzip();
    order::by_key(&keys, &|a, b| names.get(a).cmp(&names.get(b)))
}

/// One person's latency in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonLatency {
    /// Id.
    pub user_id: Id,
    /// User name.
    pub username: String,
    /// Median; `None` when there was usage without a sample (−1 on the wire).
    pub p50: Option<f64>,
    /// 95th percentile; `None` as above.
    pub p95: Option<f64>,
}

/// `GET /api/v2/users`: a page of the accounts that are not deleted; or `GET /api/v2/users/{id}`: one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Users {
    /// How many there are in all.
    pub count: u64,
    /// Those of this page, in the order of the server.
    pub users: Vec<User>,
    /// Ids of the organizations that occur in it.
    pub organization_ids: Vec<String>,
    /// Names of the site-wide roles that occur in it.
    pub roles: Vec<String>,
}

/// One account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Id.
    pub id: Id,
    /// User name.
    pub username: String,
    /// Full name, may be empty.
    pub name: String,
    /// E-mail, may be empty.
    pub email: String,
    /// Status; `None` where the server uses a word this version does not know.
    pub status: Option<Status>,
    /// When it was created, if the server says.
    pub created: Option<DateTime<Utc>>,
    /// When the person was last seen; `None` means never.
    pub last_seen: Option<DateTime<Utc>>,
    /// Organizations, as places in the list of the page.
    pub organizations: Vec<u16>,
    /// Site-wide roles, as places in the list of the page.
    pub roles: Vec<u16>,
}
