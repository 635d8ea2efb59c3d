//! People and one person: everybody is there, zero use included; what is missing is missing and says why.

use super::*;
use metrics::roster::{self, Roster};
use metrics::rows::List;
use proptest::prelude::*;
use std::sync::Arc;

const ADA: &str = "00000000-0000-0000-0000-0000000000f1";
const BEN: &str = "00000000-0000-0000-0000-0000000000f2";
const CAM: &str = "00000000-0000-0000-0000-0000000000f3";
const GONE: &str = "00000000-0000-0000-0000-0000000000f9";

fn account(id: &str, username: &str, status: &str, seen: &str, orgs: &[&str]) -> Value {
    json!({"id": id, "username": username, "name": "", "email": format!("{username}@example.com"), "status": status,
        "created_at": "2025-01-02T03:04:05Z", "last_seen_at": seen, "organization_ids": orgs, "roles": []})
}

fn roster() -> Vec<Value> {
    vec![
        account(ADA, "fern-01", "active", "2026-11-20T09:00:00Z", &[ORG_A]),
        account(BEN, "moss-02", "dormant", "2026-08-01T09:00:00Z", &[ORG_B]),
        account(CAM, "opal-03", "active", "0001-01-01T00:00:00Z", &[ORG_A, ORG_B]),
    ]
}

fn used(slice: &Slice) -> Option<Reply> {
    let hours = (slice.end - slice.start).num_hours();
    ok(
        &json!({"report": {"start_time": rfc3339(&slice.start), "end_time": rfc3339(&slice.end), "template_ids": [T1, T2], "users": [
            {"user_id": ADA, "username": "fern-01", "seconds": hours * 60, "template_ids": [T1, T2]},
            {"user_id": GONE, "username": "slate-09", "seconds": 7200, "template_ids": [T2]},
        ]}}),
    )
}

fn late(slice: &Slice) -> Option<Reply> {
    ok(
        &json!({"report": {"start_time": rfc3339(&slice.start), "end_time": rfc3339(&slice.end), "template_ids": [], "users": [
            {"user_id": ADA, "username": "fern-01", "latency_ms": {"p50": 40.5, "p95": 90.0}},
            {"user_id": GONE, "username": "slate-09", "latency_ms": {"p50": -1, "p95": -1}},
        ]}}),
    )
}

fn people(request: &Request) -> Option<Reply> {
    match &request.ask {
        Ask::Users(_) => ok(&json!({"count": 3, "users": roster()})),
        Ask::User(id) => match roster().iter().find(|one| one["id"] == id.as_str()) {
            Some(one) => ok(one),
            None => usual(request),
        },
        Ask::Activity(slice) => used(slice),
        Ask::Latency(slice) => late(slice),
        _ => usual(request),
    }
}

fn people_page(url: &str, server: Server) -> Page {
    page_of(View::People, url, &moment(NOW, "UTC"), &coder_config(), server)
}

fn person_page(id: &str, more: &str, server: Server) -> Page {
    let url = format!("?person={id}{more}");
    page_of(View::Person, &url, &moment(NOW, "UTC"), &coder_config(), server)
}

/// The people server, except for what `special` answers.
fn but(special: impl Fn(&Ask) -> Option<Reply>) -> impl Fn(&Request) -> Option<Reply> {
    move |request| special(&request.ask).or_else(|| people(request))
}

/// Some columns of a list in words, as [`rows`] of a table.
fn told(list: &List, columns: &[&str]) -> Vec<String> {
    let all = list.rows().columns();
    let place = |id: &&str| all.iter().position(|column| column.id == *id).expect(id);
    let places: Vec<usize> = columns.iter().map(place).collect();
    let row = |row| places.iter().map(|column| list.rows().cell(row, *column)).collect();
    rows(&Table {
        rows: (0..list.count()).map(row).collect(),
        ..Table::default()
    })
}

