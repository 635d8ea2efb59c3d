//! People across sources: what the list of everybody tells, and whose seats are idle everywhere.

use super::*;
use metrics::people::{self, Mending};

fn three(fields: &str) -> Config {
    config(&format!(
        r#"{{"version":1{fields},"sources":[
        {{"id":"c","kind":"coder","label":"Coder","base_url":"/"}},
        {{"id":"w","kind":"windsurf","label":"Windsurf","base_url":"/windsurf/"}},
        {{"id":"m","kind":"user-metrics","label":"Company","base_url":"/company/",
          "company_id":"f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a"}}]}}"#
    ))
}

fn users() -> Value {
    let user = |name: &str, status: &str, seen: &str| {
        json!({"id": format!("id-{name}"), "username": name, "name": "", "email": format!("{name}@example.com"), "status": status,
            "created_at": "2025-01-01T00:00:00Z", "last_seen_at": seen, "organization_ids": [], "roles": []})
    };
    json!({"count": 4, "users": [
        user("fern-07", "active", "2026-11-19T12:00:00Z"),
        user("moss-08", "active", "2026-09-01T12:00:00Z"),
        user("reed-09", "dormant", "0001-01-01T00:00:00Z"),
        user("sage-10", "active", "2026-08-01T12:00:00Z"),
    ]})
}

fn seats() -> Value {
    let seat = |mail: &str, days: u32, chat: Option<&str>, credits: u32| json!({"name": "", "email": mail, "teamStatus": "USER_TEAM_STATUS_APPROVED", "activeDays": days, "lastChatUsageTime": chat, "promptCreditsUsed": credits, "apiKey": "hash"});
    json!({"userTableStats": [
        seat("Fern-07@Example.com", 0, None, 0),
        seat("moss-08@example.com", 3, Some("2026-08-20T12:00:00Z"), 12),
        seat("twin@example.com", 3, Some("2026-11-20T08:00:00Z"), 5),
        seat("twin@example.com", 3, Some("2026-11-20T08:00:00Z"), 0),
        seat("gone-11@example.com", 3, Some("2026-10-01T08:00:00Z"), 7),
    ]})
}

fn members() -> Value {
    let member = |id: &str, mail: &str, status: &str, active: Option<&str>| {
        json!({"user_id": id, "email": mail, "first_name": "", "last_name": "", "status": status, "role": "member", "department": null,
            "total_sessions": 1, "sessions_this_month": 1, "avg_session_duration": "00:10:00", "last_active": active, "last_login": active, "created_at": "2025-01-01T00:00:00Z"})
    };
    json!({"count": 4, "next": null, "previous": null, "results": [
        member("1", "fern-07@example.com", "active", Some("2026-11-20T07:00:00Z")),
        member("2", "moss-08@example.com", "inactive", Some("2026-07-01T07:00:00Z")),
        member("3", "gone-11@example.com", "inactive", None),
        member("4", "twin@example.com", "active", Some("2026-11-20T07:00:00Z")),
    ]})
}

fn servers(request: &Request) -> Option<Reply> {
    match &request.ask {
        Ask::Users(0) => ok(&users()),
        Ask::Assistant => ok(&seats()),
        Ask::Members(1) => ok(&members()),
        _ => usual(request),
    }
}

fn people_page(config: &Config, server: Server) -> Page {
    page_of(View::People, "", &moment(NOW, "UTC"), config, server)
}

/// What is drawn: each finding with its number.
fn findings(panel: &PanelModel) -> Vec<String> {
    let chart = panel.chart.as_ref().unwrap();
    let value = |place: usize| chart.series[0].values.get(place).unwrap();
    (0..chart.len())
        .map(|place| format!("{}: {}", chart.place_text(place), value(place)))
        .collect()
}

