//! Seats of the AI assistant, and the company's members.

use super::*;

fn team_config() -> Config {
    config(
        r#"{"version":1,"sources":[
            {"id":"w","kind":"windsurf","label":"Windsurf","base_url":"/windsurf/","auth":"proxy"},
            {"id":"m","kind":"user-metrics","label":"Company","base_url":"/company/","auth":"token","company_id":"f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a"}]}"#,
    )
}

fn people_page(url: &str, server: Server) -> Page {
    page_of(View::People, url, &moment(NOW, "UTC"), &team_config(), server)
}

fn seats(rows: Vec<Value>) -> Value {
    json!({"userTableStats": rows, "billingCycleStart": "2026-11-01T00:00:00Z", "billingCycleEnd": "2026-12-01T00:00:00Z"})
}

fn seat(mail: &str, days: u32, more: &Value) -> Value {
    let mut seat = json!({"name": mail, "email": mail, "teamStatus": "USER_TEAM_STATUS_APPROVED", "role": "member", "promptCreditsUsed": 0});
    if days > 0 {
        seat["activeDays"] = json!(days);
        seat["lastAutocompleteUsageTime"] = json!("2026-11-19T10:00:00Z");
    }
    for (key, value) in more.as_object().unwrap() {
        seat[key] = value.clone();
    }
    seat
}

fn answering(body: Value) -> impl Fn(&Request) -> Option<Reply> {
    move |request| (request.ask == Ask::Assistant).then(|| reply(200, body.to_string()))
}

/// The groups of one kind, as `name people`.
fn groups(panel: &PanelModel, by: &str) -> Vec<String> {
    let rows = rows(&panel.groups).into_iter();
    rows.filter_map(|row| {
        let parts: Vec<&str> = row.split(" | ").collect();
        (parts[1] == by).then(|| format!("{} {}", parts[0], parts[2]))
    })
    .collect()
}

#[test]
fn seats_are_those_that_can_be_used() {
    let body = seats(vec![
        seat(
            "fern-01",
            20,
            &json!({"lastChatUsageTime": "2026-10-01T00:00:00Z", "promptCreditsUsed": "1500"}),
        ),
        seat(
            "fern-02",
            3,
            &json!({"lastCommandUsageTime": "2026-01-01T00:00:00Z", "promptCreditsUsed": 0.5}),
        ),
        seat("fern-03", 0, &json!({})),
        seat("fern-04", 5, &json!({"disableCodeium": true})),
        seat("fern-05", 0, &json!({"teamStatus": "USER_TEAM_STATUS_PENDING"})),
        seat(
            "fern-06",
            1,
            &json!({"teamStatus": "USER_TEAM_STATUS_REJECTED", "promptCreditsUsed": 10}),
        ),
        seat("fern-07", 0, &json!({"teamStatus": "USER_TEAM_STATUS_ON_LOAN"})),
        seat("fern-08", 0, &json!({"teamStatus": null})),
    ]);
    let page = people_page("?range=28d", &answering(body.clone()));
    let panel = page.panel("ai-usage");
    assert_eq!(
        (panel.state, panel.headline.as_deref()),
        (State::Ready, Some("3 seats, 1 never used"))
    );
    assert_eq!(
        groups(panel, "Active days in the range"),
        [
            "no day 1",
            "1 day 0",
            "2–5 days 1",
            "6–10 days 0",
            "11–20 days 1",
            "21–28 days 0"
        ]
    );
    assert_eq!(
        groups(panel, "Last chat"),
        [
            "last 7 days 0",
            "8–30 days ago 0",
            "31–90 days ago 1",
            "longer ago 0",
            "never 2"
        ]
    );
    assert_eq!(
        groups(panel, "Status in the team"),
        [
            "approved 3",
            "ON_LOAN 1",
            "approved, switched off 1",
            "not specified 1",
            "pending 1",
            "rejected 1"
        ]
    );
    assert!(has_note(
        panel,
        "without 1 switched off; 4 of another status are in the table of all users only"
    ));
    assert!(has_note(
        panel,
        "never used a feature: autocomplete 1, chat 2, command 2"
    ));
    assert!(has_note(
        panel,
        "1,510.5 prompt credits used by the whole team in the billing cycle 1–30 Nov 2026. Credits do not follow the range"
    ));
    assert_eq!(
        rows(&panel.table)[..3],
        [
            "fern-01 | fern-01 | approved | member | 20 | never | 19 Nov 2026 | 1 Oct 2026 | never | 1,500 | (not told)",
            "fern-02 | fern-02 | approved | member | 3 | never | 19 Nov 2026 | never | 1 Jan 2026 | 0.5 | (not told)",
            "fern-03 | fern-03 | approved | member | 0 | never | never | never | never | 0 | (not told)",
        ]
    );
    assert_eq!(panel.table.rows.len(), 4, "whom the team approved");
    let all = wish(Wish::Team, 1);
    let everybody = page_wishing(
        all,
        View::People,
        "?range=28d",
        &moment(NOW, "UTC"),
        &team_config(),
        &answering(body.clone()),
    );
    let everybody = everybody.panel("ai-usage");
    assert_eq!((everybody.table.rows.len(), &everybody.headline), (8, &panel.headline));
    // The tooltip of a bar tells of the bar, not of a row of people.
    let tip = panel.tip(2, None).unwrap();
    assert_eq!((tip.title.as_str(), tip.lines[1].1.as_str()), ("2–5 days", "1"));
    let csv = panel.csv();
    assert!(csv.contains("group,\"2–5 days, Active days in the range, 1\""), "{csv}");
}