#[test]
fn everybody_on_the_roster_is_there() {
    let page = people_page("?range=7d", &people);
    let panel = page.panel("people");
    let list = panel.list.as_ref().unwrap();
    assert_eq!(
        told(
            list,
            &[
                "name",
                "status",
                "last_seen",
                "idle_days",
                "seconds",
                "p50_ms",
                "templates",
                "organizations"
            ]
        ),
        [
            // Six whole days and 15 hours of today, a minute of use an hour.
            "fern-01 | active | 20 Nov 2026 | 0 | 2 h 39 m | 41 ms | one, two | a",
            "moss-02 | dormant | 1 Aug 2026 | 111 | 0 s | (no use in the range) | (none used) | b",
            "opal-03 | active | never | (never seen) | 0 s | (no use in the range) | (none used) | a, b",
            "slate-09 | (no account any more) | (no account any more) | (no account any more) | 2 h | (no sample) | two | (no account any more)",
        ]
    );
    assert_eq!(panel.state, State::Ready);
    assert_eq!(
        panel.headline.as_deref(),
        Some("4 people · 1 idle ≥ 30 days · 1 never seen")
    );
    assert!(has_note(
        panel,
        "1 person with use in the range has no account any more"
    ));
    assert!(panel.chart.is_none() && panel.has_table());
    assert_eq!(list.rows().person(1).as_deref(), Some(BEN));
}

#[test]
fn people_are_sorted_chosen_and_exported_as_shown() {
    let page = people_page("", &people);
    let panel = page.panel("people");
    let list = panel.list.as_ref().unwrap();
    assert_eq!(list.sorted("-seconds"), [0, 3, 1, 2]);
    assert_eq!(list.sorted("idle_days"), [0, 1, 2, 3], "who was never seen comes last");
    assert_eq!(list.sorted("-last_seen"), [0, 1, 2, 3]);
    assert_eq!(list.sorted("email"), [0, 1, 2, 3]);
    let found = |search: &str, chosen: &[usize]| -> Vec<usize> {
        let found = list.found(search, chosen);
        (0..list.count()).filter(|row| found[*row]).collect()
    };
    assert_eq!(found("", &[1]), [0, 2], "active");
    assert_eq!(found("", &[2]), [1], "dormant");
    assert_eq!(found("", &[3]), [0_usize; 0], "suspended");
    assert_eq!(found("", &[4]), [3], "no account");
    for (choice, expected) in [(1, &[1][..]), (2, &[1]), (3, &[1]), (4, &[2])] {
        assert_eq!(found("", &[0, choice]), expected, "idle and never are apart");
    }
    assert_eq!(found("MOSS-02@example", &[]), [1]);
    let csv = panel.csv_of(list, &[3, 0], &[1, 5], vec![("search".into(), "=x".into())]);
    let (head, body) = csv.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("panel,People") && head.ends_with("search,'=x"), "{head}");
    let seconds = values_of(list, "seconds")[0].unwrap();
    assert_eq!(
        body,
        format!("Username,Time in range\r\nslate-09,7200\r\nfern-01,{seconds}\r\n")
    );
    assert!(panel.csv().contains("moss-02@example.com"));
}

fn values_of(list: &List, id: &str) -> Vec<Option<f64>> {
    let column = list.rows().columns().iter().position(|column| column.id == id).unwrap();
    let value = |row| match list.rows().cell(row, column) {
        Cell::Number { value, .. } => Some(value),
        _ => None,
    };
    (0..list.count()).map(value).collect()
}

#[test]
fn idle_days_are_days_of_the_zone() {
    // 23:30 of the evening before in New York is this morning in UTC.
    let seen = but(|ask| {
        matches!(ask, Ask::Users(_)).then(|| {
            let users = [account(ADA, "fern-01", "active", "2026-10-21T03:30:00Z", &[])];
            reply(200, json!({"count": 1, "users": users}).to_string())
        })
    });
    for (zone, days, is_idle) in [
        ("UTC", 30.0, true),
        ("America/New_York", 31.0, true),
        ("Asia/Tokyo", 30.0, true),
    ] {
        let page = page_of(View::People, "", &moment(NOW, zone), &coder_config(), &seen);
        let list = page.panel("people").list.clone().unwrap();
        assert_eq!(values_of(&list, "idle_days")[0], Some(days), "{zone}");
        assert_eq!(list.found("", &[0, 2])[0], is_idle, "{zone}");
    }
    let page = page_of(
        View::People,
        "",
        &moment("2026-11-19T14:23:05Z", "UTC"),
        &coder_config(),
        &seen,
    );
    assert!(
        !page.panel("people").list.as_ref().unwrap().found("", &[0, 2])[0],
        "29 days are not 30"
    );
}

