//! The Activity page, from answers of Coder v1.

use super::*;
use metrics::chart::{Axes, Kind};
use metrics::query::{Action, Word};
use metrics::source::Stretch;

const DOCUMENTED: &str = include_str!("../fixtures/v1/activity.json");
const DAY: i64 = 86_400_000_000_000;

fn v1_config() -> Config {
    config(
        r#"{"version":1,"sources":[{"id":"v1","kind":"coder-v1","label":"Old","base_url":"https://old.example.com/","auth":"token"}]}"#,
    )
}

fn v1_page(url: &str, now: &str, zone_name: &str, server: Server) -> Page {
    page_of(View::Activity, url, &moment(now, zone_name), &v1_config(), server)
}

/// Answers questions about activity, as JSON.
fn answering(answer: impl Fn(&Stretch) -> Value) -> impl Fn(&Request) -> Option<Reply> {
    move |request| match &request.ask {
        Ask::Usage(stretch) => ok(&answer(stretch)),
        ask => panic!("{ask:?}"),
    }
}

/// Days of `length` nanoseconds with as many people as the day of the month says, an hour each.
fn days(stretch: &Stretch, length: i64) -> Value {
    let days = stretch.first.iter_days().take_while(|day| *day < stretch.end);
    let interval = |day: NaiveDate| {
        let uses: Vec<Value> = (0..day.day())
            .map(|person| json!({"user_id": format!("u{person}"), "duration": DAY / 24, "count": 60}))
            .collect();
        json!({"time": format!("{day}T00:00:00Z"), "duration": length, "user_activity": uses})
    };
    json!({"activity": days.map(interval).collect::<Vec<_>>(), "users": {}})
}

fn asked(page: &Page) -> Vec<String> {
    let of_panel = page.panel("activity").requests.iter();
    of_panel
        .map(|request| {
            request
                .target()
                .split_once('?')
                .unwrap()
                .1
                .replace("T00:00:00.000000Z", "")
        })
        .collect()
}

fn state(page: &Page, id: &str) -> (&'static str, String) {
    let panel = page.panel(id);
    let words = panel
        .message
        .as_ref()
        .map_or(String::new(), |message| message.title.clone());
    (panel.state.word(), words)
}

#[test]
fn the_documented_answer_on_the_page() {
    let server = |_: &Request| Some(reply(200, DOCUMENTED));
    let url = "?from=2022-08-01&to=2022-08-30&interval=week&action=ide";
    let page = v1_page(url, "2022-09-15T12:00:00Z", "UTC", &server);
    assert_eq!(
        asked(&page),
        ["start=2022-08-01&end=2022-08-31&category=ide&interval=1%20week"]
    );
    let panel = page.panel("activity");
    assert_eq!(panel.state, State::Partial);
    assert!(has_note(panel, "4 of 5 intervals have no answer") && has_note(panel, "Weeks are from Mon to Sun"));
    assert_eq!(
        panel.counted,
        "People who used an IDE in the browser; an editor that connects over SSH counts as a tunnel, each counted once per week"
    );
    assert_eq!(
        rows(&panel.table)[..2],
        [
            "1–7 Aug 2022 | 3 | 29 h 19 m",
            "8–14 Aug 2022 | (no answer) | (no answer)"
        ]
    );
    assert_eq!(values(&panel.table, "seconds")[0], Some(105_540.0));
    assert_eq!(panel.headline.as_deref(), Some("3 on average over 1 whole week"));

    let panel = page.panel("most-active");
    assert_eq!(
        rows(&panel.table),
        [
            "Joe | joe2 | site-member, site-manager | 78 h 33 m | 4,713 | 20 h | intervals add up to 20 h",
            "Alice | alice92 | site-member | 44 m | 3,468 | 8 h 33 m | contradicts its count, 57 h 48 m; intervals add up to 8 h 33 m",
            "Bob | bob12 | site-member | 6 m | 3,708 | 46 m | contradicts its count, 61 h 48 m; intervals add up to 46 m",
        ]
    );
    assert!(has_note(panel, "contradict each other for 2 of 3 people"));
    assert!(has_note(
        panel,
        "For 3 of 3 people the server's total is not the sum of its intervals"
    ));
    assert_eq!(values(&panel.table, "seconds")[0], Some(282_780.0));
    let csv = panel.csv();
    assert!(
        csv.contains("Joe,joe2,\"site-member, site-manager\",282780,4713,"),
        "{csv}"
    );
}

