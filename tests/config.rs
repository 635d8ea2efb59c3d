//! `config.json`: what is accepted, what is refused, and in which words.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use metrics::config::{Auth, Config, PrivacyMode, SourceKind, is_own_page, parse};
use metrics::period::Preset;
use proptest::prelude::*;

/// The example of the documentation.
const EXAMPLE: &str = r#"{
  "version": 1,
  "title": "Metrics",
  "timezone": "browser",
  "locale": "browser",
  "default_range": "28d",
  "refresh_seconds": 0,
  "privacy": { "mode": "full", "min_group": 5 },
  "sources": [
    { "id": "coder",    "kind": "coder",        "label": "Coder",    "base_url": "/",          "auth": "cookie" },
    { "id": "v1",       "kind": "coder-v1",     "label": "Coder v1", "base_url": "/",          "auth": "token", "route": "api/private", "categories": { "web-terminal": "web-terminal" } },
    { "id": "windsurf", "kind": "windsurf",     "label": "Windsurf", "base_url": "/windsurf/", "auth": "proxy" },
    { "id": "company",  "kind": "user-metrics", "label": "Company",  "base_url": "/company/",  "auth": "token", "company_id": "f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a" }
  ],
  "embed": { "parents": ["https://admin.example.com"] }
}"#;

