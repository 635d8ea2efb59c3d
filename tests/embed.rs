//! Embedding, protocol 1: who is let in, what is understood, what is refused, and what the view says.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use chrono::{DateTime, Utc};
use metrics::config::Config;
use metrics::embed::{
    Handshake, Init, LARGEST, Message, Reason, Refusal, Step, Told, bucket_id, drilled, hear, height, renew_after,
};
use metrics::period::DateRange;
use metrics::query::{Query, Theme};
use metrics::remote::LoadError;
use metrics::source::{Ask, Request};
use proptest::prelude::*;
use serde_json::{Value, json};

const PARENT: &str = "https://admin.example.com";
const NONCE: &str = "0f0e0d0c0b0a09080706050403020100";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn handshake() -> Handshake {
    let parents = [PARENT.to_string(), "http://localhost:8090".to_string()];
    Handshake::new(&parents, NONCE.into())
}

fn init() -> Value {
    json!({ "type": "metrics:init", "protocol": 1, "nonce": NONCE })
}

fn with(name: &str, value: Value) -> Value {
    let mut message = init();
    message[name] = value;
    message
}

fn step(handshake: &mut Handshake, message: &Value) -> Step {
    handshake.hear(true, PARENT, 1, || Ok(message.to_string()))
}

fn opened(message: &Value) -> Init {
    match step(&mut handshake(), message) {
        Step::Open(init) => *init,
        _ => panic!("not let in: {message}"),
    }
}

#[test]
fn the_listed_parent_that_repeats_the_nonce_is_let_in_once() {
    let mut handshake = handshake();
    assert!(matches!(step(&mut handshake, &init()), Step::Open(_)));
    assert!(matches!(step(&mut handshake, &init()), Step::Ignored), "a replay");
}

#[test]
fn nobody_else_is_even_read() {
    let never = || -> Result<String, Refusal> { panic!("was read") };
    assert!(matches!(handshake().hear(false, PARENT, 1, never), Step::Ignored));
    for origin in [
        "null",
        "",
        "https://admin.example.com/",
        "https://admin.example.com.evil.example",
        "https://evil.example/https://admin.example.com",
        "https://ADMIN.example.com",
        "http://admin.example.com",
        "https://admin.example.com:8443",
        "https://sub.admin.example.com",
        "http://localhost",
    ] {
        let step = handshake().hear(true, origin, 1, never);
        assert!(matches!(step, Step::Ignored), "{origin}");
    }
}

#[test]
fn another_nonce_type_or_version_opens_nothing() {
    for message in [
        with("nonce", json!("0f0e0d0c0b0a09080706050403020101")),
        with("nonce", json!(null)),
        with("nonce", json!([NONCE])),
        with("type", json!("metrics:hello")),
        with("type", json!("something of another library")),
    ] {
        let mut handshake = handshake();
        assert!(matches!(step(&mut handshake, &message), Step::Ignored), "{message}");
        assert!(
            matches!(step(&mut handshake, &init()), Step::Open(_)),
            "and spoils nothing"
        );
    }
    let other = step(&mut handshake(), &with("protocol", json!(2)));
    assert!(matches!(other, Step::OtherVersion(2)));
}

#[test]
fn a_bad_shape_is_refused() {
    for (message, ports) in [
        (json!("metrics:init"), 1),
        (json!(["metrics:init"]), 1),
        (with("type", json!(7)), 1),
        (with("protocol", json!("1")), 1),
        (with("protocol", json!(1.5)), 1),
        (with("theme", json!(["dark"])), 1),
        (with("locale", json!(49)), 1),
        (with("timezone", json!({})), 1),
        (with("show", json!([1])), 1),
        (with("show", json!({ "title": true })), 1),
        (with("query", json!({ "range": "7d" })), 1),
        (init(), 0),
        (init(), 2),
    ] {
        let mut handshake = handshake();
        let step = handshake.hear(true, PARENT, ports, || Ok(message.to_string()));
        assert!(matches!(step, Step::Refused(_)), "{message} with {ports} ports");
    }
    let large = with("padding", json!("x".repeat(LARGEST)));
    assert!(matches!(
        step(&mut handshake(), &large),
        Step::Refused(Refusal::TooLarge)
    ));
}

