//! What is asked of Windsurf and of the company's API, to the letter, and what is made of every way in which they answer.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use chrono::{DateTime, NaiveDate, Offset, TimeZone, Utc};
use metrics::config::{self, SourceConfig};
use metrics::curl;
use metrics::data::assistant::{Assistant, TeamStatus};
use metrics::data::members::{Member, MemberStatus, Members};
use metrics::data::{Data, Last};
use metrics::demo::Demo;
use metrics::period::DateRange;
use metrics::remote::{LoadError, Reply};
use metrics::source::{Answer, Request, company, read, windsurf};
use metrics::zone::Zone;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ANALYTICS: &str = include_str!("fixtures/windsurf/user-page-analytics.json");
const PAGE: &str = include_str!("fixtures/company/page.json");
const ERRORS: &str = include_str!("fixtures/company/errors.json");

fn sources(auth: &str) -> Vec<SourceConfig> {
    let text = json!({"version": 1, "sources": [
        {"id": "w", "kind": "windsurf", "label": "Windsurf", "base_url": "/windsurf/", "auth": auth},
        {"id": "m", "kind": "user-metrics", "label": "Company", "base_url": "/company/", "auth": auth,
         "company_id": "F659ECFA-32be-4a9b-9c9b-6e56c3ccf29a"}
    ]});
    config::parse(text.to_string().as_bytes()).unwrap().sources
}

fn days(first: &str, last: &str) -> DateRange {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    DateRange::new(day(first), day(last))
}

fn berlin() -> Zone {
    Zone::probe("Europe/Berlin", 1_700_000_000, 1_800_000_000, 86_400, |second| {
        let instant = chrono::DateTime::from_timestamp(second, 0).unwrap().naive_utc();
        chrono_tz::Europe::Berlin
            .offset_from_utc_datetime(&instant)
            .fix()
            .local_minus_utc()
    })
}

fn assistant() -> Request {
    windsurf::assistant(&sources("proxy")[0], &Zone::utc(), days("2024-01-01", "2024-12-31"))
}

fn members() -> Request {
    company::members(&sources("proxy")[1], days("2025-06-01", "2025-07-01"), 1)
}

fn reply(status: u16, body: impl Into<Vec<u8>>) -> Reply {
    Reply {
        status,
        content_type: "application/json".into(),
        retry_after: None,
        body: body.into(),
    }
}

fn team(body: &Value) -> Assistant {
    match read(&assistant(), &reply(200, body.to_string())) {
        Ok(Answer::Data(Data::Assistant(team))) => team,
        other => panic!("{body}: {other:?}"),
    }
}

fn page(body: &Value) -> Members {
    match read(&members(), &reply(200, body.to_string())) {
        Ok(Answer::Data(Data::Members(page))) => page,
        other => panic!("{body}: {other:?}"),
    }
}

fn failure(request: &Request, status: u16, body: &str) -> LoadError {
    read(request, &reply(status, body)).expect_err(body)
}

