//! Accounts by status, and the seats of the licence.

use super::*;

fn with_licence(body: Value) -> impl Fn(&Request) -> Option<Reply> {
    except(move |ask| (*ask == Ask::Entitlements).then(|| reply(200, body.to_string())))
}

fn with_statuses(body: Value) -> impl Fn(&Request) -> Option<Reply> {
    except(move |ask| matches!(ask, Ask::Statuses { .. }).then(|| reply(200, body.to_string())))
}

#[test]
fn the_limit_is_drawn_on_active_accounts_alone() {
    let page = usual_page("?range=7d", &with_licence(licence(Some(55), Some(48))));
    let panel = page.panel("user-status");
    let chart = panel.chart.as_ref().unwrap();
    assert_eq!(
        (
            chart.references.len(),
            chart.references[0].value,
            chart.references[0].label.as_str()
        ),
        (1, 48.0, "Seat limit 48 (active accounts)")
    );
    assert_eq!(
        chart
            .series
            .iter()
            .map(|series| series.name.as_str())
            .collect::<Vec<_>>(),
        ["Active", "Dormant", "Suspended"]
    );
    assert_eq!(values(&panel.table, "active"), numbers(&[44, 45, 46, 47, 48, 49, 50]));
    // 49 and 50 are above 48; all accounts together would be on every day.
    assert!(has_note(
        panel,
        "Active accounts were above the seat limit on 2 of 7 days"
    ));
    assert!(has_note(
        panel,
        "today's limit, and counts against active accounts alone"
    ));
    assert_eq!(panel.headline.as_deref(), Some("50 active of 48 seats on 20 Nov"));
    assert_eq!(page.tile_text("seats"), "ready 55 “55” now, of 48 (115%, 7 over)");
    assert_eq!(values(&panel.table, "total"), numbers(&[51, 52, 53, 54, 55, 56, 57]));
    assert_eq!(page.tile_text("dormant"), "ready 5 “5” at 00:00, 20 Nov");
}

#[test]
fn a_licence_may_say_less() {
    let none = json!({"has_license": false, "features": {"user_limit": {"enabled": false, "actual": 47}}});
    let cases: [(Value, &str, &str, Option<&str>); 6] = [
        (
            licence(Some(47), None),
            "ready 47 “47” now, no limit in the licence",
            "50 active on 20 Nov",
            Some("The licence names no seat limit"),
        ),
        (
            licence(Some(47), Some(0)),
            "ready 47 “47” now, no limit in the licence",
            "50 active on 20 Nov",
            Some("The licence names no seat limit"),
        ),
        (
            none,
            "ready 47 “47” now, no licence",
            "50 active on 20 Nov",
            Some("There is no licence, so there is no seat limit"),
        ),
        (
            licence(None, Some(60)),
            "empty “–” of 60: the server does not count them",
            "50 active of 60 seats on 20 Nov",
            None,
        ),
        (
            json!({"has_license": true, "features": {}}),
            "empty “–” The licence does not count seats",
            "50 active on 20 Nov",
            Some("The licence names no seat limit"),
        ),
        (
            json!({"has_license": false}),
            "empty “–” No licence",
            "50 active on 20 Nov",
            Some("There is no licence, so there is no seat limit"),
        ),
    ];
    for (body, tile, headline, note) in cases {
        let page = usual_page("?range=7d", &with_licence(body.clone()));
        let panel = page.panel("user-status");
        assert_eq!(page.tile_text("seats"), tile, "{body}");
        assert_eq!(
            (panel.state, panel.headline.as_deref()),
            (State::Ready, Some(headline)),
            "{body}"
        );
        assert_eq!(
            panel.chart.as_ref().unwrap().references.is_empty(),
            note.is_some(),
            "{body}"
        );
        assert!(
            note.is_none_or(|note| has_note(panel, note)),
            "{body}: {:?}",
            panel.notes
        );
    }
}

