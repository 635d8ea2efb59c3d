//! Which values workspaces were built with.

use super::Demo;
use super::cast::{PARAMETERS, Parameter, TemplateSet};
use super::chance::{mix, pick};
use super::directory::template_ids;
use super::json::{List, fill, number, text};
use super::people::Person;
use super::usage::{Session, Window, bit};

/// Counts workspaces by the values of their latest build in the window.
pub fn parameters_usage(demo: &Demo, window: &Window) -> String {
    let mut totals: Vec<Total> = PARAMETERS
        .iter()
        .map(|parameter| Total {
            parameter,
            templates: 0,
            counts: vec![0; parameter.values.len()],
        })
        .collect();
    for person in &demo.people {
        for (template, built) in latest_builds(person, window) {
            for (place, total) in totals
                .iter_mut()
                .enumerate()
                .filter(|(_, total)| total.parameter.templates.contains(&template))
            {
                if let Some(count) = total.counts.get_mut(choice(person, template, place, built)) {
                    *count += 1;
                    total.templates |= bit(template);
                }
            }
        }
    }
    let mut rows = List::array();
    for total in totals.iter().filter(|total| total.templates != 0) {
        rows.push(&total.row());
    }
    rows.end()
}

/// The person's workspaces, one in each template, that were built in the window: template and half hour.
pub fn latest_builds(person: &Person, window: &Window) -> impl Iterator<Item = (usize, i64)> {
    let habit = &person.habit;
    let latest = |template: usize, begin: fn(&Session) -> Option<i64>| {
        let within = |begin: &i64| (window.from..window.to).contains(begin);
        let builds = window
            .sessions(person)
            .rev()
            .filter(Session::is_build)
            .filter_map(move |session| begin(&session));
        let mut builds = builds.filter(within);
        if window.has(template) {
            builds.next().map(|begin| (template, begin))
        } else {
            None
        }
    };
    let main = latest(habit.main.template, |session| Some(session.first));
    let second = if habit.second.template == habit.main.template {
        None
    } else {
        latest(habit.second.template, Session::second_build)
    };
    main.into_iter().chain(second)
}

/// The value chosen for a workspace; people change their minds every few months.
pub fn choice(person: &Person, template: usize, parameter: usize, built: i64) -> usize {
    let season = (built.div_euclid(48) + person.offset * 11)
        .div_euclid(120)
        .unsigned_abs();
    let word = mix(mix(person.seed, season), (template * 64 + parameter) as u64 ^ 0xb41d);
    pick(
        word,
        PARAMETERS
            .get(parameter)
            .map_or(&[][..], |parameter| parameter.values)
            .iter()
            .map(|(_, share)| *share),
    )
}

struct Total {
    parameter: &'static Parameter,
    templates: TemplateSet,
    counts: Vec<u64>,
}

impl Total {
    fn row(&self) -> String {
        let parameter = self.parameter;
        let (mut options, mut values) = (List::array(), List::array());
        for (name, value, icon) in parameter.options {
            let document = r#"{"name":~,"description":"","value":~,"icon":~}"#;
            options.push(&fill(document, &[text(name), text(value), text(icon)]));
        }
        for ((value, _), count) in parameter.values.iter().zip(&self.counts) {
            if *count > 0 {
                values.push(&fill(r#"{"value":~,"count":~}"#, &[text(value), number(*count)]));
            }
        }
        let mut row = List::object();
        row.field("template_ids", &template_ids(self.templates));
        row.field("display_name", &text(parameter.display_name));
        row.field("name", &text(parameter.name));
        row.field("type", &text(parameter.kind));
        row.field("description", &text(parameter.description));
        if !options.is_empty() {
            row.field("options", &options.end());
        }
        row.field("values", &values.end());
        row.end()
    }
}
