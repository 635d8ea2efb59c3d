//! File mode: what each file is taken for, why one is refused, and what is answered from several.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use chrono::DateTime;
use metrics::config::SourceKind;
use metrics::data::Data;
use metrics::files::Files;
use metrics::remote::LoadError;
use metrics::source::{Answer, Grain, Request, Slice, coder, read};
use serde_json::{Value, json};

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("tests/fixtures/{name}")).unwrap()
}

/// Opens texts, and says what each was taken for.
fn open(files: &mut Files, texts: &[(&str, &str)]) -> Vec<String> {
    let mut say = |(name, text): &(&str, &str)| {
        let taken = files.open(name, text);
        assert_eq!(taken.name, *name);
        match taken.outcome {
            Ok(words) => format!(
                "{words}{}",
                taken
                    .conflicts
                    .iter()
                    .map(|one| format!(" ({one})"))
                    .collect::<String>()
            ),
            Err(why) => format!("refused: {why}"),
        }
    };
    texts.iter().map(&mut say).collect()
}

fn data(files: &Files, request: &Request) -> Data {
    let reply = files.answer(request).unwrap_or_else(|error| panic!("{error}"));
    match read(request, &reply).unwrap_or_else(|error| panic!("{error}")) {
        Answer::Data(data) => data,
        Answer::Instead(_) => panic!("a file asks for nothing"),
    }
}

fn slice(start: &str, end: &str) -> Slice {
    let time = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    Slice {
        start: time(start),
        end: time(end),
        templates: Vec::new(),
    }
}

fn insights(start: &str, end: &str, people: u32, grain: &str, buckets: &[(&str, &str, u32)]) -> String {
    let row = |(start, end, people): &(&str, &str, u32)| json!({"start_time": start, "end_time": end, "template_ids": [], "interval": grain, "active_users": people});
    json!({
        "report": {"start_time": start, "end_time": end, "template_ids": [], "active_users": people, "apps_usage": [], "parameters_usage": []},
        "interval_reports": buckets.iter().map(row).collect::<Vec<Value>>(),
    })
    .to_string()
}

