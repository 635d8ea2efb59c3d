//! The accounts: who they are, when they came and went, and how they work.
//!
//! Accounts are numbered in the order in which they join, at a constant rate from [`OPENING`] on, and each one's
//! course is a function of its number alone. So the past never changes: a day shows the same figures whenever it is
//! asked for. The deployment grows by some eighty accounts a year, for as long as the calendar goes.

use super::calendar::{OPENING, weekday};
use super::cast::{BUILTIN, JETBRAINS, ORGANIZATIONS, REGIONS, SSH, TEMPLATES, TERMINAL, VSCODE, WORDS};
use super::chance::{below, between, mix, pick, uuid};

/// Days from one new account to the next, in thousandths.
const ARRIVALS: u64 = 2_000;

/// An account.
pub struct Person {
    /// Id.
    pub id: u128,
    /// Place in the order of joining.
    pub serial: u64,
    /// From which all chance of this person comes.
    pub seed: u64,
    /// Half hours east of UTC.
    pub offset: i64,
    /// Typical latency in microseconds; `None` where it is never measured.
    pub latency: Option<u64>,
    /// How the person works.
    pub habit: Habit,
    /// How the account fared.
    pub course: Course,
}

/// How a person works.
pub struct Habit {
    /// Most of the work.
    pub main: Work,
    /// The rest, in another template or the same.
    pub second: Work,
    /// Days of use in a thousand ordinary days.
    pub rate: u64,
    /// Half hour of the local day at which work begins.
    pub start: i64,
    /// Half hours a day, from and to.
    pub length: (i64, i64),
}

/// A template a person works in, and the apps used there.
pub struct Work {
    /// Place in [`TEMPLATES`].
    pub template: usize,
    /// App of most of the time.
    pub app: usize,
    /// App used beside it.
    pub beside: usize,
    /// App of the template that is used now and then.
    pub favourite: Option<usize>,
}

/// How an account fared. Instants are seconds since 1970, days local day numbers.
pub struct Course {
    /// When it was created.
    pub created: i64,
    /// Whether anybody ever signed in.
    pub signed_in: bool,
    /// Spans of days in which it may be used, last day excluded, oldest first.
    pub phases: [(i64, i64); 2],
    /// When it was suspended.
    pub suspended: Option<i64>,
    /// When it was deleted.
    pub deleted: Option<i64>,
}

/// Everybody who ever joined until an instant, in the order of joining, which is that of their ids.
pub fn population(now: i64) -> Vec<Person> {
    let days = (now.div_euclid(86_400) - OPENING + 1).max(0).unsigned_abs();
    (0..=days * 1000 / ARRIVALS)
        .map(person)
        .filter(|person| person.course.created <= now)
        .collect()
}

impl Person {
    /// User name: a plant or stone and a number.
    pub fn username(&self) -> String {
        let count = WORDS.len() as u64;
        // Every word is used once in each round; the step of 11 shuffles them, as 11 and 48 share no factor.
        let word = usize::try_from(self.serial * 11 % count).unwrap_or(0);
        let number = 3 * (self.serial / count) + 1 + below(mix(self.seed, 1), 3);
        format!("{}-{number:02}", WORDS.get(word).unwrap_or(&"plant"))
    }

    /// The organization the person belongs to, as a place among [`ORGANIZATIONS`].
    pub fn organization(&self) -> usize {
        organization(self.seed)
    }

    /// Whether this local day lies in a phase of use.
    pub fn may_work_on(&self, day: i64) -> bool {
        self.course.phases.iter().any(|(from, to)| *from <= day && day < *to)
    }
}

fn person(serial: u64) -> Person {
    let seed = mix(0x000d_e305, serial);
    let roll = |purpose: u64| mix(seed, purpose);
    let joined = OPENING + (serial * ARRIVALS / 1000).cast_signed();
    // Nobody joins on a weekend.
    let joined = joined
        + [0, 0, 0, 0, 0, 2, 1]
            .get(weekday(joined).unsigned_abs() as usize)
            .unwrap_or(&0);
    let region = REGIONS.get(pick(roll(2), REGIONS.iter().map(|region| region.share)));
    let latency = region.map_or((0, 0), |region| region.latency);
    let far = if below(roll(5), 100) < 4 { 2 } else { 1 };
    Person {
        id: uuid(0x7e0, serial),
        serial,
        seed,
        offset: region.map_or(0, |region| region.offset),
        latency: (below(roll(4), 100) >= 5).then(|| between(roll(6), latency.0, latency.1).unsigned_abs() * far),
        habit: habit(seed),
        course: course(serial, seed, joined),
    }
}

