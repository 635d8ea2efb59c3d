//! Privacy modes: no name, mail address or id of a person anywhere, and no figure of a small group.

use super::*;

fn private(mode: &str, least: u32) -> Config {
    config(&format!(
        r#"{{"version":1,"privacy":{{"mode":"{mode}","min_group":{least}}},"sources":[
        {{"id":"c","kind":"coder","label":"Coder","base_url":"https://coder.example.com/","auth":"token"}},
        {{"id":"v1","kind":"coder-v1","label":"Coder v1","base_url":"https://coder.example.com/","auth":"token"}},
        {{"id":"w","kind":"windsurf","label":"Windsurf","base_url":"/windsurf/","auth":"proxy"}},
        {{"id":"m","kind":"user-metrics","label":"Company","base_url":"/company/","auth":"proxy",
          "company_id":"f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a"}}]}}"#
    ))
}

/// What a page says, in all the ways in which it can be taken away.
fn everything(page: &Page) -> String {
    let panel = |panel: &PanelModel| {
        let curl = panel.curl(&page.scope, "https://x.example").unwrap_or_default();
        let tips: Vec<_> = (0..50).filter_map(|index| panel.tip(index, None)).collect();
        format!(
            "{panel:?}\n{}\n{curl}\n{tips:?}\n{:?}",
            panel.csv(),
            panel.picture_text()
        )
    };
    let panels: Vec<String> = page.panels.iter().map(panel).collect();
    format!("{}\n{:?}", panels.join("\n"), page.tiles)
}