#[test]
fn files_are_known_by_their_shape() {
    let mut files = Files::default();
    let told = open(
        &mut files,
        &[
            (
                "a",
                r#"{"entries": [{"date": "2026-11-18", "amount": 4}, {"date": "2026-11-20", "amount": 5}], "tz_hour_offset": 0}"#,
            ),
            (
                "b",
                "// pasted\n{\"entries\": [{\"date\": \"2026-11-20\", \"amount\": 5},],}",
            ),
            (
                "c",
                r#"{"status_counts": {"active": [{"date": "2026-11-20T00:00:00Z", "count": 3}]}}"#,
            ),
            (
                "d",
                &insights("2026-11-02T00:00:00+01:00", "2026-11-09T00:00:00+01:00", 3, "day", &[]),
            ),
            (
                "e",
                r#"{"report": {"start_time": "2026-11-02T00:00:00Z", "end_time": "2026-11-03T00:00:00Z", "template_ids": [], "users": [{"user_id": "u", "username": "fern-07", "seconds": 60}]}}"#,
            ),
            ("f", r#"{"users": [], "count": 0}"#),
            (
                "g",
                r#"{"version": "v2.31.2", "external_url": "x", "deployment_id": "d"}"#,
            ),
            ("h", r#"[{"id": "o", "name": "one", "is_default": true}]"#),
            (
                "i",
                "user_id,email,status\r\n7,fern-07@example.com,active\r\n8,\"moss, 08@example.com\",\r\n",
            ),
        ],
    );
    assert_eq!(
        told,
        [
            "Daily active users, 2026-11-18 to 2026-11-20",
            "Daily active users, 2026-11-20",
            "User status over time, 2026-11-20",
            "Template insights, 2026-11-02 to 2026-11-08",
            "Activity by user, 2026-11-02",
            "Accounts of Coder",
            "Version of Coder",
            "Organizations",
            "Members of the company",
        ]
    );
    let kinds: Vec<SourceKind> = files.sources().iter().map(|source| source.kind).collect();
    assert_eq!(kinds, [SourceKind::Coder, SourceKind::UserMetrics]);
    assert!(files.sources().iter().all(|source| Files::is_source(&source.id)) && !Files::is_source("coder"));
    let days = files.days().unwrap();
    assert_eq!(
        (days.first.to_string(), days.last.to_string()),
        ("2026-11-02".into(), "2026-11-20".into())
    );
}

#[test]
fn what_is_no_response_is_refused_with_the_reason() {
    let mut files = Files::default();
    for (text, why) in [
        ("", "it is empty"),
        ("<!doctype html>", "it is a web page"),
        ("{", "it is not JSON: EOF"),
        ("{}", "its keys are those of no response that is known"),
        ("[]", "it is an empty list"),
        ("[1]", "its keys are"),
        (r#"{"message": "Forbidden."}"#, "it is an error of a server: Forbidden."),
        (r#"{"report": {"users": []}}"#, "it names no people"),
        ("panel,Daily active users\r\n", "it is neither JSON nor an export"),
        ("user_id,email\r\n1\r\n", "row 2 has 1 fields in place of 2"),
    ] {
        let told = open(&mut files, &[("x", text)]);
        assert!(told[0].starts_with(&format!("refused: {why}")), "{text}: {told:?}");
    }
    assert!(files.is_empty() && files.sources().is_empty() && files.days().is_none());
    let error = files.answer(&coder::daus("files")).unwrap_err();
    assert!(matches!(error, LoadError::Unsupported(_)));
}

#[test]
fn days_of_several_files_are_one_series_and_contradictions_are_told() {
    let mut files = Files::default();
    let told = open(
        &mut files,
        &[
            (
                "old.json",
                r#"{"entries": [{"date": "2026-11-18", "amount": 4}, {"date": "2026-11-19", "amount": 6}]}"#,
            ),
            (
                "new.json",
                r#"{"entries": [{"date": "2026-11-19", "amount": 7}, {"date": "2026-11-20", "amount": 8}]}"#,
            ),
        ],
    );
    assert_eq!(
        told[1],
        "Daily active users, 2026-11-19 to 2026-11-20 (1 figure is not the same in old.json)"
    );
    let Data::Daus(daus) = data(&files, &coder::daus("files")) else {
        panic!()
    };
    let days: Vec<String> = daus
        .days
        .iter()
        .map(|(day, people)| format!("{day} {people}"))
        .collect();
    assert_eq!(days, ["2026-11-18 4", "2026-11-19 7", "2026-11-20 8"]);
}

#[test]
fn a_question_gets_the_file_that_is_about_it() {
    let mut files = Files::default();
    let monday = ("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z", 2);
    let tuesday = ("2026-11-03T00:00:00Z", "2026-11-04T00:00:00Z", 3);
    open(
        &mut files,
        &[
            ("two", &insights(monday.0, tuesday.1, 4, "day", &[monday, tuesday])),
            ("one", &insights(monday.0, monday.1, 2, "day", &[monday])),
            (
                "week",
                &insights(
                    "2026-11-02T00:00:00Z",
                    "2026-11-09T00:00:00Z",
                    9,
                    "week",
                    &[("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z", 9)],
                ),
            ),
        ],
    );
    let ask = |start: &str, end: &str, grain| {
        let request = coder::insights("files", slice(start, end), grain);
        let Data::Insights(insights) = data(&files, &request) else {
            panic!()
        };
        (insights.report.unwrap().active_users, insights.intervals.len())
    };
    assert_eq!(ask(monday.0, monday.1, None), (2, 1));
    assert_eq!(ask(monday.0, tuesday.1, Some(Grain::Day)), (4, 2));
    assert_eq!(
        ask("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z", Some(Grain::Week)),
        (9, 1)
    );
    // Days from every file make up the series that none has alone.
    assert_eq!(
        ask("2026-11-03T00:00:00Z", "2026-11-05T00:00:00Z", Some(Grain::Day)).1,
        2
    );
}

#[test]
fn recorded_responses_of_coder_read_as_they_do_from_a_server() {
    let mut files = Files::default();
    let recorded: Vec<(&str, String)> = [
        "coder/insights-week.json",
        "coder/insights-parameters.json",
        "coder/activity-week.json",
        "coder/activity-empty-week.json",
        "v1/activity-as-documented.txt",
    ]
    .into_iter()
    .map(|name| (name, fixture(name)))
    .collect();
    let recorded: Vec<(&str, &str)> = recorded.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(
        open(&mut files, &recorded),
        [
            "Template insights, 2023-08-15 to 2023-08-21",
            "Template insights",
            "Activity by user, 2023-08-15 to 2023-08-21",
            "refused: it names no people, and does not tell whether it is about their time or their latency",
            "Activity by Coder v1, 2022-08-01 to 2022-08-07",
        ]
    );
    let week = || slice("2023-08-15T00:00:00Z", "2023-08-22T00:00:00Z");
    let Data::Insights(insights) = data(&files, &coder::insights("files", week(), Some(Grain::Day))) else {
        panic!()
    };
    assert_eq!(
        (insights.report.unwrap().active_users, insights.intervals.len()),
        (3, 7)
    );
    let Data::Activity(activity) = data(&files, &coder::activity("files", week())) else {
        panic!()
    };
    assert_eq!(activity.users.len(), 3);
    let kinds: Vec<SourceKind> = files.sources().iter().map(|source| source.kind).collect();
    assert_eq!(kinds, [SourceKind::Coder, SourceKind::CoderV1]);
}
