//! The question on the page: a [`Query`] resolved with the configuration, the moment and what is known of the
//! deployment. Everything that is loaded or shown is a function of a `Scope`.

use crate::config::{Config, DEMO, PeopleRules, Privacy, SourceConfig, SourceKind};
use crate::data::{Me, Template};
use crate::locale::Locale;
use crate::order;
use crate::period::{DateRange, Interval, Period, add_days};
use crate::privacy::Names;
use crate::query::{Action, Compare, Query};
use crate::wish::Wishes;
use crate::zone::{Day, Zone};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// What the shell knows and the core cannot: the time, the zone of the view, the language.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Now.
    pub now: DateTime<Utc>,
    /// Zone of all days.
    pub zone: Zone,
    /// Language of numbers and dates.
    pub locale: Locale,
}

/// What is known of the deployment so far; `None` while it is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Directory<'a> {
    /// Who is signed in.
    pub me: Option<&'a Me>,
    /// Templates the caller may see.
    pub templates: Option<&'a [Template]>,
}

/// Which templates a question is about. Insights have no organization parameter: an organization is its templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Templates {
    /// All that the caller may see; nothing is sent.
    All,
    /// These, sorted; never empty.
    Only(Vec<String>),
    /// Not known yet, because the list of templates is still on its way or failed.
    Unknown,
    /// None at all: the organization has no templates. Not the same as `All`, which is what an empty list would mean
    /// to the server.
    None,
}

/// The resolved question.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// Now.
    pub now: DateTime<Utc>,
    /// Today in the zone of the view.
    pub today: Day,
    /// Zone of all days.
    pub zone: Zone,
    /// Language of numbers and dates.
    pub locale: Locale,
    /// The days asked for, also where they lie in the future.
    pub asked: DateRange,
    /// The part of them that has begun; `None` where there is none, and where they are too many to ask about.
    pub range: Option<DateRange>,
    /// How they are cut.
    pub interval: Interval,
    /// Whether `range` has only whole buckets that are over.
    pub is_complete: bool,
    /// Comparison asked for.
    pub compare: Compare,
    /// The sources of the page, in the order of the file: the one that the address names, else all of them.
    pub sources: Vec<SourceConfig>,
    /// The one among them that speaks as Coder v2.
    pub source: Option<SourceConfig>,
    /// Organization asked for.
    pub org: Option<String>,
    /// What that means in templates.
    pub templates: Templates,
    /// Whether `templates` was narrowed by the person, rather than by missing rights.
    pub is_narrowed: bool,
    /// Whether templates were asked for by name.
    pub names_templates: bool,
    /// Kind of activity asked for.
    pub action: Action,
    /// Id of the one person asked for.
    pub person: Option<String>,
    /// What may be shown of single people.
    pub privacy: Privacy,
    /// How people are named.
    pub names: Names,
    /// Which accounts of different sources are of one person.
    pub people: Arc<PeopleRules>,
    /// What is chosen at single panels.
    pub wishes: Wishes,
}

/// A longer range is not asked about: it would take hundreds of requests, and no server has figures that old.
const MOST_DAYS: u32 = 3_660;

impl Scope {
    /// Resolves a query. Total: what cannot be resolved yet is `Templates::Unknown`.
    pub fn resolve(query: &Query, config: &Config, moment: &Moment, directory: Directory<'_>) -> Scope {
        let today = moment.zone.day_of(moment.now);
        let asked = query
            .period
            .unwrap_or(Period::Preset(config.default_range))
            .resolve(today);
        let interval = query.interval.unwrap_or_else(|| Interval::for_days(asked.days()));
        let range = (asked.first <= today)
            .then(|| DateRange::new(asked.first, asked.last.min(today)))
            .filter(|range| range.days() <= MOST_DAYS);
        let whole = |range: DateRange| interval.whole(range, moment.locale.week_start, today);
        let range = if query.is_complete {
            range.and_then(whole)
        } else {
            range
        };
        let sources = choose_sources(query, config);
        Scope {
            now: moment.now,
            today,
            zone: moment.zone.clone(),
            locale: Locale {
                holidays: Arc::clone(&config.holidays),
                ..moment.locale.clone()
            },
            asked,
            range,
            interval,
            is_complete: query.is_complete,
            compare: query.compare,
            source: of_kind(&sources, SourceKind::Coder).cloned(),
            sources,
            org: query.org.clone(),
            templates: resolve_templates(query, directory),
            names_templates: !query.templates.is_empty(),
            is_narrowed: query.org.is_some() || !query.templates.is_empty(),
            action: query.action,
            person: query.person.clone(),
            privacy: config.privacy,
            names: Names::new(&config.privacy, &config.sources),
            people: Arc::clone(&config.people),
            wishes: Wishes::default(),
        }
    }

