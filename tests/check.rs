//! The self-check: what is made of headers, of replies and of their absence, and what is handed on.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use metrics::check::{self, Facts, Got, Group, HEADERS, Line, Probe, Verdict};
use metrics::config::{self, Config};
use metrics::remote::{LoadError, Reply};
use metrics::source::{Ask, coder};

const STRICT: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn got(headers: &[(&str, &str)]) -> Got {
    let value = |name: &&str| {
        let found = headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| (*value).to_string())
    };
    Got {
        status: 200,
        time: Some("2026-11-20T14:25:00Z".parse().unwrap()),
        headers: HEADERS.iter().map(value).collect(),
    }
}

/// All as the recipes have it.
fn facts() -> Facts {
    Facts {
        now: "2026-11-20T14:25:01Z".parse().unwrap(),
        is_demo: false,
        page: Some(got(&[
            ("content-security-policy", STRICT),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-cache"),
        ])),
        program: Some(got(&[("content-type", "application/wasm"), ("content-encoding", "br")])),
        is_framed: false,
        is_secure: true,
        is_online: true,
        browser: "Browser/1.0".into(),
        zone: "Europe/Berlin".into(),
        language: "de-CH".into(),
    }
}

fn config(more: &str) -> Config {
    let text = format!(r#"{{"version":1,{more}"sources":[{{"id":"coder","kind":"coder","base_url":"/"}}]}}"#);
    config::parse(text.as_bytes()).unwrap()
}

fn with_base(base_url: &str, auth: &str) -> Config {
    let text = format!(
        r#"{{"version":1,"sources":[{{"id":"coder","kind":"coder","base_url":"{base_url}","auth":"{auth}"}}]}}"#
    );
    config::parse(text.as_bytes()).unwrap()
}

fn policy(value: &str) -> Facts {
    Facts {
        page: Some(got(&[("content-security-policy", value)])),
        ..facts()
    }
}

fn find<'a>(group: &'a Group, name: &str) -> &'a Line {
    let found = group.lines.iter().find(|line| line.name == name);
    found.unwrap_or_else(|| panic!("{name} is not in {group:?}"))
}

#[test]
fn a_server_that_follows_the_recipes_gives_no_cause_for_concern() {
    let group = check::page(&config(""), &facts());
    let worst = group.lines.iter().map(|line| line.verdict).max();
    assert_eq!(worst, Some(Verdict::Fine), "{group:?}");
    assert!(group.lines.len() >= 10);
}

