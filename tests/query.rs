//! The URL: every key, every fallback, and that printing and parsing are each other's inverse.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use metrics::period::{DateRange, Interval, Period, Preset};
use metrics::query::{Action, Compare, KEYS, Notice, Query, Theme, View, Word, escape, is_secret_name};
use metrics::zone::Day;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn locked(first: &str, last: &str) -> Option<Period> {
    Some(Period::Locked(DateRange::new(day(first), day(last))))
}

/// Parses without any notice.
fn clean(text: &str) -> Query {
    let (query, notices) = Query::parse(text);
    assert_eq!(notices, [], "{text}");
    query
}

#[test]
fn nothing_asked_is_nothing_printed() {
    for text in ["", "?", "?&&", "&"] {
        assert_eq!(clean(text), Query::default());
    }
    assert_eq!(Query::default().print(), "");
}

#[test]
fn each_key_is_read_and_printed() {
    let cases: Vec<(&str, Query)> = vec![
        (
            "?range=90d",
            Query {
                period: Some(Period::Preset(Preset::Days(90))),
                ..Query::default()
            },
        ),
        (
            "?from=2026-10-01&to=2026-10-31",
            Query {
                period: locked("2026-10-01", "2026-10-31"),
                ..Query::default()
            },
        ),
        (
            "?interval=90d",
            Query {
                interval: Some(Interval::Days90),
                ..Query::default()
            },
        ),
        (
            "?periods=complete",
            Query {
                is_complete: true,
                ..Query::default()
            },
        ),
        (
            "?org=00000000-0000-0000-0000-000000000001",
            Query {
                org: Some("00000000-0000-0000-0000-000000000001".into()),
                ..Query::default()
            },
        ),
        (
            "?action=web-terminal",
            Query {
                action: Action::WebTerminal,
                ..Query::default()
            },
        ),
        (
            "?template=a,b",
            Query {
                templates: vec!["a".into(), "b".into()],
                ..Query::default()
            },
        ),
        (
            "?compare=none",
            Query {
                compare: Compare::None,
                ..Query::default()
            },
        ),
        (
            "?tz=America/Argentina/Buenos_Aires",
            Query {
                zone: Some("America/Argentina/Buenos_Aires".into()),
                ..Query::default()
            },
        ),
        (
            "?theme=dark",
            Query {
                theme: Theme::Dark,
                ..Query::default()
            },
        ),
        (
            "?q=J%C3%BCrgen%20%26%20Co%2B",
            Query {
                search: "Jürgen & Co+".into(),
                ..Query::default()
            },
        ),
        (
            "?sort=-seconds",
            Query {
                sort: Some("-seconds".into()),
                ..Query::default()
            },
        ),
        (
            "?page=3",
            Query {
                page: 3,
                ..Query::default()
            },
        ),
        (
            "?person=42",
            Query {
                person: Some("42".into()),
                ..Query::default()
            },
        ),
        (
            "?source=demo",
            Query {
                source: Some("demo".into()),
                ..Query::default()
            },
        ),
        (
            "?show=title,panel:daus",
            Query {
                show: vec!["title".into(), "panel:daus".into()],
                ..Query::default()
            },
        ),
        (
            "?utm=x&flag=",
            Query {
                unknown: vec![("utm".into(), "x".into()), ("flag".into(), String::new())],
                ..Query::default()
            },
        ),
    ];
    for (text, query) in &cases {
        assert_eq!(&clean(text), query, "{text}");
        assert_eq!(&query.print(), text);
    }
    let readme = include_str!("../README.md");
    for key in KEYS {
        assert!(
            cases.iter().any(|(text, _)| text.contains(&format!("{key}="))),
            "no case for {key}"
        );
        assert!(readme.contains(&format!("`{key}`")), "no line about {key}");
    }
}

#[test]
fn every_word_of_the_contract_is_known() {
    for word in "today yesterday 7d 14d 28d 30d 90d 12w 24w 48w 12m mtd ytd".split(' ') {
        assert_eq!(clean(&format!("range={word}")).print(), format!("?range={word}"));
    }
    for word in "day week month 90d year".split(' ') {
        assert_eq!(clean(&format!("interval={word}")).print(), format!("?interval={word}"));
    }
    for word in "any ide login app tunnel web-terminal".split(' ') {
        assert_eq!(clean(&format!("action={word}")).action.key(), word);
    }
    for word in "previous year none".split(' ') {
        assert_eq!(clean(&format!("compare={word}")).compare.key(), word);
    }
    for word in "light dark system contrast".split(' ') {
        assert_eq!(clean(&format!("theme={word}")).theme.key(), word);
    }
    assert_eq!(View::ALL.map_keys(), ["", "activity", "templates", "people", "check"]);
}

trait Keys {
    fn map_keys(&self) -> Vec<&'static str>;
}

