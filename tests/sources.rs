//! What is asked of Coder, to the letter, and what is made of every way in which it answers.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use chrono::{DateTime, Utc};
use metrics::data::{
    AppUsage, Data, DayRule, Insights, InsightsReport, ParameterOption, PersonLatency, PersonSeconds, Status, Statuses,
    User,
};
use metrics::remote::{LoadError, Reply};
use metrics::source::coder::{self, plan::is_for};
use metrics::source::{Answer, Ask, Grain, Reading, Request, Slice, read};
use proptest::prelude::*;
use serde_json::Value;

const INSIGHTS_WEEK: &str = include_str!("fixtures/coder/insights-week.json");
const INSIGHTS_SAO_PAULO: &str = include_str!("fixtures/coder/insights-week-sao-paulo.json");
const INSIGHTS_LEGACY: &str = include_str!("fixtures/coder/insights-week-sao-paulo-legacy.json");
const INSIGHTS_WEEKLY: &str = include_str!("fixtures/coder/insights-weekly.json");
const INSIGHTS_REPORT: &str = include_str!("fixtures/coder/insights-three-weeks-one-template.json");
const INSIGHTS_EMPTY: &str = include_str!("fixtures/coder/insights-empty-week.json");
const INSIGHTS_PARAMETERS: &str = include_str!("fixtures/coder/insights-parameters.json");
const ACTIVITY_WEEK: &str = include_str!("fixtures/coder/activity-week.json");
const ACTIVITY_SAO_PAULO: &str = include_str!("fixtures/coder/activity-week-sao-paulo.json");
const ACTIVITY_EMPTY: &str = include_str!("fixtures/coder/activity-empty-week.json");

const T1: &str = "00000000-0000-0000-0000-000000000001";
const T2: &str = "00000000-0000-0000-0000-000000000002";
const T3: &str = "00000000-0000-0000-0000-000000000003";

fn slice(start: &str, end: &str) -> Slice {
    let time = |text| DateTime::parse_from_rfc3339(text).unwrap();
    Slice {
        start: time(start),
        end: time(end),
        templates: Vec::new(),
    }
}

fn week() -> Slice {
    slice("2023-08-15T00:00:00Z", "2023-08-22T00:00:00Z")
}

fn week_in_sao_paulo() -> Slice {
    slice("2023-08-15T00:00:00-03:00", "2023-08-22T00:00:00-03:00")
}

/// One request of each kind.
fn every_request() -> Vec<Request> {
    let Answer::Instead(old) = read(&coder::statuses("c", "Asia/Kolkata", 19_800), &json(400, INVALID_ZONE)).unwrap()
    else {
        panic!("no other request")
    };
    vec![
        coder::build("c"),
        coder::me("c"),
        coder::organizations("c"),
        coder::templates("c"),
        coder::entitlements("c"),
        coder::daus("c"),
        coder::statuses("c", "Asia/Kolkata", 19_800),
        old,
        coder::insights("c", week(), None),
        coder::insights("c", week_in_sao_paulo(), Some(Grain::Day)),
        coder::activity("c", week()),
        coder::latency("c", week()),
        coder::users("c", 2000),
        coder::user("c", T1).unwrap(),
    ]
}

fn json(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply {
        status,
        content_type: "application/json; charset=utf-8".into(),
        retry_after: None,
        body: body.into(),
    }
}

fn html(status: u16, body: &str) -> Reply {
    Reply {
        content_type: "text/html; charset=utf-8".into(),
        ..json(status, body)
    }
}

fn data(request: &Request, body: &str) -> Data {
    match read(request, &json(200, body)) {
        Ok(Answer::Data(data)) => data,
        other => panic!("{body}: {other:?}"),
    }
}

fn failure(request: &Request, reply: &Reply) -> LoadError {
    read(request, reply).expect_err("an answer where none was expected")
}

/// Where, and what, of an answer that cannot be read.
fn complaint(request: &Request, body: &str) -> (String, String) {
    match failure(request, &json(200, body)) {
        LoadError::Decode(err) => (err.path, err.reason),
        other => panic!("{body}: {other:?}"),
    }
}

fn insights_of(body: &str) -> Insights {
    match data(&coder::insights("c", week(), None), body) {
        Data::Insights(insights) => insights,
        other => panic!("{other:?}"),
    }
}

fn report_of(body: &str) -> InsightsReport {
    insights_of(body).report.unwrap()
}

/// Rows as `slug name seconds times_used`, with how many templates.
fn apps(report: &InsightsReport) -> Vec<(&str, &str, u64, Option<u64>, usize)> {
    let row = |app: &'_ AppUsage| (app.seconds, app.times_used, app.template_ids.len());
    report
        .apps
        .iter()
        .map(|app| (app.slug.as_str(), app.kind.as_str(), row(app).0, row(app).1, row(app).2))
        .collect()
}

fn interval_users(insights: &Insights) -> Vec<(String, u64)> {
    insights
        .intervals
        .iter()
        .map(|one| (one.start.to_rfc3339(), one.active_users))
        .collect()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

// ── Requests ───────────────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn requests_to_the_letter() {
    let mut two = week();
    two.templates = vec![T1.into(), T2.into()];
    let mut requests = every_request();
    requests.extend([
        coder::insights("c", two.clone(), Some(Grain::Week)),
        coder::activity("c", two.clone()),
        coder::latency("c", two),
        coder::insights(
            "c",
            slice("2026-11-13T00:00:00+05:30", "2026-11-13T17:00:00+05:30"),
            None,
        ),
        coder::statuses("c", "America/Argentina/Buenos_Aires", -10_800),
        coder::statuses("c", "Etc/GMT+5", -18_000),
    ]);
    let targets: Vec<String> = requests.iter().map(Request::target).collect();
    insta::assert_snapshot!(targets.join("\n"), @r"
    api/v2/buildinfo
    api/v2/users/me
    api/v2/organizations
    api/v2/templates
    api/v2/entitlements
    api/v2/insights/daus?tz_offset=0
    api/v2/insights/user-status-counts?timezone=Asia/Kolkata
    api/v2/insights/user-status-counts?tz_offset=5
    api/v2/insights/templates?start_time=2023-08-15T00:00:00%2B00:00&end_time=2023-08-22T00:00:00%2B00:00
    api/v2/insights/templates?start_time=2023-08-15T00:00:00-03:00&end_time=2023-08-22T00:00:00-03:00&interval=day
    api/v2/insights/user-activity?start_time=2023-08-15T00:00:00%2B00:00&end_time=2023-08-22T00:00:00%2B00:00
    api/v2/insights/user-latency?start_time=2023-08-15T00:00:00%2B00:00&end_time=2023-08-22T00:00:00%2B00:00
    api/v2/users?limit=1000&offset=2000
    api/v2/users/00000000-0000-0000-0000-000000000001
    api/v2/insights/templates?start_time=2023-08-15T00:00:00%2B00:00&end_time=2023-08-22T00:00:00%2B00:00&template_ids=00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002&interval=week
    api/v2/insights/user-activity?start_time=2023-08-15T00:00:00%2B00:00&end_time=2023-08-22T00:00:00%2B00:00&template_ids=00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002
    api/v2/insights/user-latency?start_time=2023-08-15T00:00:00%2B00:00&end_time=2023-08-22T00:00:00%2B00:00&template_ids=00000000-0000-0000-0000-000000000001,00000000-0000-0000-0000-000000000002
    api/v2/insights/templates?start_time=2026-11-13T00:00:00%2B05:30&end_time=2026-11-13T17:00:00%2B05:30
    api/v2/insights/user-status-counts?timezone=America/Argentina/Buenos_Aires
    api/v2/insights/user-status-counts?timezone=Etc/GMT%2B5
    ");
    assert!(requests.iter().all(|request| request.source == "c"));
}

// ── Recorded answers ───────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_week_in_utc() {
    let insights = insights_of(INSIGHTS_WEEK);
    let report = insights.report.clone().unwrap();
    assert!(is_for(&week(), report.start, report.end));
    assert_eq!(report.template_ids, [T1, T2, T3]);
    assert_eq!(report.active_users, 3);
    assert_eq!(
        apps(&report),
        [
            ("vscode", "builtin", 3600, None, 2),
            ("jetbrains", "builtin", 120, None, 1),
            ("reconnecting-pty", "builtin", 3600, None, 1),
            ("ssh", "builtin", 11_520, None, 3),
            ("sftp", "builtin", 0, None, 0),
            ("app1", "app", 25_380, Some(4), 2),
            ("app3", "app", 720, Some(1), 1),
            ("otherapp1", "app", 300, Some(1), 1),
        ]
    );
    let first = report.apps.first().unwrap();
    assert_eq!(
        (first.name.as_str(), first.icon.as_str()),
        ("Visual Studio Code", "/icon/code.svg")
    );
    assert_eq!((first.family.clone(), first.is_upper_bound), (None, false));
    assert_eq!(first.template_ids, [T1, T2]);
    assert!(report.parameters.is_empty());
    let expected = [(15, 3), (16, 1), (17, 2), (18, 1), (19, 0), (20, 0), (21, 1)];
    let expected = expected.map(|(day, users)| (format!("2023-08-{day}T00:00:00+00:00"), users));
    assert_eq!(interval_users(&insights), expected);
}