#[test]
fn wishes_narrow_and_never_widen() {
    let all = json!({
        "type": "metrics:init", "protocol": 1, "nonce": NONCE, "theme": "dark", "locale": "de-CH",
        "timezone": "Europe/Zurich", "show": ["filters", "panel:daus"], "query": "?range=7d&org=a",
        "base_url": "https://evil.example/", "sources": [], "privacy": { "mode": "full" }, "parents": ["https://evil.example"],
    });
    let init = opened(&all);
    assert_eq!(init.limits.theme, Theme::Dark);
    assert_eq!(init.query, Some(Query::parse("range=7d&org=a").0));
    assert_eq!(init.notices, []);
    let shown = ["title", "filters", "tabs", "footer", "panel:daus", "panel:tiles"].map(|part| init.limits.shows(part));
    assert_eq!(shown, [false, true, false, false, true, false]);

    let before = Config::demo();
    let mut config = before.clone();
    init.settle(&mut config);
    let expected = Config {
        locale: "de-CH".into(),
        timezone: "Europe/Zurich".into(),
        ..before
    };
    assert_eq!(config, expected, "nothing else can be wished for");

    let plain = opened(&with("show", json!("title,panel:daus")));
    assert!(plain.limits.shows("title") && !plain.limits.shows("tabs"));
    assert_eq!(opened(&super_null()), Init::default(), "null is the same as nothing");
}

fn super_null() -> Value {
    let mut message = init();
    for name in ["theme", "locale", "timezone", "show", "query"] {
        message[name] = Value::Null;
    }
    message
}

#[test]
fn words_that_mean_nothing_are_named_and_secrets_stay_out() {
    let mut message = with("theme", json!("purple"));
    message["show"] = json!(["title", "everything", "panel:daus&theme=dark"]);
    message["query"] = json!("range=7d&token=hunter2");
    let init = opened(&message);
    let keys: Vec<&str> = init.notices.iter().map(|notice| notice.key.as_str()).collect();
    assert_eq!(keys, ["theme", "show", "token"]);
    assert_eq!(init.limits.theme, Theme::System);
    assert_eq!(init.limits.show, ["title", "panel:daus&theme=dark"]);
    assert!(!format!("{init:?}").contains("hunter2"));
}