/// Everything that tells who somebody is, in what the demo answers.
fn identities(demo: &Demo, requests: &[Request]) -> BTreeSet<String> {
    const KEYS: [&str; 10] = [
        "user_id",
        "username",
        "email",
        "first_name",
        "last_name",
        "name",
        "id",
        "avatar_url",
        "user",
        "login",
    ];
    fn find(value: &Value, is_person: bool, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                let is_person = is_person
                    || ["username", "email", "user_id"]
                        .iter()
                        .any(|key| map.contains_key(*key));
                for (key, value) in map {
                    match value {
                        Value::String(text) if is_person && KEYS.contains(&key.as_str()) && text.len() > 3 => {
                            found.insert(text.clone());
                        }
                        other => find(other, false, found),
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| find(value, is_person, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for request in requests {
        if let Ok(value) = serde_json::from_slice(&demo.answer(request).body) {
            find(&value, false, &mut found);
        }
    }
    found
}

/// The words of a text, and each two that follow each other: what a name, a mail address or an id could be.
fn words(text: &str) -> BTreeSet<&str> {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_.@+".contains(letter);
    let mut words = BTreeSet::new();
    let mut before = None;
    let mut start = None;
    for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_part(letter)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.insert(&text[from..at]);
                if let Some(first) = before {
                    words.insert(&text[first..at]);
                }
                before = Some(from);
                start = None;
            }
            _ => {}
        }
    }
    words
}

#[test]
fn nobody_is_named_in_the_stricter_modes() {
    let moment = moment(NOW, "UTC");
    let demo = Demo::new(moment.now, &moment.zone);
    let server = |request: &Request| Some(demo.answer(request));
    for view in report::views() {
        let full = page_of(view, "?source=demo", &moment, &private("full", 5), &server);
        let people = identities(&demo, &full.asked);
        assert!(people.len() >= 3, "{view:?}: {people:?}");
        let said = everything(&full);
        let is_named = people.iter().any(|name| said.contains(name.as_str()));
        assert_eq!(is_named, view != View::Overview, "{view:?} names people where it may");
        for mode in ["pseudonym", "aggregate"] {
            let page = page_of(view, "?source=demo", &moment, &private(mode, 5), &server);
            let said = everything(&page);
            let words = words(&said);
            for (place, name) in people.iter().enumerate() {
                // Looking through all of it takes long: some names are looked for within words, too.
                let is_said = words.contains(name.as_str()) || (place % 50 == 0 && said.contains(name.as_str()));
                assert!(!is_said, "{mode} {view:?}: {name}");
            }
            let closed = page.panels.iter().filter(|panel| panel.state == State::Forbidden);
            let expected: &[&str] = match (mode, view) {
                ("aggregate", View::People) => &["people", "seat-outlook"],
                ("aggregate", View::Templates) => &["user-activity", "latency"],
                ("aggregate", View::Activity) => &["most-active"],
                _ => &[],
            };
            assert_eq!(
                closed.map(|panel| panel.id).collect::<Vec<_>>(),
                expected,
                "{mode} {view:?}"
            );
        }
    }
}

#[test]
fn a_pseudonym_has_a_page_and_its_address_names_nobody() {
    let moment = moment(NOW, "UTC");
    let demo = Demo::new(moment.now, &moment.zone);
    let server = |request: &Request| Some(demo.answer(request));
    let config = private("pseudonym", 5);
    let list = page_of(View::People, "?source=demo&range=7d", &moment, &config, &server);
    let people = identities(&demo, &list.asked);
    let rows = list.panel("people").rows();
    let at = |place: usize| {
        let cell = |column: usize| rows.rows().cell(place, column).words().to_string();
        let columns = rows.rows().columns();
        let of = |id: &str| cell(columns.iter().position(|column| column.id == id).unwrap());
        (
            of("name"),
            of("last_seen"),
            of("seconds"),
            rows.rows().person(place).unwrap(),
        )
    };
    for place in [0, 7, rows.count() - 1] {
        let (name, seen, time, link) = at(place);
        let url = format!("?source=demo&range=7d&person={link}");
        let page = page_of(View::Person, &url, &moment, &config, &server);
        let panel = page.panel("person");
        assert_eq!(
            (panel.state, panel.headline.as_deref()),
            (State::Ready, Some(name.as_str()))
        );
        let facts = super::rows(&panel.table);
        for fact in [
            format!("Name | {name}"),
            format!("Last seen | {seen}"),
            format!("Time in range | {time}"),
        ] {
            assert!(facts.contains(&fact), "{fact}: {facts:?}");
        }
        assert!(
            facts
                .iter()
                .all(|fact| !fact.starts_with("Username") && !fact.starts_with("E-mail"))
        );
        assert_eq!(
            page.panel("person-timeline").headline,
            Some(if time == "0 s" {
                "No use in these days".into()
            } else {
                format!("{time} in all")
            })
        );
        let said = everything(&page);
        let words = words(&said);
        assert_eq!(people.iter().find(|name| words.contains(name.as_str())), None);
    }
    // What is no pseudonym of anybody leads to nobody: neither an id nor a part of a code.
    let id = people.iter().find(|name| name.len() == 36).unwrap();
    for other in [id.as_str(), "K7Q2", "000000000000", "", "Person"] {
        let url = format!("?source=demo&range=7d&person={other}");
        let page = page_of(View::Person, &url, &moment, &config, &server);
        let title = page.panel("person").message.clone().unwrap().title;
        assert_eq!(title, "No such person", "{other}");
        let closed = page_of(View::Person, &url, &moment, &private("aggregate", 5), &server);
        assert!(
            closed
                .panels
                .iter()
                .all(|panel| panel.state == State::Forbidden && panel.requests.is_empty())
        );
    }
}

#[test]
fn pseudonyms_are_of_the_deployment() {
    let moment = moment(NOW, "UTC");
    let demo = Demo::new(moment.now, &moment.zone);
    let server = |request: &Request| Some(demo.answer(request));
    let names = |url: &str, config: &Config| -> BTreeSet<String> {
        let page = page_of(View::Templates, url, &moment, config, &server);
        let panel = page.panel("user-activity");
        assert_eq!(panel.state, State::Ready, "{:?}", panel.message);
        panel.table.rows.iter().map(|row| row[0].words().to_string()).collect()
    };
    let config = private("pseudonym", 5);
    let week = names("?range=7d", &config);
    assert!(
        week.iter().all(|name| name.starts_with("Person ") && name.len() >= 11),
        "{week:?}"
    );
    // The same people have the same names on other days; four letters nearly always suffice.
    let month = names("?range=28d", &config);
    assert!(week.intersection(&month).count() + 2 >= week.len());
    let mut other = config.clone();
    other.sources[0].base_url = "https://other.example.com/".into();
    assert_eq!(names("?range=7d", &other).intersection(&week).count(), 0);
    // So is a deployment with a salt of its own.
    let salted = |salt: &str| {
        let text = format!(
            r#"{{"version":1,"privacy":{{"mode":"pseudonym","salt":"{salt}"}},"sources":[
            {{"id":"c","kind":"coder","label":"Coder","base_url":"https://coder.example.com/","auth":"token"}}]}}"#
        );
        names("?range=7d&source=demo", &super::config(&text))
    };
    assert_eq!(salted("quiet river"), salted("quiet river"));
    assert_eq!(salted("quiet river").intersection(&salted("loud river")).count(), 0);
    assert_eq!(salted("quiet river").intersection(&week).count(), 0);
}