#[test]
fn an_organization_is_its_members_and_who_used_its_templates() {
    let page = people_page(&format!("?org={ORG_B}"), &people);
    let list = page.panel("people").list.clone().unwrap();
    assert_eq!(
        told(&list, &["username"]),
        ["fern-01", "moss-02", "opal-03", "slate-09"]
    );
    let nobody = but(|ask| match ask {
        Ask::Activity(_) | Ask::Latency(_) => Some(reply(200, r#"{"report":{"users":[]}}"#)),
        _ => None,
    });
    let page = people_page(&format!("?org={ORG_B}"), &nobody);
    let panel = page.panel("people");
    assert_eq!(
        told(panel.list.as_ref().unwrap(), &["username"]),
        ["moss-02", "opal-03"]
    );
    assert!(has_note(panel, "Only use of the one template chosen is counted"));
    // Without templates there is nothing to measure, and that is not 0.
    let page = people_page(&format!("?org={EMPTY_ORG}"), &people);
    assert_eq!(page.panel("people").state, State::Empty);
}

#[test]
fn who_may_not_read_the_roster_sees_who_was_active() {
    let page = people_page(
        "",
        &but(|ask| matches!(ask, Ask::Users(_)).then(|| reply(403, r#"{"message":"Forbidden."}"#))),
    );
    let panel = page.panel("people");
    assert_eq!(panel.state, State::Partial);
    assert_eq!(
        panel.notes[0],
        "Only people with use in the range are listed: the server does not give the roster"
    );
    let list = panel.list.as_ref().unwrap();
    assert_eq!(told(list, &["username"]), ["fern-01", "slate-09"]);
    assert_eq!(
        told(list, &["status"])[0],
        "(not on the part of the roster that is loaded)"
    );
    assert_eq!(
        panel.headline.as_deref(),
        Some("2 people"),
        "nothing is known of idle people"
    );
    assert!(list.rows().choices().is_empty());
    let neither =
        but(|ask| matches!(ask, Ask::Users(_) | Ask::Activity(_)).then(|| reply(403, r#"{"message":"Forbidden."}"#)));
    assert_eq!(people_page("", &neither).panel("people").state, State::Forbidden);
}

#[test]
fn without_time_there_is_a_reason_in_place_of_zero() {
    let page = people_page(
        "",
        &but(|ask| matches!(ask, Ask::Activity(_)).then(|| reply(500, "{}"))),
    );
    let panel = page.panel("people");
    assert_eq!(
        (panel.state, panel.notes[0].as_str()),
        (State::Partial, "Without time: The server failed")
    );
    let list = panel.list.as_ref().unwrap();
    assert_eq!(told(list, &["username", "seconds"])[1], "moss-02 | (The server failed)");
    assert_eq!(panel.message.as_ref().unwrap().help, Help::Retry);
}

/// A roster of many pages; those from `fails_from` on are refused, or never answered.
fn many(count: u64, failure: impl Fn(u64) -> Option<Option<Reply>>) -> impl Fn(&Request) -> Option<Reply> {
    move |request| match &request.ask {
        Ask::Users(from) => match failure(*from) {
            Some(failed) => failed,
            None => {
                let users: Vec<Value> = (*from..(from + 1000).min(count))
                    .map(|place| {
                        account(
                            &format!("u{place}"),
                            &format!("user-{place}"),
                            "active",
                            "2026-11-20T09:00:00Z",
                            &[],
                        )
                    })
                    .collect();
                ok(&json!({"count": count, "users": users}))
            }
        },
        Ask::Activity(_) | Ask::Latency(_) => Some(reply(200, r#"{"report":{"users":[]}}"#)),
        _ => usual(request),
    }
}

fn pages_asked(page: &Page) -> Vec<u64> {
    let from = |request: &Request| match request.ask {
        Ask::Users(from) => Some(from),
        _ => None,
    };
    page.asked.iter().filter_map(from).collect()
}

#[test]
fn pages_follow_until_everybody_is_there() {
    let page = people_page("", &many(6500, |_| None));
    assert_eq!(pages_asked(&page), [0, 1000, 2000, 3000, 4000, 5000, 6000]);
    let panel = page.panel("people");
    assert_eq!(
        (panel.state, panel.list.as_ref().unwrap().count()),
        (State::Ready, 6500)
    );
    assert_eq!(panel.requests.len(), 9, "all of it can be copied as curl");
    let page = people_page("", &many(1000, |_| None));
    assert_eq!(pages_asked(&page), [0], "a full page may be the last");
}

#[test]
fn a_limit_in_the_middle_of_paging_keeps_what_is_there() {
    let limited = || Reply {
        retry_after: Some(30),
        ..reply(429, "{}")
    };
    let page = people_page("", &many(9500, |from| (from == 3000).then(|| Some(limited()))));
    // Some pages were asked ahead; after the one that failed nothing more is.
    assert!(
        pages_asked(&page).iter().all(|from| *from <= 4000),
        "{:?}",
        pages_asked(&page)
    );
    let panel = page.panel("people");
    assert_eq!(
        (panel.state, panel.notes[0].as_str()),
        (State::Partial, "3,000 of 9,500 people loaded")
    );
    assert_eq!(panel.message.as_ref().unwrap().help, Help::Wait(30));
    assert_eq!(panel.list.as_ref().unwrap().count(), 3000);
}

#[test]
fn while_pages_are_on_their_way_it_is_said_how_many_came() {
    let page = people_page("", &many(9500, |from| (from >= 2000).then_some(None)));
    let panel = page.panel("people");
    let message = panel.message.as_ref().unwrap();
    assert_eq!(
        (panel.state, message.detail.as_str()),
        (State::Loading, "2,000 of 9,500 loaded")
    );
    assert_eq!(pages_asked(&page), [0, 1000, 2000, 3000, 4000, 5000], "not all at once");
}

#[test]
fn a_server_that_counts_wrong_ends_the_paging() {
    let server = but(|ask| match ask {
        Ask::Users(0) => Some(reply(200, json!({"count": 99_999_999, "users": roster()}).to_string())),
        Ask::Users(_) => Some(reply(200, r#"{"count": 99999999, "users": []}"#)),
        _ => None,
    });
    let page = people_page("", &server);
    assert_eq!(pages_asked(&page)[..2], [0, 3]);
    assert!(pages_asked(&page).len() <= 5);
    let panel = page.panel("people");
    assert_eq!(
        (panel.state, panel.notes[0].as_str()),
        (State::Partial, "The server gave 3 of 99,999,999 accounts")
    );
    // The same page again and again: each person once.
    let server =
        but(|ask| matches!(ask, Ask::Users(_)).then(|| reply(200, json!({"count": 6, "users": roster()}).to_string())));
    assert_eq!(
        people_page("", &server).panel("people").list.as_ref().unwrap().count(),
        4
    );
}

#[test]
fn nothing_is_asked_of_people_where_they_may_not_be_shown() {
    let config = config(
        r#"{"version":1,"privacy":{"mode":"aggregate"},"sources":[{"id":"c","kind":"coder","label":"Coder","base_url":"https://coder.example.com/","auth":"token"}]}"#,
    );
    for (view, url) in [(View::People, ""), (View::Person, "?person=x")] {
        let page = page_of(view, url, &moment(NOW, "UTC"), &config, &people);
        for panel in page
            .panels
            .iter()
            .filter(|panel| matches!(panel.id, "people" | "person" | "person-timeline" | "person-sources"))
        {
            assert_eq!(
                (panel.state, panel.requests.len()),
                (State::Forbidden, 0),
                "{}",
                panel.id
            );
            assert!(!panel.has_table());
        }
    }
}

#[test]
fn one_person_has_facts_and_a_timeline() {
    let page = person_page(ADA, "&range=7d", &people);
    let panel = page.panel("person");
    assert_eq!(
        (panel.state, panel.headline.as_deref()),
        (State::Ready, Some("fern-01"))
    );
    assert_eq!(
        rows(&panel.table),
        [
            "Name | fern-01",
            "Username | fern-01",
            "Status | active",
            "Last seen | 20 Nov 2026",
            "Idle days | 0",
            "Time in range | 2 h 39 m",
            "Latency p50 | 41 ms",
            "Latency p95 | 90 ms",
            "Templates used | one, two",
            "Organizations | a",
            "Roles | (none beside member)",
            "E-mail | fern-01@example.com",
            "Account since | 2 Jan 2025",
        ]
    );
    let timeline = page.panel("person-timeline");
    assert_eq!((timeline.state, timeline.requests.len()), (State::Ready, 7));
    assert_eq!(
        values(&timeline.table, "seconds"),
        numbers(&[1440, 1440, 1440, 1440, 1440, 1440, 900]),
        "a minute an hour"
    );
    assert_eq!(timeline.headline.as_deref(), Some("2 h 39 m in all"));
    assert!(rows(&timeline.table)[6].ends_with("so far"));
    let nobody = person_page(BEN, "&range=7d", &people);
    assert_eq!(
        values(&nobody.panel("person-timeline").table, "seconds"),
        numbers(&[0; 7]),
        "measured: nothing"
    );
    assert_eq!(
        nobody.panel("person-timeline").headline.as_deref(),
        Some("No use in these days")
    );
}

#[test]
fn the_table_has_small_lines_of_time_where_they_are_asked_for() {
    let shown = wish(Wish::Trend, 1);
    let page = |wishes, url: &str, server: Server| {
        page_wishing(wishes, View::People, url, &moment(NOW, "UTC"), &coder_config(), server)
    };
    let plain = page(Wishes::default(), "?range=7d", &people);
    let asked = |page: &Page| {
        let is_time = |request: &&Request| matches!(request.ask, Ask::Activity(_));
        page.asked.iter().filter(is_time).count()
    };
    assert_eq!(asked(&plain), 1, "one request, until somebody wants more");
    let with = page(shown, "?range=7d", &people);
    let panel = with.panel("people");
    assert_eq!((panel.state, asked(&with)), (State::Ready, 8));
    let list = panel.list.as_ref().unwrap();
    let columns: Vec<&str> = list.rows().columns().iter().map(|column| column.id).collect();
    let place = columns.iter().position(|id| *id == "trend").unwrap();
    assert_eq!(columns[place - 1], "seconds");
    assert_eq!(list.rows().columns()[place].title, "Time by day");
    let lines: Vec<(String, Vec<Option<f64>>)> = (0..list.count())
        .map(|row| {
            let Cell::Trend { values, .. } = list.rows().cell(row, place) else {
                panic!()
            };
            (list.rows().person(row).unwrap().to_string(), values.to_vec())
        })
        .collect();
    let of = |id: &str| lines.iter().find(|(known, _)| known == id).unwrap().1.clone();
    let minutes = [1440.0, 1440.0, 1440.0, 1440.0, 1440.0, 1440.0, 900.0].map(Some);
    assert_eq!(of(ADA), minutes, "as on the page of the person");
    assert_eq!(of(BEN), [Some(0.0); 7], "measured: nothing");
    assert!(panel.csv().contains("time by interval,Shown"));

    // An answer that fails is no zero, and those on their way are said.
    let broken = but(|ask| match ask {
        Ask::Activity(slice) if slice.start.day() == 16 && slice.end.day() == 17 => Some(reply(500, "")),
        _ => None,
    });
    let panel_of = page(shown, "?range=7d", &broken);
    let panel = panel_of.panel("people");
    assert!(has_note(panel, "Time by interval: 1 of 7 intervals have no answer"));
    let Cell::Trend { values, .. } = panel.list.as_ref().unwrap().rows().cell(0, place) else {
        panic!()
    };
    assert_eq!(values[2], None);
    let slow = |request: &Request| match &request.ask {
        Ask::Activity(slice) if slice.start.day() == 16 && slice.end.day() == 17 => None,
        _ => people(request),
    };
    let waiting = page(shown, "?range=7d", &slow);
    let panel = waiting.panel("people");
    assert!(panel.state == State::Ready && has_note(panel, "Time by interval: 6 of 7 loaded"));
    assert_eq!(
        panel.list.as_ref().unwrap().rows().cell(0, place),
        Cell::Missing("loading".into())
    );

    // So many people are too many for that.
    let large = but(|ask| match ask {
        Ask::Users(_) => ok(&json!({"count": 5001, "users": roster()})),
        _ => None,
    });
    let large = page(shown, "?range=7d", &large);
    assert_eq!(asked(&large), 1);
    assert!(has_note(large.panel("people"), "up to 5,000 accounts"));
}

#[test]
fn a_person_without_an_account_is_known_by_use() {
    let page = person_page(GONE, "", &people);
    let panel = page.panel("person");
    assert_eq!(
        (panel.state, panel.headline.as_deref()),
        (State::Partial, Some("slate-09"))
    );
    assert!(panel.notes[0].starts_with("No account to be seen"), "{:?}", panel.notes);
    assert_eq!(rows(&panel.table)[2], "Status | (no account to be seen)");
    let page = person_page("11111111-0000-0000-0000-000000000000", "", &people);
    assert_eq!(page.panel("person").state, State::Forbidden);
    for id in ["..%2F..%2Flogout", "a%20b", "%C3%A4"] {
        let page = person_page(id, "", &people);
        assert_eq!(page.panel("person").message.as_ref().unwrap().title, "No such person");
        assert!(
            !page.asked.iter().any(|request| matches!(request.ask, Ask::User(_))),
            "{id}"
        );
    }
}

#[test]
fn a_timeline_has_few_enough_intervals_and_tells_how_many_came() {
    for (range, interval, count) in [
        ("28d", "day", 28),
        ("90d", "day", 14),
        ("48w", "week", 12),
        ("12m", "month", 13),
    ] {
        let page = person_page(ADA, &format!("&range={range}&interval={interval}"), &people);
        let timeline = page.panel("person-timeline");
        assert_eq!(timeline.state, State::Ready, "{range} {interval}");
        let rows = timeline.table.rows.len();
        assert!(rows <= 31 && rows.abs_diff(count) <= 1, "{range} by {interval}: {rows}");
        assert_eq!(timeline.requests.len(), rows);
        assert_eq!(
            has_note(timeline, "at most 31 intervals are asked for"),
            range == "90d" || range == "48w"
        );
    }
    let page = person_page(ADA, "&from=2026-10-31&to=2026-11-20&interval=week", &people);
    let timeline = page.panel("person-timeline");
    assert!(rows(&timeline.table)[0].ends_with("cut short by the range"));
    let buckets = &timeline.chart.as_ref().unwrap().buckets;
    let parts: Vec<_> = buckets.iter().map(|bucket| (bucket.is_cut, bucket.is_open)).collect();
    assert_eq!(parts, [(true, false), (false, false), (false, false), (false, true)]);
    let waiting = |request: &Request| match &request.ask {
        Ask::Activity(slice) if slice.end - slice.start == Duration::days(1) && slice.start.day() % 2 == 0 => None,
        _ => people(request),
    };
    let page = person_page(ADA, "&range=7d", &waiting);
    let timeline = page.panel("person-timeline");
    assert_eq!(
        (timeline.state, timeline.message.as_ref().unwrap().detail.as_str()),
        (State::Loading, "4 of 7 loaded")
    );
    let failing = but(|ask| match ask {
        Ask::Activity(slice) if slice.start.day() == 16 => Some(reply(503, "")),
        _ => None,
    });
    let page = person_page(ADA, "&range=7d", &failing);
    let timeline = page.panel("person-timeline");
    assert_eq!(
        (timeline.state, timeline.notes[0].as_str()),
        (State::Partial, "1 of 7 intervals have no answer")
    );
    assert_eq!(values(&timeline.table, "seconds")[2], None);
    assert!(timeline.chart.as_ref().unwrap().buckets[2].is_uncollected);
}

#[test]
fn the_demo_agrees_with_itself_about_people() {
    let moment = moment(NOW, "UTC");
    let demo = Demo::new(moment.now, &moment.zone);
    let server = |request: &Request| Some(demo.answer(request));
    let page = page_of(View::People, "", &moment, &Config::demo(), &server);
    let list = page.panel("people").list.clone().unwrap();
    let id = list.rows().person(list.sorted("-seconds")[0]).unwrap().to_string();
    let alone = page_of(
        View::Person,
        &format!("?person={id}"),
        &moment,
        &Config::demo(),
        &server,
    );
    let total: f64 = values(&alone.panel("person-timeline").table, "seconds")
        .iter()
        .flatten()
        .sum();
    let most = values_of(&list, "seconds")[list.sorted("-seconds")[0]].unwrap();
    assert_eq!(total, most, "days make up the range");
    assert!(most > 0.0 && list.count() > 700);
}

#[test]
fn without_names_of_templates_and_organizations_parts_of_ids_stand_for_them() {
    let forbidden = || Some(reply(403, r#"{"message":"Forbidden."}"#));
    let failed = || Some(reply(502, "no answer"));
    let said: [(&dyn Fn() -> Option<Reply>, &str); 3] = [
        (&forbidden, "Not allowed"),
        (&failed, "The server failed"),
        (&|| None, "on their way"),
    ];
    for (answer, why) in said {
        let server = |request: &Request| match request.ask {
            Ask::Templates | Ask::Organizations => answer(),
            _ => people(request),
        };
        let note = |what: &str| format!("Without the names of {what}: {why}. Parts of their ids stand for them");
        let page = |view, url: &str| page_of(view, url, &moment(NOW, "UTC"), &coder_config(), &server);
        let (first, second) = ("00000000…0001", "00000000…0002");

        let templates = page(View::Templates, "?range=7d");
        for id in ["templates", "template-trends"] {
            assert!(templates.panel(id).notes.contains(&note("templates")), "{id} {why}");
        }
        let trends = &templates.panel("template-trends").table.columns;
        let titles: Vec<&str> = trends.iter().map(|column| column.title.as_str()).collect();
        assert_eq!(titles, ["Day", second, first, "Note"]);
        assert!(rows(&templates.panel("templates").table)[1].starts_with(first));

        for (view, url) in [(View::People, String::new()), (View::Person, format!("?person={ADA}"))] {
            let page = page(view, &url);
            let panel = &page.panels[0];
            assert!(panel.notes.contains(&note("templates")), "{} {why}", panel.id);
            assert!(panel.notes.contains(&note("organizations")), "{} {why}", panel.id);
            let text = panel.csv();
            assert!(text.contains(&format!("\"{first}, {second}\"")), "{text}");
            assert!(text.contains("00000000…00a0") && !text.contains(ORG_A), "{text}");
        }
    }
}

#[test]
fn a_template_that_the_server_does_not_list_is_shown_by_a_part_of_its_id() {
    let server = but(|ask| {
        let list = json!([{"id": T2, "name": "two", "organization_id": ORG_A}]);
        (*ask == Ask::Templates).then(|| ok(&list)).flatten()
    });
    let page = page_of(
        View::Templates,
        "?range=7d",
        &moment(NOW, "UTC"),
        &coder_config(),
        &server,
    );
    for id in ["templates", "template-trends"] {
        assert!(
            has_note(page.panel(id), "One template that the server does not list"),
            "{id}"
        );
    }
    let people = people_page("", &people);
    assert!(!people.panel("people").notes.iter().any(|note| note.contains("ids")));
}

#[test]
fn whoever_is_on_two_pages_of_the_roster_is_one() {
    // An account came while the pages were read, and moved the last one of the first page to the second.
    let server = |request: &Request| match &request.ask {
        Ask::Users(0) => ok(&json!({"count": 4, "users": roster()})),
        Ask::Users(3) => ok(&json!({"count": 5, "users": [
            account(CAM, "opal-03", "active", "0001-01-01T00:00:00Z", &[ORG_A]),
            account(GONE, "slate-09", "active", "2026-11-01T09:00:00Z", &[ORG_A]),
        ]})),
        Ask::Assistant => ok(
            &json!({"userTableStats": [{"email": "opal-03@example.com", "teamStatus": "USER_TEAM_STATUS_APPROVED"}]}),
        ),
        _ => people(request),
    };
    let page = people_page("", &server);
    let panel = page.panel("people");
    assert_eq!((panel.state, panel.rows().count()), (State::Partial, 4));
    assert!(has_note(panel, "The server gave 4 of 5 accounts"), "{:?}", panel.notes);
    // So is the seat.
    let panel = page.panel("seat-outlook");
    assert_eq!(values(&panel.table, "accounts").into_iter().flatten().sum::<f64>(), 3.0);
    assert!(
        panel.headline.as_ref().unwrap().contains(" of 3 seats "),
        "{:?}",
        panel.headline
    );
    assert!(has_note(panel, "Counted in 4 of 5 accounts"), "{:?}", panel.notes);
    let two = config(
        r#"{"version":1,"sources":[{"id":"c","kind":"coder","base_url":"/"},{"id":"w","kind":"windsurf","base_url":"/windsurf/"}]}"#,
    );
    let page = page_of(View::People, "", &moment(NOW, "UTC"), &two, &server);
    let panel = page.panel("across");
    assert_eq!(panel.headline.as_deref(), Some("4 people, 1 in several sources"));
    assert!(has_note(panel, "Coder: 1 matched, 3 only there, 0 not told apart"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever order lists are in, and whoever is missing in one of them: everybody is there once, with their own figures.
    #[test]
    fn everybody_is_there_once_with_their_own_figures(
        pages in prop::collection::vec(prop::collection::vec(0_usize..24, 4), 1..5),
        used in Just(Vec::from_iter(0_usize..30)).prop_shuffle(), used_count in 0_usize..30,
        late in Just(Vec::from_iter(0_usize..30)).prop_shuffle(), late_count in 0_usize..30,
        are_sorted: bool,
    ) {
        let (mut used, mut late) = (used[..used_count].to_vec(), late[..late_count].to_vec());
        if are_sorted {
            used.sort_unstable();
            late.sort_unstable();
        }
        let id = |person: &usize| format!("00000000-0000-4000-8000-{person:012}");
        let name = |person: &usize| format!("user-{person:02}");
        let count = 4 * pages.len();
        let range = |users: Vec<Value>| ok(&json!({"report": {"template_ids": [], "users": users}}));
        let server = |request: &Request| match &request.ask {
            Ask::Users(from) => {
                let page = pages.get(*from as usize / 4).map_or(&[][..], Vec::as_slice);
                let users = page.iter().map(|one| account(&id(one), &name(one), "active", "2026-11-20T09:00:00Z", &[]));
                ok(&json!({"count": count, "users": Vec::from_iter(users)}))
            }
            Ask::Activity(_) => range(used.iter().map(|one| json!({"user_id": id(one), "username": name(one), "seconds": 3600 * (one + 1), "template_ids": []})).collect()),
            Ask::Latency(_) => range(late.iter().map(|one| json!({"user_id": id(one), "username": name(one), "latency_ms": {"p50": one + 1, "p95": 99}})).collect()),
            _ => people(request),
        };
        // In the order of the roster, then of those with time, then of those with latency.
        let mut all: Vec<usize> = Vec::new();
        for person in pages.iter().flatten().chain(&used).chain(&late) {
            if !all.contains(person) {
                all.push(*person);
            }
        }
        let row = |person: &usize| {
            let time = if used.contains(person) { format!("{} h", person + 1) } else { "0 s".into() };
            let latency = if late.contains(person) { format!("{} ms", person + 1) } else { "(no use in the range)".into() };
            format!("{} | {time} | {latency}", name(person))
        };
        let page = people_page("", &server);
        let list = page.panel("people").list.as_ref().unwrap();
        prop_assert_eq!(told(list, &["username", "seconds", "p50_ms"]), all.iter().map(row).collect::<Vec<_>>());
        let accounts: BTreeSet<&usize> = pages.iter().flatten().collect();
        let seats: f64 = values(&page.panel("seat-outlook").table, "accounts").into_iter().flatten().sum();
        prop_assert_eq!(seats, accounts.len() as f64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Pages come in any order, some fail, and some come anew with others on them: what was made of those before is added to
    /// where it fits, and is never seen where it does not.
    #[test]
    fn a_roster_to_which_pages_were_added_is_the_one_made_of_all_of_them(
        steps in prop::collection::vec((0_u64..5, prop::collection::vec(0_usize..24, 4), 0_u8..12), 1..24),
        is_held: bool,
    ) {
        let config = coder_config();
        let mut answers = Answers::default();
        let scope = Scope::resolve(&Query::parse("").0, &config, &moment(NOW, "UTC"), Directory::default());
        let id = |person: &usize| match person % 3 {
            0 => format!("u{person}"),
            _ => format!("00000000-0000-4000-8000-{person:012}"),
        };
        let mut held = Vec::new();
        for (place, users, fate) in &steps {
            let users: Vec<Value> = users.iter().map(|one| account(&id(one), "fern", "active", "2026-11-20T09:00:00Z", &[])).collect();
            let request = coder::users(&scope.source.as_ref().unwrap().id, 4 * place);
            let answer = match fate {
                0 => Some(reply(500, "{}")),
                _ => ok(&json!({"count": 20, "users": users})),
            };
            let result = outcome(&request, &|_: &Request| answer.clone()).unwrap().map(Into::into);
            let at = at(NOW);
            answers.renew(request, Outcome { at, result });
            let grown = Roster::read(&scope, &answers);
            prop_assert!(Arc::ptr_eq(&grown, &Roster::read(&scope, &answers)) || grown.is_waiting);
            let fresh = Roster::read(&scope, &answers.clone());
            prop_assert_eq!(&grown.pages, &fresh.pages);
            prop_assert_eq!((grown.loaded, grown.count, grown.is_waiting, &grown.error), (fresh.loaded, fresh.count, fresh.is_waiting, &fresh.error));
            prop_assert_eq!(grown.accounts(), fresh.accounts());
            let ids: Vec<&str> = grown.accounts().iter().map(|place| grown.at(*place).unwrap().1.id.as_str()).collect();
            prop_assert_eq!(BTreeSet::from_iter(&ids).len(), ids.len());
            if !grown.is_waiting {
                prop_assert_eq!(ids.len() as u64, grown.loaded);
                let all = fresh.pages.iter().filter_map(|page| roster::users(page)).flat_map(|page| &page.users);
                for (next, user) in all.enumerate() {
                    let place = ids.iter().position(|id| *id == user.id.as_str());
                    prop_assert!(place.is_some() && grown.find(&user.id, next) == place && grown.find(&user.id, usize::MAX) == place);
                }
            }
            if is_held {
                held.push(grown);
            }
        }
    }
}