#[test]
fn the_mean_is_that_of_whole_days_that_are_over() {
    let server = answering(|stretch| days(stretch, DAY));
    let page = v1_page("?from=2026-11-16&to=2026-11-20", NOW, "UTC", &server);
    let panel = page.panel("activity");
    assert_eq!(panel.state, State::Ready, "{:?}", panel.message);
    assert_eq!(values(&panel.table, "active_users"), numbers(&[16, 17, 18, 19, 20]));
    assert_eq!(rows(&panel.table)[4], "20 Nov 2026 | 20 | 20 h | so far");
    assert_eq!(panel.headline.as_deref(), Some("17.5 on average over 4 whole days"));
    let chart = panel.chart.as_ref().unwrap();
    assert_eq!(
        (chart.references[0].value, chart.references[0].label.as_str()),
        (17.5, "Average 17.5")
    );
    assert!(chart.buckets[4].is_open && !chart.buckets[3].is_open);
    assert_eq!(panel.day_rule, "UTC days");
    assert!(panel.notes.is_empty(), "{:?}", panel.notes);
    // People whom no list of users names are shown by their ids.
    let panel = page.panel("most-active");
    assert_eq!(
        rows(&panel.table)[0],
        "u0 | (not in the list of users) | (none named) | 5 h | 300 | 1 h to 1 h, highest 1 h, so far 1 h | added up from the intervals"
    );
    assert_eq!(panel.table.rows.len(), 20);
}

#[test]
fn intervals_begin_where_those_of_the_calendar_do() {
    let server = answering(|stretch| days(stretch, DAY));
    let of = |url: &str| asked(&v1_page(url, NOW, "UTC", &server));
    // 2026-11-04 is a Wednesday; weeks start on Monday.
    assert_eq!(
        of("?from=2026-11-04&to=2026-11-20&interval=week"),
        [
            "start=2026-11-04&end=2026-11-09&interval=1%20week",
            "start=2026-11-09&end=2026-11-21&interval=1%20week"
        ]
    );
    assert_eq!(
        of("?from=2026-11-09&to=2026-11-20&interval=week"),
        ["start=2026-11-09&end=2026-11-21&interval=1%20week"]
    );
    assert_eq!(
        of("?from=2026-11-11&to=2026-11-12&interval=week"),
        ["start=2026-11-11&end=2026-11-13&interval=1%20week"]
    );
    assert_eq!(
        of("?from=2025-12-15&to=2026-02-28&interval=month"),
        [
            "start=2025-12-15&end=2026-01-01&interval=1%20month",
            "start=2026-01-01&end=2026-03-01&interval=1%20month"
        ]
    );
    assert_eq!(
        of("?from=2025-06-01&to=2026-11-20&interval=year"),
        [
            "start=2025-06-01&end=2026-01-01&interval=1%20year",
            "start=2026-01-01&end=2026-11-21&interval=1%20year"
        ]
    );
    assert_eq!(
        of("?from=2026-01-05&to=2026-11-20&interval=90d"),
        ["start=2026-01-05&end=2026-11-21&interval=90%20day"]
    );
    assert_eq!(
        of("?from=2026-11-19&to=2026-11-20&org=60dd&action=web-terminal"),
        ["start=2026-11-19&end=2026-11-21&category=web-terminal&interval=1%20day&org=60dd"]
    );
}

