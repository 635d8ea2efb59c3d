//! People in groups: how many of them fall where. For panels that draw groups while their table lists people.

use crate::format;
use crate::order;
use crate::scope::Scope;
use crate::table::{Cell, Column, Table};
use chrono::{DateTime, Utc};

/// Some people who have something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// In what they are alike, such as "Department".
    pub by: &'static str,
    /// What they have in common, such as the department.
    pub name: String,
    /// How many they are.
    pub people: usize,
}

/// Groups of one name each, the largest first.
pub fn by_name(by: &'static str, names: Vec<String>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut names = names;
    order::sort_by(&mut names, Ord::cmp);
    for name in names {
        match groups.last_mut().filter(|group| group.name == name) {
            Some(group) => group.people += 1,
            None => groups.push(Group { by, name, people: 1 }),
        }
    }
    order::sort_by(&mut groups, |a, b| b.people.cmp(&a.people));
    groups
}

/// Groups by days of use, in bands that widen; `most` days can be meant, and who has more is in a band of its own.
pub fn by_days(by: &'static str, most: u32, days: &[u64]) -> Vec<Group> {
    let most = u64::from(most);
    let mut bands: Vec<(u64, u64)> = vec![(0, 0), (1, 1)];
    for end in [5, 10, 20, 40, 80, 160, u64::MAX] {
        let first = bands.last().map_or(0, |(_, last)| last + 1);
        if first <= most {
            bands.push((first, end.min(most)));
        }
    }
    bands.push((most.max(1) + 1, u64::MAX));
    let group = |(first, last): (u64, u64)| Group {
        by,
        name: match (first, last) {
            (0, _) => "no day".into(),
            (1, 1) => "1 day".into(),
            (_, u64::MAX) => format!("more than {}", first - 1),
            (first, last) if first == last => format!("{first} days"),
            (first, last) => format!("{first}–{last} days"),
        },
        people: days.iter().filter(|days| (first..=last).contains(*days)).count(),
    };
    let mut groups: Vec<Group> = bands.into_iter().map(group).collect();
    // Nobody should have more days than there were.
    if groups.last().is_some_and(|group| group.people == 0) {
        groups.pop();
    }
    groups
}

/// Groups by how long ago something happened last, in 24-hour days; `None` is never.
pub fn by_recency(scope: &Scope, by: &'static str, times: &[Option<DateTime<Utc>>]) -> Vec<Group> {
    const BANDS: [(&str, i64); 5] = [
        ("last 7 days", 7),
        ("8–30 days ago", 30),
        ("31–90 days ago", 90),
        ("longer ago", i64::MAX),
        ("never", i64::MAX),
    ];
    let band = |time: &Option<DateTime<Utc>>| match time {
        Some(time) => {
            let days = (scope.now - *time).num_days();
            BANDS.iter().position(|(_, most)| days < *most).unwrap_or(3)
        }
        None => 4,
    };
    let bands = BANDS.iter().enumerate();
    bands
        .map(|(place, (name, _))| Group {
            by,
            name: (*name).into(),
            people: times.iter().filter(|time| band(time) == place).count(),
        })
        .collect()
}

/// Groups as a table.
pub fn table(scope: &Scope, caption: &str, groups: &[Group]) -> Table {
    let row = |group: &Group| {
        vec![
            Cell::Text(group.name.clone()),
            Cell::Text(group.by.into()),
            Cell::Number {
                value: group.people as f64,
                shown: format::count(&scope.locale, group.people as u64),
            },
        ]
    };
    Table {
        caption: format!("{caption}: groups"),
        columns: vec![
            Column::text("group", "Group"),
            Column::text("by", "By"),
            Column::number("people", "People"),
        ],
        rows: groups.iter().map(row).collect(),
    }
}
