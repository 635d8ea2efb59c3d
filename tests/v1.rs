//! What is asked of Coder v1, to the letter, and what is made of its answers; the text of its documentation as well.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use metrics::config::{self, SourceConfig};
use metrics::data::Data;
use metrics::data::usage::{Interval as Answered, Time, Usage};
use metrics::import::tidy;
use metrics::period::Interval;
use metrics::query::Action;
use metrics::remote::{LoadError, Reply};
use metrics::source::coder_v1::{self, is_guessed};
use metrics::source::{Answer, Reading, Request, Stretch, read};
use proptest::prelude::*;
use serde_json::{Value, json};

const DOCUMENTED: &str = include_str!("fixtures/v1/activity-as-documented.txt");
const VALID: &str = include_str!("fixtures/v1/activity.json");

const JOE: &str = "6004ad77-a7a69a24d779dd9f44357014";
const BOB: &str = "627935e2-838713a0437b43f006b26244";

const MINUTE: i64 = 60_000_000_000;

fn source(more: &str) -> SourceConfig {
    let text = format!(
        r#"{{"version":1,"sources":[{{"id":"v1","kind":"coder-v1","base_url":"/old/","auth":"token"{more}}}]}}"#
    );
    config::parse(text.as_bytes()).unwrap().sources.remove(0)
}

fn stretch(interval: Interval, action: Action) -> Stretch {
    Stretch {
        first: "2022-08-01".parse().unwrap(),
        end: "2022-08-31".parse().unwrap(),
        interval,
        own: None,
        action,
        org: None,
    }
}

fn request() -> Request {
    coder_v1::usage(&source(""), stretch(Interval::Week, Action::Ide))
}