fn read(text: &str) -> Config {
    parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// A file with one Coder source and these fields in it.
fn source(fields: &str) -> String {
    format!(r#"{{"version": 1, "sources": [{{"id": "a", "kind": "coder", "base_url": "/" {fields}}}]}}"#)
}

/// A file with one good source and these fields beside it.
fn file(fields: &str) -> String {
    format!(r#"{{"version": 1, "sources": [{{"id": "a", "kind": "demo"}}] {fields}}}"#)
}

#[test]
fn the_example_of_the_documentation() {
    let config = read(EXAMPLE);
    assert_eq!(config.warnings, Vec::<String>::new());
    assert_eq!(config.parents, ["https://admin.example.com"]);
    assert_eq!(config.default_range, Preset::Days(28));
    let kinds: Vec<(SourceKind, Auth)> = config.sources.iter().map(|source| (source.kind, source.auth)).collect();
    let expected = [
        (SourceKind::Coder, Auth::Cookie),
        (SourceKind::CoderV1, Auth::Token),
        (SourceKind::Windsurf, Auth::Proxy),
        (SourceKind::UserMetrics, Auth::Token),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(config.sources[1].categories["web-terminal"], "web-terminal");
    assert_eq!(config.sources[3].company_id, "f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a");
}

#[test]
fn what_is_left_out_has_a_default() {
    let config = read(
        r#"{"version": 1, "sources": [{"id": "coder", "kind": "coder", "base_url": "https://coder.example.com"}]}"#,
    );
    let mut expected = Config::demo();
    expected.sources = config.sources.clone();
    expected.people = Default::default();
    assert_eq!(config, expected);
    assert_eq!(config.privacy.mode, PrivacyMode::Full);
    let source = &config.sources[0];
    assert_eq!(
        (source.label.as_str(), source.base_url.as_str(), source.auth),
        ("coder", "https://coder.example.com/", Auth::Cookie)
    );
    assert_eq!(source.route, "api/private");

    for (kind, more, auth) in [
        ("coder", "", Auth::Cookie),
        ("coder-v1", "", Auth::Token),
        ("windsurf", "", Auth::Proxy),
        (
            "user-metrics",
            r#", "company_id": "F659ECFA-32be-4a9b-9c9b-6e56c3ccf29a""#,
            Auth::Token,
        ),
    ] {
        let config = read(&format!(
            r#"{{"version": 1, "sources": [{{"id": "a", "kind": "{kind}", "base_url": "/x"{more}}}]}}"#
        ));
        assert_eq!(config.sources[0].auth, auth, "{kind}");
    }
}

#[test]
fn without_a_file_there_is_demo_data() {
    let config = Config::demo();
    assert_eq!(config.title, "Metrics");
    assert_eq!(config.sources.len(), 1);
    assert_eq!(
        (config.sources[0].id.as_str(), config.sources[0].kind),
        ("demo", SourceKind::Demo)
    );
}

#[test]
fn a_byte_order_mark_does_not_matter() {
    assert_eq!(parse(format!("\u{feff}{EXAMPLE}").as_bytes()).unwrap(), read(EXAMPLE));
}

#[test]
fn base_urls() {
    for (given, normal) in [
        ("/", "/"),
        ("/coder", "/coder/"),
        ("/a/b/", "/a/b/"),
        ("https://coder.example.com", "https://coder.example.com/"),
        ("http://10.0.0.1:3000/base", "http://10.0.0.1:3000/base/"),
        ("https://[::1]:8443", "https://[::1]:8443/"),
    ] {
        let config = read(&format!(
            r#"{{"version": 1, "sources": [{{"id": "a", "kind": "coder", "base_url": "{given}"}}]}}"#
        ));
        assert_eq!(config.sources[0].base_url, normal);
    }
    for (given, reason) in [
        ("javascript:alert(1)", "must begin with"),
        ("JavaScript://x", "must begin with"),
        ("data:text/html,x", "must begin with"),
        ("coder.example.com", "must begin with"),
        ("ftp://x", "must begin with"),
        ("//evil.example.com", "another host"),
        (r"/\\evil.example.com", "must not contain"),
        (r"https://a.example.com\\@evil.example.com", "must not contain"),
        ("https://user:pass@coder.example.com", "user name or password"),
        ("https://user@coder.example.com", "user name or password"),
        ("https://", "not a host name"),
        ("https://bücher.example.com", "xn--"),
        ("https://a b", "not a host name"),
        ("https://a:port", "not a port"),
        ("https://a:99999", "not a port"),
        ("https://a/?x=1", "`?` or `#`"),
        ("https://a?x=1", "`?` or `#`"),
        ("/#x", "`?` or `#`"),
        ("/a/../b", "plain path"),
        ("/a//b", "plain path"),
        ("/a b", "must not contain ' '"),
        ("  ", "must not be empty"),
    ] {
        let text = format!(r#"{{"version": 1, "sources": [{{"id": "a", "kind": "coder", "base_url": "{given}"}}]}}"#);
        let error = parse(text.as_bytes()).expect_err(given);
        assert_eq!(error.field, "sources[0].base_url", "{given}: {error}");
        assert!(error.reason.contains(reason), "{given}: {error}");
    }
}

#[test]
fn parents_are_exact_origins() {
    for good in [
        "https://admin.example.com",
        "https://admin.example.com:8443",
        "http://localhost:3000",
        "http://127.0.0.1",
        "http://[::1]:1",
    ] {
        assert_eq!(
            read(&file(&format!(r#", "embed": {{"parents": ["{good}", "{good}"]}}"#))).parents,
            [good]
        );
    }
    for (bad, reason) in [
        ("*", "`*` is not allowed"),
        ("https://*.example.com", "`*` is not allowed"),
        ("https://admin.example.com/", "write `https://admin.example.com`"),
        ("https://admin.example.com/portal", "write `https://admin.example.com`"),
        ("https://admin.example.com?x", "write `https://admin.example.com`"),
        ("https://Admin.example.com", "write the same"),
        ("https://admin.example.com:443", "write the same"),
        ("http://admin.example.com", "must be `https`"),
        ("http://localhost.example.com", "must be `https`"),
        ("admin.example.com", "must be an origin"),
        ("null", "must be an origin"),
        ("https://a@b", "user name or password"),
    ] {
        let error = parse(
            file(&format!(
                r#", "embed": {{"parents": ["https://ok.example.com", "{bad}"]}}"#
            ))
            .as_bytes(),
        )
        .expect_err(bad);
        assert_eq!(error.field, "embed.parents[1]", "{bad}: {error}");
        assert!(error.reason.contains(reason), "{bad}: {error}");
    }
}

#[test]
fn errors_name_the_field_and_the_reason() {
    let two = r#"{"version": 1, "sources": [{"id": "a", "kind": "demo"}, {"id": "a", "kind": "demo"}]}"#;
    let cases: Vec<(String, &str)> = vec![
        ("".into(), "file: is not JSON: EOF"),
        ("{".into(), "file: is not JSON: EOF"),
        ("[]".into(), "file: must be an object; found a list"),
        ("null".into(), "file: must be an object; found null"),
        (
            "<!doctype html><title>Sign in</title>".into(),
            "file: is a web page, not JSON",
        ),
        ("{}".into(), "version: is missing: write 1"),
        (
            r#"{"version": 2}"#.into(),
            "version: must be 1, the only version this page reads; found 2",
        ),
        (
            r#"{"version": "1"}"#.into(),
            r#"version: must be 1, the only version this page reads; found "1""#,
        ),
        (r#"{"version": 1}"#.into(), "sources: is missing"),
        (r#"{"version": 1, "sources": []}"#.into(), "sources: lists no source"),
        (
            r#"{"version": 1, "sources": {}}"#.into(),
            "sources: must be a list; found an object",
        ),
        (
            r#"{"version": 1, "sources": [1]}"#.into(),
            "sources[0]: must be an object; found 1",
        ),
        (r#"{"version": 1, "sources": [{}]}"#.into(), "sources[0].id: is missing"),
        (
            r#"{"version": 1, "sources": [{"id": "a"}]}"#.into(),
            "sources[0].kind: is missing: write one of coder, coder-v1, windsurf, user-metrics, demo",
        ),
        (
            r#"{"version": 1, "sources": [{"id": "a", "kind": "coder"}]}"#.into(),
            "sources[0].base_url: is missing",
        ),
        (
            r#"{"version": 1, "sources": [{"id": "a", "kind": "coder2", "base_url": "/"}]}"#.into(),
            r#"sources[0].kind: must be one of coder, coder-v1, windsurf, user-metrics, demo; found "coder2""#,
        ),
        (
            r#"{"version": 1, "sources": [{"id": "a,b", "kind": "demo"}]}"#.into(),
            "sources[0].id: must be at most 64 letters",
        ),
        (
            r#"{"version": 1, "sources": [{"id": 7, "kind": "demo"}]}"#.into(),
            "sources[0].id: must be a string; found 7",
        ),
        (
            r#"{"version": 1, "sources": [{"id": "demo", "kind": "coder", "base_url": "/"}]}"#.into(),
            "sources[0].id: `demo` is kept",
        ),
        (two.into(), r#"sources[1].id: "a" is already the id of sources[0]"#),
        (
            source(r#", "auth": "basic""#),
            r#"sources[0].auth: must be one of cookie, proxy, token, host, relay; found "basic""#,
        ),
        (
            source(r#", "auth": "relay""#),
            r#"sources[0].auth: "relay" needs a page that embeds this one"#,
        ),
        (
            source(r#", "auth": "host""#),
            r#"sources[0].auth: "host" needs a page that embeds this one"#,
        ),
        (source(r#", "label": """#), "sources[0].label: must not be empty"),
        (
            source(r#", "base_url": null"#),
            "sources[0].base_url: must be a string; found null",
        ),
        (
            source(r#", "route": "https://x""#),
            "sources[0].route: must be a path, without a host",
        ),
        (
            source(r#", "route": "a/../b""#),
            "sources[0].route: must be a plain path",
        ),
        (source(r#", "route": "/""#), "sources[0].route: must not be empty"),
        (
            source(r#", "categories": {"ide": 1}"#),
            "sources[0].categories.ide: must be a string; found 1",
        ),
        (
            source(r#", "categories": []"#),
            "sources[0].categories: must be an object; found a list",
        ),
        (
            source(r#", "company_id": "7""#),
            "sources[0].company_id: must be a UUID",
        ),
        (
            r#"{"version": 1, "sources": [{"id": "a", "kind": "user-metrics", "base_url": "/"}]}"#.into(),
            "sources[0].company_id: is missing",
        ),
        (file(r#", "title": 1"#), "title: must be a string; found 1"),
        (file(r#", "title": " ""#), "title: must not be empty"),
        (
            file(r#", "timezone": "+01:00""#),
            "timezone: must be `browser`, `UTC` or an IANA name",
        ),
        (
            file(r#", "locale": "de_CH""#),
            "locale: must be `browser` or a language tag",
        ),
        (
            file(r#", "default_range": "31d""#),
            "default_range: must be one of today, yesterday, 7d",
        ),
        (
            file(r#", "refresh_seconds": -1"#),
            "refresh_seconds: must be a whole number from 0 to 86400; found -1",
        ),
        (
            file(r#", "refresh_seconds": 1.5"#),
            "refresh_seconds: must be a whole number from 0 to 86400; found 1.5",
        ),
        (
            file(r#", "refresh_seconds": 86401"#),
            "refresh_seconds: must be a whole number",
        ),
        (
            file(r#", "refresh_seconds": "60""#),
            "refresh_seconds: must be a whole number",
        ),
        (
            file(r#", "privacy": "full""#),
            r#"privacy: must be an object; found "full""#,
        ),
        (
            file(r#", "privacy": {"mode": "none"}"#),
            r#"privacy.mode: must be one of full, pseudonym, aggregate; found "none""#,
        ),
        (
            file(r#", "privacy": {"min_group": 0}"#),
            "privacy.min_group: must be a whole number from 1",
        ),
        (file(r#", "embed": []"#), "embed: must be an object; found a list"),
        (
            file(r#", "embed": {"parents": "https://a"}"#),
            "embed.parents: must be a list",
        ),
        (
            file(r#", "embed": {"parents": [1]}"#),
            "embed.parents[0]: must be a string; found 1",
        ),
    ];
    for (text, expected) in cases {
        let error = parse(text.as_bytes()).expect_err(&text).to_string();
        assert!(
            error.starts_with(&format!("config.json: {expected}")),
            "{text}\n gives {error}\n not  {expected}"
        );
    }
}

#[test]
fn secrets_are_refused_and_never_repeated() {
    let cases = [
        (source(r#", "token": "hunter2""#), "sources[0].token"),
        (source(r#", "service_key": "hunter2""#), "sources[0].service_key"),
        (
            source(r#", "Coder-Session-Token": "hunter2""#),
            "sources[0].Coder-Session-Token",
        ),
        (source(r#", "apiKey": "hunter2""#), "sources[0].apiKey"),
        (
            source(r#", "headers": {"Authorization": "Bearer hunter2"}"#),
            "sources[0].headers.Authorization",
        ),
        (file(r#", "password": "hunter2""#), "password"),
        (file(r#", "x": [{"client_secret": "hunter2"}]"#), "x[0].client_secret"),
    ];
    for (text, field) in cases {
        let error = parse(text.as_bytes()).expect_err(&text);
        assert_eq!(error.field, field);
        assert!(
            error.reason.contains("looks like a secret") && !error.to_string().contains("hunter2"),
            "{error}"
        );
    }
}

#[test]
fn unknown_fields_are_warnings() {
    let text = r#"{"version": 1, "tittle": "x", "privacy": {"k": 1}, "embed": {"parent": "x"},
        "sources": [{"id": "a", "kind": "coder", "base_url": "/", "url": "/", "route": "x", "categories": {"ssh": "tunnel"}}]}"#;
    let mut warnings = read(text).warnings;
    warnings.sort();
    let expected = [
        "embed.parent: unknown field",
        "privacy.k: unknown field",
        "sources[0].categories.ssh: unknown action",
        "sources[0].categories: is used by sources of kind coder-v1 only",
        "sources[0].route: is used by sources of kind coder-v1 only",
        "sources[0].url: unknown field",
        "tittle: unknown field",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn people_of_several_sources() {
    use SourceKind::{Coder, UserMetrics, Windsurf};
    let config = read(&file(
        r#", "people": {"domains": [" Example.COM "], "group": 1, "aliases": {"coder:fern-07": ["windsurf:fern@example.com", "user-metrics: 7:1"]}}"#,
    ));
    assert_eq!(config.warnings, ["people.group: unknown field"]);
    assert_eq!(config.people.domains, ["example.com"]);
    let fern = (Coder, "fern-07".to_string());
    assert_eq!(
        config.people.aliases,
        [
            [fern.clone(), (Windsurf, "fern@example.com".into())],
            [fern, (UserMetrics, "7:1".into())]
        ]
    );
    for (people, reason) in [
        (
            r#"{"domains": ["a@b"]}"#,
            "people.domains[0]: must be the part of addresses",
        ),
        (r#"{"domains": [1]}"#, "people.domains[0]: must be a string; found 1"),
        (
            r#"{"aliases": {"fern": "windsurf:x"}}"#,
            "people.aliases.fern: must be accounts such as `coder:fern-07`",
        ),
        (
            r#"{"aliases": {"coder:x": "coder:y"}}"#,
            "people.aliases.coder:x: must name accounts of two sources",
        ),
        (
            r#"{"aliases": {"coder:x": 1}}"#,
            "people.aliases.coder:x: must be a string or a list of strings; found 1",
        ),
        (
            r#"{"aliases": {"coder:x": "windsurf: "}}"#,
            "people.aliases.coder:x: must be accounts",
        ),
    ] {
        let error = parse(file(&format!(r#", "people": {people}"#)).as_bytes())
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn holidays_are_dates() {
    let days = |text: &str| parse(file(&format!(r#", "holidays": {text}"#)).as_bytes());
    let found = days(r#"["2026-12-25", " 2027-01-01 "]"#).unwrap();
    assert!(found.warnings.is_empty());
    assert_eq!(
        found.holidays.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2026-12-25", "2027-01-01"]
    );
    assert!(days("[]").unwrap().holidays.is_empty());
    for (text, reason) in [
        (
            r#"["25.12.2026"]"#,
            "holidays[0]: must be a date such as 2026-12-25; found \"25.12.2026\"",
        ),
        (r#"["2026-12-25", "2026-02-30"]"#, "holidays[1]: must be a date"),
        (
            "[20261225]",
            "holidays[0]: must be a date such as 2026-12-25; found 20261225",
        ),
        (r#""2026-12-25""#, "holidays: must be a list"),
    ] {
        let error = days(text).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn the_page_in_place_of_the_file_means_there_is_none() {
    let page = std::fs::read("index.html").unwrap();
    // What Trunk builds from it names the start script.
    let built = [page.as_slice(), b"<script src=./boot.js>"].concat();
    assert!(is_own_page(&built));
    assert!(!is_own_page(b"<!doctype html><title>Sign in</title>"));
    assert!(!is_own_page(EXAMPLE.as_bytes()));
    assert!(!is_own_page(b""));
}

/// Any JSON, with names that the file uses.
fn json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let name = prop::sample::select(vec![
        "version",
        "title",
        "timezone",
        "locale",
        "default_range",
        "refresh_seconds",
        "holidays",
        "privacy",
        "mode",
        "min_group",
        "sources",
        "id",
        "kind",
        "label",
        "base_url",
        "auth",
        "route",
        "categories",
        "company_id",
        "group",
        "embed",
        "parents",
        "other",
    ]);
    let word = prop_oneof![
        Just("coder".to_string()),
        Just("demo".into()),
        Just("/".into()),
        Just("https://a".into()),
        Just("28d".into()),
        any::<String>()
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::from(1)),
        word.prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone().prop_map(String::from), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in any::<Vec<u8>>()) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_json_panics_and_what_is_accepted_keeps_its_promises(mut value in json()) {
        if let Some(map) = value.as_object_mut() {
            map.insert("version".into(), 1.into());
        }
        if let Ok(config) = parse(value.to_string().as_bytes()) {
            prop_assert!(!config.sources.is_empty() && !config.title.is_empty() && config.privacy.min_group >= 1);
            prop_assert!(config.sources.iter().all(|source| source.base_url.ends_with('/') && !source.label.is_empty()));
        }
    }

    #[test]
    fn a_base_url_stays_where_it_says(text in r"(https?:|)[/\\]{0,3}[a-z@:.?# \\/]{0,12}") {
        let file = serde_json::json!({"version": 1, "sources": [{"id": "a", "kind": "coder", "base_url": text}]});
        if let Ok(config) = parse(file.to_string().as_bytes()) {
            let url = &config.sources[0].base_url;
            // In a path an `@` names nobody.
            let authority = url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
            prop_assert!(!url.starts_with("//") && !authority.contains('@') && !url.contains(['\\', '?', '#', ' ']), "{url}");
        }
    }
}