#[test]
fn a_group_of_the_team_is_asked_for_and_is_not_everybody() {
    let body = seats(vec![seat("fern-01@example.com", 1, &json!({}))]);
    let server = |request: &Request| match request.ask {
        Ask::Assistant => ok(&body),
        _ => company(2, None)(request),
    };
    let mut config = team_config();
    config.sources[0].group = "Platform".into();
    let page = page_of(View::People, "", &moment(NOW, "UTC"), &config, &server);
    let panel = page.panel("ai-usage");
    assert!(has_note(panel, "Only the group “Platform”"));
    assert!(
        panel.requests[0]
            .body_text(None)
            .unwrap()
            .contains(r#""group_name":"Platform""#)
    );
    // Whoever is not in it may still use the assistant.
    let across = page.panel("across");
    assert_eq!(across.state, State::Partial);
    assert!(!format!("{:?}", across.rows()).contains("not in AI assistant"));
    assert_eq!(
        page.panel("reclaim").message.as_ref().unwrap().title,
        "The evidence is incomplete"
    );
}

#[test]
fn more_days_than_the_range_has_are_said() {
    let body = seats(vec![seat("fern-01", 462, &json!({})), seat("fern-02", 7, &json!({}))]);
    let page = people_page("?range=7d", &answering(body));
    let panel = page.panel("ai-usage");
    assert_eq!(
        groups(panel, "Active days in the range"),
        ["no day 0", "1 day 0", "2–5 days 0", "6–7 days 1", "more than 7 1"]
    );
    assert!(has_note(panel, "1 user has more active days than the 7 of the range"));
}

#[test]
fn credits_without_a_cycle_or_not_counted_are_no_figure() {
    let mut body = seats(vec![seat("fern-01", 1, &json!({"promptCreditsUsed": 3}))]);
    body["billingCycleEnd"] = Value::Null;
    let page = people_page("", &answering(body));
    assert!(has_note(
        page.panel("ai-usage"),
        "3 prompt credits used by the whole team in the current billing cycle, whose dates"
    ));
    let body = json!({"userTableStats": [{"email": "fern-01", "teamStatus": "USER_TEAM_STATUS_APPROVED"}]});
    let page = people_page("", &answering(body));
    assert!(!has_note(page.panel("ai-usage"), "credits"));
    assert!(rows(&page.panel("ai-usage").table)[0].contains("(not counted by this server)"));
}

#[test]
fn the_recorded_example_shows_its_figures() {
    let body = recorded_team();
    let moment = moment("2024-10-11T00:00:00Z", "UTC");
    let page = page_of(View::People, "?range=12m", &moment, &team_config(), &answering(body));
    let panel = page.panel("ai-usage");
    assert_eq!(values(&panel.table, "active_days"), numbers(&[210, 178]));
    assert_eq!(values(&panel.table, "credits"), numbers(&[8_300, 12_500]));
    assert!(has_note(
        panel,
        "20,800 prompt credits used by the whole team in the billing cycle 1–31 Oct 2024"
    ));
    assert!(has_note(panel, "command 1"));
}

fn recorded_team() -> Value {
    serde_json::from_str(include_str!("../fixtures/windsurf/user-page-analytics.json")).unwrap()
}

#[test]
fn a_filter_that_windsurf_does_not_know_is_said() {
    let page = people_page("?action=ide&org=x", &answering(recorded_team()));
    let panel = page.panel("ai-usage");
    assert_eq!(panel.state, State::Ready, "{:?}", panel.message);
    assert!(has_note(panel, "Not filtered by organization") && has_note(panel, "Not filtered by action “IDE”"));
}

#[test]
fn a_refused_key_names_who_has_to_give_another() {
    let refused = |_: &Request| Some(reply(200, r#"{"error":"invalid service key"}"#));
    let page = people_page("", &refused);
    let panel = page.panel("ai-usage");
    let message = panel.message.as_ref().unwrap();
    assert_eq!((panel.state, message.help), (State::Unauthorized, Help::Retry));
    assert!(message.detail.contains("proxy"));
}

fn member(id: u32, status: &str, sessions: u32, average: &str) -> Value {
    json!({"user_id": format!("{id:04}"), "email": format!("fern-{id:02}@example.com"), "first_name": "fern", "last_name": id.to_string(),
        "last_active": (status != "pending").then_some("2026-11-19T10:00:00Z"), "total_sessions": sessions, "sessions_this_month": 1,
        "avg_session_duration": average, "status": status, "role": "member", "department": id.is_multiple_of(2).then_some("Platform"),
        "created_at": "2024-01-15T09:00:00Z", "last_login": null})
}

/// A company of so many members, in pages of a hundred; `broken` is the page that fails.
fn company(count: u32, broken: Option<u32>) -> impl Fn(&Request) -> Option<Reply> {
    move |request| {
        let Ask::Members(page) = request.ask else { return None };
        if broken == Some(page) {
            return Some(reply(
                429,
                r#"{"detail":"Slow down.","code":"rate_limit_exceeded","retry_after":60}"#,
            ));
        }
        let rows: Vec<Value> = ((page - 1) * 100..count.min(page * 100))
            .map(|id| member(id, "active", 1, "00:10:00"))
            .collect();
        let next = (page * 100 < count).then_some("https://elsewhere.example.com/?page=99");
        ok(&json!({"count": count, "next": next, "previous": null, "results": rows}))
    }
}

#[test]
fn the_companys_own_figures_are_asked_for_where_not_all_members_can_be_read() {
    let server = |request: &Request| match request.ask {
        Ask::Summary => {
            ok(&json!({"total_users": 100_000, "average_sessions": 2.5, "by_status": {"active": 1}, "as_of": "today"}))
        }
        _ => company(100_000, None)(request),
    };
    let page = people_page("", &server);
    assert!(has_note(
        page.panel("members"),
        "own figures of all members: average sessions 2.5, total users 100,000"
    ));
    let page = people_page("", &company(2_000, None));
    assert!(page.asked.iter().all(|request| request.ask != Ask::Summary));
    assert_eq!(page.panel("members").state, State::Ready);
}

#[test]
fn a_company_can_export_and_compute_anew() {
    let page = people_page("", &company(3, None));
    let deeds = &page.panel("members").deeds;
    let asked: Vec<_> = deeds
        .iter()
        .map(|deed| (deed.request.target(), deed.request.body.is_some()))
        .collect();
    let base = "api/v2/companies/f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a/user-metrics";
    assert_eq!(
        asked,
        [(format!("{base}/export/"), false), (format!("{base}/refresh/"), true)]
    );
    assert_eq!(deeds[0].file.as_deref(), Some("members-export_2026-11-20.csv"));
}

fn pages_asked(page: &Page) -> Vec<u32> {
    let number = |request: &Request| match request.ask {
        Ask::Members(page) => Some(page),
        _ => None,
    };
    page.asked.iter().filter_map(number).collect()
}

#[test]
fn all_pages_are_read_one_after_the_other() {
    let page = people_page("", &company(247, None));
    let panel = page.panel("members");
    assert_eq!(pages_asked(&page), [1, 2, 3]);
    assert_eq!(
        (panel.state, panel.headline.as_deref()),
        (State::Ready, Some("247 members, 247 active"))
    );
    assert_eq!((panel.table.rows.len(), panel.requests.len()), (247, 3));
    assert!(!has_note(panel, "loaded"));
    assert!(
        panel
            .curl(&page.scope, "https://metrics.example.com")
            .unwrap()
            .lines()
            .count()
            == 3
    );
}

#[test]
fn what_is_loaded_is_shown_while_more_is_on_its_way() {
    let slow = |request: &Request| {
        (request.ask != Ask::Members(2))
            .then(|| company(247, None)(request))
            .flatten()
    };
    let page = people_page("", &slow);
    let panel = page.panel("members");
    assert_eq!(panel.state, State::Partial);
    assert_eq!(panel.headline.as_deref(), Some("247 members"));
    assert!(has_note(panel, "100 of 247 loaded so far; all figures are of these"));
}

#[test]
fn a_page_that_fails_ends_the_reading_and_keeps_what_is_there() {
    let page = people_page("", &company(500, Some(3)));
    let panel = page.panel("members");
    assert_eq!(pages_asked(&page), [1, 2, 3]);
    assert_eq!(
        (panel.state, panel.message.as_ref().unwrap().help),
        (State::Partial, Help::Wait(60))
    );
    assert!(has_note(panel, "200 of 500 loaded; all figures are of these"));
    let page = people_page("", &company(500, Some(1)));
    assert_eq!(page.panel("members").state, State::Limited);
}

#[test]
fn no_more_than_twenty_pages_are_read_by_itself() {
    let page = people_page("", &company(100_000, None));
    assert_eq!(pages_asked(&page), (1..=20).collect::<Vec<_>>());
    let panel = page.panel("members");
    assert_eq!(panel.state, State::Partial);
    assert!(has_note(
        panel,
        "2,000 of 100,000 loaded; all figures are of these. The rest comes as the table is scrolled to its end, or with “Load all”"
    ));
    // What is searched is what is loaded.
    let list = panel.list.as_ref().unwrap();
    assert_eq!(list.rows().noun(), Some(["loaded member", "loaded members"]));
    let found = |search: &str| list.found(search, &[]).iter().filter(|is_found| **is_found).count();
    assert_eq!(
        (found("FERN-1999@"), found("fern platform 1998"), found("fern-2000@")),
        (1, 1, 0)
    );
    let more = panel.more.clone().unwrap();
    assert_eq!(
        (more.words.as_str(), more.is_waiting),
        ("2,000 of 100,000 loaded", false)
    );

    // More are asked for one by one, as a person wishes, until all are there.
    let load = |more_members: u32, count: u32| {
        let wishes = Wishes {
            more_members,
            ..Wishes::default()
        };
        page_wishing(
            wishes,
            View::People,
            "",
            &moment(NOW, "UTC"),
            &team_config(),
            &company(count, None),
        )
    };
    let page = load(2, 100_000);
    assert_eq!(pages_asked(&page), (1..=22).collect::<Vec<_>>());
    assert_eq!(page.panel("members").more.as_ref().unwrap().loaded, 2_200);
    let page = load(5, 2_150);
    let panel = page.panel("members");
    assert_eq!(
        (panel.state, panel.more.as_ref(), pages_asked(&page).len()),
        (State::Ready, None, 22)
    );
}

#[test]
fn status_and_order_are_asked_of_the_server() {
    let of = |wishes: Wishes| {
        let server = |request: &Request| {
            let asked = request
                .query
                .iter()
                .find(|(key, _)| *key == "status")
                .map(|(_, value)| value.as_str());
            let rows = [
                member(1, "active", 5, ""),
                member(2, "inactive", 9, ""),
                member(3, "active", 7, ""),
            ];
            let fits = |row: &&Value| asked.is_none_or(|status| row["status"] == status);
            let rows: Vec<&Value> = rows.iter().filter(fits).collect();
            matches!(request.ask, Ask::Members(_)).then(|| {
                reply(
                    200,
                    json!({"count": rows.len(), "next": null, "results": rows}).to_string(),
                )
            })
        };
        page_wishing(wishes, View::People, "", &moment(NOW, "UTC"), &team_config(), &server)
    };
    let names = |page: &Page| {
        page.panel("members")
            .table
            .rows
            .iter()
            .map(|row| row[0].words().to_string())
            .collect::<Vec<_>>()
    };
    let target = |page: &Page| page.panel("members").requests[0].target();
    let plain = of(Wishes::default());
    assert!(
        target(&plain).ends_with("&page=1&page_size=100&ordering=-last_active"),
        "{}",
        target(&plain)
    );
    let active = of(wish(Wish::Status, 1));
    assert!(target(&active).ends_with("&ordering=-last_active&status=active"));
    assert_eq!(names(&active), ["fern 1", "fern 3"]);
    assert!(
        active
            .panel("members")
            .csv()
            .contains("status,Active\r\norder,Last active\r\n")
    );
    let most = of(wish(Wish::Order, 2));
    assert!(target(&most).ends_with("&ordering=-total_sessions"));
    assert_eq!(names(&most), ["fern 2", "fern 3", "fern 1"]);
    let pending = of(wish(Wish::Status, 3));
    let message = pending.panel("members").message.clone().unwrap();
    assert_eq!(message.detail, "The company has no members whose status is pending.");
    assert_eq!(pending.panel("members").controls.len(), 2, "there is a way back");
    // Another list is read from its beginning.
    let mut wishes = Wishes {
        more_members: 7,
        ..Wishes::default()
    };
    wishes.choose(Wish::Idle, 1);
    assert_eq!(wishes.more_members, 7);
    wishes.choose(Wish::Status, 1);
    assert_eq!(wishes.more_members, 0);
}

#[test]
fn who_moves_between_pages_is_counted_once() {
    let moving = |request: &Request| match request.ask {
        Ask::Members(1) => {
            ok(&json!({"count": 3, "next": "x", "results": [member(1, "active", 1, ""), member(2, "active", 1, "")]}))
        }
        Ask::Members(2) => ok(&json!({"count": 3, "next": null, "results": [member(2, "active", 1, "")]})),
        _ => None,
    };
    let page = people_page("", &moving);
    let panel = page.panel("members");
    assert_eq!((panel.table.rows.len(), panel.state), (2, State::Partial));
    assert!(has_note(panel, "2 of 3 loaded; the list changed while it was read"));
}

#[test]
fn members_are_grouped_and_their_sessions_weighted() {
    let server = |request: &Request| match request.ask {
        Ask::Members(1) => ok(&json!({"count": 4, "next": null, "results": [
            member(1, "active", 30, "00:10:00"), member(2, "active", 10, "00:30:00"),
            member(3, "inactive", 0, "00:00:00"), member(4, "pending", 0, "")
        ]})),
        _ => None,
    };
    let page = people_page("", &server);
    let panel = page.panel("members");
    assert_eq!(panel.headline.as_deref(), Some("4 members, 2 active"));
    assert_eq!(groups(panel, "Status"), ["active 2", "inactive 1", "pending 1"]);
    assert_eq!(groups(panel, "Department"), ["Platform 2", "no department 2"]);
    assert_eq!(
        groups(panel, "Last active"),
        [
            "last 7 days 3",
            "8–30 days ago 0",
            "31–90 days ago 0",
            "longer ago 0",
            "never 1"
        ]
    );
    assert!(has_note(
        panel,
        "40 sessions since the accounts exist, 4 in this calendar month: sessions do not follow the range"
    ));
    assert!(has_note(panel, "15 m is the mean of all sessions"));
    assert_eq!(
        rows(&panel.table)[3],
        "fern 4 | fern-04@example.com | pending | member | Platform | never | 0 | 1 | (not told) | never | 15 Jan 2024"
    );
}

#[test]
fn what_a_company_does_not_tell_is_no_zero_and_no_never() {
    let told = |id: &str, more: Value| {
        let mut one = json!({"user_id": id, "email": format!("{id}@example.com"), "status": "active"});
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        one
    };
    let company = |rows: Vec<Value>| {
        move |request: &Request| match request.ask {
            Ask::Members(1) => ok(&json!({"count": rows.len(), "next": null, "results": rows})),
            _ => None,
        }
    };
    // An older server knows neither the sessions of the month nor when somebody was last active.
    let older = company(vec![
        told("fern", json!({"total_sessions": 12})),
        told("moss", json!({"total_sessions": 3})),
    ]);
    let page = people_page("", &older);
    let panel = page.panel("members");
    assert!(has_note(
        panel,
        "15 sessions since the accounts exist: sessions do not follow the range"
    ));
    assert_eq!(groups(panel, "Last active").last().unwrap(), "not told 2");
    assert!(groups(panel, "Last active").contains(&"never 0".into()));
    assert!(rows(&panel.table)[0].contains("(not told) | 12 | (not told) | (not told) | (not told)"));

    let some = company(vec![
        told(
            "fern",
            json!({"total_sessions": 0, "sessions_this_month": 2, "last_active": null}),
        ),
        told("moss", json!({"sessions_this_month": 5})),
    ]);
    let page = people_page("", &some);
    let panel = page.panel("members");
    assert!(has_note(
        panel,
        "0 sessions since the accounts exist (told of 1 of 2 members), 7 in this calendar month"
    ));
    assert!(groups(panel, "Last active").contains(&"never 1".into()));

    let none = company(vec![told("fern", json!({}))]);
    let page = people_page("", &none);
    assert!(!has_note(page.panel("members"), "sessions"));
}