#[test]
fn a_week_elsewhere_in_two_generations() {
    for (body, web_terminal_templates) in [(INSIGHTS_SAO_PAULO, 0), (INSIGHTS_LEGACY, 1)] {
        let insights = insights_of(body);
        let report = insights.report.clone().unwrap();
        assert!(is_for(&week_in_sao_paulo(), report.start, report.end));
        assert!(!is_for(&week(), report.start, report.end));
        assert_eq!(report.start.to_rfc3339(), "2023-08-15T00:00:00-03:00");
        assert_eq!((report.active_users, report.template_ids.len()), (3, 3));
        assert_eq!(
            apps(&report),
            [
                ("vscode", "builtin", 3600, None, 1),
                ("jetbrains", "builtin", 120, None, 1),
                ("reconnecting-pty", "builtin", 0, None, web_terminal_templates),
                ("ssh", "builtin", 4320, None, 1),
                ("app1", "app", 21_720, None, 2),
                ("app3", "app", 4320, None, 1),
                ("otherapp1", "app", 300, None, 1),
            ]
        );
        let expected = [(15, 1), (16, 2), (17, 2), (18, 0), (19, 0), (20, 1), (21, 1)];
        let expected = expected.map(|(day, users)| (format!("2023-08-{day}T00:00:00-03:00"), users));
        assert_eq!(interval_users(&insights), expected);
    }
}

#[test]
fn one_interval_of_a_week() {
    let insights = insights_of(INSIGHTS_WEEKLY);
    let report = insights.report.clone().unwrap();
    assert!(is_for(
        &slice("2023-08-12T00:00:00Z", "2023-08-19T00:00:00Z"),
        report.start,
        report.end
    ));
    assert_eq!(report.active_users, 3);
    assert_eq!(
        apps(&report),
        [
            ("vscode", "builtin", 7200, None, 2),
            ("jetbrains", "builtin", 120, None, 1),
            ("reconnecting-pty", "builtin", 3600, None, 1),
            ("ssh", "builtin", 15_120, None, 3),
            ("sftp", "builtin", 0, None, 0),
            ("app1", "app", 25_380, None, 2),
            ("app3", "app", 3600, None, 1),
            ("otherapp1", "app", 300, None, 1),
        ]
    );
    assert_eq!(
        interval_users(&insights),
        [("2023-08-12T00:00:00+00:00".to_string(), 3)]
    );
    assert_eq!(
        insights.intervals.first().unwrap().end.to_rfc3339(),
        "2023-08-19T00:00:00+00:00"
    );
}

#[test]
fn a_report_without_intervals() {
    let insights = insights_of(INSIGHTS_REPORT);
    assert!(insights.intervals.is_empty());
    let report = insights.report.unwrap();
    assert!(is_for(
        &slice("2023-08-01T00:00:00Z", "2023-08-22T00:00:00Z"),
        report.start,
        report.end
    ));
    assert_eq!(
        (report.active_users, report.template_ids.as_slice()),
        (1, [T2.to_string()].as_slice())
    );
    assert_eq!(
        apps(&report),
        [
            ("vscode", "builtin", 3600, None, 1),
            ("jetbrains", "builtin", 0, None, 0),
            ("reconnecting-pty", "builtin", 7200, None, 1),
            ("ssh", "builtin", 10_800, None, 1),
            ("sftp", "builtin", 0, None, 0),
            ("app1", "app", 25_200, None, 1),
        ]
    );
}

#[test]
fn a_week_without_use() {
    let insights = insights_of(INSIGHTS_EMPTY);
    assert_eq!(
        insights
            .intervals
            .iter()
            .map(|one| one.active_users)
            .collect::<Vec<_>>(),
        [0; 7]
    );
    let report = insights.report.unwrap();
    assert_eq!(
        (report.active_users, report.template_ids.len(), report.apps.len()),
        (0, 0, 5)
    );
    assert!(
        report
            .apps
            .iter()
            .all(|app| app.seconds == 0 && app.times_used.is_none())
    );
}

#[test]
fn parameters_and_their_values() {
    let report = report_of(INSIGHTS_PARAMETERS);
    assert_eq!(report.start.to_rfc3339(), "0001-01-01T00:00:00+00:00");
    assert!(!is_for(&week(), report.start, report.end));
    let names: Vec<(&str, &str, &str, usize)> = report
        .parameters
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.kind.as_str(),
                one.description.as_str(),
                one.template_ids.len(),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            ("otherparam1", "string", "This is another parameter", 1),
            ("param1", "string", "This is first parameter", 2),
            ("param2", "string", "This is second parameter", 2),
            ("param3", "string", "This is third parameter", 2),
            ("param4", "string", "This is fourth parameter", 1),
        ]
    );
    let values: Vec<Vec<(&str, u64)>> = report
        .parameters
        .iter()
        .map(|one| {
            one.values
                .iter()
                .map(|(value, count)| (value.as_str(), *count))
                .collect()
        })
        .collect();
    assert_eq!(
        values,
        [
            vec![("", 1), ("xyz", 1)],
            vec![("", 1), ("ABC", 1), ("abc", 2)],
            vec![("", 1), ("123", 3)],
            vec![("", 1), ("BBB", 2), ("bbb", 1)],
            vec![("option1", 2), ("option2", 1)],
        ]
    );
    let (last, free) = report.parameters.split_last().unwrap();
    assert!(
        free.iter()
            .all(|one| one.options.is_empty() && one.display_name == one.name)
    );
    let option = |name: &str| ParameterOption {
        name: name.into(),
        value: name.into(),
        icon: String::new(),
    };
    assert_eq!(last.options, [option("option1"), option("option2")]);
}