#[test]
fn two_questions_make_one_answer() {
    let user = |minutes: i64| json!({"u": {"id": "u", "name": "fern", "username": "fern-07", "total_duration": minutes * 60_000_000_000, "total_count": minutes}});
    let server = answering(|stretch| {
        // The short week before, then the whole ones; the length is that of a week everywhere, or cut at the end.
        let minutes = if stretch.first == day("2026-11-04") { 5 } else { 90 };
        let one = json!([{"user_id": "u", "duration": minutes * 60_000_000_000_i64, "count": minutes}]);
        json!({"activity": [{"time": format!("{}T00:00:00Z", stretch.first), "duration": 7 * DAY, "user_activity": one}], "users": user(minutes)})
    });
    let page = v1_page("?from=2026-11-04&to=2026-11-15&interval=week", NOW, "UTC", &server);
    assert_eq!(
        rows(&page.panel("activity").table),
        [
            "4–8 Nov 2026 | 1 | 5 m | cut short by the range",
            "9–15 Nov 2026 | 1 | 1 h 30 m"
        ]
    );
    assert_eq!(
        page.panel("activity").headline.as_deref(),
        Some("1 on average over 1 whole week")
    );
    assert_eq!(
        rows(&page.panel("most-active").table),
        ["fern | fern-07 | (none named) | 1 h 35 m | 95 | 1 h 30 m"],
        "the week that is cut short is drawn, and neither first nor highest"
    );
    assert!(
        page.panel("most-active")
            .notes
            .iter()
            .all(|note| note.starts_with("Weeks"))
    );
}

#[test]
fn times_in_another_unit_are_left_out_and_the_people_kept() {
    for unit in [1_000, 1_000_000, 1_000_000_000] {
        let server = answering(move |stretch| days(stretch, DAY / unit));
        let page = v1_page("?from=2026-11-16&to=2026-11-18", NOW, "UTC", &server);
        let panel = page.panel("activity");
        assert_eq!(panel.state, State::Partial);
        assert!(
            panel.notes[0]
                .starts_with("Times are left out, as their unit is not sure: for a day the server gave a length of"),
            "{:?}",
            panel.notes
        );
        assert_eq!(rows(&panel.table)[0], "16 Nov 2026 | 16 | (unit not sure)");
        let panel = page.panel("most-active");
        assert_eq!(values(&panel.table, "seconds"), vec![None; 18]);
        assert_eq!(values(&panel.table, "minutes")[0], Some(180.0));
        assert!(panel.chart.is_none());
    }
}

#[test]
fn other_intervals_than_those_asked_for_are_shown_as_they_are() {
    // Days were asked for, weeks came back: the first begins where a day does.
    let server = answering(
        |stretch| json!({"activity": [{"time": format!("{}T00:00:00Z", stretch.first), "duration": 7 * DAY, "user_activity": [{"user_id": "u", "count": 9}]}]}),
    );
    let page = v1_page("?from=2026-11-02&to=2026-11-15", NOW, "UTC", &server);
    let panel = page.panel("activity");
    assert_eq!(panel.state, State::Partial);
    assert_eq!(
        panel.notes[0],
        "The server answered for other intervals than those asked for; these are its own"
    );
    assert_eq!(
        rows(&panel.table),
        ["2–8 Nov 2026 | 1 | 9 m | not the interval asked for"]
    );
    assert_eq!(panel.headline, None);
}

#[test]
fn days_are_those_of_utc() {
    let server = answering(|stretch| days(stretch, DAY));
    // It is Saturday in Auckland already, and Friday in UTC.
    let at = "2026-11-20T14:23:05Z";
    let page = v1_page("?range=7d", at, "Pacific/Auckland", &server);
    let panel = page.panel("activity");
    assert!(has_note(panel, "Days of UTC, whatever the time zone of the page"));
    assert_eq!(asked(&page), ["start=2026-11-15&end=2026-11-21&interval=1%20day"]);
    assert_eq!(rows(&panel.table).last().unwrap(), "20 Nov 2026 | 20 | 20 h | so far");
    let page = v1_page("?range=today", at, "Pacific/Auckland", &server);
    for id in ["activity", "actions", "most-active"] {
        assert_eq!(state(&page, id), ("empty", "The day has not begun in UTC".into()));
    }
    // And in Los Angeles it is still Thursday when a day of UTC has begun.
    let page = v1_page("?range=7d", "2026-11-20T03:00:00Z", "America/Los_Angeles", &server);
    assert_eq!(
        rows(&page.panel("activity").table).last().unwrap(),
        "19 Nov 2026 | 19 | 19 h"
    );
}