#[test]
fn one_list_of_everybody_tells_who_holds_a_seat_and_is_not_there() {
    let page = people_page(&three(""), &servers);
    let panel = page.panel("across");
    assert_eq!(panel.state, State::Ready, "{:?}", panel.message);
    assert_eq!(panel.headline.as_deref(), Some("8 people, 3 in several sources"));
    assert_eq!(
        findings(panel),
        [
            "Seat, AI unused: 1",
            "Seat, not in AI: 1",
            "AI, not in Coder: 1",
            "Left, holds a seat: 2",
            "Idle ≥ 30 days: 4",
            "Idle ≥ 60 days: 3",
            "Idle ≥ 90 days: 2",
        ]
    );
    for note in [
        "Coder: 2 matched, 2 only there, 0 not told apart",
        "AI assistant: 3 matched, 0 only there, 2 not told apart",
        "Company: 3 matched, 0 only there, 1 not told apart",
    ] {
        assert!(has_note(panel, note), "{:?}", panel.notes);
    }
    // The tooltip of a finding is about it, not about the person in the same row of the table.
    let tip = panel.tip(0, None).unwrap();
    assert_eq!(
        (tip.title.as_str(), tip.lines),
        (
            "Seat, AI unused",
            vec![
                (
                    "By".into(),
                    "Hold a Coder seat and never opened the AI assistant".into()
                ),
                ("People".into(), "1".into())
            ]
        )
    );
    assert_eq!(
        listed(panel)[0],
        "fern-07 | fern-07@example.com | Coder, AI assistant | 0 | active | 19 Nov 2026 | approved | never | active | 20 Nov 2026 | 0 | mail address"
    );
    // Whoever is not in a source has no zero there.
    let reed = listed(panel)
        .into_iter()
        .find(|row| row.starts_with("reed-09"))
        .unwrap();
    assert_eq!(
        reed,
        "reed-09 | reed-09@example.com | (no seat) | (never used) | dormant | never | (not in AI assistant) | (not in AI assistant) | (not in Company) | (not in Company) | (no account in the AI assistant) | (in one source only)"
    );
    assert!(!panel.csv().contains("hash"), "the key of a seat is nowhere");
}