    /// The source that speaks an API: the first of its kind. The demo speaks them all, but never beside a real source.
    pub fn source_of(&self, kind: SourceKind) -> Option<&SourceConfig> {
        of_kind(&self.sources, kind)
    }

    /// The source of a request.
    pub fn source_by_id(&self, id: &str) -> Option<&SourceConfig> {
        self.sources.iter().find(|source| source.id == id)
    }

    /// Whether the range is longer than anything that is asked about.
    pub fn is_too_long(&self) -> bool {
        self.asked.first <= self.today
            && DateRange::new(self.asked.first, self.asked.last.min(self.today)).days() > MOST_DAYS
    }

    /// The last day that has begun in UTC; where only complete ones are asked for, that is over.
    pub fn last_utc_day(&self) -> Day {
        add_days(self.now.date_naive(), -i64::from(self.is_complete))
    }

    /// Whether a bucket still runs.
    pub fn is_open(&self, bucket: &DateRange) -> bool {
        bucket.last >= self.today
    }

    /// The days of the range that are over.
    pub fn closed(&self) -> Option<DateRange> {
        let range = self.range?;
        let last = range.last.min(add_days(self.today, -1));
        (range.first <= last).then(|| DateRange::new(range.first, last))
    }

    /// The days that the closed days are compared with: as many, right before or 52 weeks earlier.
    pub fn compared(&self) -> Option<DateRange> {
        let closed = self.closed()?;
        match self.compare {
            Compare::None => None,
            Compare::Previous => Some(closed.shift(-i64::from(closed.days()))),
            Compare::Year => Some(closed.shift(-364)),
        }
    }

    /// The days that are drawn behind the range for comparison, shifted by whole weeks so that weekdays match.
    /// Only where buckets line up after such a shift: days and weeks.
    pub fn drawn_behind(&self) -> Option<DateRange> {
        let range = self.range?;
        let weeks = match self.compare {
            Compare::None => return None,
            Compare::Previous => range.days().div_ceil(7),
            Compare::Year => 52,
        };
        let lines_up = matches!(self.interval, Interval::Day | Interval::Week);
        lines_up.then(|| range.shift(-7 * i64::from(weeks)))
    }

    /// The last `days` days that are over, ending where the range ends: what WAU and MAU are counted over.
    pub fn trailing(&self, days: u16) -> Option<DateRange> {
        let range = self.range?;
        let last = range.last.min(add_days(self.today, -1));
        Some(DateRange::new(add_days(last, 1 - i64::from(days)), last))
    }

    /// Template ids to send, empty for all; `None` when nothing can be asked.
    pub fn template_ids(&self) -> Option<&[String]> {
        match &self.templates {
            Templates::All => Some(&[]),
            Templates::Only(ids) => Some(ids),
            Templates::Unknown | Templates::None => None,
        }
    }
}

/// The sources of the page: the one that the address names, if it is there, else all of the file. `demo` is there
/// without being in the file.
pub fn choose_sources(query: &Query, config: &Config) -> Vec<SourceConfig> {
    let named = query.source.as_deref().and_then(|id| {
        let known = config.sources.iter().find(|source| source.id == id).cloned();
        known.or_else(|| (id == DEMO).then(SourceConfig::demo))
    });
    named.map_or_else(|| config.sources.clone(), |source| vec![source])
}

/// The source that speaks as Coder v2.
pub fn choose_source(query: &Query, config: &Config) -> Option<SourceConfig> {
    of_kind(&choose_sources(query, config), SourceKind::Coder).cloned()
}

fn of_kind(sources: &[SourceConfig], kind: SourceKind) -> Option<&SourceConfig> {
    let only_demo = sources.iter().all(|source| source.kind == SourceKind::Demo);
    let speaks = |source: &&SourceConfig| source.kind == kind || (only_demo && source.kind == SourceKind::Demo);
    sources.iter().find(speaks)
}

fn resolve_templates(query: &Query, directory: Directory<'_>) -> Templates {
    let must_name = directory.me.is_some_and(|me| !me.sees_all_insights());
    if query.org.is_none() && !must_name {
        let mut chosen = query.templates.clone();
        order::sort_by(&mut chosen, Ord::cmp);
        chosen.dedup();
        return if chosen.is_empty() {
            Templates::All
        } else {
            Templates::Only(chosen)
        };
    }
    let Some(templates) = directory.templates else {
        return Templates::Unknown;
    };
    let in_org = |template: &&Template| query.org.as_ref().is_none_or(|org| *org == template.organization_id);
    let chosen = |template: &&Template| query.templates.is_empty() || query.templates.contains(&template.id);
    let mut ids: Vec<String> = templates
        .iter()
        .filter(in_org)
        .filter(chosen)
        .map(|template| template.id.clone())
        .collect();
    order::sort_by(&mut ids, Ord::cmp);
    if ids.is_empty() {
        Templates::None
    } else {
        Templates::Only(ids)
    }
}