#[test]
fn without_entitlements_the_accounts_are_shown_all_the_same() {
    let page = usual_page(
        "?range=7d",
        &except(|ask| (*ask == Ask::Entitlements).then(|| reply(404, r#"{"message":"Route not found."}"#))),
    );
    let panel = page.panel("user-status");
    assert_eq!(
        (panel.state, panel.chart.as_ref().unwrap().references.len()),
        (State::Ready, 0)
    );
    assert!(has_note(panel, "Seat limit unknown: not supported"));
    assert_eq!(page.tile("seats").state, State::Unsupported);
}

/// Servers before zones were known refuse the key, want whole hours, and send points only where a count changed.
#[test]
fn an_old_servers_few_points_are_carried_forward() {
    let asked = RefCell::new(Vec::new());
    let server = |request: &Request| {
        let Ask::Statuses { old_server, .. } = &request.ask else {
            return usual(request);
        };
        asked.borrow_mut().push(request.target());
        if !old_server {
            return Some(reply(
                400,
                r#"{"message":"Query parameters have invalid values.","validations":[{"field":"timezone","detail":"\"timezone\" is not a valid query param"}]}"#,
            ));
        }
        // Midnights at +05:00, 19:00 UTC of the day before; in no order.
        ok(&json!({"status_counts": {
            "active": [{"date": "2026-11-17T19:00:00Z", "count": 44}, {"date": "2026-11-01T19:00:00Z", "count": 40}, {"date": "2026-11-15T19:00:00Z", "count": 43}],
            "dormant": [{"date": "2026-11-01T19:00:00Z", "count": 3}],
        }}))
    };
    let page = page("?range=7d", NOW, "Asia/Kolkata", &server);
    let panel = page.panel("user-status");
    assert_eq!(
        asked.borrow().as_slice(),
        [
            "api/v2/insights/user-status-counts?timezone=Asia/Kolkata",
            "api/v2/insights/user-status-counts?tz_offset=5"
        ]
    );
    assert_eq!(panel.state, State::Ready, "{:?}", panel.notes);
    // The point of 19:00 UTC on the 15th is 00:00 of the 16th at +05:00.
    assert_eq!(
        rows(&panel.table),
        [
            "14 Nov 2026 | 40 | 3 | 0 | 43",
            "15 Nov 2026 | 40 | 3 | 0 | 43",
            "16 Nov 2026 | 43 | 3 | 0 | 46",
            "17 Nov 2026 | 43 | 3 | 0 | 46",
            "18 Nov 2026 | 44 | 3 | 0 | 47",
            "19 Nov 2026 | 44 | 3 | 0 | 47",
            "20 Nov 2026 | 44 | 3 | 0 | 47"
        ]
    );
    assert!(
        panel.footer.contains(&"00:00 at UTC+05:00".to_string()),
        "{:?}",
        panel.footer
    );
    assert!(has_note(panel, "This server knows whole hours only"));
    assert_eq!(page.tile("dormant").value, Some(3.0));
    // The request on the panel is the one to ask again.
    assert!(panel.requests[0].target().contains("timezone=Asia/Kolkata"));
}

/// In winter an old server is asked at +01:00; in summer days began an hour earlier, and stay on their day.
#[test]
fn days_of_an_old_server_do_not_slip_where_clocks_change() {
    let server = |request: &Request| match &request.ask {
        Ask::Statuses { old_server: false, .. } => Some(reply(400, r#"{"message":"timezone?"}"#)),
        Ask::Statuses { .. } => {
            let points: Vec<Value> = (0..=60)
                .map(|back| at("2026-11-19T23:00:00Z") - Duration::days(back))
                .map(|instant| json!({"date": instant.to_rfc3339(), "count": (instant + Duration::hours(1)).day()}))
                .collect();
            ok(&json!({"status_counts": {"active": points}}))
        }
        _ => usual(request),
    };
    let page = page("?from=2026-10-22&to=2026-10-28", NOW, "Europe/Berlin", &server);
    assert_eq!(
        values(&page.panel("user-status").table, "active"),
        numbers(&[22, 23, 24, 25, 26, 27, 28])
    );
}

#[test]
fn statuses_without_a_name_here_are_named_and_not_added() {
    let day = |count: u32| json!([{"date": "2026-11-19T00:00:00Z", "count": count}, {"date": "2026-11-20T00:00:00Z", "count": count}]);
    let page = usual_page(
        "?from=2026-11-19&to=2026-11-20",
        &with_statuses(json!({"status_counts": {"active": day(10), "archived": day(4), "invited": day(1)}})),
    );
    let panel = page.panel("user-status");
    assert!(has_note(
        panel,
        "Not shown, because this page does not know them: archived, invited"
    ));
    assert_eq!(
        rows(&panel.table),
        ["19 Nov 2026 | 10 | 0 | 0 | 10", "20 Nov 2026 | 10 | 0 | 0 | 10"]
    );
    assert_eq!(panel.table.columns[4].title, "Accounts shown", "not all accounts");
}

#[test]
fn before_the_first_record_nothing_is_known() {
    let page = usual_page(
        "?from=2026-11-17&to=2026-11-20",
        &with_statuses(json!({"status_counts": {
            "active": [{"date": "2026-11-17T00:00:00Z", "count": 9}, {"date": "2026-11-20T00:00:00Z", "count": 8}],
            "suspended": [{"date": "2026-11-19T00:00:00Z", "count": 1}],
        }})),
    );
    let panel = page.panel("user-status");
    assert_eq!(panel.state, State::Partial);
    assert!(has_note(
        panel,
        "Before its first record the server does not tell a count"
    ));
    assert_eq!(
        rows(&panel.table),
        [
            "17 Nov 2026 | 9 | 0 | (not recorded yet) | (not recorded yet)",
            "18 Nov 2026 | 9 | 0 | (not recorded yet) | (not recorded yet)",
            "19 Nov 2026 | 9 | 0 | 1 | 10",
            "20 Nov 2026 | 8 | 0 | 1 | 9"
        ]
    );
    let none = usual_page("?range=7d", &with_statuses(json!({"status_counts": {}})));
    assert_eq!(
        (none.panel("user-status").state, none.tile_text("dormant")),
        (State::Empty, "empty “–” Not recorded yet".into())
    );
}

/// A cache or a recording must not become today's figures: a server that knows zones gives a point a day.
#[test]
fn accounts_of_another_time_are_not_carried_into_the_present() {
    let body = json!({"status_counts": {"active": [{"date": "2026-11-16T00:00:00Z", "count": 9}, {"date": "2026-11-17T00:00:00Z", "count": 8}], "dormant": [{"date": "2026-11-17T00:00:00Z", "count": 2}]}});
    let page = usual_page("?from=2026-11-16&to=2026-11-20", &with_statuses(body.clone()));
    let panel = page.panel("user-status");
    assert_eq!((panel.state, panel.table.rows.len()), (State::Partial, 2));
    assert!(has_note(panel, "The answer of the server ends on 17 Nov 2026"));
    assert_eq!(panel.headline.as_deref(), Some("8 active of 60 seats on 17 Nov"));
    assert_eq!(page.tile_text("dormant"), "ready 2 “2” at 00:00, 17 Nov");
    let later = usual_page("?range=today", &with_statuses(body));
    assert_eq!(
        later.panel("user-status").message.as_ref().unwrap().title,
        "The server answered for other days"
    );
}