#[test]
fn the_worksheet_lists_idle_seats_with_their_evidence() {
    let page = people_page(&three(""), &servers);
    let panel = page.panel("reclaim");
    assert_eq!(panel.headline.as_deref(), Some("4 seats of 3 people"));
    let start = |row: &String| row.split(" | ").take(4).collect::<Vec<_>>().join(" | ");
    assert_eq!(
        listed(panel).iter().map(start).collect::<Vec<_>>(),
        [
            "sage-10 | sage-10@example.com | Coder | 111",
            "moss-08 | moss-08@example.com | Coder, AI assistant | 80",
            "gone-11@example.com | gone-11@example.com | AI assistant | 50",
        ]
    );
    assert!(has_note(panel, "2 left out, because their accounts are not told apart"));
    for (place, seats, people) in [(1, "3 seats of 2 people", 2), (2, "1 seat of 1 person", 1)] {
        let wishes = wish(Wish::Idle, place);
        let page = page_wishing(wishes, View::People, "", &moment(NOW, "UTC"), &three(""), &servers);
        let panel = page.panel("reclaim");
        assert_eq!((panel.headline.as_deref(), listed(panel).len()), (Some(seats), people));
        let csv = panel.csv();
        assert!(
            csv.contains(["", "idle for at least,60 days", "idle for at least,90 days"][place]),
            "{csv}"
        );
        assert!(
            csv.contains("\r\nsage-10,sage-10@example.com,Coder,111,active,2026-08-01,,,,,,\r\n"),
            "{csv}"
        );
    }
    let page = people_page(&three(r#","people":{"exclude":["Moss-08","id-sage-10"]}"#), &servers);
    let panel = page.panel("reclaim");
    assert_eq!(panel.headline.as_deref(), Some("1 seat of 1 person"));
    assert!(has_note(
        panel,
        "2 left out, because they are on the list of exclusions"
    ));
}

#[test]
fn panels_are_of_the_sources_that_are_there() {
    let filled = |fields: &str| -> Vec<&str> {
        let config = config(&format!(r#"{{"version":1,"sources":[{fields}]}}"#));
        let page = page_of(View::Overview, "", &moment(NOW, "UTC"), &config, &servers);
        let people = report::of(View::People)
            .iter()
            .filter(|report| report.is_filled(&page.scope));
        people.map(|report| report.id).collect()
    };
    let coder = r#"{"id":"c","kind":"coder","base_url":"/"}"#;
    let windsurf = r#"{"id":"w","kind":"windsurf","base_url":"/windsurf/"}"#;
    assert_eq!(filled(coder), ["people", "seat-outlook"]);
    assert_eq!(filled(windsurf), ["ai-usage"]);
    let both = format!("{coder},{windsurf}");
    assert_eq!(
        filled(&both),
        ["people", "seat-outlook", "across", "ai-usage", "reclaim"]
    );
    let demo = r#"{"id":"demo","kind":"demo"}"#;
    assert_eq!(
        filled(demo),
        ["people", "seat-outlook", "across", "ai-usage", "members", "reclaim"]
    );
}

#[test]
fn an_alias_mends_what_cannot_be_told_apart() {
    let aliases = r#","people":{"aliases":{"c:reed-09":"w:gone-11@example.com"}}"#;
    let page = people_page(&three(aliases), &servers);
    let panel = page.panel("across");
    assert!(findings(panel).contains(&"AI, not in Coder: 0".to_string()));
    let reed = listed(panel)
        .into_iter()
        .find(|row| row.starts_with("reed-09"))
        .unwrap();
    assert!(
        reed.ends_with("| 7 | mail address") || reed.ends_with("| 7 | alias"),
        "{reed}"
    );
}

#[test]
fn who_is_new_and_never_came_is_not_idle_yet() {
    let server = |request: &Request| match &request.ask {
        Ask::Users(0) => {
            let mut users = users();
            users["users"][2]["created_at"] = json!("2026-10-10T00:00:00Z");
            ok(&users)
        }
        _ => servers(request),
    };
    let page = people_page(&three(""), &server);
    let idle = findings(page.panel("across")).split_off(4);
    assert_eq!(idle, ["Idle ≥ 30 days: 4", "Idle ≥ 60 days: 2", "Idle ≥ 90 days: 1"]);
}

#[test]
fn half_of_the_evidence_is_said_and_makes_no_worksheet() {
    let server = |request: &Request| match &request.ask {
        Ask::Members(1) => Some(reply(403, r#"{"detail":"No access.","code":"permission_denied"}"#)),
        _ => servers(request),
    };
    let page = people_page(&three(""), &server);
    let panel = page.panel("across");
    assert_eq!(panel.state, State::Partial);
    assert!(has_note(panel, "Not everybody is here: Company: 0 people"));
    assert_eq!(findings(panel).len(), 3, "what needs everybody is left out");
    let worksheet = page.panel("reclaim");
    assert_eq!(worksheet.message.as_ref().unwrap().title, "The evidence is incomplete");
    assert!(worksheet.table.rows.is_empty());
    let none = |request: &Request| match &request.ask {
        Ask::Assistant | Ask::Members(_) => Some(reply(500, "")),
        _ => servers(request),
    };
    assert_eq!(people_page(&three(""), &none).panel("across").state, State::Failed);
    let alone = people_page(&coder_config(), &servers);
    assert_eq!(alone.panel("across").state, State::Unsupported);
}

#[test]
fn people_across_sources_have_pseudonyms_too() {
    let page = people_page(&three(r#","privacy":{"mode":"pseudonym"}"#), &servers);
    for panel in &page.panels {
        let said = format!("{panel:?}{}", panel.csv());
        for name in ["fern-07", "moss-08", "reed-09", "sage-10", "twin@", "gone-11"] {
            assert!(!said.to_lowercase().contains(name), "{}: {name}", panel.id);
        }
        assert!(panel.has_table(), "{}: {:?}", panel.id, panel.message);
    }
    let list = page.panel("people").rows();
    for row in 0..list.count() {
        let name = list.rows().cell(row, 0).words().to_string();
        let link = list.rows().person(row).unwrap();
        assert!(
            format!("Person {link}").starts_with(&name) && link.len() == 12,
            "{name}: {link}"
        );
        list.rows().words(row, &mut |word| {
            assert!(word.starts_with("Person "), "{word} can be searched for")
        });
    }
    // One person has one name wherever the mail address is all that is known.
    assert!(
        page.panel("members").deeds.iter().all(|deed| deed.file.is_none()),
        "the company's file names everybody"
    );
    assert!(
        page.panels.iter().all(|panel| panel.mending.is_none()),
        "aliases are names"
    );
    let name = |panel: &str, row: usize| page.panel(panel).table.rows[row][0].words().to_string();
    let names: BTreeSet<String> = (0..4).map(|row| name("members", row)).collect();
    assert!((0..5).filter(|row| names.contains(&name("ai-usage", *row))).count() >= 3);
}

#[test]
fn what_cannot_be_told_apart_can_be_mended_and_taken_away() {
    let page = people_page(&three(""), &servers);
    let all = page.panel("across").mending.clone().unwrap().1;
    // Two seats of one address have no name of their own, so no alias can mean one of them.
    let unmatched: Vec<String> = all.unmatched().iter().map(|named| named.label.clone()).collect();
    assert_eq!(
        unmatched,
        [
            "twin@example.com · Company · not told apart",
            "reed-09 · Coder · only there",
            "sage-10 · Coder · only there",
        ]
    );
    assert_eq!(all.nameless(), 2);
    let reed = people::parse_end("coder:reed-09").unwrap();
    let others = all.others(&reed);
    assert!(others.iter().all(|other| other.end.0 != reed.0), "{others:?}");
    let gone = others
        .iter()
        .find(|other| other.text() == "windsurf:gone-11@example.com")
        .unwrap();
    assert_eq!(gone.label, "gone-11@example.com · AI assistant");

    let config = three(r#","people":{"domains":["Example.com"],"aliases":{"c:a\"b":"w:x"},"exclude":["ci-bot"]}"#);
    let aliases = Mending::Aliases;
    let mended = aliases.with(&config.people, "coder:reed-09", &gone.text()).unwrap();
    assert_eq!(
        aliases.with(&mended, "coder:reed-09", &gone.text()),
        None,
        "once is enough"
    );
    for (from, to) in [("coder:reed-09", ""), ("coder:a", "coder:b"), ("git:a", "windsurf:b")] {
        assert_eq!(aliases.with(&mended, from, to), None, "{from} {to}");
    }
    assert_eq!(
        aliases.lines(&mended)[1],
        "coder:reed-09 = windsurf:gone-11@example.com"
    );
    let joined = Config {
        people: mended.clone().into(),
        ..config.clone()
    };
    let page = people_page(&joined, &servers);
    let row = listed(page.panel("across"))
        .into_iter()
        .find(|row| row.starts_with("reed-09"))
        .unwrap();
    assert!(
        row.contains("dormant") && row.contains("approved") && row.contains("inactive"),
        "{row}"
    );
    assert_eq!(aliases.without(&mended, 1), *config.people);

    // What is taken away can be read again, also where an id is the word of another kind.
    let document = people::document(&mended, &config.sources);
    assert_eq!(
        document,
        r#"{
  "people": {
    "domains": ["example.com"],
    "aliases": {
      "coder:a\"b": "windsurf:x",
      "coder:reed-09": "windsurf:gone-11@example.com"
    },
    "exclude": ["ci-bot"]
  }
}
"#
    );
    let mut odd = three("");
    odd.sources[2].id = "windsurf".into();
    for (config, sources) in [(three(""), 1), (odd, 2)] {
        let document = people::document(&mended, &config.sources);
        let fields = document.trim().trim_start_matches('{').trim_end_matches('}');
        let named = |source: &metrics::config::SourceConfig| {
            let company = r#","company_id":"f659ecfa-32be-4a9b-9c9b-6e56c3ccf29a""#;
            let more = if source.company_id.is_empty() { "" } else { company };
            format!(
                r#"{{"id":"{}","kind":"{}","base_url":"/"{more}}}"#,
                source.id,
                source.kind_word()
            )
        };
        let list: Vec<String> = config.sources.iter().map(named).collect();
        let text = format!(r#"{{"version":1,{fields},"sources":[{}]}}"#, list.join(","));
        assert_eq!(*super::config(&text).people, mended, "{sources}: {text}");
    }
    let twice = aliases.with(&mended, "coder:reed-09", "user-metrics:3").unwrap();
    let lists = r#""coder:reed-09": ["windsurf:gone-11@example.com", "user-metrics:3"]"#;
    assert!(people::document(&twice, &config.sources).contains(lists));
    let none = people::document(&Default::default(), &[]);
    assert!(none.contains(r#""aliases": {},"#), "{none}");
}

#[test]
fn whoever_is_on_leave_is_left_out_of_the_worksheet_and_put_back() {
    let config = three("");
    let page = people_page(&config, &servers);
    let (mending, all) = page.panel("reclaim").mending.clone().unwrap();
    let moss = all
        .everyone()
        .into_iter()
        .find(|named| named.label.starts_with("moss-08"))
        .unwrap();
    let rules = mending.with(&config.people, &moss.text(), "").unwrap();
    assert_eq!(
        (mending.with(&rules, &moss.text(), ""), mending.lines(&rules)),
        (None, vec!["moss-08".into()])
    );
    let left = people_page(
        &Config {
            people: rules.clone().into(),
            ..config.clone()
        },
        &servers,
    );
    let panel = left.panel("reclaim");
    assert_eq!(panel.headline.as_deref(), Some("2 seats of 2 people"));
    assert!(has_note(
        panel,
        "1 left out, because they are on the list of exclusions"
    ));
    assert!(people::document(&rules, &config.sources).contains(r#""exclude": ["moss-08"]"#));
    assert_eq!(mending.without(&rules, 0), *config.people);
    assert_eq!(mending.without(&rules, 5), rules);
}

#[test]
fn only_counts_of_enough_people_are_left_in_aggregate_mode() {
    let aggregate = |least: u32| {
        let page = people_page(
            &three(&format!(r#","privacy":{{"mode":"aggregate","min_group":{least}}}"#)),
            &servers,
        );
        let shown = |id: &str| {
            let panel = page.panel(id);
            assert_eq!(panel.state, State::Ready, "{:?}", panel.message);
            let chart = panel.chart.as_ref().unwrap();
            let figure = |(row, place): (&Vec<Cell>, usize)| {
                let in_table = match &row[2] {
                    Cell::Number { value, .. } => Some(*value),
                    _ => None,
                };
                assert_eq!(chart.series[0].values.get(place), in_table, "picture and table agree");
                let shown = in_table.map_or("–".to_string(), |value| value.to_string());
                format!("{}: {shown}", row[0].words())
            };
            let figures: Vec<String> = panel.table.rows.iter().zip(0..).map(figure).collect();
            (figures, panel.headline.clone(), panel.notes.clone())
        };
        (shown("across"), shown("reclaim"))
    };
    let ((across, headline, notes), (reclaim, total, left)) = aggregate(2);
    assert_eq!(
        across,
        [
            "Seat, AI unused: –",
            // One of the three is left, who would be known by the others.
            "Seat, not in AI: –",
            "AI, not in Coder: –",
            "Left, holds a seat: 2",
            "Idle ≥ 30 days: 4",
            // Three, but then the fourth would be known.
            "Idle ≥ 60 days: –",
            "Idle ≥ 90 days: 2",
        ]
    );
    assert_eq!(headline.as_deref(), Some("8 people, 3 in several sources"));
    assert!(
        notes.contains(&"AI assistant: 3 matched, 0 only there, 2 not told apart".to_string()),
        "{notes:?}"
    );
    assert!(
        notes.contains(&"Company: (hidden) matched, 0 only there, (hidden) not told apart".to_string()),
        "{notes:?}"
    );
    assert_eq!(
        reclaim,
        [
            "Coder, ≥ 30 days: –",
            "Coder, ≥ 60 days: –",
            "Coder, ≥ 90 days: –",
            "AI, ≥ 30 days: 2",
            "AI, ≥ 60 days: –",
            "AI, ≥ 90 days: 0",
        ]
    );
    assert!(
        total.is_none() && left.iter().any(|note| note.starts_with("2 left out")),
        "{left:?}"
    );
    // Nobody at all is no group; everybody else is too few.
    let ((across, _, notes), (reclaim, ..)) = aggregate(100);
    assert!(
        across
            .iter()
            .chain(&reclaim)
            .all(|figure| figure.ends_with(": –") || figure.ends_with(": 0"))
    );
    assert!(
        notes
            .iter()
            .all(|note| !note.contains(|letter: char| ('1'..='9').contains(&letter)) || note.contains("100")),
        "{notes:?}"
    );
}