#[test]
fn actions_stand_side_by_side() {
    let people = |action: Action| Action::ALL.iter().position(|(one, ..)| *one == action).unwrap();
    let server = answering(|stretch| {
        let uses: Vec<Value> = (0..people(stretch.action))
            .map(|person| json!({"user_id": person.to_string(), "count": 1}))
            .collect();
        json!({"activity": [{"time": format!("{}T00:00:00Z", stretch.first), "duration": DAY, "user_activity": uses}]})
    });
    let page = v1_page("?from=2026-11-16&to=2026-11-16&action=app", NOW, "UTC", &server);
    let panel = page.panel("actions");
    assert_eq!(panel.requests.len(), 6);
    assert_eq!(panel.state, State::Ready);
    assert_eq!(rows(&panel.table), ["16 Nov 2026 | 0 | 1 | 2 | 3 | 4 | 5"]);
    assert!(has_note(panel, "All actions, whatever the filter says"));
    assert!(has_note(
        panel,
        "Asked for as login, app, web-terminal, which is not documented"
    ));
    assert!(has_note(page.panel("activity"), "Asked for as app, which"));
    let chart = panel.chart.as_ref().unwrap();
    let names: Vec<&str> = chart.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names, ["Any", "IDE", "Login", "App", "Tunnel", "Web terminal"]);

    // Few intervals are groups of bars, many are a small chart for each action.
    assert_eq!(chart.kind, Kind::Bars);
    let page = v1_page("?from=2026-11-10&to=2026-11-16", NOW, "UTC", &server);
    assert_eq!(
        page.panel("actions").chart.as_ref().unwrap().kind,
        Kind::Multiples(Axes::Same)
    );

    // On their way, one after the other.
    let slow = |request: &Request| match &request.ask {
        Ask::Usage(stretch) if people(stretch.action) > 1 => None,
        _ => server(request),
    };
    let page = v1_page("?from=2026-11-16&to=2026-11-16", NOW, "UTC", &slow);
    assert_eq!(page.panel("actions").state, State::Loading);
    assert_eq!(page.panel("actions").headline.as_deref(), Some("2 of 6 actions loaded"));

    // A word that the server does not know concerns that action alone.
    let picky = |request: &Request| match &request.ask {
        Ask::Usage(Stretch {
            action: Action::WebTerminal,
            ..
        }) => Some(reply(400, r#"{"error":{"msg":"unknown category"}}"#)),
        _ => server(request),
    };
    let page = v1_page("?from=2026-11-16&to=2026-11-16", NOW, "UTC", &picky);
    let panel = page.panel("actions");
    assert_eq!(panel.state, State::Partial);
    assert_eq!(rows(&panel.table), ["16 Nov 2026 | 0 | 1 | 2 | 3 | 4 | (no answer)"]);
    assert!(has_note(panel, "Web terminal: The server refused the request"));
}

#[test]
fn an_action_with_other_intervals_stands_in_no_row_of_the_others() {
    // As many intervals as were asked for, but of other days.
    let server = answering(|stretch| match stretch.action {
        Action::Ide => {
            let weeks = ["2026-10-19", "2026-10-26"].map(|day| json!({"time": format!("{day}T00:00:00Z"), "duration": 7 * DAY, "user_activity": [{"user_id": "u", "count": 9}]}));
            json!({"activity": weeks})
        }
        _ => days(stretch, DAY),
    });
    let page = v1_page("?from=2026-11-18&to=2026-11-19", NOW, "UTC", &server);
    let panel = page.panel("actions");
    assert_eq!(panel.state, State::Partial);
    assert!(has_note(
        panel,
        "IDE: left out, as the server answered for other intervals"
    ));
    assert_eq!(values(&panel.table, "ide"), [None, None]);
    assert_eq!(values(&panel.table, "any"), numbers(&[18, 19]));
    assert_eq!(panel.chart.as_ref().unwrap().series.len(), 5);
}

#[test]
fn what_goes_wrong_is_said() {
    for (status, body, word, title) in [
        (401, r#"{"error":{"msg":"x"}}"#, "unauthorized", "Not signed in"),
        (
            403,
            r#"{"error":{"msg":"only managers may see metrics"}}"#,
            "forbidden",
            "Not allowed",
        ),
        (
            404,
            r#"{"error":{"msg":"route not found"}}"#,
            "unsupported",
            "Not supported by this server",
        ),
        (429, "", "limited", "Too many requests"),
        (500, "", "failed", "The server failed"),
        (200, "{", "failed", "The answer could not be read"),
    ] {
        let server = move |_: &Request| Some(reply(status, body));
        let page = v1_page("", NOW, "UTC", &server);
        for id in ["activity", "actions", "most-active"] {
            assert_eq!(state(&page, id), (word, title.to_string()), "{status}");
        }
    }
    let nobody = answering(|stretch| {
        let days = stretch.first.iter_days().take_while(|day| *day < stretch.end);
        json!({"activity": days.map(|day| json!({"time": format!("{day}T00:00:00Z"), "duration": DAY, "user_activity": [{"user_id": "u", "count": 0}]})).collect::<Vec<_>>()})
    });
    let page = v1_page("", NOW, "UTC", &nobody);
    assert_eq!(state(&page, "activity"), ("empty", "Nobody was active".into()));
    assert_eq!(values(&page.panel("activity").table, "active_users"), numbers(&[0; 28]));
    assert_eq!(state(&page, "most-active").0, "empty");
    assert!(page.panel("most-active").table.rows.is_empty());
    let silent = answering(|_| json!({"activity": []}));
    let page = v1_page("", NOW, "UTC", &silent);
    assert_eq!(state(&page, "activity"), ("failed", "The answer is incomplete".into()));
}

/// The page where an interval of one's own is asked for.
fn own(interval: &str, url: &str, config: &Config, server: Server) -> Page {
    let wishes = Wishes {
        interval: metrics::period::own::Own::parse(interval),
        ..Wishes::default()
    };
    page_wishing(wishes, View::Activity, url, &moment(NOW, "UTC"), config, server)
}

#[test]
fn an_interval_of_ones_own_is_asked_for_and_shown_as_it_comes() {
    let server = answering(|stretch| {
        if stretch.own.is_none() {
            return days(stretch, DAY);
        }
        let uses = |people: u32| -> Vec<Value> {
            (0..people)
                .map(|person| json!({"user_id": format!("u{person}"), "duration": DAY / 24, "count": 60}))
                .collect()
        };
        json!({"activity": [
            {"time": "2026-11-02T00:00:00Z", "duration": 10 * DAY, "user_activity": uses(9)},
            {"time": "2026-11-12T00:00:00Z", "duration": 10 * DAY, "user_activity": uses(3)}], "users": {}})
    });
    let url = "?from=2026-11-02&to=2026-11-20&interval=day&action=ide&org=o1";
    let page = own("10 days", url, &v1_config(), &server);
    let panel = page.panel("activity");
    assert_eq!(
        asked(&page),
        ["start=2026-11-02&end=2026-11-21&category=ide&interval=10%20day&org=o1"]
    );
    assert_eq!((panel.state, panel.chart.is_some()), (State::Ready, false));
    assert_eq!(
        rows(&panel.table),
        ["2–11 Nov 2026 | 9 | 9 h", "12–21 Nov 2026 | 3 | 3 h | so far"]
    );
    assert!(panel.counted.ends_with("each counted once per “10 day”") && has_note(panel, "Asked for as “10 day”"));
    assert!(panel.csv().contains("Asked for as “10 day”"), "{}", panel.csv());
    let curl = panel.curl(&page.scope, "https://x.example").unwrap();
    assert!(curl.contains("interval=10%20day"), "{curl}");
    // The other panels keep the interval of the page.
    assert_eq!(page.panel("most-active").requests.len(), 1);
    assert!(
        page.panel("most-active").requests[0]
            .target()
            .contains("interval=1%20day")
    );

    // Three people are too few to be told of.
    let mut strict = v1_config();
    strict.privacy.mode = metrics::config::PrivacyMode::Aggregate;
    let page = own("10 day", url, &strict, &server);
    assert_eq!(values(&page.panel("activity").table, "active_users"), [Some(9.0), None]);
    assert_eq!(values(&page.panel("activity").table, "seconds")[1], None);
}

#[test]
fn hours_have_a_clock_and_too_many_of_them_are_not_asked_for() {
    let server = answering(|stretch| match stretch.own {
        None => days(stretch, DAY),
        Some(_) => json!({"activity": [
            {"time": "2026-11-20T06:00:00Z", "duration": DAY / 4, "user_activity": [{"user_id": "u", "count": 60, "duration": DAY / 24}]},
            {"time": "2026-11-20T12:00:00Z", "duration": 21_600, "user_activity": [{"user_id": "u", "count": 60, "duration": 3_600}]}], "users": {}}),
    });
    let page = own("6 hour", "?from=2026-11-20&to=2026-11-20", &v1_config(), &server);
    let panel = page.panel("activity");
    assert_eq!(
        rows(&panel.table),
        [
            "20 Nov 2026, 06:00 | 1 | 1 h",
            "20 Nov 2026, 12:00 | 1 | (unit not sure)"
        ]
    );
    let page = own("1 hour", "?range=90d", &v1_config(), &server);
    assert_eq!(state(&page, "activity"), ("unsupported", "Too many intervals".into()));
    assert!(page.panel("activity").requests.is_empty());
}

#[test]
fn people_stay_hidden_where_the_file_says_so() {
    let server = answering(|stretch| days(stretch, DAY));
    let hidden = config(
        r#"{"version":1,"privacy":{"mode":"aggregate"},"sources":[{"id":"v1","kind":"coder-v1","base_url":"/","auth":"token"}]}"#,
    );
    let page = page_of(View::Activity, "", &moment(NOW, "UTC"), &hidden, &server);
    assert_eq!(
        state(&page, "most-active"),
        ("forbidden", "Hidden by the privacy setting".into())
    );
    assert!(page.panel("most-active").table.rows.is_empty());
    assert_eq!(page.panel("activity").state, State::Ready);
}

#[test]
fn a_filter_that_cannot_hold_is_said_and_no_other_source_is_asked() {
    let server = |request: &Request| match &request.ask {
        Ask::Usage(stretch) => ok(&days(stretch, DAY)),
        _ => usual(request),
    };
    let both = config(
        r#"{"version":1,"sources":[
            {"id":"c","kind":"coder","base_url":"/","auth":"cookie"},
            {"id":"v1","kind":"coder-v1","base_url":"/old/","auth":"token"}]}"#,
    );
    let page = page_of(
        View::Activity,
        &format!("?template={T1}"),
        &moment(NOW, "UTC"),
        &both,
        &server,
    );
    for id in ["activity", "actions", "most-active"] {
        assert!(has_note(page.panel(id), "Not filtered by template"), "{id}");
        assert!(
            page.panel(id).requests.iter().all(|request| request.source == "v1"),
            "{id}"
        );
    }
    let page = page_of(View::Activity, "", &moment(NOW, "UTC"), &coder_config(), &usual);
    assert_eq!(state(&page, "activity"), ("unsupported", "No source for this".into()));
}