fn recorded(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn windsurf_is_asked_for_the_days_of_the_zone() {
    let mut source = sources("proxy").remove(0);
    let request = windsurf::assistant(&source, &berlin(), days("2026-10-01", "2026-11-20"));
    assert_eq!(request.target(), "api/v1/UserPageAnalytics");
    assert_eq!(
        request.body_text(Some(("service_key", "k"))).unwrap(),
        r#"{"start_timestamp":"2026-09-30T22:00:00Z","end_timestamp":"2026-11-20T22:59:59Z","service_key":"k"}"#
    );
    source.group = "Platform".into();
    let request = windsurf::assistant(&source, &berlin(), days("2026-10-01", "2026-11-20"));
    assert!(
        request
            .body_text(None)
            .unwrap()
            .contains(r#","group_name":"Platform"}"#)
    );
}

#[test]
fn members_are_asked_for_below_the_configured_base() {
    let request = company::members(&sources("proxy")[1], days("2025-06-01", "2025-07-01"), 3);
    assert_eq!(
        request.target(),
        "api/v2/companies/f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a/user-metrics/?date_from=2025-06-01&date_to=2025-07-01&page=3&page_size=100&ordering=-last_active"
    );
    assert_eq!(request.body, None);
}

#[test]
fn curl_has_placeholders_for_secrets() {
    let command = |auth: &str, place: usize, request: &Request| {
        curl::command(&sources(auth)[place], request, "https://metrics.example.com")
    };
    let typed = command("token", 0, &assistant());
    assert!(typed.contains(r#""service_key":"<token>""#), "{typed}");
    assert!(!command("proxy", 0, &assistant()).contains("service_key"));
    assert!(command("token", 1, &members()).contains("-H 'Authorization: Bearer <token>'"));
}

#[test]
fn the_example_of_windsurf() {
    let team = team(&recorded(ANALYTICS));
    let facts: Vec<_> = team
        .seats
        .iter()
        .map(|seat| {
            (
                seat.name.as_str(),
                seat.active_days,
                seat.credits,
                seat.last_command.is_some(),
            )
        })
        .collect();
    assert_eq!(
        facts,
        [("Alice", 178, Some(12_500.0), false), ("Bob", 210, Some(8_300.0), true)]
    );
    assert_eq!(team.seats[0].last_active.unwrap().timestamp_subsec_micros(), 771_591);
    assert_eq!(team.seats[0].status, TeamStatus::Approved);
    let (start, end) = team.cycle.unwrap();
    assert_eq!(
        (start.to_rfc3339(), end.to_rfc3339()),
        ("2024-10-01T00:00:00+00:00".into(), "2024-11-01T00:00:00+00:00".into())
    );
}

#[test]
fn keys_of_people_are_nowhere_after_the_decoder() {
    let team = team(&recorded(ANALYTICS));
    assert!(!format!("{team:?}").contains("aaaaaaaa"));
}

#[test]
fn what_windsurf_leaves_out_has_its_default() {
    let team = team(&json!({"userTableStats": [
        {"email": "a@example.com", "activeDays": "12", "promptCreditsUsed": "250", "disableCodeium": true, "teamStatus": "USER_TEAM_STATUS_APPROVED"},
        {"email": "b@example.com", "lastChatUsageTime": "", "lastUpdateTime": "0001-01-01T00:00:00Z", "teamStatus": "USER_TEAM_STATUS_PENDING"},
        {"teamStatus": "USER_TEAM_STATUS_REJECTED", "promptCreditsUsed": 0.5, "activeDays": 3.0},
        {"teamStatus": "USER_TEAM_STATUS_UNSPECIFIED", "name": null, "disableCodeium": false},
        {},
        {"teamStatus": "USER_TEAM_STATUS_ON_\u{202e}LOAN"}
    ]}));
    let seats = &team.seats;
    assert_eq!(
        (seats[0].active_days, seats[0].credits, seats[0].is_off),
        (12, Some(250.0), true)
    );
    assert_eq!(
        (
            seats[1].active_days,
            seats[1].credits,
            seats[1].last_active,
            seats[1].last_chat
        ),
        (0, Some(0.0), None, None)
    );
    let statuses: Vec<_> = seats.iter().map(|seat| seat.status.clone()).collect();
    assert_eq!(
        statuses,
        [
            TeamStatus::Approved,
            TeamStatus::Pending,
            TeamStatus::Rejected,
            TeamStatus::Unspecified,
            TeamStatus::Unspecified,
            TeamStatus::Other("ON_LOAN".into())
        ]
    );
    assert!(!seats[0].is_open() && !seats[3].is_off);
    assert_eq!(team.cycle, None);
}

#[test]
fn credits_that_no_row_has_are_unknown_not_0() {
    let old = json!({"userTableStats": [{"email": "a@example.com", "activeDays": 4}]});
    assert_eq!(team(&old).seats[0].credits, None);
}

#[test]
fn an_empty_team_is_an_answer_and_an_empty_answer_is_none() {
    let cycle = json!({"billingCycleStart": "2024-10-01T00:00:00Z", "billingCycleEnd": "2024-11-01T00:00:00Z"});
    assert_eq!(team(&cycle).seats, []);
    assert_eq!(team(&json!({"userTableStats": []})).seats, []);
    for body in ["{}", "[]", "null", "", "{\"userTableStats\":{}}"] {
        assert!(
            matches!(failure(&assistant(), 200, body), LoadError::Decode(_)),
            "{body}"
        );
    }
    for (value, expected) in [
        ("-3", "activeDays"),
        ("\"many\"", "activeDays"),
        ("1.5", "activeDays"),
        ("\"NaN\"", "activeDays"),
    ] {
        let body = format!("{{\"userTableStats\":[{{\"activeDays\":{value}}}]}}");
        let LoadError::Decode(error) = failure(&assistant(), 200, &body) else {
            panic!("{value}")
        };
        assert!(error.path.contains(expected), "{error}");
    }
}

#[test]
fn errors_of_windsurf_come_with_any_status() {
    let unauthorized = LoadError::Unauthorized;
    let forbidden = |words: &str| LoadError::Forbidden(words.into());
    for (words, expected) in [
        ("Invalid service key", unauthorized.clone()),
        ("service key has been revoked", unauthorized.clone()),
        ("service key is invalid or lacks permission", unauthorized),
        (
            "Permission denied: Teams Read-only is required",
            forbidden("Permission denied: Teams Read-only is required"),
        ),
        ("rate limit exceeded", LoadError::Limited(None)),
        (
            "individual-level analytics are disabled",
            LoadError::Disabled("individual-level analytics are disabled".into()),
        ),
        (
            "invalid timestamp format",
            LoadError::Refused("invalid timestamp format".into()),
        ),
        ("group not found", LoadError::Refused("group not found".into())),
    ] {
        for status in [200, 400] {
            let body = json!({"error": words, "userTableStats": []}).to_string();
            assert_eq!(failure(&assistant(), status, &body), expected, "{status} {words}");
        }
    }
    assert_eq!(failure(&assistant(), 401, "{}"), LoadError::Unauthorized);
    assert_eq!(failure(&assistant(), 403, r#"{"error":"no"}"#), forbidden("no"));
    assert_eq!(failure(&assistant(), 429, "slow down"), LoadError::Limited(None));
    assert_eq!(
        failure(&assistant(), 200, "<html><title>Sign in</title>"),
        LoadError::Unauthorized
    );
    assert_eq!(
        failure(&assistant(), 502, "<html><head><title>502 Bad Gateway</title>"),
        LoadError::Server {
            status: 502,
            message: "502 Bad Gateway".into()
        }
    );
}

#[test]
fn the_example_of_the_company() {
    let page = page(&recorded(PAGE));
    assert_eq!((page.count, page.has_next), (247, true));
    let facts: Vec<_> = page
        .rows
        .iter()
        .map(|member| {
            (
                member.name.as_str(),
                member.average,
                member.sessions,
                member.status.clone(),
            )
        })
        .collect();
    assert_eq!(
        facts,
        [
            ("John Doe", Some(1395), Some(42), MemberStatus::Active),
            ("Jane Smith", Some(1902), Some(38), MemberStatus::Active)
        ]
    );
    assert_eq!(page.rows[0].department.as_deref(), Some("Engineering"));
}

#[test]
fn members_may_lack_almost_anything() {
    let page = page(&json!({"count": 2, "next": null, "previous": null, "results": [
        {"user_id": "1", "email": null, "first_name": "", "last_name": null, "last_active": null, "total_sessions": 0, "sessions_this_month": null,
         "avg_session_duration": null, "status": "pending", "role": "member", "department": null, "created_at": "2024-01-15T09:00:00Z", "last_login": null},
        {"user_id": "2", "status": "archived"}
    ]}));
    assert!(!page.has_next);
    assert_eq!(
        (page.rows[0].sessions, page.rows[0].sessions_this_month),
        (Some(0), None)
    );
    assert_eq!(
        (&page.rows[0].department, page.rows[0].last_active, page.rows[0].average),
        (&None, Last::Never, None)
    );
    // What is left out is not told; only `null` says that it never was.
    assert_eq!(
        (
            page.rows[0].last_login,
            page.rows[1].last_active,
            page.rows[1].last_login
        ),
        (Last::Never, Last::Unknown, Last::Unknown)
    );
    assert_eq!(page.rows[1].status, MemberStatus::Other("archived".into()));
}

#[test]
fn lengths_are_written_as_django_does() {
    let length = |text: &str| {
        let body = json!({"count": 1, "results": [{"user_id": "1", "avg_session_duration": text}]}).to_string();
        match read(&members(), &reply(200, body)) {
            Ok(Answer::Data(Data::Members(page))) => Ok(page.rows[0].average),
            Err(LoadError::Decode(error)) => Err(error.path),
            other => panic!("{other:?}"),
        }
    };
    for (text, seconds) in [
        ("00:23:15", Some(1395)),
        ("00:00:00", Some(0)),
        ("26:00:00", Some(93_600)),
        ("1 02:03:04", Some(93_784)),
        ("00:23:15.250000", Some(1395)),
        ("", None),
    ] {
        assert_eq!(length(text), Ok(seconds), "{text}");
    }
    for text in [
        "23:15",
        "00:61:00",
        "-1:00:00",
        "1h",
        "1 day, 02:03:04",
        "9999999999 00:00:00",
        "a:b:c",
        "1:2:3:4",
    ] {
        assert_eq!(length(text), Err("results[0].avg_session_duration".into()), "{text}");
    }
}

#[test]
fn each_error_of_the_company_is_one_of_its_own() {
    let errors = recorded(ERRORS);
    let error = |status: u16| failure(&members(), status, &errors[status.to_string()].to_string());
    assert_eq!(
        error(400),
        LoadError::Refused("Invalid query parameters. date_from: Enter a valid date format (YYYY-MM-DD). page_size: Ensure this value is less than or equal to 100.".into())
    );
    assert_eq!(error(401), LoadError::Unauthorized);
    assert_eq!(
        error(403),
        LoadError::Forbidden("You do not have permission to access this company's user metrics.".into())
    );
    assert_eq!(
        error(404),
        LoadError::NotFound("Company not found or you don't have access to it.".into())
    );
    assert_eq!(error(429), LoadError::Limited(Some(60)));
    // Another 404 says that the server has no such function, or no such page.
    assert_eq!(
        failure(&members(), 404, r#"{"detail":"Not found."}"#),
        LoadError::Unsupported("Not found.".into())
    );
    assert_eq!(
        read(
            &members(),
            &Reply {
                retry_after: Some(7),
                ..reply(429, "")
            }
        )
        .unwrap_err(),
        LoadError::Limited(Some(7))
    );
    assert_eq!(failure(&members(), 200, "<!doctype html>"), LoadError::Unauthorized);
}

/// The demo's answer to a request, read.
fn demo_says(demo: &Demo, request: &Request) -> Data {
    match read(request, &demo.answer(request)) {
        Ok(Answer::Data(data)) => data,
        other => panic!("{other:?}"),
    }
}

fn demo_team(demo: &Demo, first: &str, last: &str) -> Assistant {
    match demo_says(
        demo,
        &windsurf::assistant(&SourceConfig::demo(), &Zone::utc(), days(first, last)),
    ) {
        Data::Assistant(team) => team,
        other => panic!("{other:?}"),
    }
}

fn demo_members(demo: &Demo) -> Vec<Member> {
    let mut members = Vec::new();
    for page in 1.. {
        let request = company::members(&SourceConfig::demo(), days("2026-10-24", "2026-11-20"), page);
        let Data::Members(found) = demo_says(demo, &request) else {
            panic!("page {page}")
        };
        members.extend(found.rows);
        if !found.has_next {
            assert_eq!(found.count, members.len() as u64);
            break;
        }
    }
    members
}

#[test]
fn one_population_of_the_demo_is_not_the_same_everywhere() {
    let now: DateTime<Utc> = "2026-11-20T14:23:05Z".parse().unwrap();
    let demo = Demo::new(now, &Zone::utc());
    let mail = |name: &str| format!("{name}@example.com");
    let (mut here, mut gone) = (BTreeSet::new(), BTreeSet::new());
    for account in demo.accounts() {
        let is_gone = account.deleted.is_some_and(|at| at <= now);
        let group = if is_gone { &mut gone } else { &mut here };
        group.insert(mail(&account.username));
    }
    let (team, members) = (demo_team(&demo, "2026-10-24", "2026-11-20"), demo_members(&demo));
    let seats: BTreeSet<&str> = team.seats.iter().map(|seat| seat.email.as_str()).collect();
    let rows: BTreeSet<&str> = members.iter().map(|member| member.email.as_str()).collect();
    let (has_seat, has_row) = (
        |mail: &String| seats.contains(mail.as_str()),
        |mail: &String| rows.contains(mail.as_str()),
    );

    let matches = here.iter().filter(|mail| has_seat(mail) && has_row(mail)).count();
    assert!(matches * 2 > here.len(), "{matches} of {}", here.len());
    assert!(here.iter().any(|mail| has_row(mail) && !has_seat(mail)), "no seat");
    assert!(here.iter().any(|mail| has_seat(mail) && !has_row(mail)), "no row");
    assert!(gone.iter().any(has_seat), "leavers with a seat");
    let is_written_otherwise = |mail: &&str| here.contains(&mail.to_ascii_lowercase()) && !here.contains(*mail);
    assert!(seats.iter().any(is_written_otherwise), "another case");
    assert!(
        seats.iter().any(|mail| mail.ends_with("@corp.example.com")),
        "another domain"
    );
    assert!(
        team.seats.iter().any(|seat| seat.is_open() && seat.is_unused()),
        "an unused seat"
    );
    assert!(team.seats.iter().any(|seat| seat.is_off), "switched off");
    let is_left = |member: &Member| member.status == MemberStatus::Inactive && has_seat(&member.email);
    assert!(members.iter().any(is_left), "inactive, with a seat");
    let partners: Vec<&str> = rows
        .iter()
        .filter_map(|mail| mail.strip_suffix("@partners.example.com"))
        .collect();
    let namesakes = partners.iter().filter(|name| here.contains(&mail(name))).count();
    assert_eq!((partners.len(), namesakes), (24, 2));
}

#[test]
fn only_active_days_of_the_demo_follow_the_times_asked_for() {
    let now: DateTime<Utc> = "2026-11-20T14:23:05Z".parse().unwrap();
    let demo = Demo::new(now, &Zone::utc());
    let (day, month) = (
        demo_team(&demo, "2026-11-19", "2026-11-19"),
        demo_team(&demo, "2026-10-24", "2026-11-20"),
    );
    let most = |team: &Assistant| team.seats.iter().map(|seat| seat.active_days).max();
    assert_eq!(most(&day), Some(1));
    assert!(most(&month) > Some(10) && most(&month) <= Some(28));
    for (a, b) in day.seats.iter().zip(&month.seats) {
        assert_eq!(
            (a.credits, a.last_active, a.last_chat),
            (b.credits, b.last_active, b.last_chat)
        );
        let times = [a.last_active, a.last_autocomplete, a.last_chat, a.last_command];
        assert!(times.iter().flatten().all(|at| *at <= now));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_give_data_or_a_reason(status in 200_u16..600, body: Vec<u8>) {
        for request in [assistant(), members()] {
            drop(read(&request, &reply(status, body.clone())));
        }
    }

    #[test]
    fn damaged_answers_give_data_or_a_reason(at in 0_usize..2000, byte: u8) {
        for (request, text) in [(assistant(), ANALYTICS), (members(), PAGE)] {
            let mut body = text.as_bytes().to_vec();
            let at = at % body.len();
            body[at] = byte;
            drop(read(&request, &reply(200, body)));
        }
    }
}
