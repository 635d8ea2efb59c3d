//! Everything that can come back in place of an answer is a state with a way on.

use super::*;

/// Everything that can come back instead of an answer: the reply, the state, the title, the way on.
fn failures() -> Vec<(&'static str, Reply, State, &'static str, Help)> {
    let html = |status, body: &str| Reply {
        content_type: "text/html".into(),
        ..reply(status, body)
    };
    let limited = Reply {
        retry_after: Some(30),
        ..reply(429, r#"{"message":"You've been rate limited"}"#)
    };
    let broken = "{\"message\":\"Internal error fetching deployment DAUs.\",\"detail\":\"pq: connection refused\"}\n{\"entries\":null}\n";
    let login = "<!doctype html><title>Sign in</title>";
    vec![
        (
            "401",
            reply(401, r#"{"message":"You are signed out"}"#),
            State::Unauthorized,
            "Not signed in",
            Help::SignIn,
        ),
        (
            "403",
            reply(403, r#"{"message":"Forbidden.","detail":"No."}"#),
            State::Forbidden,
            "Not allowed",
            Help::None,
        ),
        (
            "hidden 404",
            reply(
                404,
                r#"{"message":"Resource not found or you do not have access to this resource"}"#,
            ),
            State::Forbidden,
            "Not allowed",
            Help::None,
        ),
        (
            "no route",
            reply(404, r#"{"message":"Route not found."}"#),
            State::Unsupported,
            "Not supported by this server",
            Help::None,
        ),
        ("429", limited, State::Limited, "Too many requests", Help::Wait(30)),
        (
            "429 without a time",
            reply(429, "{}"),
            State::Limited,
            "Too many requests",
            Help::Wait(60),
        ),
        (
            "500",
            reply(500, broken),
            State::Failed,
            "The server failed",
            Help::Retry,
        ),
        (
            "502",
            html(502, "<html><title>502 Bad Gateway</title></html>"),
            State::Failed,
            "The server failed",
            Help::Retry,
        ),
        (
            "login page",
            html(200, login),
            State::Unauthorized,
            "Not signed in",
            Help::SignIn,
        ),
        (
            "redirect",
            html(302, ""),
            State::Unauthorized,
            "Not signed in",
            Help::SignIn,
        ),
        (
            "400",
            reply(
                400,
                r#"{"message":"Bad.","validations":[{"field":"end_time","detail":"must be on the hour"}]}"#,
            ),
            State::Failed,
            "The server refused the request",
            Help::None,
        ),
        (
            "garbage",
            reply(200, "[1,2"),
            State::Failed,
            "The answer could not be read",
            Help::Retry,
        ),
        (
            "nothing",
            reply(200, ""),
            State::Failed,
            "The answer could not be read",
            Help::Retry,
        ),
    ]
}

#[test]
fn every_failure_is_a_state_with_a_way_on() {
    for (name, failure, state, title, help) in failures() {
        let failing = failure.clone();
        let page = usual_page(
            "?range=7d",
            &except(move |ask| (!matches!(ask, Ask::Me | Ask::Templates)).then(|| failing.clone())),
        );
        for panel in &page.panels {
            let message = panel.message.as_ref().unwrap_or_else(|| panic!("{name}: {}", panel.id));
            assert_eq!(
                (panel.state, message.title.as_str(), message.help),
                (state, title, help),
                "{name}: {}",
                panel.id
            );
            assert!(
                panel.chart.is_none() && panel.table.rows.is_empty() && panel.headline.is_none(),
                "{name}"
            );
            assert!(!message.detail.is_empty(), "{name}");
            // What failed was asked for, not fetched.
            assert!(
                panel.footer.iter().any(|part| part.starts_with("asked ")),
                "{name}: {:?}",
                panel.footer
            );
            assert!(
                !panel.footer.iter().any(|part| part.starts_with("fetched ")),
                "{name}: {:?}",
                panel.footer
            );
        }
        for tile in &page.tiles {
            assert_eq!((tile.state, tile.value), (state, None), "{name}: {}", tile.id);
            assert!(!tile.detail.is_empty() && tile.shown == "–", "{name}");
        }
    }
}

#[test]
fn a_page_without_a_single_answer_is_not_updated() {
    let said = |breaks: fn(&Ask) -> bool| {
        let page = usual_page("?range=7d", &except(move |ask| breaks(ask).then(|| reply(500, "{}"))));
        page.freshness
    };
    let clock = said(|_| false).replace("Updated ", "");
    assert_eq!(said(|_| true), format!("Asked {clock}; nothing could be had"));
    assert_eq!(said(|ask| *ask == Ask::Daus), format!("Updated {clock}"));
}

#[test]
fn the_servers_words_are_kept() {
    let page = usual_page("", &except(|ask| (*ask == Ask::Daus).then(|| failures()[6].1.clone())));
    let message = page.panel("daus").message.clone().unwrap();
    assert_eq!(
        message.detail,
        "Status 500: Internal error fetching deployment DAUs. pq: connection refused"
    );
    let page = usual_page("", &except(|ask| (*ask == Ask::Daus).then(|| failures()[10].1.clone())));
    assert_eq!(
        page.panel("daus").message.as_ref().unwrap().detail,
        "Bad. end_time: must be on the hour"
    );
}

#[test]
fn a_server_that_does_not_collect_is_not_one_where_nobody_works() {
    let off = r#"{"message":"Not Found.","detail":"Template insights are disabled."}"#;
    let page = usual_page(
        "",
        &except(|ask| matches!(ask, Ask::Daus | Ask::Insights(..)).then(|| reply(404, off))),
    );
    for panel in ["daus", "active-users"] {
        let message = page.panel(panel).message.clone().unwrap();
        assert_eq!(
            (page.panel(panel).state, message.title.as_str()),
            (State::Disabled, "Collection is switched off")
        );
    }
    assert!(
        ["tile-active", "dau", "wau", "mau", "stickiness"]
            .iter()
            .all(|tile| page.tile(tile).state == State::Disabled)
    );
    // Accounts are counted all the same.
    assert_eq!(
        (
            page.panel("user-status").state,
            page.tile("seats").state,
            page.tile("dormant").state
        ),
        (State::Ready, State::Ready, State::Ready)
    );
}

#[test]
fn before_an_answer_there_is_nothing_but_waiting() {
    let page = usual_page("", &|_| None);
    assert!(
        page.panels
            .iter()
            .all(|panel| panel.state == State::Loading && panel.message.is_none() && panel.chart.is_none())
    );
    assert!(
        page.tiles
            .iter()
            .all(|tile| tile.state == State::Loading && tile.value.is_none())
    );
}

#[test]
fn one_failure_costs_only_its_own_panel() {
    type Breaks = fn(&Ask) -> bool;
    let cases: [(Breaks, &[&str]); 5] = [
        (|ask| *ask == Ask::Daus, &["daus"]),
        (|ask| matches!(ask, Ask::Statuses { .. }), &["user-status", "dormant"]),
        (
            |ask| matches!(ask, Ask::Insights(..)),
            &["active-users", "tile-active", "dau", "wau", "mau", "stickiness"],
        ),
        (|ask| *ask == Ask::Entitlements, &["seats"]),
        (
            |ask| matches!(ask, Ask::Build | Ask::Organizations | Ask::Me | Ask::Templates),
            &[],
        ),
    ];
    for (breaks, expected) in cases {
        let page = usual_page("?range=7d", &except(move |ask| breaks(ask).then(|| reply(500, "{}"))));
        let panels = page.panels.iter().map(|panel| (panel.id, panel.state));
        let failed: Vec<&str> = panels
            .chain(page.tiles.iter().map(|tile| (tile.id, tile.state)))
            .filter(|(_, state)| *state == State::Failed)
            .map(|(id, _)| id)
            .collect();
        assert_eq!(failed, expected);
        assert!(
            page.states().iter().all(|state| ["ready", "failed"].contains(state)),
            "{:?}",
            page.states()
        );
    }
}

#[test]
fn part_of_the_answers_is_part_of_the_picture() {
    // Clocks change on 25 October: three requests, of which the last fails.
    let server = except(|ask| match ask {
        Ask::Insights(slice, _) if slice.start.to_utc() == at("2026-10-25T23:00:00Z") => Some(reply(503, "")),
        _ => None,
    });
    let page = page("?from=2026-10-23&to=2026-10-27", NOW, "Europe/Berlin", &server);
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Partial);
    assert_eq!(
        rows(&panel.table),
        [
            "23 Oct 2026 | 6",
            "24 Oct 2026 | 7",
            "25 Oct 2026 | 125",
            "26 Oct 2026 | (no answer)",
            "27 Oct 2026 | (no answer)"
        ]
    );
    assert!(has_note(panel, "2 of 5 intervals have no answer"));
    assert_eq!(panel.message.as_ref().unwrap().help, Help::Retry);
    assert_eq!(panel.headline.as_deref(), Some("46 on average over 3 whole days"));
    assert!(panel.chart.as_ref().unwrap().buckets[4].is_uncollected);
    // A mean of part of the days would not be what the tile promises.
    assert_eq!(page.tile("dau").state, State::Failed);
}

#[test]
fn a_month_with_days_left_out_has_no_stickiness() {
    let server = except(|ask| match ask {
        Ask::Insights(slice, grain) => {
            let mut body = insights(slice, *grain);
            let intervals = body["interval_reports"].as_array_mut().unwrap();
            intervals.truncate(intervals.len().saturating_sub(3));
            Some(reply(200, body.to_string()))
        }
        _ => None,
    });
    let page = usual_page("?range=7d", &server);
    assert_eq!(
        page.tile_text("stickiness"),
        "empty “–” Some of the 30 days have no answer"
    );
    assert_eq!(page.tile("dau").state, State::Partial);
    assert!(page.tile("dau").detail.ends_with("others have no answer"));
    assert_eq!(page.panel("active-users").state, State::Partial);
}

/// Templates that are asked one by one: who used which is known, how many by day is not.
fn trends(url: &str, insights: impl Fn(&Slice, Option<Grain>) -> Option<Reply>) -> Page {
    let server = except(|ask| match ask {
        Ask::Activity(slice) => ok(&json!({"report": {
            "start_time": rfc3339(&slice.start), "end_time": rfc3339(&slice.end), "template_ids": [T1, T2],
            "users": [{"template_ids": [T1, T2], "user_id": "u1", "username": "ada", "seconds": 60}]
        }})),
        Ask::Insights(slice, grain) => insights(slice, *grain),
        _ => None,
    });
    page_of(View::Templates, url, &moment(NOW, "UTC"), &coder_config(), &server)
}

#[test]
fn templates_without_a_single_figure_are_no_partial_picture() {
    for (name, failure, state, title, help) in failures() {
        let page = trends("?range=7d", |_, _| Some(failure.clone()));
        let panel = page.panel("template-trends");
        let message = panel.message.as_ref().unwrap();
        assert_eq!(
            (panel.state, message.title.as_str(), message.help),
            (state, title, help),
            "{name}"
        );
        assert!(panel.chart.is_none() && panel.table.rows.is_empty(), "{name}");
    }
    let page = trends("?range=7d", |_, _| Some(reply(200, r#"{"interval_reports":[]}"#)));
    let panel = page.panel("template-trends");
    assert_eq!(
        (panel.state, panel.message.as_ref().unwrap().title.as_str()),
        (State::Failed, "The answer is incomplete")
    );
    assert_eq!(
        page.panel("templates").headline.as_deref(),
        Some("2 templates used by 1 person")
    );
}

#[test]
fn templates_of_which_some_have_no_figures_are_a_partial_picture() {
    let page = trends("?from=2026-11-18&to=2026-11-20", |slice, _| {
        (slice.templates == [T2]).then(|| reply(500, ""))
    });
    let panel = page.panel("template-trends");
    assert_eq!(panel.state, State::Partial);
    assert!(
        panel.notes.contains(&"3 of 6 figures have no answer".into()),
        "{:?}",
        panel.notes
    );
    assert_eq!(
        rows(&panel.table),
        [
            "18 Nov 2026 | 11 | (no answer)",
            "19 Nov 2026 | 12 | (no answer)",
            "20 Nov 2026 | 3 | (no answer) | so far"
        ]
    );
}