#[test]
fn what_is_said_over_the_port() {
    let Ok(Some(Told::Token {
        source,
        value,
        expires_at,
    })) = hear(r#"{"type":"token","source":"coder","value":"abc","expires_at":"2026-11-20T15:25:00+01:00"}"#)
    else {
        panic!("no token");
    };
    assert_eq!((source.as_str(), value.as_str()), ("coder", "abc"));
    assert_eq!(expires_at, Some(at("2026-11-20T14:25:00Z")));
    for (given, expected) in [
        (json!(1_795_184_700_000_i64), Some(at("2026-11-20T14:25:00Z"))),
        (json!(1_795_184_700), Some(at("2026-11-20T14:25:00Z"))),
        (json!(null), None),
    ] {
        let text = json!({ "type": "token", "source": "coder", "value": "abc", "expires_at": given }).to_string();
        assert!(
            matches!(hear(&text), Ok(Some(Told::Token { expires_at, .. })) if expires_at == expected),
            "{text}"
        );
    }
    let none = hear(r#"{"type":"token","source":"coder"}"#);
    assert!(matches!(none, Ok(Some(Told::Token { value, .. })) if value.is_empty()));

    let query = hear(r#"{"type":"set_query","query":"range=7d&interval=eon"}"#);
    assert!(
        matches!(query, Ok(Some(Told::SetQuery(query, notices))) if query == Query::parse("range=7d").0 && notices.len() == 1)
    );
    assert!(matches!(
        hear(r#"{"type":"set_theme","theme":"contrast"}"#),
        Ok(Some(Told::SetTheme(Theme::Contrast)))
    ));
    assert!(matches!(hear(r#"{"type":"logout","more":1}"#), Ok(Some(Told::Logout))));
    for text in [
        r#"{"type":"metrics:init","protocol":1}"#,
        r#"{"type":"of a later version","px":[]}"#,
    ] {
        assert!(matches!(hear(text), Ok(None)), "{text}");
    }
}

#[test]
fn relayed_answers_become_replies_like_any_other() {
    let reply = |message: Value| match hear(&message.to_string()) {
        Ok(Some(Told::Fetched { id: 7, reply })) => reply,
        _ => panic!("{message}"),
    };
    let text = reply(json!({
        "type": "fetch_result", "id": 7, "status": 429,
        "headers": { "Content-Type": "Application/JSON", "Retry-After": " 30 " }, "body": "{\"a\":1}",
    }));
    let text = text.unwrap();
    assert_eq!((text.status, text.retry_after), (429, Some(30)));
    assert_eq!(
        (text.content_type.as_str(), text.body.as_slice()),
        ("application/json", &b"{\"a\":1}"[..])
    );

    let parsed = reply(json!({ "type": "fetch_result", "id": 7, "status": 200, "body": { "a": [1] } })).unwrap();
    assert_eq!(parsed.body, b"{\"a\":[1]}", "a host may hand over what it has parsed");
    let empty = reply(json!({ "type": "fetch_result", "id": 7, "status": 204 })).unwrap();
    assert_eq!((empty.body.len(), empty.content_type.as_str()), (0, ""));
    let none = reply(json!({ "type": "fetch_result", "id": 7, "status": 0 }));
    assert_eq!(none, Err(LoadError::Unreachable));
}

#[test]
fn bad_messages_over_the_port_are_refused() {
    for text in [
        "",
        "null",
        "7",
        "\"logout\"",
        "[{\"type\":\"logout\"}]",
        "{}",
        "{\"type\":null}",
        "{\"type\":\"logout\"",
        r#"{"type":"token","value":"abc"}"#,
        r#"{"type":"token","source":"coder","value":{"a":1}}"#,
        r#"{"type":"token","source":"coder","value":"abc","expires_at":"tomorrow"}"#,
        r#"{"type":"token","source":"coder","value":"abc","expires_at":{}}"#,
        r#"{"type":"fetch_result","status":200}"#,
        r#"{"type":"fetch_result","id":-1,"status":200}"#,
        r#"{"type":"fetch_result","id":1}"#,
        r#"{"type":"fetch_result","id":1,"status":"200"}"#,
        r#"{"type":"fetch_result","id":1,"status":99999}"#,
        r#"{"type":"fetch_result","id":1,"status":200,"headers":"none"}"#,
        r#"{"type":"set_query"}"#,
        r#"{"type":"set_query","query":["range=7d"]}"#,
        r#"{"type":"set_theme","theme":"purple"}"#,
    ] {
        let refusal = hear(text).err();
        assert!(refusal.is_some(), "{text}");
        assert!(!refusal.unwrap().to_string().contains("abc"), "{text}");
    }
    let mut nested = "{\"type\":\"logout\",\"a\":".to_string();
    nested.push_str(&"[".repeat(100_000));
    assert!(hear(&nested).is_err());
    let at_most = |bytes: usize| {
        let frame = r#"{"type":"logout","a":""}"#.len();
        hear(&format!(r#"{{"type":"logout","a":"{}"}}"#, "x".repeat(bytes - frame))).err()
    };
    assert_eq!(at_most(LARGEST), None);
    assert_eq!(at_most(LARGEST + 1), Some(Refusal::TooLarge));
}

#[test]
fn what_the_view_says() {
    let request = Request::get("coder", Ask::Me, "api/v2/users/me", vec![("a", "x y".into())]);
    let posted = Request::post(
        "w",
        Ask::Me,
        "api/v1/UserPageAnalytics",
        vec![("group", "a \"b\"".into())],
    );
    let query = Query::parse("range=7d&compare=previous").0;
    for (message, expected) in [
        (
            Message::Hello { nonce: NONCE },
            json!({ "type": "metrics:hello", "protocol": 1, "nonce": NONCE }),
        ),
        (Message::Ready, json!({ "type": "ready" })),
        (Message::Height(812), json!({ "type": "height", "px": 812 })),
        (Message::State(&query), json!({ "type": "state", "query": "range=7d" })),
        (
            Message::TokenRequest {
                source: "coder",
                reason: Reason::Refused,
            },
            json!({ "type": "token_request", "source": "coder", "reason": "refused" }),
        ),
        (
            Message::Fetch {
                id: 1,
                request: &request,
            },
            json!({ "type": "fetch", "id": 1, "source": "coder", "method": "GET", "path": "/api/v2/users/me", "query": "a=x%20y", "body": null }),
        ),
        (
            Message::Fetch {
                id: 2,
                request: &posted,
            },
            json!({ "type": "fetch", "id": 2, "source": "w", "method": "POST", "path": "/api/v1/UserPageAnalytics", "query": "", "body": "{\"group\":\"a \\\"b\\\"\"}" }),
        ),
        (
            Message::Drill {
                kind: "person",
                id: "<b>",
            },
            json!({ "type": "drill", "kind": "person", "id": "<b>" }),
        ),
        (Message::Error("no"), json!({ "type": "error", "message": "no" })),
    ] {
        assert_eq!(serde_json::from_str::<Value>(&message.text()).unwrap(), expected);
    }
}

#[test]
fn a_token_is_renewed_at_four_fifths_of_its_life() {
    let now = at("2026-11-20T14:00:00Z");
    for (expires, delay) in [
        ("2026-11-20T15:00:00Z", Some(48 * 60_000)),
        ("2026-11-20T14:00:00.500Z", Some(1_000)),
        ("2027-11-20T14:00:00Z", Some(86_400_000)),
        ("2026-11-20T14:00:00Z", None),
        ("2020-01-01T00:00:00Z", None),
    ] {
        assert_eq!(renew_after(now, Some(at(expires))), delay, "{expires}");
    }
    assert_eq!(renew_after(now, None), None);
}

#[test]
fn looking_closer_is_told_when_it_begins() {
    let query = |text| Query::parse(text).0;
    for (before, now, expected) in [
        ("", "person=a", Some(("person", "a"))),
        ("person=a", "person=b", Some(("person", "b"))),
        ("person=a", "person=a&range=7d", None),
        ("person=a", "", None),
        ("", "template=t", Some(("template", "t"))),
        ("template=t,u", "template=t", Some(("template", "t"))),
        ("template=t", "template=t,u", None),
        ("template=t", "template=t&range=7d", None),
    ] {
        assert_eq!(drilled(&query(before), &query(now)), expected, "{before} to {now}");
    }
    let days = |first: &str, last: &str| DateRange::new(first.parse().unwrap(), last.parse().unwrap());
    assert_eq!(bucket_id(days("2026-11-20", "2026-11-20")), "2026-11-20");
    assert_eq!(bucket_id(days("2026-11-16", "2026-11-22")), "2026-11-16/2026-11-22");
}

proptest! {
    #[test]
    fn any_text_is_heard_or_refused(text in ".*") {
        let _ = hear(&text);
        let step = handshake().hear(true, PARENT, 1, || Ok(text.clone()));
        prop_assert!(!matches!(step, Step::Open(_)));
    }

    #[test]
    fn damaged_messages_do_no_harm(
        kind in prop::sample::select(vec!["token", "fetch_result", "set_query", "set_theme", "logout", "metrics:init"]),
        name in prop::sample::select(vec!["source", "value", "expires_at", "id", "status", "headers", "body", "query", "theme", "nonce", "protocol"]),
        value in prop::sample::select(vec![json!(null), json!(true), json!(-1), json!(1e300), json!(""), json!("\u{0}\u{202e}"), json!([]), json!({"a": []}), json!("x".repeat(5_000))]),
    ) {
        let mut message = json!({ "type": kind, "protocol": 1, "nonce": NONCE, "source": "coder", "id": 1, "status": 200, "query": "range=7d", "theme": "dark" });
        message[name] = value;
        let _ = hear(&message.to_string());
        let _ = step(&mut handshake(), &message);
    }

    #[test]
    fn only_the_listed_origin_opens(origin in "(https?://)?[a-z.:/0-9]{0,40}") {
        let step = handshake().hear(true, &origin, 1, || Ok(init().to_string()));
        let is_listed = origin == PARENT || origin == "http://localhost:8090";
        prop_assert_eq!(matches!(step, Step::Open(_)), is_listed);
    }

    #[test]
    fn the_height_told_covers_the_content_and_comes_to_rest(contents in prop::collection::vec(0.0..5_000.0_f64, 1..40)) {
        let mut told = None;
        for content in contents {
            told = height(told, content).or(told);
            let px = f64::from(told.unwrap());
            prop_assert!(px >= content && px <= content + 3.0);
            prop_assert_eq!(height(told, content), None);
            prop_assert_eq!(height(told, (content - 1.0).max(0.0)).is_some(), px - (content - 1.0).max(0.0).ceil() > 2.0);
        }
    }
}