fn reply(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Reply {
    Reply {
        status,
        content_type: content_type.into(),
        retry_after: None,
        body: body.into(),
    }
}

fn usage(body: &str) -> Usage {
    match read(&request(), &reply(200, "application/json", body)) {
        Ok(Answer::Data(Data::Usage(usage))) => usage,
        other => panic!("{body}: {other:?}"),
    }
}

fn fault(body: &str) -> (String, String) {
    match read(&request(), &reply(200, "application/json", body)) {
        Err(LoadError::Decode(error)) => (error.path, error.reason),
        other => panic!("{body}: {other:?}"),
    }
}

/// Who, nanoseconds, minutes.
fn uses(usage: &Usage, interval: usize) -> Vec<(&str, i64, i64)> {
    let Answered { uses, .. } = &usage.intervals[interval];
    let one = |one: &metrics::data::usage::Use| {
        let person = &usage.people[one.person as usize];
        (person.id.as_str(), one.time.nanos, one.time.minutes)
    };
    uses.iter().map(one).collect()
}

#[test]
fn requests_to_the_letter() {
    assert_eq!(
        request().target(),
        "api/private/metrics/activity?start=2022-08-01T00:00:00.000000Z&end=2022-08-31T00:00:00.000000Z&category=ide&interval=1%20week"
    );
    let target = |source: &SourceConfig, interval, action, org: Option<&str>| {
        let stretch = Stretch {
            org: org.map(Into::into),
            ..stretch(interval, action)
        };
        let target = coder_v1::usage(source, stretch).target();
        target.split_once("31T00:00:00.000000Z").unwrap().1.to_string()
    };
    let plain = source("");
    for (interval, action, query) in [
        (Interval::Day, Action::Any, "&interval=1%20day"),
        (Interval::Month, Action::Tunnel, "&category=tunnel&interval=1%20month"),
        (Interval::Days90, Action::Login, "&category=login&interval=90%20day"),
        (Interval::Year, Action::App, "&category=app&interval=1%20year"),
        (
            Interval::Week,
            Action::WebTerminal,
            "&category=web-terminal&interval=1%20week",
        ),
    ] {
        assert_eq!(target(&plain, interval, action, None), query);
    }
    let own = source(r#","route":"/api/v1x/","categories":{"any":"all","web-terminal":"web terminal"}"#);
    assert!(
        coder_v1::usage(&own, stretch(Interval::Day, Action::Any))
            .path
            .starts_with("api/v1x/metrics/")
    );
    assert_eq!(
        target(&own, Interval::Day, Action::WebTerminal, Some("60dd/4&x")),
        "&category=web%20terminal&interval=1%20day&org=60dd/4%26x"
    );
    assert_eq!(
        target(&own, Interval::Day, Action::Any, None),
        "&category=all&interval=1%20day"
    );
    assert_eq!(coder_v1::organizations(&own).target(), "api/v0/orgs");
    assert!(is_guessed(&plain, Action::Login) && is_guessed(&plain, Action::WebTerminal));
    assert!(
        !is_guessed(&plain, Action::Ide) && !is_guessed(&plain, Action::Any) && !is_guessed(&own, Action::WebTerminal)
    );
}

#[test]
fn the_documented_answer() {
    let usage = usage(VALID);
    assert_eq!(usage.intervals.len(), 1);
    assert_eq!(usage.intervals[0].start.to_rfc3339(), "2022-08-01T00:00:00+00:00");
    assert_eq!(usage.intervals[0].length, Some(7 * 24 * 60 * MINUTE));
    assert_eq!(
        uses(&usage, 0),
        [
            (JOE, 72_000_000_000_000, 1200),
            ("5f905429-ba6e4ac480eb4c0ead160b47", 30_780_000_000_000, 513),
            (BOB, 2_760_000_000_000, 46)
        ]
    );
    // Bob's key is no id, so he must not become two people.
    assert_eq!(usage.people.len(), 3);
    let person = |id: &str| usage.people.iter().find(|person| person.id == id).unwrap();
    let (joe, bob) = (person(JOE), person(BOB));
    assert_eq!(
        (joe.name.as_str(), joe.username.as_str(), joe.roles.join(" ")),
        ("Joe", "joe2", "site-member site-manager".into())
    );
    let total = joe.total.unwrap();
    assert_eq!(
        (total.nanos, total.minutes, total.seconds()),
        (4713 * MINUTE, 4713, 282_780.0)
    );
    assert!(total.agrees());
    let total = bob.total.unwrap();
    assert_eq!((total.nanos, total.minutes, total.agrees()), (6 * MINUTE, 3708, false));
}

#[test]
fn the_example_as_it_was_printed_says_the_same() {
    assert!(serde_json::from_str::<Value>(DOCUMENTED).is_err());
    assert_eq!(usage(&tidy(DOCUMENTED)), usage(VALID));
    assert_eq!(tidy(DOCUMENTED).lines().count(), DOCUMENTED.lines().count());
}

#[test]
fn people_are_found_wherever_they_are_named() {
    let usage = usage(
        r#"{"activity":[
            {"time":"2022-08-08T02:00:00+02:00","user_activity":[{"user_id":"key","count":2},{"user_id":"b","duration":60000000000}]},
            {"time":"2022-08-01T00:00:00Z","duration":604800000000000,"user_activity":null},
            {"time":"2022-08-08T00:00:00Z","user_activity":[{"user_id":"x"}]}
        ],"users":{"key":{"id":"a","total_count":2},"b":{},"c":{"name":"C\u0000\n c","roles":null,"total_duration":"9007199254740993"}}}"#,
    );
    // Oldest first; the same interval twice is one.
    assert_eq!(
        usage.intervals.iter().map(|one| one.length).collect::<Vec<_>>(),
        [Some(7 * 24 * 60 * MINUTE), None]
    );
    assert!(usage.intervals[0].uses.is_empty());
    assert_eq!(uses(&usage, 1), [("b", MINUTE, 1), ("a", 2 * MINUTE, 2)]);
    let total = |id: &str| usage.people.iter().find(|person| person.id == id).unwrap().total;
    assert_eq!(
        total("a"),
        Some(Time {
            nanos: 2 * MINUTE,
            minutes: 2
        })
    );
    assert_eq!(total("c").unwrap().nanos, 9_007_199_254_740_993);
    assert_eq!(total("x"), None);
    let summed = |id: &str| {
        usage
            .people
            .iter()
            .find(|person| person.id == id)
            .unwrap()
            .summed
            .minutes
    };
    assert_eq!((summed("a"), summed("b"), summed("c"), summed("x")), (2, 1, 0, 0));
    assert_eq!((usage.intervals[1].people, usage.intervals[1].time.minutes), (2, 3));
    let c = usage.people.iter().find(|person| person.id == "c").unwrap();
    assert_eq!((c.name.as_str(), c.roles.len()), ("C c", 0));
}

