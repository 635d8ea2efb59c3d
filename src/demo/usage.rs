//! Who used what in which half hour. Everything that the demo reports about use is a fold over [`Window::walk`].

use super::calendar::Calendar;
use super::cast::{SFTP, TEMPLATES, TemplateSet};
use super::chance::{below, between, mix};
use super::people::{Person, Work};

/// Local half hours between which a session lies: from 06:00 to 06:00 of the next day.
const EARLIEST: i64 = 12;
const LATEST: i64 = 60;

/// One day's work of a person.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// First half hour, counted since 1970.
    pub first: i64,
    /// Half hours.
    pub length: i64,
    /// Half hours spent in the main template, the rest in the second.
    pub split: i64,
    word: u64,
}

/// One half hour in which a person used a workspace.
pub struct Use<'a> {
    /// Who.
    pub person: &'a Person,
    /// Half hour since 1970.
    pub half_hour: i64,
    /// Where, and with what.
    pub work: &'a Work,
    /// Minutes with a session, 1 to 30.
    pub minutes: u64,
    place: u32,
    word: u64,
}

/// A span of whole half hours, and the templates to look at.
pub struct Window {
    /// First half hour since 1970.
    pub from: i64,
    /// End, excluded.
    pub to: i64,
    /// 1 when days begin within a half hour: the one astride two days belongs to neither.
    astride: i64,
    templates: TemplateSet,
    calendar: Calendar,
}

impl Session {
    /// The work of a person on a local day, if any.
    pub fn of(person: &Person, day: i64, calendar: &Calendar) -> Option<Session> {
        if !person.may_work_on(day) {
            return None;
        }
        let word = mix(person.seed, day.unsigned_abs());
        let habit = &person.habit;
        // Both are thousandths.
        if below(word, 1_000_000) >= habit.rate * calendar.factor(day) {
            return None;
        }
        // Two weeks off now and then.
        let fortnight = (day + person.offset).div_euclid(14).unsigned_abs();
        if below(mix(!person.seed, fortnight), 100) < 6 {
            return None;
        }
        let detail = mix(word, 1);
        let first = habit.start + between(detail, -2, 3);
        let length = between(detail << 16, habit.length.0, habit.length.1);
        let length = length.min(LATEST - first);
        let stays = habit.main.template == habit.second.template || detail & 7 != 0;
        Some(Session {
            first: day * 48 + first.max(EARLIEST) - person.offset,
            length,
            split: if stays { length } else { length * 3 / 4 },
            word: detail,
        })
    }

    /// The half hour after the last one.
    pub fn end(&self) -> i64 {
        self.first + self.length
    }

    /// Whether the workspaces of this session were built when it began.
    pub fn is_build(&self) -> bool {
        self.word >> 3 & 3 == 0
    }

    /// When the workspace of the second template was built, if it was.
    pub fn second_build(&self) -> Option<i64> {
        (self.split < self.length).then_some(self.first + self.split)
    }

    /// The template and the apps of a half hour.
    fn work<'a>(&self, person: &'a Person, half_hour: i64) -> &'a Work {
        let habit = &person.habit;
        if half_hour < self.first + self.split {
            &habit.main
        } else {
            &habit.second
        }
    }

    /// Minutes of use in a half hour; 0 in a break.
    fn minutes(&self, half_hour: i64) -> u64 {
        let place = half_hour - self.first;
        let bits = self.turned(half_hour) & 31;
        if place == 0 || place + 1 == self.length {
            4 + bits / 2
        } else if bits < 2 {
            0
        } else {
            (15 + bits).min(30)
        }
    }

    /// Use in a half hour; none in a break.
    pub fn at<'a>(&self, person: &'a Person, half_hour: i64) -> Option<Use<'a>> {
        let minutes = self.minutes(half_hour);
        (minutes > 0).then(|| Use {
            person,
            half_hour,
            work: self.work(person, half_hour),
            minutes,
            place: self.place(half_hour),
            word: self.word,
        })
    }

    fn place(&self, half_hour: i64) -> u32 {
        u32::try_from(half_hour - self.first).unwrap_or(0)
    }

    fn turned(&self, half_hour: i64) -> u64 {
        self.word.rotate_right(self.place(half_hour) * 5)
    }
}