#[test]
fn pseudonyms_that_look_alike_grow_until_they_do_not() {
    let config = private("pseudonym", 5);
    let names = metrics::privacy::Names::new(&config.privacy, &config.sources);
    let ids: Vec<String> = (0..20_000).map(|id| format!("id-{id}")).collect();
    let shown = names.of(ids.iter().map(|id| (id.as_str(), "fern-07")));
    assert_eq!(shown.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(shown.iter().any(|name| name.len() == "Person K7Q2".len()));
    assert!(shown.iter().any(|name| name.len() > "Person K7Q2".len()));
    for (id, name) in ids.iter().zip(&shown) {
        let link = names.link(id);
        assert!(format!("Person {link}").starts_with(name.as_str()) && names.is_link_to(&link, id));
        assert!(!names.is_link_to(id, id));
    }
    // One person twice is one person.
    assert_eq!(
        names.of([("a", "x"), ("a", "y")]).iter().collect::<BTreeSet<_>>().len(),
        1
    );
}

#[test]
fn servers_do_not_name_anybody_either() {
    let refusal = r#"{"message":"fern-07@example.com may not do this"}"#;
    let server = except(move |ask| matches!(ask, Ask::Daus).then(|| reply(400, refusal)));
    let open = page_of(View::Overview, "", &moment(NOW, "UTC"), &private("full", 5), &server);
    assert!(everything(&open).contains("fern-07@example.com"));
    let closed = page_of(
        View::Overview,
        "",
        &moment(NOW, "UTC"),
        &private("pseudonym", 5),
        &server,
    );
    assert!(!everything(&closed).contains("fern-07@example.com"));
    let detail = &closed.panel("daus").message.as_ref().unwrap().detail;
    assert_eq!(detail, "(address hidden) may not do this");
}

#[test]
fn small_groups_are_hidden_and_cannot_be_computed() {
    let points = |counts: [u32; 2]| json!([{"date": "2026-11-19T00:00:00Z", "count": counts[0]}, {"date": "2026-11-20T00:00:00Z", "count": counts[1]}]);
    let statuses =
        json!({"status_counts": {"active": points([40, 41]), "dormant": points([4, 5]), "suspended": points([0, 9])}});
    let server = except(move |ask| matches!(ask, Ask::Statuses { .. }).then(|| reply(200, statuses.to_string())));
    let page = page_of(
        View::Overview,
        "?from=2026-11-14&to=2026-11-20&compare=previous",
        &moment(NOW, "UTC"),
        &private("aggregate", 5),
        &server,
    );
    let status = page.panel("user-status");
    assert_eq!(
        rows(&status.table),
        [
            "19 Nov 2026 | 40 | (hidden: fewer than 5 people) | 0 | (hidden: it would tell a hidden figure of this row)",
            "20 Nov 2026 | 41 | 5 | 9 | 55"
        ]
    );
    assert_eq!(status.chart.as_ref().unwrap().series[1].values.get(0), None);
    assert!(has_note(
        status,
        "1 row has figures of fewer than 5 people, which are hidden"
    ));
    assert!(status.csv().contains("2026-11-19,40,,0,\r\n"), "{}", status.csv());

    // 3 people on the 20th and 4 on the 11th, one of the days before.
    let active = page.panel("active-users");
    assert_eq!(values(&active.table, "active_users")[6], None);
    assert_eq!(values(&active.table, "change")[6], None);
    assert_eq!(
        (values(&active.table, "before")[4], values(&active.table, "change")[4]),
        (None, None)
    );
    assert!(values(&active.table, "active_users")[..6].iter().all(Option::is_some));
    let chart = active.chart.as_ref().unwrap();
    assert_eq!(
        (chart.series[0].values.get(6), chart.series[1].values.get(4)),
        (None, None)
    );
    assert!(
        chart.references.is_empty() && active.headline.is_none(),
        "a mean would tell"
    );
    assert_eq!(page.tile_text("dau"), "forbidden “–” Hidden: fewer than 5 people");
    assert_eq!(page.tile("tile-active").state, State::Ready);
    assert_eq!(page.tile_text("seats").split(' ').next(), Some("ready"));

    let strict = page_of(
        View::Overview,
        "",
        &moment(NOW, "UTC"),
        &private("aggregate", 100_000),
        &server,
    );
    for tile in &strict.tiles {
        assert_eq!((tile.state, tile.value), (State::Forbidden, None), "{}", tile.id);
    }
    for panel in &strict.panels {
        let figures = panel
            .table
            .rows
            .iter()
            .flatten()
            .filter(|cell| matches!(cell, Cell::Number { value, .. } if *value != 0.0));
        assert_eq!(figures.count(), 0, "{}", panel.id);
    }
}

#[test]
fn what_few_people_use_is_left_out() {
    let body = |people: u32| {
        json!({"report": {"start_time": "2026-11-14T00:00:00Z", "end_time": "2026-11-20T15:00:00Z", "template_ids": [], "active_users": people,
            "apps_usage": [{"template_ids": [], "type": "builtin", "display_name": "SSH", "slug": "ssh", "icon": "", "seconds": 3600}],
            "parameters_usage": [{"template_ids": [], "display_name": "", "name": "dotfiles", "type": "string", "description": "", "values": [
                {"value": "https://git.example/common", "count": 9}, {"value": "https://git.example/fern-07", "count": 1}]}]},
            "interval_reports": []})
    };
    let page = |people: u32| {
        let server = except(move |ask| matches!(ask, Ask::Insights(..)).then(|| reply(200, body(people).to_string())));
        page_of(
            View::Templates,
            "?range=7d",
            &moment(NOW, "UTC"),
            &private("aggregate", 5),
            &server,
        )
    };
    let enough = page(12);
    assert_eq!(
        rows(&enough.panel("parameters").table),
        ["dotfiles | string | https://git.example/common | 9"]
    );
    assert!(enough.panel("apps").state == State::Ready && !everything(&enough).contains("fern-07"));
    let few = page(4);
    for id in ["apps", "parameters", "user-activity", "latency"] {
        let panel = few.panel(id);
        assert_eq!((panel.state, panel.table.rows.len()), (State::Forbidden, 0), "{id}");
        assert!(panel.chart.is_none() && panel.headline.is_none());
    }
    // What is never shown is not asked for.
    assert!(!few.asked.iter().any(|request| matches!(request.ask, Ask::Latency(_))));
}

#[test]
fn a_small_group_is_not_what_the_others_leave() {
    let person = |id: u32, template: &str| json!({"template_ids": [template], "user_id": format!("id-{id}"), "username": format!("fern-{id}"), "avatar_url": "", "seconds": 3600});
    let users: Vec<Value> = (0..15)
        .map(|id| {
            person(
                id,
                [T1, T2, T3][[0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2][id as usize]],
            )
        })
        .collect();
    let activity = json!({"report": {"start_time": "2026-11-14T00:00:00Z", "end_time": "2026-11-20T15:00:00Z", "template_ids": [T1, T2, T3], "users": users}});
    let server = except(move |ask| {
        matches!(ask, Ask::Activity(slice) if slice.templates.is_empty()).then(|| reply(200, activity.to_string()))
    });
    let page = |mode: &str| {
        page_of(
            View::Templates,
            "?range=7d",
            &moment(NOW, "UTC"),
            &private(mode, 5),
            &server,
        )
    };
    let people = |page: &Page| values(&page.panel("templates").table, "active_users");
    assert_eq!(people(&page("full")), numbers(&[7, 6, 2]));
    let strict = page("aggregate");
    // With 15 in all and 7 and 6 elsewhere, 2 would be known.
    assert_eq!(people(&strict), [Some(7.0), None, None]);
    let panel = strict.panel("templates");
    let chart = panel.chart.as_ref().unwrap();
    let drawn: Vec<_> = (0..3).map(|place| chart.series[0].values.get(place)).collect();
    assert_eq!(drawn, [Some(7.0), None, None]);
    assert!(panel.headline.is_none() && has_note(panel, "1 row has figures of fewer than 5 people"));
    assert!(rows(&panel.table)[1].contains("(hidden: it would tell a hidden figure)"));
}

/// A team of so many users: approved, invited, and refused; the first half of the approved used it today, the others
/// never.
fn team(approved: usize, invited: usize, refused: usize) -> Value {
    let statuses = [(approved, "APPROVED"), (invited, "PENDING"), (refused, "REJECTED")];
    let all = statuses
        .into_iter()
        .flat_map(|(count, status)| std::iter::repeat_n(status, count));
    let rows: Vec<Value> = all
        .enumerate()
        .map(|(place, status)| {
            let mail = format!("fern-{place:02}@example.com");
            let mut row = json!({"name": mail, "email": mail, "teamStatus": format!("USER_TEAM_STATUS_{status}"), "promptCreditsUsed": 10});
            if place < approved / 2 {
                row["activeDays"] = json!(3);
                row["lastChatUsageTime"] = json!("2026-11-20T10:00:00Z");
                row["lastAutocompleteUsageTime"] = json!("2026-11-20T10:00:00Z");
                row["lastCommandUsageTime"] = json!("2026-11-20T10:00:00Z");
            }
            row
        })
        .collect();
    json!({"userTableStats": rows, "billingCycleStart": "2026-11-01T00:00:00Z", "billingCycleEnd": "2026-12-01T00:00:00Z"})
}

fn strict(server: Server) -> Page {
    page_of(
        View::People,
        "?range=7d",
        &moment(NOW, "UTC"),
        &private("aggregate", 5),
        server,
    )
}

#[test]
fn a_team_is_told_by_its_groups_alone() {
    let page = |approved, invited, refused| {
        let server = move |request: &Request| {
            (request.ask == Ask::Assistant).then(|| reply(200, team(approved, invited, refused).to_string()))
        };
        strict(&server)
    };
    let of = |page: &Page, by: &str| -> Vec<String> {
        let rows = rows(&page.panel("ai-usage").table).into_iter();
        rows.filter(|row| row.contains(by))
            .map(|row| row.replace(&format!(" | {by}"), ""))
            .collect()
    };
    let open = page(20, 5, 6);
    let panel = open.panel("ai-usage");
    assert_eq!(
        (panel.state, panel.headline.as_deref()),
        (State::Ready, Some("20 seats, 10 never used"))
    );
    assert_eq!(
        of(&open, "Status in the team"),
        ["approved | 20", "rejected | 6", "pending | 5"]
    );
    assert_eq!(
        of(&open, "Active days in the range"),
        ["no day | 10", "1 day | 0", "2–5 days | 10", "6–7 days | 0"]
    );
    assert!(
        has_note(panel, "310 prompt credits used by the whole team") && has_note(panel, "Single people are not listed")
    );
    assert!(panel.list.is_none() && panel.controls.is_empty() && panel.groups.rows.is_empty());
    let said = everything(&open);
    assert!(!said.contains("fern-") && !said.contains("@example.com"));

    // Two of the three statuses are too few together: the third would tell how many they are, and so would every other
    // count of it.
    let few = page(20, 1, 2);
    let panel = few.panel("ai-usage");
    assert_eq!((panel.state, panel.headline.as_deref()), (State::Ready, None));
    let shown = panel
        .table
        .rows
        .iter()
        .filter(|row| matches!(row[2], Cell::Number { value, .. } if value > 0.0));
    assert_eq!(shown.count(), 0);
    let chart = panel.chart.as_ref().unwrap();
    assert!((0..4).all(|place| chart.series[0].values.get(place).is_none_or(|value| value == 0.0)));

    // Three who used it, and three who did not, are too few each.
    let small = page(6, 0, 0);
    assert_eq!(small.panel("ai-usage").headline.as_deref(), Some("6 seats"));
    let hidden = "(hidden: it would tell of too few people)";
    assert_eq!(of(&small, "Last chat")[0], format!("last 7 days | {hidden}"));
    assert_eq!(of(&small, "Last chat")[4], format!("never | {hidden}"));

    let tiny = page(2, 1, 1);
    let panel = tiny.panel("ai-usage");
    assert_eq!((panel.state, panel.has_table()), (State::Forbidden, false));
    assert!(panel.notes.is_empty() && panel.headline.is_none());
}

#[test]
fn members_are_told_by_their_groups_once_all_are_there() {
    let member = |place: u32| {
        json!({"user_id": format!("{place:04}"), "email": format!("fern-{place:02}@example.com"), "first_name": "fern", "last_name": place.to_string(),
            "last_active": "2026-11-19T10:00:00Z", "total_sessions": 2, "sessions_this_month": 1, "avg_session_duration": "00:10:00",
            "status": if place % 4 == 3 { "inactive" } else { "active" }, "role": if place == 0 { "owner" } else { "member" },
            "department": if place.is_multiple_of(10) { "Office" } else { "Platform" }, "created_at": null, "last_login": null})
    };
    let company = |count: u32, known: u32| {
        move |request: &Request| {
            let Ask::Members(page) = request.ask else { return None };
            if page > known {
                return None;
            }
            let rows: Vec<Value> = ((page - 1) * 100..count.min(page * 100)).map(member).collect();
            let next = (page * 100 < count).then_some("https://elsewhere.example.com/?page=9");
            ok(&json!({"count": count, "next": next, "previous": null, "results": rows}))
        }
    };
    let page = strict(&company(120, 9));
    let panel = page.panel("members");
    assert_eq!(
        (panel.state, panel.headline.as_deref()),
        (State::Ready, Some("120 members, 90 active"))
    );
    let table = rows(&panel.table);
    assert_eq!(table[..2], ["active | Status | 90", "inactive | Status | 30"]);
    // One owner, and everybody else would tell of the one.
    let hidden = "(hidden: it would tell of too few people)";
    assert_eq!(
        table[9..],
        [format!("member | Role | {hidden}"), format!("owner | Role | {hidden}")]
    );
    assert_eq!(table[7..9], ["Platform | Department | 108", "Office | Department | 12"]);
    assert!(
        has_note(panel, "240 sessions since the accounts exist") && has_note(panel, "Single people are not listed")
    );
    assert!(panel.list.is_none() && panel.controls.is_empty());
    assert_eq!(
        panel.deeds.iter().map(|deed| deed.label).collect::<Vec<_>>(),
        ["Compute anew"]
    );
    assert!(!everything(&page).contains("fern"));

    // What a page adds would tell of the people on it.
    let page = strict(&company(120, 1));
    let panel = page.panel("members");
    assert_eq!(
        (panel.state, panel.has_table(), panel.headline.as_deref()),
        (State::Partial, false, None)
    );
    assert!(panel.message.as_ref().unwrap().detail.contains("100 of 120 loaded") && panel.more.is_some());

    let page = strict(&company(4, 9));
    assert_eq!(page.panel("members").state, State::Forbidden);
    assert_eq!(
        page.panel("members").message.as_ref().unwrap().detail,
        "There are fewer than 5 members."
    );
}

#[test]
fn who_comes_and_goes_is_told_of_enough_people_only() {
    // Ten stay, two come anew in the second week and stay, one of the ten pauses in the third.
    let weeks: [&[u32]; 3] = [&[10], &[10, 2], &[9, 2]];
    let server = except(move |ask| {
        let Ask::Usage(stretch) = ask else { return None };
        let interval = |(week, people): (usize, &&[u32])| {
            let day = add_days(day("2026-10-26"), 7 * week as i64);
            let ids = people
                .iter()
                .enumerate()
                .flat_map(|(cohort, count)| (0..*count).map(move |person| format!("p{cohort}-{person}")));
            let uses: Vec<Value> = ids.map(|id| json!({"user_id": id, "count": 60})).collect();
            json!({"time": format!("{day}T00:00:00Z"), "user_activity": uses})
        };
        let is_asked = stretch.interval == metrics::period::Interval::Week;
        let all: Vec<Value> = weeks.iter().enumerate().filter(|_| is_asked).map(interval).collect();
        Some(reply(200, json!({"activity": all, "users": {}}).to_string()))
    });
    let url = "?from=2026-10-26&to=2026-11-15&interval=week";
    let page = |mode: &str| page_of(View::Activity, url, &moment(NOW, "UTC"), &private(mode, 5), &server);
    let full = page("full");
    assert_eq!(
        rows(&full.panel("lifecycle").table),
        [
            "2–8 Nov 2026 | 12 | 10 | 0 | 2 | 0",
            "9–15 Nov 2026 | 11 | 11 | 0 | 0 | 1"
        ]
    );
    let strict = page("aggregate");
    // Twelve are told elsewhere: with ten who stay, two would be new. And eleven of twelve leave one.
    let figures = |id: &str| values(&strict.panel("lifecycle").table, id);
    for id in ["active_users", "staying", "returning", "new", "lapsed"] {
        assert_eq!(figures(id), [None, None], "{id}");
    }
    let retention = strict.panel("retention");
    assert!(has_note(retention, "Figures that tell of too few people"));
    assert_eq!(values(&retention.table, "people"), [Some(10.0), None, None]);
    assert_eq!(values(&retention.table, "later"), [None; 3]);
    assert_eq!((&retention.headline, retention.drill.len()), (&None, 0));
    assert_eq!(
        page("pseudonym").panel("lifecycle").table,
        full.panel("lifecycle").table
    );
}

proptest::proptest! {
    #[test]
    fn no_cohort_tells_of_few_people_nor_do_others_leave_them(
        cohorts in proptest::collection::vec((0_u64..40, proptest::collection::vec(0.0_f64..=1.0, 6)), 1..7),
    ) {
        let scope = Scope::resolve(&Query::default(), &private("aggregate", 5), &moment(NOW, "UTC"), Directory::default());
        let count = cohorts.len();
        let cohorts: Vec<Vec<u64>> = cohorts.into_iter().enumerate().map(|(place, (size, shares))| {
            let later = shares.into_iter().map(|share| (share * size as f64).round() as u64);
            std::iter::once(size).chain(later).take(count - place).collect()
        }).collect();
        let shown = metrics::suppress::cohorts(&scope, &cohorts);
        let is_few = |people: u64| (1..5).contains(&people);
        for period in 0..count {
            let (mut there, mut away) = (0, 0);
            for (place, cohort) in cohorts.iter().enumerate().take(period + 1) {
                let (people, size) = (cohort[period - place], cohort[0]);
                if shown[place][period - place] {
                    proptest::prop_assert!(shown[place][0] && !is_few(people) && !is_few(size - people));
                } else {
                    there += people;
                    away += size - people;
                }
            }
            // Where nothing of a period is told, nothing is left.
            let is_closed = (0..=period).all(|place| !shown[place][period - place]);
            proptest::prop_assert!(is_closed || !is_few(there) && !is_few(away), "{there} {away}");
        }
    }
}