#[test]
fn time_used_by_each_person() {
    let read = |body| match data(&coder::activity("c", week()), body) {
        Data::Activity(activity) => activity,
        other => panic!("{other:?}"),
    };
    let person = |number: u8, seconds, templates: &[u16]| PersonSeconds {
        user_id: format!("00000000-0000-0000-0000-00000000000{number}").into(),
        username: format!("user{}", number - 3),
        seconds,
        templates: templates.to_vec(),
    };
    let utc = read(ACTIVITY_WEEK);
    assert_eq!(
        utc.users,
        [person(4, 30_540, &[0, 1]), person(5, 3600, &[0]), person(6, 4200, &[2])]
    );
    assert_eq!(utc.template_ids, [T1, T2, T3]);
    let used: Vec<Vec<&str>> = utc.users.iter().map(|user| utc.templates_of(user).collect()).collect();
    assert_eq!(used, [vec![T1, T2], vec![T1], vec![T3]]);
    assert_eq!(utc.people_by_template(), [(T1, 2), (T2, 1), (T3, 1)]);
    assert!(utc.span.is_some_and(|(start, end)| is_for(&week(), start, end)));
    let local = read(ACTIVITY_SAO_PAULO);
    assert_eq!(
        local.users,
        [person(4, 23_280, &[0, 1]), person(5, 3600, &[0]), person(6, 600, &[2])]
    );
    assert!(
        local
            .span
            .is_some_and(|(start, end)| is_for(&week_in_sao_paulo(), start, end))
    );
    let empty = read(ACTIVITY_EMPTY);
    assert!(empty.users.is_empty() && empty.template_ids.is_empty());
}

#[test]
fn whoever_is_told_of_twice_is_one() {
    let body = |users: &str| {
        let span = r#""start_time":"2023-08-15T00:00:00Z","end_time":"2023-08-22T00:00:00Z""#;
        format!(r#"{{"report":{{{span},"template_ids":["t2"],"users":[{users}]}}}}"#)
    };
    let used = r#"
        {"user_id":"2","username":"moss","seconds":60,"template_ids":["t1","t1"]},
        {"user_id":"1","username":"fern","seconds":90,"template_ids":["t2"]},
        {"user_id":"2","username":"moss","seconds":120,"template_ids":["t2","t1"]}"#;
    let Data::Activity(activity) = data(&coder::activity("c", week()), &body(used)) else {
        panic!()
    };
    let people: Vec<_> = activity
        .ranked
        .iter()
        .map(|place| &activity.users[*place])
        .map(|person| {
            (
                person.username.as_str(),
                person.seconds,
                activity.templates_of(person).collect(),
            )
        })
        .collect();
    assert_eq!(people, [("moss", 180, vec!["t1", "t2"]), ("fern", 90, vec!["t2"])]);
    assert_eq!(activity.people_by_template(), [("t2", 2), ("t1", 1)]);

    let late = r#"
        {"user_id":"2","username":"moss","latency_ms":{"p50":40,"p95":90}},
        {"user_id":"1","username":"fern","latency_ms":{"p50":-1,"p95":-1}},
        {"user_id":"2","username":"moss","latency_ms":{"p50":50,"p95":80}},
        {"user_id":"2","username":"moss","latency_ms":{"p50":-1,"p95":-1}}"#;
    let Data::Latency(latency) = data(&coder::latency("c", week()), &body(late)) else {
        panic!()
    };
    let people: Vec<_> = latency
        .users
        .iter()
        .map(|person| (person.username.as_str(), person.p50, person.p95))
        .collect();
    assert_eq!(people, [("moss", Some(50.0), Some(80.0)), ("fern", None, None)]);
    assert_eq!(latency.ranked, [0, 1]);
}

#[test]
fn accounts() {
    let body = r#"{"count": 1302, "users": [
        {"id": "u1", "username": "fern-07", "name": "Fern", "email": "fern-07@example.com", "status": "active",
         "created_at": "2024-02-01T09:00:00Z", "last_seen_at": "2026-11-19T22:30:00-03:00", "organization_ids": ["o1", "o2"],
         "roles": [{"name": "owner", "display_name": "Owner"}, {"name": "organization-admin", "organization_id": "o1"}]},
        {"id": "u2", "username": "moss-02", "status": "dormant", "last_seen_at": "0001-01-01T00:00:00Z", "organization_ids": ["o2"],
         "roles": [{"name": "auditor", "display_name": ""}]},
        {"id": "u3", "username": "opal-01", "status": "retired", "roles": null, "organization_ids": null, "email": null}
    ]}"#;
    let Data::Users(page) = data(&coder::users("c", 0), body) else {
        panic!()
    };
    assert_eq!(
        (page.count, page.organization_ids, page.roles),
        (
            1302,
            vec!["o1".into(), "o2".into()],
            vec!["Owner".into(), "auditor".into()]
        )
    );
    let row = |user: &User| {
        (
            user.username.clone(),
            user.status,
            user.last_seen.map(|seen| seen.to_string()),
            user.organizations.clone(),
            user.roles.clone(),
        )
    };
    assert_eq!(
        page.users.iter().map(row).collect::<Vec<_>>(),
        [
            (
                "fern-07".into(),
                Some(Status::Active),
                Some("2026-11-20 01:30:00 UTC".into()),
                vec![0, 1],
                vec![0]
            ),
            ("moss-02".into(), Some(Status::Dormant), None, vec![1], vec![1]),
            ("opal-01".into(), None, None, vec![], vec![]),
        ],
        "the zero time is never, an unknown word no status"
    );
    assert_eq!(
        (page.users[0].email.as_str(), page.users[2].email.as_str()),
        ("fern-07@example.com", "")
    );
    let Data::Users(one) = data(
        &coder::user("c", "u1").unwrap(),
        r#"{"id": "u1", "username": "fern-07"}"#,
    ) else {
        panic!()
    };
    assert_eq!((one.count, one.users[0].id.as_str()), (1, "u1"));
    for id in ["", "..", "a/b", "u1?x=1", "%2e", "ä"] {
        assert_eq!(coder::user("c", id), None, "{id} becomes no part of a path");
    }
}

// ── Traps in answers ───────────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn keys_that_go_missing() {
    assert_eq!(insights_of("{}"), Insights::default());
    assert_eq!(
        insights_of(r#"{"report":null,"interval_reports":null}"#),
        Insights::default()
    );
    let shell = r#"{"report":{"start_time":"2023-08-15T00:00:00Z","end_time":"2023-08-22T00:00:00Z","active_users":3"#;
    for lists in ["", r#","template_ids":null,"apps_usage":null,"parameters_usage":null"#] {
        let report = report_of(&format!("{shell}{lists}}}}}"));
        assert_eq!(
            (report.active_users, report.apps.len(), report.parameters.len()),
            (3, 0, 0)
        );
    }
    let parameter = r#","parameters_usage":[{"name":"p","options":null,"values":null,"template_ids":null}]"#;
    let report = report_of(&format!("{shell}{parameter}}}}}"));
    let only = report.parameters.first().unwrap();
    assert!(only.options.is_empty() && only.values.is_empty() && only.description.is_empty());
}