fn habit(seed: u64) -> Habit {
    let roll = |purpose: u64| mix(seed, purpose);
    let organization = organization(seed);
    let shares = TEMPLATES.iter().map(|template| {
        if template.organization == organization {
            template.share
        } else {
            0
        }
    });
    let main = pick(roll(10), shares.clone());
    let app = match TEMPLATES.get(main) {
        Some(template) if below(roll(12), 100) < template.in_browser => {
            template.apps.first().copied().unwrap_or(VSCODE)
        }
        _ => [VSCODE, JETBRAINS, SSH, TERMINAL]
            .get(pick(roll(13), [58, 25, 12, 5].into_iter()))
            .copied()
            .unwrap_or(VSCODE),
    };
    let (rate, length) = match below(roll(14), 100) {
        0..24 => (930, (11, 18)),
        24..62 => (780, (6, 15)),
        62..86 => (300, (2, 8)),
        _ => (55, (1, 3)),
    };
    // One in eight works in the evening.
    let start = if below(roll(15), 8) == 0 {
        between(roll(16), 26, 36)
    } else {
        between(roll(16), 14, 20)
    };
    let second = pick(roll(11), shares);
    Habit {
        main: work(seed, main, app),
        second: work(seed, second, app),
        rate,
        start,
        length,
    }
}

fn organization(seed: u64) -> usize {
    pick(
        mix(seed, 3),
        ORGANIZATIONS.iter().map(|organization| organization.share),
    )
}

fn work(seed: u64, template: usize, app: usize) -> Work {
    let extra = TEMPLATES.get(template).map_or(&[][..], |template| template.apps);
    // An app of another template does not run here.
    let app = if app < BUILTIN || extra.contains(&app) {
        app
    } else {
        VSCODE
    };
    let favourite = below(mix(seed, 17), extra.len() as u64);
    let favourite = usize::try_from(favourite).ok().and_then(|place| extra.get(place));
    Work {
        template,
        app,
        beside: if app == TERMINAL || app == SSH {
            VSCODE
        } else {
            TERMINAL
        },
        favourite: favourite.copied().filter(|favourite| *favourite != app),
    }
}

fn course(serial: u64, seed: u64, joined: i64) -> Course {
    let roll = |purpose: u64| mix(seed, purpose);
    let at = |day: i64, purpose: u64| day * 86_400 + between(roll(purpose), 18, 31) * 1800;
    let mut course = Course {
        created: at(joined, 20),
        signed_in: true,
        phases: [(joined + 1, i64::MAX), (i64::MAX, i64::MAX)],
        suspended: None,
        deleted: None,
    };
    // The first account is the one that looks at the demo: it stays.
    let fate = if serial == 0 { 99 } else { below(roll(21), 100) };
    let left = joined + 1 + between(roll(22), 30, 900);
    match fate {
        // Never signed in; cleaned up some day.
        0..8 => {
            course.signed_in = false;
            course.phases = [(i64::MAX, i64::MAX); 2];
            course.deleted = Some(at(joined + between(roll(23), 150, 900), 24));
        }
        // Left; deleted soon or late.
        8..38 => {
            course.phases = [(joined + 1, left), (i64::MAX, i64::MAX)];
            course.deleted = Some(at(left + between(roll(23), 10, 420), 24));
        }
        // Left or was locked out; suspended, and deleted after years.
        38..50 => {
            course.phases = [(joined + 1, left), (i64::MAX, i64::MAX)];
            course.suspended = Some(at(left + between(roll(25), 2, 40), 26));
            course.deleted = Some(at(left + between(roll(23), 300, 1100), 24));
        }
        // Stopped, and half of them came back.
        50..74 => {
            let back = if fate < 62 {
                left + between(roll(27), 95, 280)
            } else {
                i64::MAX
            };
            course.phases = [(joined + 1, left), (back, i64::MAX)];
            if back == i64::MAX {
                course.deleted = Some(at(left + between(roll(23), 400, 1500), 24));
            }
        }
        _ => {}
    }
    course
}