#[test]
fn a_persons_time_runs_through_the_buckets_of_both_answers() {
    // Monday is one day, and the week has no second interval: that is missing, and not 0.
    let server = answering(|stretch| {
        let (person, minutes) = if stretch.first == day("2026-11-08") {
            ("a", 30)
        } else {
            ("b", 60)
        };
        json!({"activity": [{"time": format!("{}T00:00:00Z", stretch.first), "duration": 7 * DAY, "user_activity": [{"user_id": person, "count": minutes}]}]})
    });
    let page = v1_page("?from=2026-11-08&to=2026-11-20&interval=week", NOW, "UTC", &server);
    let table = &page.panel("most-active").table;
    let place = table
        .columns
        .iter()
        .position(|column| column.id == "by_interval")
        .unwrap();
    let lines: Vec<Vec<Option<f64>>> = table
        .rows
        .iter()
        .map(|row| match &row[place] {
            Cell::Trend { values, .. } => values.to_vec(),
            cell => panic!("{cell:?}"),
        })
        .collect();
    assert_eq!(
        lines,
        [vec![Some(0.0), Some(3600.0), None], vec![Some(1800.0), Some(0.0), None]]
    );
    assert!(
        page.panel("most-active").csv().contains(",0 3600 none,"),
        "{}",
        page.panel("most-active").csv()
    );
}