impl Use<'_> {
    /// The apps in use and the minutes of each; 0 minutes where there are fewer than four.
    pub fn apps(&self) -> [(usize, u64); 4] {
        // Choices last for three half hours.
        let bits = self.word.rotate_left(self.place / 3 * 7);
        let away = bits & 15 == 0;
        let (main, beside) = match (away, bits & 0x30 == 0) {
            (true, _) => (0, self.minutes),
            (false, true) => (self.minutes, (self.minutes / 2).max(1)),
            (false, false) => (self.minutes, 0),
        };
        let copies = u64::from(bits >> 6 & 63 == 0);
        let looks = if bits >> 12 & 7 == 0 {
            (self.minutes / 3).max(1)
        } else {
            0
        };
        let favourite = self.work.favourite.map_or((SFTP, 0), |app| (app, looks));
        [
            (self.work.app, main),
            (self.work.beside, beside),
            (SFTP, copies),
            favourite,
        ]
    }

    /// Whether the session begins here.
    pub fn is_first(&self) -> bool {
        self.place == 0
    }

    /// Whether the latency was measured in this half hour, where it is measured at all.
    pub fn is_measured(&self) -> bool {
        u64::from(self.place) & 3 == self.word >> 5 & 3
    }
}

impl Window {
    /// Half hours that lie wholly between two instants and are over by now, in seconds since 1970.
    pub fn new(start: i64, end: i64, now: i64, templates: TemplateSet) -> Window {
        let astride = i64::from(start.rem_euclid(1800) != 0);
        let from = start.div_euclid(1800) + astride;
        let to = end.min(now).div_euclid(1800);
        Window {
            from,
            to,
            astride,
            templates,
            calendar: Calendar::new(from.div_euclid(48) - 2, to.div_euclid(48) + 2),
        }
    }

    /// Whether a person could have used something: a quick look before a long one.
    pub fn concerns(&self, person: &Person) -> bool {
        let days = self.from.div_euclid(48) - 2..=self.to.div_euclid(48) + 2;
        let within = |(from, to): &(i64, i64)| from <= days.end() && to > days.start();
        person.course.phases.iter().any(within)
    }

    /// A person's sessions that touch the window, in order.
    pub fn sessions(&self, person: &Person) -> impl DoubleEndedIterator<Item = Session> {
        let first_day = (self.from + person.offset - LATEST).div_euclid(48);
        let last_day = (self.to + person.offset - EARLIEST).div_euclid(48);
        let [early, late] = person
            .course
            .phases
            .map(|(from, to)| first_day.max(from)..(last_day + 1).min(to));
        early
            .chain(late)
            .filter_map(|day| Session::of(person, day, &self.calendar))
            .filter(|session| session.first < self.to && session.end() > self.from)
    }

    /// Visits each half hour of use of a person, in order.
    pub fn walk<'a>(&self, person: &'a Person, mut visit: impl FnMut(&Use<'a>)) {
        for session in self.sessions(person) {
            for half_hour in session.first.max(self.from)..session.end().min(self.to) {
                if let Some(used) = session.at(person, half_hour)
                    && self.has(used.work.template)
                {
                    visit(&used);
                }
            }
        }
    }

    /// Visits the first use of each template in each interval of `step` half hours, in order: the place of the
    /// interval and the template. That is all it takes to count people.
    pub fn touch(&self, person: &Person, step: i64, mut visit: impl FnMut(i64, usize)) {
        for session in self.sessions(person) {
            let change = session.first + session.split;
            let (begin, end) = (session.first.max(self.from), session.end().min(self.to));
            let parts = [
                (&person.habit.main, begin, end.min(change)),
                (&person.habit.second, begin.max(change), end),
            ];
            for (work, from, to) in parts {
                let mut half_hour = if self.has(work.template) { from } else { to };
                while half_hour < to {
                    let into = (half_hour - self.from).rem_euclid(step);
                    if session.minutes(half_hour) > 0 && into < step - self.astride {
                        visit((half_hour - self.from).div_euclid(step), work.template);
                        half_hour += step - into;
                    } else {
                        half_hour += 1;
                    }
                }
            }
        }
    }

    /// Whether a template is looked at.
    pub fn has(&self, template: usize) -> bool {
        self.templates & bit(template) != 0
    }
}

/// The set with one template, or with one app.
pub fn bit(place: usize) -> u16 {
    1 << (place & 15)
}

/// The set of all templates.
pub fn all_templates() -> TemplateSet {
    (0..TEMPLATES.len()).fold(0, |set, place| set | bit(place))
}