impl<T> Keys for &[(T, &'static str, &'static str)] {
    fn map_keys(&self) -> Vec<&'static str> {
        self.iter().map(|(_, key, _)| *key).collect()
    }
}

#[test]
fn defaults_are_not_printed() {
    assert_eq!(clean("?action=any&compare=previous&theme=system&page=1").print(), "");
    assert_eq!(
        clean("?range=&from=&to=&interval=&org=&template=&q=&sort=&page=&person=&source=&tz=&theme=").print(),
        ""
    );
    assert_eq!(clean("?page=0").print(), "");
}

#[test]
fn dates_win_over_a_sliding_range() {
    let query = clean("?range=7d&from=2026-01-01&to=2026-01-02");
    assert_eq!(query.period, locked("2026-01-01", "2026-01-02"));
    assert_eq!(query.print(), "?from=2026-01-01&to=2026-01-02");
}

#[test]
fn what_cannot_be_used_falls_back_and_is_named() {
    type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
    let cases: &[Case] = &[
        ("?range=31d", "", &[("range", "31d")]),
        ("?interval=hour", "", &[("interval", "hour")]),
        ("?periods=all", "", &[("periods", "all")]),
        ("?periods=complete", "?periods=complete", &[]),
        ("?action=ssh", "", &[("action", "ssh")]),
        ("?compare=", "", &[]),
        ("?compare=last", "", &[("compare", "last")]),
        ("?theme=blue", "", &[("theme", "blue")]),
        ("?page=-1", "", &[("page", "-1")]),
        ("?page=99999999999", "", &[("page", "99999999999")]),
        (
            "?show=title,nothing,panel:",
            "?show=title",
            &[("show", "nothing"), ("show", "panel:")],
        ),
        (
            "?from=2026-02-30&to=2026-03-01",
            "?from=2026-03-01&to=2026-03-01",
            &[("from", "2026-02-30")],
        ),
        ("?from=2026-2-3", "", &[("from", "2026-2-3")]),
        (
            "?from=2026-10-01T00:00:00Z&to=2026-10-02",
            "?from=2026-10-02&to=2026-10-02",
            &[("from", "2026-10-01T00:00:00Z")],
        ),
        (
            "?from=2026-10-05&to=2026-10-01",
            "?from=2026-10-01&to=2026-10-05",
            &[("from", "2026-10-05")],
        ),
        ("?from=2026-10-05", "?from=2026-10-05&to=2026-10-05", &[("to", "")]),
        ("?to=2026-10-05", "?from=2026-10-05&to=2026-10-05", &[("from", "")]),
        ("?range=7d&range=14d", "?range=7d", &[("range", "14d")]),
        ("?range=bad&q=x", "?q=x", &[("range", "bad")]),
    ];
    for (text, printed, named) in cases {
        let (query, notices) = Query::parse(text);
        assert_eq!(&query.print(), printed, "{text}");
        let found: Vec<(&str, &str)> = notices
            .iter()
            .map(|notice| (notice.key.as_str(), notice.value.as_str()))
            .collect();
        assert_eq!(&found, named, "{text}");
        assert!(notices.iter().all(|Notice { said, .. }| !said.is_empty()), "{text}");
    }
}

#[test]
fn what_could_not_be_used_is_said_with_what_is_used() {
    let said = |text: &str| -> Vec<String> { Query::parse(text).1.iter().map(metrics::words::notice).collect() };
    for (text, expected) in [
        ("?range=8d", "range=8d is no range: the default is used"),
        ("?from=2026-02-30", "from=2026-02-30 is no day: it is left out"),
        ("?from=x&to=2026-03-01", "from=x is no day: it is left out"),
        ("?from=2026-03-01", "to is missing: 2026-03-01 alone is shown"),
        ("?range=7d&range=8d", "range=8d is given again: the first value is used"),
        (
            "?access_token=hunter2",
            "access_token is left out: a link is no place for a secret",
        ),
    ] {
        assert_eq!(said(text), [expected], "{text}");
    }
}

#[test]
fn escapes() {
    assert_eq!(clean("?q=a+b%20c").search, "a b c");
    assert_eq!(clean("?q=100%").search, "100%");
    assert_eq!(clean("?q=%zz%4").search, "%zz%4");
    assert_eq!(clean("?q=%FF").search, "\u{fffd}");
    assert_eq!(clean("?%71=x").search, "x", "keys are decoded, too");
    assert_eq!(clean("?q=a=b").search, "a=b");
    assert_eq!(escape("2026-11-13T00:00:00+01:00"), "2026-11-13T00:00:00%2B01:00");
    assert_eq!(escape("a&b=c#d e%é"), "a%26b%3Dc%23d%20e%25%C3%A9");
}

#[test]
fn unknown_keys_are_kept_in_order_behind_the_known_ones() {
    let query = clean("?b=2&range=7d&a=1&b=3");
    assert_eq!(query.print(), "?range=7d&b=2&a=1&b=3");
}