/// Weeks with these people, each on the Monday alone.
const WEEKS: [(&str, &[&str]); 5] = [
    ("2026-10-19", &["z"]),
    ("2026-10-26", &["a", "b", "c"]),
    ("2026-11-02", &["a", "d"]),
    ("2026-11-09", &["a", "b", "e"]),
    ("2026-11-16", &["a"]),
];

/// Answers about those weeks, in the intervals asked for.
fn weeks(stretch: &Stretch) -> Value {
    let is_daily = stretch.interval == metrics::period::Interval::Day;
    let step = if is_daily { 1 } else { 7 };
    let starts = stretch
        .first
        .iter_days()
        .step_by(step)
        .take_while(|day| *day < stretch.end);
    let interval = |start: NaiveDate| {
        let end = add_days(start, step as i64).min(stretch.end);
        let there = WEEKS.iter().filter(|(monday, _)| (start..end).contains(&day(monday)));
        let uses: Vec<Value> = there
            .flat_map(|(_, people)| *people)
            .map(|id| json!({"user_id": id, "duration": DAY / 24, "count": 60}))
            .collect();
        let length = (end - start).num_days() * DAY;
        json!({"time": format!("{start}T00:00:00Z"), "duration": length, "user_activity": uses})
    };
    json!({"activity": starts.map(interval).collect::<Vec<_>>(), "users": {}})
}