#[test]
fn fields_without_effect_are_named() {
    let config = config(r#""titel":"x","privacy":{"mod":"full"},"#);
    let group = check::configuration(&config, &facts());
    let warnings: Vec<&Line> = group
        .lines
        .iter()
        .filter(|line| line.verdict == Verdict::Warning)
        .collect();
    assert_eq!(warnings.len(), 2);
    for (warning, field) in warnings.iter().zip(["privacy.mod", "titel"]) {
        assert!(warning.detail.starts_with(field), "{warning:?}");
        assert!(
            !warning.found.contains(field),
            "what is handed on has nothing that somebody typed"
        );
    }
    let demo = Facts {
        is_demo: true,
        ..facts()
    };
    assert_eq!(
        check::configuration(&Config::demo(), &demo).lines[0].verdict,
        Verdict::Note
    );
}

#[test]
fn each_gap_of_a_policy_is_told() {
    let none = check::page(
        &config(""),
        &Facts {
            page: Some(got(&[])),
            ..facts()
        },
    );
    assert_eq!(find(&none, "Content-Security-Policy").verdict, Verdict::Warning);
    for (value, name, verdict, words) in [
        ("default-src 'self'", "frame-ancestors", Verdict::Warning, "not sent"),
        ("default-src 'self'", "Content-Security-Policy", Verdict::Fine, "strict"),
        (
            "script-src 'self' 'unsafe-inline'; default-src 'none'",
            "Content-Security-Policy",
            Verdict::Warning,
            "script-src",
        ),
        (
            "default-src *; frame-ancestors 'none'",
            "Content-Security-Policy",
            Verdict::Warning,
            "connect-src",
        ),
        (
            "img-src 'self'",
            "Content-Security-Policy",
            Verdict::Warning,
            "script-src, style-src, connect-src",
        ),
        (
            "connect-src 'self' https://api.example.com",
            "connect-src",
            Verdict::Note,
            "no source has",
        ),
        (
            "frame-ancestors https://a.example.com",
            "frame-ancestors",
            Verdict::Warning,
            "not agree",
        ),
        ("FRAME-ANCESTORS 'none'", "frame-ancestors", Verdict::Fine, "agrees"),
    ] {
        let group = check::page(&config(""), &policy(value));
        let line = find(&group, name);
        assert_eq!(line.verdict, verdict, "{value}: {line:?}");
        assert!(line.found.contains(words), "{value}: {line:?}");
    }
}

#[test]
fn the_policy_must_let_the_page_reach_each_source_on_another_origin() {
    let config = with_base("https://coder.example.com:8443/x/", "token");
    for (connect, verdict) in [
        ("connect-src 'self' https://coder.example.com:8443", None),
        ("connect-src https://CODER.example.com:8443/x/", None),
        ("connect-src *", None),
        ("connect-src 'self'", Some(Verdict::Problem)),
        ("connect-src https://coder.example.com", Some(Verdict::Problem)),
        ("connect-src https://coder.example.com:84430", Some(Verdict::Problem)),
        ("default-src 'none'", Some(Verdict::Problem)),
    ] {
        let group = check::page(&config, &policy(connect));
        let line = group.lines.iter().find(|line| line.name == "connect-src");
        assert_eq!(line.map(|line| line.verdict), verdict, "{connect}");
    }
}

#[test]
fn who_may_frame_the_page_is_the_same_in_both_places() {
    let config = config(r#""embed":{"parents":["https://b.example.com","https://a.example.com"]},"#);
    for (value, verdict) in [
        (
            "frame-ancestors https://a.example.com https://b.example.com",
            Verdict::Fine,
        ),
        ("frame-ancestors https://a.example.com", Verdict::Warning),
        ("frame-ancestors 'none'", Verdict::Warning),
    ] {
        assert_eq!(
            find(&check::page(&config, &policy(value)), "frame-ancestors").verdict,
            verdict,
            "{value}"
        );
    }
}

#[test]
fn a_wrong_clock_is_told_with_its_direction() {
    for (now, verdict, words) in [
        ("2026-11-20T14:26:29Z", Verdict::Fine, "agrees"),
        ("2026-11-20T14:28:00Z", Verdict::Warning, "3 minutes ahead of"),
        ("2026-11-20T12:25:00Z", Verdict::Warning, "120 minutes behind"),
        ("2026-11-19T11:00:00Z", Verdict::Warning, "27 hours behind"),
        ("2026-12-20T14:25:00Z", Verdict::Warning, "30 days ahead of"),
    ] {
        let facts = Facts {
            now: now.parse().unwrap(),
            ..facts()
        };
        let group = check::page(&config(""), &facts);
        assert_eq!(find(&group, "Clock").verdict, verdict, "{now}");
        assert!(find(&group, "Clock").found.contains(words), "{now}");
    }
    let mut timeless = facts();
    timeless.page.as_mut().unwrap().time = None;
    assert!(
        !check::page(&config(""), &timeless)
            .lines
            .iter()
            .any(|line| line.name == "Clock")
    );
}

#[test]
fn how_the_files_come() {
    let bare = Facts {
        page: Some(Got {
            status: 404,
            ..got(&[("cache-control", "max-age=600")])
        }),
        program: Some(got(&[("content-type", "application/octet-stream")])),
        is_framed: true,
        is_secure: false,
        ..facts()
    };
    let group = check::page(&config(""), &bare);
    for (name, verdict) in [
        ("This page", Verdict::Note),
        ("Caching of the page", Verdict::Warning),
        ("Type of the program", Verdict::Warning),
        ("Compression of the program", Verdict::Warning),
        ("Connection", Verdict::Warning),
        ("Frame", Verdict::Warning),
    ] {
        assert_eq!(find(&group, name).verdict, verdict, "{name}");
    }
    let gone = check::page(&config(""), &Facts { page: None, ..facts() });
    assert_eq!(find(&gone, "This page").verdict, Verdict::Problem);
}

fn reply(status: u16, content_type: &str, body: &str) -> Result<Reply, LoadError> {
    Ok(Reply {
        status,
        content_type: content_type.into(),
        retry_after: None,
        body: body.into(),
    })
}

fn verdict(config: &Config, reply: Result<Reply, LoadError>, facts: &Facts) -> Line {
    let probe = Probe {
        request: coder::daus("coder"),
        reply,
        is_there: false,
    };
    let group = check::source(&config.sources[0], &[probe], false, facts);
    assert_eq!(group.title, "Source coder (coder)");
    group.lines[0].clone()
}

#[test]
fn each_cause_has_its_own_words() {
    let json = "application/json";
    let own = config("");
    for (answer, expected, words) in [
        (
            reply(200, json, r#"{"entries":[],"tz_hour_offset":0}"#),
            Verdict::Fine,
            "answers",
        ),
        (
            reply(200, "text/html", "<!doctype html><title>Sign in</title>"),
            Verdict::Problem,
            "a web page instead of JSON",
        ),
        (
            reply(200, json, r#"{"entries":7}"#),
            Verdict::Problem,
            "not what this API promises",
        ),
        (
            reply(400, json, r#"{"message":"no"}"#),
            Verdict::Problem,
            "refused, status 400",
        ),
        (reply(401, json, "{}"), Verdict::Problem, "not signed in, status 401"),
        (
            reply(403, json, r#"{"message":"Forbidden."}"#),
            Verdict::Warning,
            "not allowed, status 403",
        ),
        (
            reply(404, json, r#"{"message":"Route not found."}"#),
            Verdict::Warning,
            "an old server, or another path, status 404",
        ),
        (
            reply(
                404,
                json,
                r#"{"message":"Not Found.","detail":"Template insights are disabled."}"#,
            ),
            Verdict::Warning,
            "switched off",
        ),
        (reply(429, json, "{}"), Verdict::Warning, "too many requests"),
        (
            reply(502, "text/html", "<h1>nginx</h1>"),
            Verdict::Problem,
            "the server failed, status 502",
        ),
        (Err(LoadError::Unauthorized), Verdict::Problem, "led to a sign-in page"),
        (Err(LoadError::Timeout), Verdict::Problem, "no answer in time"),
        (Err(LoadError::Unreachable), Verdict::Problem, "this page's own server"),
    ] {
        let line = verdict(&own, answer, &facts());
        assert_eq!(line.verdict, expected, "{line:?}");
        assert!(line.found.contains(words), "{line:?} should say {words}");
    }
    let far = with_base("https://coder.example.com/", "cookie");
    let line = verdict(&far, Err(LoadError::Unreachable), &facts());
    assert!(line.found.contains("no answer from another origin"));
    for word in ["DNS", "TLS", "policy", "https://coder.example.com"] {
        assert!(line.detail.contains(word), "{word}");
    }
    assert!(!line.detail.contains("example.com/"), "the origin, without its path");
    let there = Probe {
        request: coder::daus("coder"),
        reply: Err(LoadError::Unreachable),
        is_there: true,
    };
    let line = &check::source(&far.sources[0], &[there], false, &facts()).lines[0];
    assert!(
        line.found.contains("CORS") && !line.found.contains("example.com"),
        "{line:?}"
    );
    assert!(line.detail.contains("Forward it"), "{line:?}");
    let offline = Facts {
        is_online: false,
        ..facts()
    };
    assert!(
        verdict(&far, Err(LoadError::Unreachable), &offline)
            .found
            .contains("offline")
    );
    let typed = with_base("/", "token");
    let line = verdict(&typed, Err(LoadError::Unauthorized), &facts());
    assert_eq!(
        (line.verdict, line.found.as_str()),
        (Verdict::Note, "a token is needed")
    );
}

#[test]
fn the_version_is_told_and_an_old_server_recognised() {
    let config = config("");
    let probes = [
        Probe {
            request: coder::build("coder"),
            reply: reply(200, "application/json", r#"{"version":"v2.8.3+1a2b3c4"}"#),
            is_there: false,
        },
        Probe {
            request: coder::statuses("coder", "UTC", 0),
            reply: reply(
                400,
                "application/json",
                r#"{"message":"x","validations":[{"field":"timezone","detail":"not valid"}]}"#,
            ),
            is_there: false,
        },
    ];
    let group = check::source(&config.sources[0], &probes, false, &facts());
    assert_eq!(group.lines[0].found, "v2.8.3+1a2b3c4");
    assert_eq!(
        (group.lines[1].verdict, group.lines[1].found.as_str()),
        (Verdict::Note, "answers in the way of older servers")
    );
}

#[test]
fn every_function_of_every_kind_is_asked_about_once_and_nothing_is_changed() {
    let text = r#"{"version":1,"sources":[
        {"id":"a","kind":"coder","base_url":"/"},
        {"id":"b","kind":"coder-v1","base_url":"/"},
        {"id":"c","kind":"windsurf","base_url":"/windsurf/"},
        {"id":"d","kind":"user-metrics","base_url":"/company/","company_id":"f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a"}]}"#;
    let config = config::parse(text.as_bytes()).unwrap();
    for source in &config.sources {
        let probes = check::probes(source, facts().now);
        assert!(!probes.is_empty());
        assert!(probes.iter().all(|request| request.source == source.id));
        let is_post = probes.iter().any(|request| request.body.is_some());
        assert_eq!(is_post, source.id == "c", "its API answers to nothing else");
    }
    let coder = check::probes(&config.sources[0], facts().now);
    let slices: Vec<String> = coder
        .iter()
        .filter(|one| matches!(one.ask, Ask::Insights(..) | Ask::Activity(_) | Ask::Latency(_)))
        .map(|one| one.target())
        .collect();
    assert_eq!(slices.len(), 3);
    for target in slices {
        assert!(
            target.ends_with("?start_time=2026-11-19T00:00:00%2B00:00&end_time=2026-11-20T00:00:00%2B00:00"),
            "{target}"
        );
    }
}

#[test]
fn the_report_has_the_findings_and_no_address_and_nobody_s_words() {
    let config = with_base("https://secret-host.example.com/team/", "cookie");
    let facts = policy("default-src 'none'; connect-src 'self'; report-uri https://secret-host.example.com/csp");
    let probes = [Probe {
        request: coder::daus("coder"),
        reply: reply(500, "application/json", r#"{"message":"pq: fern-07 at 10.0.0.3"}"#),
        is_there: false,
    }];
    let groups = [
        check::configuration(&config, &facts),
        check::page(&config, &facts),
        check::source(&config.sources[0], &probes, false, &facts),
        check::browser(&facts),
    ];
    let report = check::report(&groups);
    for word in [
        "self-check",
        "[Problem] connect-src: lacks the address of a source",
        "[Problem] api/v2/insights/daus: the server failed, status 500",
        "Zone: Europe/Berlin",
    ] {
        assert!(report.contains(word), "{word} is not in {report}");
    }
    for word in ["secret-host", "example.com", "fern-07", "10.0.0.3", "/team/"] {
        assert!(!report.contains(word), "{word} is in {report}");
    }
    assert!(
        groups
            .iter()
            .flat_map(|group| &group.lines)
            .any(|line| line.detail.contains("fern-07")),
        "who looks at the page reads it"
    );
}

#[test]
fn what_a_server_calls_itself_is_cut_and_made_visible() {
    let config = config("");
    let version = format!("v2\u{202e}{}", "x".repeat(10_000));
    let probes = [Probe {
        request: coder::build("coder"),
        reply: reply(
            200,
            "application/json",
            &serde_json::json!({ "version": version }).to_string(),
        ),
        is_there: false,
    }];
    let group = check::source(&config.sources[0], &probes, false, &facts());
    assert!(group.lines[0].found.starts_with("v2\u{fffd}xx"));
    assert_eq!(group.lines[0].found.chars().count(), 60);
}