#[test]
fn rows_of_newer_servers() {
    let body = r#"{"report":{"start_time":"2026-11-01T00:00:00Z","end_time":"2026-11-02T00:00:00Z","active_users":2,
        "total_active_seconds":99,"apps_usage":[
        {"type":"builtin","slug":"vscode","display_name":"Cursor","icon":"","seconds":60,"times_used":0,"family":"vscode"},
        {"type":"builtin","slug":"overflow","display_name":"Other","icon":"","seconds":70,"seconds_is_upper_bound":true},
        {"type":"app","slug":"code","display_name":"code","icon":"/a.svg","seconds":1,"times_used":0,"family":""},
        {"type":"app","slug":"code","display_name":"Code","icon":"/b.svg","seconds":2,"times_used":null},
        {"type":"app","slug":"code","display_name":"Code","icon":"/b.svg","seconds":3.0}]}}"#;
    let report = report_of(body);
    assert_eq!(
        apps(&report),
        [
            ("vscode", "builtin", 60, None, 0),
            ("overflow", "builtin", 70, None, 0),
            ("code", "app", 1, Some(0), 0),
            ("code", "app", 2, None, 0),
            ("code", "app", 3, None, 0),
        ]
    );
    let extra: Vec<_> = report
        .apps
        .iter()
        .map(|app| (app.family.as_deref(), app.is_upper_bound))
        .collect();
    assert_eq!(
        extra,
        [
            (Some("vscode"), false),
            (None, true),
            (None, false),
            (None, false),
            (None, false)
        ]
    );
}

#[test]
fn intervals_come_in_no_order() {
    let body = r#"{"interval_reports":[
        {"start_time":"2023-08-16T00:00:00Z","end_time":"2023-08-17T00:00:00Z","interval":"day","active_users":2},
        {"start_time":"2023-08-15T00:00:00Z","end_time":"2023-08-16T00:00:00Z","interval":"day","active_users":1}]}"#;
    assert_eq!(
        insights_of(body)
            .intervals
            .iter()
            .map(|one| one.active_users)
            .collect::<Vec<_>>(),
        [1, 2]
    );
}

#[test]
fn latency_without_a_sample() {
    let body = r#"{"report":{"start_time":"2023-08-15T00:00:00Z","end_time":"2023-08-22T00:00:00Z","template_ids":["t"],"users":[
        {"user_id":"1","username":"a","latency_ms":{"p50":20.5,"p95":150}},
        {"user_id":"2","username":"b","latency_ms":{"p50":-1,"p95":-1}},
        {"user_id":"3","username":"c","latency_ms":null},
        {"user_id":"4","username":"d"},
        {"user_id":"5","username":"e","latency_ms":{"p50":0,"p95":null}},
        {"user_id":"6","username":null,"latency_ms":{"p50":-0.5}}]}}"#;
    let Data::Latency(latency) = data(&coder::latency("c", week()), body) else {
        panic!()
    };
    let rows: Vec<_> = latency
        .users
        .iter()
        .map(|PersonLatency { username, p50, p95, .. }| (username.as_str(), *p50, *p95))
        .collect();
    assert_eq!(
        rows,
        [
            ("a", Some(20.5), Some(150.0)),
            ("b", None, None),
            ("c", None, None),
            ("d", None, None),
            ("e", Some(0.0), None),
            ("6", None, None),
        ]
    );
    assert!(latency.span.is_some_and(|(start, end)| is_for(&week(), start, end)));
}

#[test]
fn daily_active_users() {
    let read = |body| match data(&coder::daus("c"), body) {
        Data::Daus(daus) => daus.days,
        other => panic!("{other:?}"),
    };
    // In no order, one day twice, and dates as old servers wrote them: the date is that of the text.
    let body = r#"{"tz_hour_offset":0,"entries":[{"date":"2026-11-12","amount":5},{"date":"2026-11-10","amount":0},
        {"date":"2026-11-11T00:00:00-08:00","amount":3},{"date":"2026-11-12T00:00:00Z","amount":4}]}"#;
    assert_eq!(
        read(body),
        [(day("2026-11-10"), 0), (day("2026-11-11"), 3), (day("2026-11-12"), 5)]
    );
    assert_eq!(read(r#"{"entries":[],"tz_hour_offset":0}"#), []);
    assert_eq!(read(r#"{"entries":null}"#), []);
    assert_eq!(complaint(&coder::daus("c"), "{}").0, "answer");
    for bad in [
        "",
        "2026-11-1",
        "2026-13-01",
        "2026-11-12x",
        "+026-11-12",
        "2026-11-ä",
        "12.11.2026",
        "20261112",
    ] {
        let (path, reason) = complaint(
            &coder::daus("c"),
            &format!(r#"{{"entries":[{{"date":"{bad}","amount":1}}]}}"#),
        );
        assert_eq!(path, "entries[0].date", "{bad}: {reason}");
    }
}

fn statuses_of(request: &Request, body: &str) -> Statuses {
    match data(request, body) {
        Data::Statuses(statuses) => statuses,
        other => panic!("{other:?}"),
    }
}

#[test]
fn accounts_by_status() {
    let body = r#"{"status_counts":{
        "suspended":[{"date":"2026-11-03T00:00:00Z","count":1}],
        "active":[{"date":"2026-11-05T00:00:00Z","count":7},{"date":"2026-11-01T01:00:00+01:00","count":5},{"date":"2026-11-05T00:00:00Z","count":8}],
        "dormant":null, "on\u0007leave":[{"date":"2026-11-05T00:00:00Z","count":2}], "gone":[]}}"#;
    let statuses = statuses_of(&coder::statuses("c", "Europe/Berlin", 3600), body);
    assert_eq!(
        statuses.points,
        [
            (
                Status::Active,
                vec![(at("2026-11-01T00:00:00Z"), 5), (at("2026-11-05T00:00:00Z"), 8)]
            ),
            (Status::Suspended, vec![(at("2026-11-03T00:00:00Z"), 1)]),
        ]
    );
    assert_eq!(statuses.unknown, ["gone", "on leave"]);
    assert_eq!(statuses.rule, DayRule::Zone);
    // The last value holds until the next; before the first nothing is known.
    let active = |instant| statuses.at(Status::Active, at(instant));
    assert_eq!(active("2026-10-31T23:59:59Z"), None);
    assert_eq!(active("2026-11-01T00:00:00Z"), Some(5));
    assert_eq!(active("2026-11-04T23:59:59Z"), Some(5));
    assert_eq!(active("2027-01-01T00:00:00Z"), Some(8));
    // A status that the server does not name never occurred.
    assert_eq!(statuses.at(Status::Dormant, at("2027-01-01T00:00:00Z")), Some(0));

    for empty in [r#"{"status_counts":{}}"#, r#"{"status_counts":null}"#] {
        let statuses = statuses_of(&coder::statuses("c", "UTC", 0), empty);
        assert!(statuses.points.is_empty() && statuses.unknown.is_empty());
    }
    assert_eq!(complaint(&coder::statuses("c", "UTC", 0), "{}").0, "answer");
}

#[test]
fn version_caller_organizations_and_templates() {
    let Data::Build(build) = data(
        &coder::build("c"),
        r#"{"version":"v2.31.2+5f3e1a2","deployment_id":"d","telemetry":true}"#,
    ) else {
        panic!()
    };
    assert_eq!(
        (build.version.as_str(), build.deployment_id.as_str()),
        ("v2.31.2+5f3e1a2", "d")
    );
    let Data::Build(old) = data(&coder::build("c"), r#"{"version":"v0.27.0"}"#) else {
        panic!()
    };
    assert_eq!(old.deployment_id, "");

    let body = r#"{"id":"u","username":"ada","organization_ids":["o1"],"roles":[
        {"name":"owner","display_name":"Owner"},{"name":"auditor","organization_id":""},
        {"name":"organization-admin","organization_id":"o1"},{"name":"member","organization_id":null},
        {"name":"nil","organization_id":"00000000-0000-0000-0000-000000000000"}]}"#;
    let Data::Me(me) = data(&coder::me("c"), body) else {
        panic!()
    };
    assert_eq!(me.roles, ["owner", "auditor", "member", "nil"]);
    assert!(me.sees_all_insights());
    let body = r#"{"id":"u","username":"bob","roles":[{"name":"template-admin","organization_id":"o1"}]}"#;
    let Data::Me(me) = data(&coder::me("c"), body) else {
        panic!()
    };
    assert!(!me.sees_all_insights() && me.organization_ids.is_empty());
    let Data::Me(me) = data(
        &coder::me("c"),
        r#"{"id":"u","username":"bob","roles":null,"organization_ids":null}"#,
    ) else {
        panic!()
    };
    assert!(me.roles.is_empty());

    let body = r#"[{"id":"o1","name":"core","display_name":"Core Team"},{"id":"o2","name":"edge","display_name":""},{"id":"o3","name":"old"}]"#;
    let Data::Organizations(all) = data(&coder::organizations("c"), body) else {
        panic!()
    };
    assert_eq!(
        all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        ["Core Team", "edge", "old"]
    );
    let body = r#"[{"id":"t1","name":"docker","display_name":"","organization_id":"o1","active_user_count":-1}]"#;
    let Data::Templates(all) = data(&coder::templates("c"), body) else {
        panic!()
    };
    let only = all.first().unwrap();
    assert_eq!(
        (only.id.as_str(), only.name.as_str(), only.organization_id.as_str()),
        ("t1", "docker", "o1")
    );
    let body = r#"[
        {"id":"t1","name":"docker","display_name":"Docker","organization_id":"o1","organization_name":"core","organization_display_name":"Core Team"},
        {"id":"t2","name":"docker","display_name":"Docker","organization_id":"o2","organization_name":"edge","organization_display_name":""},
        {"id":"t3","name":"docker-old","display_name":"Docker","organization_id":"o2","organization_name":"edge"},
        {"id":"t4","name":"docker","display_name":"","organization_id":"o2","organization_name":"edge"},
        {"id":"t5","name":"docker","organization_id":"o3"}]"#;
    let Data::Templates(all) = data(&coder::templates("c"), body) else {
        panic!()
    };
    assert_eq!(
        all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        [
            "Docker (Core Team)",
            "Docker (edge, docker)",
            "Docker (edge, docker-old)",
            "docker (edge)",
            "docker (o3)"
        ]
    );
    for empty in ["[]", "null"] {
        assert_eq!(data(&coder::templates("c"), empty), Data::Templates(Vec::new()));
    }
}