#[test]
fn one_person_twice_in_an_interval_is_one() {
    let usage = usage(
        r#"{"activity":[{"time":"2022-08-01T00:00:00Z","user_activity":[
            {"user_id":"a","duration":60000000000,"count":1},{"user_id":"b","count":3},{"user_id":"k","duration":120000000000,"count":2}
        ]}],"users":{"k":{"id":"a"}}}"#,
    );
    assert_eq!(uses(&usage, 0), [("a", 3 * MINUTE, 3), ("b", 3 * MINUTE, 3)]);
}

#[test]
fn many_people_in_pieces_and_in_no_order() {
    let count = 3000_i64;
    let id = |person: i64| format!("person-{person:06}");
    // Each interval has its own order, and the last one names people by their keys.
    let interval = |day: i64| {
        let person = |place: i64| (place * [1, 7, 11][day as usize]) % count;
        let name = |person: i64| if day == 2 { format!("key {person}") } else { id(person) };
        let uses: Vec<Value> = (0..count)
            .map(|place| json!({"user_id": name(person(place)), "count": person(place) % 60 + day}))
            .collect();
        json!({"time": format!("2022-08-{:02}T00:00:00Z", day + 1), "user_activity": uses})
    };
    let users: serde_json::Map<String, Value> = (0..count)
        .map(|person| {
            (
                format!("key {person}"),
                json!({"id": id(person), "username": format!("user-{person}"), "total_count": 3 * (person % 60) + 3}),
            )
        })
        .collect();
    let body = json!({"activity": [interval(0), interval(1), interval(2)], "users": users}).to_string();
    let whole = usage(&body);
    assert_eq!((whole.people.len(), whole.intervals.len()), (3000, 3));
    for (day, interval) in whole.intervals.iter().enumerate() {
        assert!(interval.uses.is_sorted_by_key(|one| one.person) && interval.uses.len() == 3000);
        for one in &interval.uses {
            let person: i64 = whole.people[one.person as usize]
                .id
                .strip_prefix("person-")
                .unwrap()
                .parse()
                .unwrap();
            assert_eq!(one.time.minutes, person % 60 + day as i64);
        }
    }
    assert!(whole.people.iter().all(|person| person.total == Some(person.summed)));
    let reply = reply(200, "application/json", body);
    for length in [100, 70_000] {
        let mut reading = Reading::new(&request(), &reply.head());
        reply.body.chunks(length).for_each(|piece| reading.push(piece));
        assert_eq!(reading.end(reply.head()), Ok(Answer::Data(Data::Usage(whole.clone()))));
    }
}