#[test]
fn who_is_new_stays_returns_and_lapses() {
    let server = answering(weeks);
    for url in [
        "?from=2026-10-26&to=2026-11-20&interval=week",
        // The same people, where days are asked for.
        "?from=2026-10-26&to=2026-11-20&interval=day",
        // A week that the range cuts short does not tell who was there before.
        "?from=2026-10-21&to=2026-11-20&interval=week",
    ] {
        let page = v1_page(url, NOW, "UTC", &server);
        let panel = page.panel("lifecycle");
        assert_eq!(panel.state, State::Ready, "{url}: {:?}", panel.message);
        assert_eq!(
            rows(&panel.table),
            [
                "2–8 Nov 2026 | 2 | 1 | 0 | 1 | 2",
                "9–15 Nov 2026 | 3 | 1 | 1 | 1 | 1",
                "16–20 Nov 2026 | 1 | 1 | 0 | 0 | (not over yet) | so far",
            ],
            "{url}"
        );
        // Of so few a share says nothing.
        assert_eq!(panel.headline.as_deref(), Some("1 of 2 stayed, 9–15 Nov 2026"), "{url}");
        assert_eq!(has_note(panel, "cut"), url.contains("10-21"), "{url}");
        let chart = panel.chart.as_ref().unwrap();
        assert_eq!(chart.kind, metrics::chart::Kind::StackedBars);
        let lapsed: Vec<_> = (0..3).map(|bucket| chart.series[3].values.get(bucket)).collect();
        assert_eq!(lapsed, [Some(-2.0), Some(-1.0), Some(0.0)], "{url}");
        assert!(panel.summary.contains("Lapsed 2 to 1"), "{}", panel.summary);
        let tip = panel.tip(1, None).unwrap();
        let figures: Vec<_> = tip.lines.iter().map(|(_, figure)| figure.as_str()).collect();
        assert_eq!(figures, ["3", "1 (33%)", "1 (33%)", "1 (33%)", "1"]);

        let panel = page.panel("retention");
        assert_eq!(
            rows(&panel.table),
            [
                "26 Oct – 1 Nov 2026 | 3 | 1 | 2",
                "2–8 Nov 2026 | 1 | 0 | (after the range, or not over yet)",
                "9–15 Nov 2026 | 1 | (after the range, or not over yet) | (after the range, or not over yet)",
            ],
            "{url}"
        );
        assert_eq!(
            panel.headline.as_deref(),
            Some("1 of 4 active again in the week after their first")
        );
        assert!(has_note(panel, "The running week is left out"));
        assert!(has_note(panel, "Of fewer than 20 people it is told how many"));
        // The place is a column, the series a row.
        let tip = panel.tip(2, Some(0)).unwrap();
        assert_eq!(tip.title, "First seen (UTC): 26 Oct – 1 Nov 2026");
        let lines = [("People", "3"), ("Week 2", "2")].map(|(name, figure)| (name.to_string(), figure.to_string()));
        assert_eq!(tip.lines, lines);
        assert_eq!(tip.span, "Click or Enter: list these people");
        assert!(panel.tip(0, Some(7)).is_none());
    }
}