#[test]
fn licences() {
    let read = |body| match data(&coder::entitlements("c"), body) {
        Data::Entitlements(found) => found,
        other => panic!("{other:?}"),
    };
    let full = read(
        r#"{"has_license":true,"warnings":["over\nlimit"],"errors":[],"refreshed_at":"2026-11-13T10:00:00+01:00","features":{
        "audit_log":{"entitlement":"entitled","enabled":true,"limit":"odd"},
        "user_limit":{"entitlement":"entitled","enabled":true,"limit":100,"actual":87}}}"#,
    );
    assert_eq!(
        (full.has_license, full.seats_used, full.seat_limit),
        (true, Some(87), Some(100))
    );
    assert_eq!(full.refreshed_at, Some(at("2026-11-13T09:00:00Z")));
    assert_eq!(full.warnings, ["over limit"]);
    let seats = |body| {
        let found = read(body);
        (found.has_license, found.seats_used, found.seat_limit)
    };
    assert_eq!(seats(r#"{"has_license":true,"features":{}}"#), (true, None, None));
    assert_eq!(seats(r#"{"features":{}}"#), (false, None, None));
    for other in ["{}", r#"{"entries":[]}"#, r#"{"features":null}"#] {
        let found = failure(&coder::entitlements("c"), &json(200, other));
        assert!(matches!(found, LoadError::Decode(_)), "{other}: {found:?}");
    }
    assert_eq!(
        seats(r#"{"has_license":true,"features":null,"warnings":null}"#),
        (true, None, None)
    );
    assert_eq!(
        seats(r#"{"has_license":false,"features":{"user_limit":{"entitlement":"not_entitled","actual":3}}}"#),
        (false, Some(3), None)
    );
    assert_eq!(
        seats(r#"{"features":{"user_limit":{"limit":5}}}"#),
        (true, None, Some(5))
    );
    assert_eq!(
        read(r#"{"features":{},"refreshed_at":"0001-01-01T00:00:00Z"}"#).refreshed_at,
        None
    );
}

#[test]
fn numbers_that_are_none() {
    let seconds = |number: &str| {
        let body =
            format!(r#"{{"report":{{"users":[{{"user_id":"a","seconds":1}},{{"user_id":"b","seconds":{number}}}]}}}}"#);
        read(&coder::activity("c", week()), &json(200, body))
    };
    for (good, expected) in [
        ("3.0", 3),
        ("0", 0),
        ("-0.0", 0),
        ("1e3", 1000),
        ("9223372036854775807", i64::MAX as u64),
    ] {
        let Ok(Answer::Data(Data::Activity(activity))) = seconds(good) else {
            panic!("{good}")
        };
        assert_eq!(activity.users.last().unwrap().seconds, expected, "{good}");
    }
    for bad in [
        "-1",
        "3.5",
        "9223372036854775808",
        "18446744073709551616",
        "1e300",
        "\"7\"",
        "null",
        "[]",
        "{}",
        "true",
    ] {
        let Err(LoadError::Decode(err)) = seconds(bad) else {
            panic!("{bad}")
        };
        assert_eq!(err.path, "report.users[1].seconds", "{bad}: {err}");
        assert!(err.reason.contains("a whole number from 0 on"), "{bad}: {err}");
    }
    let too_large = seconds("1e999");
    assert!(matches!(too_large, Err(LoadError::Decode(_))), "{too_large:?}");
}

#[test]
fn shapes_that_are_wrong() {
    let insights = coder::insights("c", week(), None);
    let (path, reason) = complaint(&insights, "[]");
    assert_eq!(path, "answer");
    assert!(reason.contains("expected an object"), "{reason}");
    assert_eq!(complaint(&insights, r#"{"report":[]}"#).0, "report");
    assert_eq!(
        complaint(&insights, r#"{"report":{"start_time":"soon"}}"#).0,
        "report.start_time"
    );
    assert_eq!(
        complaint(&insights, r#"{"report":{"start_time":"2023-08-15"}}"#).0,
        "report.start_time"
    );
    assert_eq!(
        complaint(&insights, r#"{"interval_reports":[[]]}"#).0,
        "interval_reports[0]"
    );
    assert_eq!(complaint(&coder::organizations("c"), "{}").0, "answer");
    assert_eq!(complaint(&coder::organizations("c"), r#"[{"id":"a"},{}]"#).0, "[1]");
    assert_eq!(complaint(&coder::activity("c", week()), "{}").0, "answer");
    assert_eq!(complaint(&coder::build("c"), "").0, "answer");
    assert_eq!(
        complaint(&coder::build("c"), r#"{"version":"a"}{"version":"b"}"#).0,
        "answer"
    );
    // A text of the server in our reason is cut and cleaned.
    let body = format!(r#"{{"report":{{"start_time":"\u0007{}"}}}}"#, "x".repeat(9999));
    let (_, reason) = complaint(&insights, &body);
    assert!(reason.chars().count() <= 301 && !reason.contains('\u{7}'), "{reason}");
    // Files are served with any type; JSON is JSON.
    assert!(read(&coder::build("c"), &html(200, r#" {"version":"a"}"#)).is_ok());
    // A byte order mark does no harm.
    assert!(read(&coder::build("c"), &json(200, "\u{feff}{\"version\":\"a\"}")).is_ok());
}

// ── Traps in place of answers ──────────────────────────────────────────────────────────────────────────────────────

const NO_ACCESS: &str = r#"{"message":"Resource not found or you do not have access to this resource"}"#;
const NO_ROUTE: &str = r#"{"message":"Route not found."}"#;
const INVALID_ZONE: &str = r#"{"message":"Invalid timezone.","detail":"unknown time zone Asia/Kolkata"}"#;
const EXCESS_ZONE: &str = r#"{"message":"Query parameters have invalid values.","validations":[{"field":"timezone","detail":"\"timezone\" is not a valid query param"}]}"#;
const LOGIN: &str = "<!doctype html><html><head><title>Sign in</title></head><body></body></html>";

#[test]
fn replies_that_are_no_answer() {
    let insights = coder::insights("c", week(), None);
    let (activity, latency) = (coder::activity("c", week()), coder::latency("c", week()));
    let (daus, statuses, me) = (coder::daus("c"), coder::statuses("c", "UTC", 0), coder::me("c"));
    let check = |request: &Request, reply: Reply, expected: LoadError| {
        assert_eq!(failure(request, &reply), expected, "{reply:?}")
    };
    let forbidden = |words: &str| LoadError::Forbidden(words.into());
    let unsupported = |words: &str| LoadError::Unsupported(words.into());
    let server = |status, message: &str| LoadError::Server {
        status,
        message: message.into(),
    };

    // A login page in place of an answer, whatever its type says.
    check(&insights, html(200, LOGIN), LoadError::Unauthorized);
    check(&insights, json(200, LOGIN), LoadError::Unauthorized);
    check(&insights, json(200, "\u{feff} \n<html>"), LoadError::Unauthorized);
    check(&insights, html(200, ""), LoadError::Unauthorized);
    check(&insights, html(302, ""), LoadError::Unauthorized);
    check(
        &insights,
        json(401, r#"{"message":"You are signed out or your session has expired."}"#),
        LoadError::Unauthorized,
    );
    check(&insights, html(401, LOGIN), LoadError::Unauthorized);
    check(
        &insights,
        json(401, r#"{"message":"Signed out.","detail":"Login is disabled"}"#),
        LoadError::Unauthorized,
    );

    // Not allowed, openly and in disguise.
    check(
        &daus,
        json(
            403,
            r#"{"message":"Forbidden.","detail":"Contact your administrator."}"#,
        ),
        forbidden("Contact your administrator."),
    );
    check(&daus, json(403, r#"{"message":"Forbidden."}"#), forbidden("Forbidden."));
    check(&daus, json(403, ""), forbidden("HTTP 403"));
    for request in [&insights, &activity, &latency] {
        check(
            request,
            json(404, NO_ACCESS),
            forbidden("Resource not found or you do not have access to this resource"),
        );
        check(request, json(404, NO_ROUTE), unsupported("Route not found."));
    }

    // Not there: an old server, or a proxy that knows nothing of it.
    check(&statuses, json(404, NO_ROUTE), unsupported("Route not found."));
    check(
        &statuses,
        html(404, "<html><head><title>404 Not Found</title></head></html>"),
        unsupported("404 Not Found"),
    );
    check(&statuses, html(404, ""), unsupported("HTTP 404"));
    check(&statuses, json(405, ""), unsupported("HTTP 405"));

    // Too many, with and without a time.
    let limited = r#"{"message":"You've been rate limited for sending too many requests!"}"#;
    check(&insights, json(429, limited), LoadError::Limited(None));
    check(
        &insights,
        Reply {
            retry_after: Some(30),
            ..json(429, limited)
        },
        LoadError::Limited(Some(30)),
    );

    // Switched off: wherever the words are, and only for what depends on it.
    let off = r#"{"message":"Not found.","detail":"Template insights are disabled."}"#;
    for request in [&insights, &activity, &latency, &daus] {
        for status in [400, 403, 404, 500] {
            check(
                request,
                json(status, off),
                LoadError::Disabled("Template insights are disabled.".into()),
            );
        }
    }
    check(
        &daus,
        json(404, r#"{"message":"Usage statistics are not enabled"}"#),
        LoadError::Disabled("Usage statistics are not enabled".into()),
    );
    check(
        &statuses,
        json(404, off),
        unsupported("Not found. Template insights are disabled."),
    );

    // Refused, with every complaint.
    let keys = r#"{"message":"Query parameters have invalid values.","validations":[
        {"field":"start_time","detail":"is required"},{"field":"sections","detail":"is not a valid query param"}]}"#;
    check(
        &insights,
        json(400, keys),
        LoadError::Refused(
            "Query parameters have invalid values. start_time: is required sections: is not a valid query param".into(),
        ),
    );
    let week_rule = r#"{"message":"Query parameter has invalid value.","detail":"Last report interval should have at least 6 days."}"#;
    check(
        &insights,
        json(400, week_rule),
        LoadError::Refused(
            "Query parameter has invalid value. Last report interval should have at least 6 days.".into(),
        ),
    );
    check(&insights, json(400, ""), LoadError::Refused("HTTP 400".into()));
    check(
        &me,
        json(400, EXCESS_ZONE),
        LoadError::Refused(
            "Query parameters have invalid values. timezone: \"timezone\" is not a valid query param".into(),
        ),
    );

    // Failed: in one document, in two, in a page, in plain words, and in silence.
    let one = r#"{"message":"Internal error fetching DAUs.","detail":"pq: gone"}"#;
    check(
        &daus,
        json(500, one),
        server(500, "Internal error fetching DAUs. pq: gone"),
    );
    let two = format!("{one}\n{}\n", r#"{"entries":null,"tz_hour_offset":0}"#);
    check(
        &daus,
        json(500, two),
        server(500, "Internal error fetching DAUs. pq: gone"),
    );
    check(
        &daus,
        html(502, "<html>\r\n<head><TITLE>502 Bad\nGateway</TITLE></head></html>"),
        server(502, "502 Bad Gateway"),
    );
    check(&daus, html(502, "<html><title>never closed"), server(502, ""));
    check(&daus, html(502, "upstream connect error"), server(502, ""));
    check(
        &daus,
        Reply {
            content_type: "text/plain".into(),
            ..json(503, "no healthy upstream\n")
        },
        server(503, "no healthy upstream"),
    );
    check(&daus, json(500, ""), server(500, ""));
    check(&daus, json(500, "[1]"), server(500, ""));
    check(&daus, json(500, "\"gone\""), server(500, "gone"));
    check(&daus, json(500, r#"{"error":"gone"}"#), server(500, "gone"));
    check(
        &daus,
        json(500, r#"{"message":7,"detail":null,"validations":{}}"#),
        server(500, ""),
    );
    check(
        &daus,
        json(500, r#"{"validations":[7,{"field":"a"}]}"#),
        server(500, "a:"),
    );
    check(&daus, json(428, r#"{"message":"No."}"#), server(428, "No."));
    check(&daus, json(0, ""), server(0, ""));
}

#[test]
fn words_of_the_server_are_fit_to_be_shown() {
    let words = |text: &str| match failure(
        &coder::daus("c"),
        &json(500, serde_json::json!({ "message": text }).to_string()),
    ) {
        LoadError::Server { message, .. } => message,
        other => panic!("{other:?}"),
    };
    assert_eq!(words("a\u{7}b\r\n\tc\u{1b}[31m"), "a b c [31m");
    assert_eq!(words("  a \u{202e}cba\u{200b} "), "a cba");
    let long = words(&"ä".repeat(9999));
    assert_eq!((long.chars().count(), long.ends_with("ä…")), (301, true));
    assert_eq!(words(&"x".repeat(300)), "x".repeat(300));
    let many: Vec<Value> = (0..100)
        .map(|one| serde_json::json!({ "field": format!("f{one}"), "detail": "no" }))
        .collect();
    let reply = json(
        400,
        serde_json::json!({ "message": "Bad.", "validations": many }).to_string(),
    );
    let LoadError::Refused(text) = failure(&coder::daus("c"), &reply) else {
        panic!()
    };
    assert!(
        text.starts_with("Bad. f0: no f1: no ") && text.chars().count() <= 301,
        "{text}"
    );
}

#[test]
fn servers_that_do_not_know_zones_are_asked_in_hours() {
    let ask = |offset, reply: &Reply| {
        let request = coder::statuses("c", "Asia/Kolkata", offset);
        match read(&request, reply) {
            Ok(Answer::Instead(other)) => other,
            other => panic!("{other:?}"),
        }
    };
    for body in [INVALID_ZONE, EXCESS_ZONE] {
        let other = ask(19_800, &json(400, body));
        assert_eq!(other.target(), "api/v2/insights/user-status-counts?tz_offset=5");
        assert_eq!(other.source, "c");
        let statuses = statuses_of(&other, r#"{"status_counts":{}}"#);
        assert_eq!(statuses.rule, DayRule::Hours(5));
        // It is asked only once: what the server says to that is the last word.
        let last = failure(&other, &json(400, body));
        assert!(matches!(last, LoadError::Refused(_)), "{last:?}");
    }
    assert_eq!(
        ask(-12_600, &json(400, EXCESS_ZONE)).target(),
        "api/v2/insights/user-status-counts?tz_offset=-4"
    );
    let other = failure(
        &coder::statuses("c", "UTC", 0),
        &json(
            400,
            r#"{"message":"Bad.","validations":[{"field":"interval","detail":"no"}]}"#,
        ),
    );
    assert_eq!(other, LoadError::Refused("Bad. interval: no".into()));
    // Only a refusal counts, not whatever else went wrong.
    assert!(matches!(
        failure(&coder::statuses("c", "UTC", 0), &json(500, INVALID_ZONE)),
        LoadError::Server { .. }
    ));
}

// ── Anything at all ────────────────────────────────────────────────────────────────────────────────────────────────

const STATUS: &[u16] = &[0, 200, 204, 302, 400, 401, 403, 404, 418, 429, 500, 502, 65535];
const TYPES: &[&str] = &["", "application/json", "text/html", "text/plain; charset=utf-8"];

/// Every recorded answer, and one written down for each request that has none.
fn samples() -> Vec<String> {
    let mut all: Vec<String> = [
        INSIGHTS_WEEK, INSIGHTS_LEGACY, INSIGHTS_REPORT, INSIGHTS_PARAMETERS, ACTIVITY_WEEK, EXCESS_ZONE, NO_ACCESS,
        r#"{"version":"v2.31.2","deployment_id":"d"}"#,
        r#"{"id":"u","username":"ada","organization_ids":["o"],"roles":[{"name":"owner","organization_id":"o"}]}"#,
        r#"[{"id":"o","name":"n","display_name":"d","organization_id":"o"}]"#,
        r#"{"has_license":true,"features":{"user_limit":{"limit":5,"actual":3}},"warnings":["w"],"refreshed_at":"2026-11-13T10:00:00Z"}"#,
        r#"{"entries":[{"date":"2026-11-12","amount":5},{"date":"2026-11-13T00:00:00Z","amount":5}]}"#,
        r#"{"status_counts":{"active":[{"date":"2026-11-05T00:00:00Z","count":7}],"gone":[{"date":"2026-11-05T00:00:00Z","count":7}]}}"#,
        r#"{"count":2,"users":[{"id":"u","username":"fern-07","status":"active","last_seen_at":"2026-11-13T10:00:00Z","organization_ids":["o"],"roles":[{"name":"owner"}]}]}"#,
        r#"{"report":{"start_time":"2023-08-15T00:00:00Z","end_time":"2023-08-22T00:00:00Z","users":[{"user_id":"1","latency_ms":{"p50":20.5,"p95":-1}}]}}"#,
    ]
    .map(String::from)
    .into();
    all.push(INSIGHTS_WEEKLY.into());
    all
}

/// Reads the body in every way there is. It must not panic, and what it says must be fit to be shown.
fn read_all(body: &[u8]) {
    for request in every_request() {
        for &status in STATUS {
            let content_type = TYPES[usize::from(status) % TYPES.len()].to_string();
            let reply = Reply {
                status,
                content_type,
                retry_after: None,
                body: body.to_vec(),
            };
            if let Err(err) = read(&request, &reply) {
                let shown = err.to_string();
                assert!(
                    shown.chars().count() < 700 && !shown.chars().any(char::is_control),
                    "{shown:?}"
                );
            }
        }
    }
}

/// Every value inside a document, by its number in reading order.
fn change(value: &mut Value, at: &mut usize, new: &Option<Value>) -> bool {
    if *at == 0 {
        if let Some(new) = new {
            *value = new.clone();
        }
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(list) => {
            for index in 0..list.len() {
                if change(&mut list[index], at, new) {
                    if new.is_none() && *at == 0 {
                        list.remove(index);
                        *at = usize::MAX;
                    }
                    return true;
                }
            }
            false
        }
        Value::Object(map) => {
            for key in map.keys().cloned().collect::<Vec<_>>() {
                if change(&mut map[&key], at, new) {
                    if new.is_none() && *at == 0 {
                        map.remove(&key);
                        *at = usize::MAX;
                    }
                    return true;
                }
            }
            false
        }
        _ => false,
    }
}

fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(size).sum(),
        Value::Object(map) => map.values().map(size).sum(),
        _ => 0,
    }
}

/// What may be put in place of a value; `None` deletes it.
fn replacement() -> impl Strategy<Value = Option<Value>> {
    let fixed = [
        "null",
        "true",
        "-1",
        "0",
        "3.5",
        "1e300",
        "-1e300",
        "18446744073709551615",
        "9223372036854775808",
        "\"\"",
        "\"x\"",
        "[]",
        "{}",
        "[[]]",
        "\"9999-12-31T23:59:59-23:59\"",
        "\"0000-01-01T00:00:00+23:59\"",
        "\"2016-12-31T23:59:60Z\"",
    ]
    .map(|text| Some(serde_json::from_str(text).unwrap()));
    prop_oneof![
        Just(None),
        proptest::sample::select(fixed.to_vec()),
        any::<String>().prop_map(|text| Some(Value::String(text)))
    ]
}

fn settings() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn any_bytes_are_read(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_all(&body);
    }

    #[test]
    fn any_text_is_read(body in "[\\[\\]{}\",:0-9a-z<> \\\\\\-+.eE\u{0}-\u{20}]{0,60}") {
        read_all(body.as_bytes());
    }

    #[test]
    fn damaged_answers_are_read(
        sample in proptest::sample::select(samples()), flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        length in any::<prop::sample::Index>(), cut in any::<bool>(),
    ) {
        let mut body = sample.into_bytes();
        for (at, byte) in flips {
            let at = at.index(body.len());
            body[at] ^= byte;
        }
        if cut {
            body.truncate(length.index(body.len()));
        }
        read_all(&body);
    }

    #[test]
    fn altered_answers_are_read(
        sample in proptest::sample::select(samples()), changes in proptest::collection::vec((any::<prop::sample::Index>(), replacement()), 1..4),
    ) {
        let mut body: Value = serde_json::from_str(&sample).unwrap();
        for (at, new) in changes {
            let mut at = at.index(size(&body));
            change(&mut body, &mut at, &new);
        }
        read_all(body.to_string().as_bytes());
    }
}

/// Reads a reply that comes in pieces of some length.
fn read_in_pieces(request: &Request, reply: &Reply, length: usize) -> Result<Answer, LoadError> {
    let mut reading = Reading::new(request, &reply.head());
    reply.body.chunks(length).for_each(|piece| reading.push(piece));
    reading.end(reply.head())
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn an_answer_in_pieces_is_the_answer(
        sample in proptest::sample::select(samples()), damage in proptest::option::of((any::<prop::sample::Index>(), any::<u8>())),
        length in 1_usize..400, status in proptest::sample::select(STATUS.to_vec()),
    ) {
        let mut body = sample.into_bytes();
        if let Some((at, byte)) = damage {
            let at = at.index(body.len());
            body[at] ^= byte;
        }
        for request in every_request() {
            let reply = Reply { body: body.clone(), ..json(status, "") };
            prop_assert_eq!(read_in_pieces(&request, &reply, length), read(&request, &reply));
        }
    }
}

#[test]
fn many_people_in_pieces_are_read_and_a_fault_among_them_is_found() {
    let count = 20_000_u64;
    let person = |number: u64| {
        format!(
            r#"{{"user_id":"id-{number}","username":"p{}","seconds":{},"template_ids":["t{}"]}}"#,
            number % 977,
            number * 7919 % 1000,
            number % 3
        )
    };
    let people: Vec<String> = (0..count).map(person).collect();
    let body = format!(
        r#"{{"report":{{"users":[{}],"template_ids":["t2"]}}}}"#,
        people.join(",\n")
    );
    let request = coder::activity("c", week());
    let Ok(Answer::Data(Data::Activity(activity))) = read_in_pieces(&request, &json(200, body.clone()), 60_000) else {
        panic!("no activity")
    };
    assert_eq!(activity.users.len(), 20_000);
    assert_eq!(activity.template_ids, ["t2", "t0", "t1"], "those of the report first");
    let templates: Vec<&str> = activity
        .users
        .iter()
        .take(3)
        .flat_map(|user| activity.templates_of(user))
        .collect();
    assert_eq!(templates, ["t0", "t1", "t2"]);
    let rank = |place: &usize| {
        (
            u64::MAX - activity.users[*place].seconds,
            activity.users[*place].username.as_str(),
        )
    };
    assert!(activity.ranked.len() == 20_000 && activity.ranked.is_sorted_by_key(rank));

    let bad = body.replace(r#""id-19990""#, "19990");
    let Err(LoadError::Decode(error)) = read_in_pieces(&request, &json(200, bad), 60_000) else {
        panic!("an answer")
    };
    assert_eq!(error.path, "report.users[19990].user_id");
    assert!(error.reason.ends_with("at line 19991 column 16"), "{error}");
}

#[test]
fn large_answers_are_read() {
    const SIZE: usize = 50 << 20;
    let insights = coder::insights("c", week(), None);
    let padded = |before: &str, fill: u8, after: &str| {
        let mut body = before.as_bytes().to_vec();
        body.resize(SIZE - after.len(), fill);
        body.extend_from_slice(after.as_bytes());
        body
    };
    let nested = padded("", b'[', "");
    for request in every_request() {
        assert!(matches!(
            failure(&request, &json(200, nested.clone())),
            LoadError::Decode(_)
        ));
        assert!(read(&request, &json(500, nested.clone())).is_err());
    }
    assert!(matches!(
        failure(&insights, &json(200, padded(r#"{"report":"#, b'[', ""))),
        LoadError::Decode(_)
    ));
    assert!(matches!(
        failure(&insights, &json(200, padded(r#"{"new":"#, b'[', ""))),
        LoadError::Decode(_)
    ));
    // Valid, with space around it and a long text that nobody asked for.
    let body = padded(INSIGHTS_WEEK, b' ', "\n");
    assert!(matches!(
        read(&insights, &json(200, body)),
        Ok(Answer::Data(Data::Insights(_)))
    ));
    let body = padded(r#"{"new":""#, b'x', r#""}"#);
    assert!(matches!(
        read(&insights, &json(200, body)),
        Ok(Answer::Data(Data::Insights(_)))
    ));
}

#[test]
fn asks_say_what_they_are_about() {
    assert_eq!(
        coder::insights("c", week(), Some(Grain::Day)).ask,
        Ask::Insights(week(), Some(Grain::Day))
    );
    assert_eq!(coder::activity("c", week()).ask, Ask::Activity(week()));
    assert_eq!(coder::latency("c", week()).ask, Ask::Latency(week()));
}

#[test]
fn who_has_no_name_is_called_by_the_id() {
    let span = slice("2026-11-01T00:00:00Z", "2026-11-08T00:00:00Z");
    let body = r#"{"report":{"users":[{"user_id":"u1","username":" ","seconds":1},{"user_id":"u2","seconds":1}]}}"#;
    let Data::Activity(activity) = data(&coder::activity("c", span.clone()), body) else {
        panic!("no activity")
    };
    let names: Vec<&str> = activity.users.iter().map(|user| user.username.as_str()).collect();
    assert_eq!(names, ["u1", "u2"]);
    let body = r#"{"report":{"users":[{"user_id":"u1","username":""}]}}"#;
    let Data::Latency(latency) = data(&coder::latency("c", span), body) else {
        panic!("no latency")
    };
    assert_eq!(latency.users[0].username, "u1");
    let body = r#"{"count":1,"users":[{"id":"u1","username":"","created_at":"2024-01-01T00:00:00Z"}]}"#;
    let Data::Users(users) = data(&coder::users("c", 0), body) else {
        panic!("no users")
    };
    assert_eq!(users.users[0].username, "u1");
}