#[test]
fn secrets_are_dropped_and_never_repeated() {
    for key in [
        "token",
        "coder_session_token",
        "Coder-Session-Token",
        "service_key",
        "api%4Bey",
        "password",
        "access_token",
    ] {
        let (query, notices) = Query::parse(&format!("?q=x&{key}=hunter2&utm=1"));
        assert_eq!(query.print(), "?q=x&utm=1");
        assert_eq!(notices.len(), 1, "{key}");
        assert!(!format!("{notices:?}").contains("hunter2"));
    }
}

#[test]
fn parts_that_are_shown() {
    let all = Query::default();
    assert!(all.shows("title") && all.shows("panel:daus"));
    let one = clean("?show=panel:daus");
    assert!(one.shows("panel:daus") && !one.shows("panel:apps") && !one.shows("title"));
    let frame = clean("?show=title,filters");
    assert!(
        frame.shows("title") && frame.shows("panel:apps") && !frame.shows("tabs"),
        "naming no panel shows all of them"
    );
}

/// Text without what the parser takes off: surrounding spaces and commas in lists, empty values.
fn word() -> impl Strategy<Value = String> {
    any::<String>().prop_filter("not empty", |text| !text.is_empty())
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(
        word()
            .prop_map(|text| text.replace(',', ";").trim().to_string())
            .prop_filter("not empty", |text| !text.is_empty()),
        0..4,
    )
}

fn any_day() -> impl Strategy<Value = Day> {
    (0i64..3_652_000).prop_map(|days| Day::from_ymd_opt(1, 1, 1).unwrap() + chrono::Duration::days(days))
}

fn period() -> impl Strategy<Value = Period> {
    prop_oneof![
        prop::sample::select(Preset::ALL.map(|(preset, _, _)| preset).to_vec()).prop_map(Period::Preset),
        (any_day(), any_day()).prop_map(|(a, b)| Period::Locked(DateRange::new(a, b))),
    ]
}

fn one_of<T: Word + std::fmt::Debug>() -> impl Strategy<Value = T> {
    prop::sample::select(T::ALL.iter().map(|(value, _, _)| *value).collect::<Vec<T>>())
}

fn parts() -> impl Strategy<Value = Vec<String>> {
    let part = prop_oneof![
        Just("title".to_string()),
        Just("filters".into()),
        Just("tabs".into()),
        Just("footer".into()),
        "panel:[a-z-]{1,8}"
    ];
    prop::collection::vec(part, 0..4)
}

prop_compose! {
    fn any_query()(
        period in prop::option::of(period()),
        interval in prop::option::of(prop::sample::select(Interval::ALL.map(|(interval, _, _)| interval).to_vec())),
        (org, zone, sort, person, source) in (prop::option::of(word()), prop::option::of(word()), prop::option::of(word()), prop::option::of(word()), prop::option::of(word())),
        (action, compare, theme, is_complete) in (one_of(), one_of(), one_of(), any::<bool>()),
        templates in words(),
        search in any::<String>(),
        page in any::<u32>().prop_filter("0 is the first", |page| *page != 1),
        show in parts(),
        unknown in prop::collection::vec(("[a-zA-Z0-9_é&=+ %-]{1,8}", any::<String>()), 0..3),
    ) -> Query {
        let unknown = unknown.into_iter().filter(|(key, _)| !KEYS.contains(&key.as_str()) && !is_secret_name(key)).collect();
        Query { period, interval, is_complete, org, action, templates, compare, zone, theme, search, sort, page, person, source, show, unknown }
    }
}

proptest! {
    #[test]
    fn what_is_printed_parses_back(query in any_query()) {
        let printed = query.print();
        prop_assert!(printed.is_ascii() && !printed.contains([' ', '#', '+', '"', '<']), "{}", printed);
        let (parsed, notices) = Query::parse(&printed);
        prop_assert_eq!(notices, []);
        prop_assert_eq!(&parsed, &query);
        prop_assert_eq!(parsed.print(), printed);
    }

    #[test]
    fn no_text_panics_and_printing_is_canonical(text in any::<String>()) {
        let printed = Query::parse(&text).0.print();
        let (query, notices) = Query::parse(&printed);
        prop_assert_eq!(notices, []);
        prop_assert_eq!(query.print(), printed);
    }

    #[test]
    fn no_query_string_panics_and_printing_is_canonical(pairs in prop::collection::vec((prop::sample::select(KEYS.to_vec()), "[a-z0-9%+,:.é=-]{0,12}|[0-9]{4}-[01][0-9]-[0-3][0-9]"), 0..8)) {
        let text = pairs.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&");
        let query = Query::parse(&text).0;
        let printed = query.print();
        prop_assert_eq!(Query::parse(&printed), (query, vec![]));
    }
}