#[test]
fn a_cell_of_cohorts_lists_its_people() {
    let server = answering(weeks);
    let mut wishes = Wishes::default();
    wishes.choose(Wish::Cell, 1);
    wishes.cell = (0, 2);
    let url = "?from=2026-10-26&to=2026-11-20&interval=week";
    let at = moment(NOW, "UTC");
    let page = page_wishing(wishes, View::Activity, url, &at, &v1_config(), &server);
    let panel = page.panel("retention");
    assert_eq!(rows(&panel.table), ["a", "b"]);
    assert_eq!(
        panel.table.columns[0].title,
        "First seen 26 Oct – 1 Nov 2026, active 9–15 Nov 2026: 2"
    );
    assert_eq!(panel.groups.rows.len(), 3, "the cohorts stand below");
    assert_eq!(panel.tip(2, Some(0)).unwrap().lines[1].1, "2");
    // A cell that the range does not have lists nobody.
    wishes.cell = (2, 2);
    let page = page_wishing(wishes, View::Activity, url, &at, &v1_config(), &server);
    assert_eq!(page.panel("retention").table.rows.len(), 3);
}

#[test]
fn nobody_is_new_or_gone_where_too_little_is_known() {
    let said = |url: &str, server: Server| {
        let page = v1_page(url, NOW, "UTC", server);
        ["lifecycle", "retention"].map(|id| state(&page, id))
    };
    let server = answering(weeks);
    let none = ("empty", "Too few whole weeks".to_string());
    assert_eq!(
        said("?from=2026-11-16&to=2026-11-20", &server),
        [none.clone(), none.clone()]
    );
    assert_eq!(
        said("?from=2026-11-09&to=2026-11-20", &server),
        [("ready", String::new()), none]
    );
    let gap = answering(|stretch| {
        let mut answer = weeks(stretch);
        answer["activity"].as_array_mut().unwrap().remove(1);
        answer
    });
    let missing = ("partial", "Some answers are missing".to_string());
    assert_eq!(
        said("?from=2026-10-26&to=2026-11-20&interval=week", &gap),
        [missing.clone(), missing]
    );
}

#[test]
fn weekdays_are_compared_with_days_like_them() {
    let server = answering(|stretch| days(stretch, DAY));
    let mut file = v1_config();
    file.holidays = [day("2026-11-12")].into();
    let url = "?from=2026-11-04&to=2026-11-20";
    let page = page_of(View::Activity, url, &moment(NOW, "UTC"), &file, &server);
    let panel = page.panel("weekdays");
    assert_eq!(panel.state, State::Ready, "{:?}", panel.message);
    let rows = rows(&panel.table);
    // Neither the running Friday nor the Thursday that is a holiday is like others.
    assert_eq!(rows[2], "6 Nov 2026 | Fri | 6 | 9.5");
    assert_eq!(rows[8], "12 Nov 2026 | Thu | 12 | 12 | holiday");
    assert_eq!(rows[16], "20 Nov 2026 | Fri | 20 | 9.5 | so far");
    assert_eq!(
        panel.headline.as_deref(),
        Some("On average most on Tue (13.5), least on Fri (9.5)")
    );
    assert_eq!(panel.tip(8, None).unwrap().title, "Thu, 12 Nov, holiday");
    assert_eq!(panel.chart.as_ref().unwrap().kind, metrics::chart::Kind::HeatMap);
    assert!(page.panel("activity").table.rows[8].contains(&Cell::Text("holiday".into())));
    // Of weeks the page does not know the days.
    let page = v1_page("?from=2026-11-04&to=2026-11-20&interval=week", NOW, "UTC", &server);
    assert_eq!(state(&page, "weekdays"), ("empty", "Only by day".into()));
    assert!(page.panel("weekdays").requests.is_empty());
}