#[test]
fn what_begins_where_the_question_ends_was_not_asked_for() {
    let interval =
        |day: &str| json!({"time": format!("{day}T00:00:00Z"), "user_activity": [{"user_id": day, "count": 1}]});
    let starts = |days: &[&str]| {
        let usage = usage(&json!({"activity": days.iter().map(|day| interval(day)).collect::<Vec<_>>()}).to_string());
        let of_people: i64 = usage.people.iter().map(|person| person.summed.minutes).sum();
        assert_eq!(of_people as usize, usage.intervals.len());
        usage
            .intervals
            .iter()
            .map(|one| one.start.format("%m-%d").to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        starts(&["2022-07-25", "2022-08-01", "2022-08-29", "2022-08-31"]),
        "08-01 08-29"
    );
    // All of another time: the page says so, under its own days.
    assert_eq!(starts(&["2021-08-02", "2021-08-09"]), "08-02 08-09");
}

#[test]
fn nothing_measured_is_an_answer_and_nothing_said_is_none() {
    for empty in [
        r#"{"activity":[]}"#,
        r#"{"activity":null,"users":null}"#,
        r#"{"activity":[],"users":{}}"#,
    ] {
        assert_eq!(usage(empty), Usage::default(), "{empty}");
    }
    assert_eq!(fault("{}").0, "answer");
    assert_eq!(fault("[]").1, "found a list, expected an object");
    for (body, path) in [
        (r#"{"activity":[{"time":"yesterday"}]}"#, "activity[0].time"),
        (
            r#"{"activity":[{"time":"2022-08-01T00:00:00Z","user_activity":[{"user_id":"a","duration":1.5}]}]}"#,
            "activity[0].user_activity[0].duration",
        ),
        (
            r#"{"activity":[{"time":"2022-08-01T00:00:00Z","user_activity":[{"user_id":"a","count":-1}]}]}"#,
            "activity[0].user_activity[0].count",
        ),
        (
            r#"{"activity":[{"time":"2022-08-01T00:00:00Z","user_activity":[{"user_id":"a","count":"many"}]}]}"#,
            "activity[0].user_activity[0].count",
        ),
        (
            r#"{"activity":[],"users":{"a":{"total_duration":9223372036854775808}}}"#,
            "users.a.total_duration",
        ),
    ] {
        assert_eq!(fault(body).0, path, "{body}");
    }
}

#[test]
fn refusals() {
    let envelope =
        r#"{"error":{"msg":"You are not allowed to see metrics.","code":"forbidden","details":{"verbose":"x"}}}"#;
    let failure = |reply: &Reply| read(&request(), reply).expect_err("an answer");
    let json = |status, body: &str| failure(&reply(status, "application/json", body));
    assert_eq!(json(401, envelope), LoadError::Unauthorized);
    assert_eq!(
        json(403, envelope),
        LoadError::Forbidden("You are not allowed to see metrics.".into())
    );
    assert_eq!(
        json(404, r#"{"error":{"msg":"no such route","details":"try another"}}"#),
        LoadError::Unsupported("no such route try another".into())
    );
    assert_eq!(
        json(400, r#"{"error":{"msg":"bad interval"}}"#),
        LoadError::Refused("bad interval".into())
    );
    assert_eq!(
        json(500, r#"{"error":{}}"#),
        LoadError::Server {
            status: 500,
            message: String::new()
        }
    );
    let limited = Reply {
        retry_after: Some(7),
        ..reply(429, "application/json", envelope)
    };
    assert_eq!(failure(&limited), LoadError::Limited(Some(7)));
    assert_eq!(
        failure(&reply(200, "text/html", "<!doctype html>")),
        LoadError::Unauthorized
    );
}

proptest! {
    #[test]
    fn any_bytes_give_data_or_a_reason(body: Vec<u8>) {
        drop(read(&request(), &reply(200, "application/json", body)));
    }

    #[test]
    fn figures_survive_as_they_are(rows in prop::collection::vec((0_u8..20, 0..i64::MAX / 64, 0_i64..1_000_000), 0..30)) {
        let activity: Vec<Value> = rows.iter().enumerate().map(|(day, (person, nanos, minutes))| {
            let at = "2022-08-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() + chrono::Duration::days(day as i64);
            json!({"time": at.to_rfc3339(), "duration": 86_400_000_000_000_i64, "user_activity": [{"user_id": person.to_string(), "duration": nanos, "count": minutes}]})
        }).collect();
        let usage = usage(&json!({"activity": activity}).to_string());
        let found: Vec<(u8, i64, i64)> = (0..rows.len()).map(|index| {
            let (id, nanos, minutes) = uses(&usage, index)[0];
            (id.parse().unwrap(), nanos, minutes)
        }).collect();
        prop_assert_eq!(found, rows);
    }
}
