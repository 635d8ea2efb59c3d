//! Organizations, templates, actions and sources: what is asked, and what is said where a filter does not reach.

use super::*;

#[test]
fn an_organization_is_its_templates() {
    let page = usual_page(&format!("?org={ORG_A}&range=7d&compare=none"), &usual);
    assert_eq!(page.scope.templates, Templates::Only(vec![T1.into(), T2.into()]));
    let ids = format!("template_ids={T1},{T2}");
    assert!(
        page.insights_asked().iter().all(|target| target.contains(&ids)),
        "{:#?}",
        page.insights_asked()
    );
    assert_eq!(
        page.insights_asked()[0],
        format!(
            "api/v2/insights/templates?start_time=2026-11-14T00:00:00%2B00:00&end_time=2026-11-20T15:00:00%2B00:00&{ids}&interval=day"
        )
    );
    assert!(has_note(
        page.panel("active-users"),
        "Only use of the 2 templates chosen is counted"
    ));
    for panel in ["user-status", "daus"] {
        assert!(
            has_note(page.panel(panel), "Not filtered by organization or template"),
            "{panel}"
        );
    }
    assert_eq!(page.tile("seats").detail, "now, of 60 (78%) (whole deployment)");
    assert!(page.tile("dormant").detail.ends_with("(whole deployment)"));
    assert!(
        page.panel("active-users")
            .csv()
            .contains(&format!("templates,{T1} {T2}"))
    );
}

#[test]
fn a_template_narrows_the_organization() {
    let page = usual_page(&format!("?org={ORG_A}&template={T2},{T3}"), &usual);
    assert_eq!(page.scope.templates, Templates::Only(vec![T2.into()]));
    assert!(has_note(
        page.panel("active-users"),
        "Only use of the one template chosen is counted"
    ));
    let alone = usual_page(&format!("?template={T3},{T2},{T3}"), &usual);
    assert_eq!(alone.scope.templates, Templates::Only(vec![T2.into(), T3.into()]));
}

#[test]
fn an_organization_without_templates_is_not_everything() {
    for org in [EMPTY_ORG, "11111111-1111-1111-1111-111111111111", "nonsense"] {
        let asked = RefCell::new(Vec::new());
        let server = |request: &Request| {
            asked.borrow_mut().push(request.clone());
            usual(request)
        };
        let page = usual_page(&format!("?org={org}"), &server);
        // Before the list of templates is there, nothing is asked either.
        assert!(
            !asked
                .borrow()
                .iter()
                .any(|request| matches!(request.ask, Ask::Insights(..))),
            "{org}"
        );
        assert_eq!(page.scope.templates, Templates::None);
        let panel = page.panel("active-users");
        assert_eq!(
            (panel.state, panel.message.as_ref().unwrap().title.as_str()),
            (State::Empty, "No templates")
        );
        assert!(panel.chart.is_none() && panel.table.rows.is_empty());
        for tile in ["tile-active", "dau", "wau", "mau", "stickiness"] {
            assert_eq!(page.tile_text(tile), "empty “–” No templates", "{org}");
        }
        assert_eq!(page.panel("user-status").state, State::Ready);
    }
}

#[test]
fn without_a_role_for_all_every_template_is_named() {
    let server = except(|ask| {
        matches!(ask, Ask::Me).then(|| {
            let body = json!({"id": T1, "username": "anna", "organization_ids": [ORG_A], "roles": [{"name": "organization-admin", "organization_id": ORG_A}, {"name": "member"}]});
            reply(200, body.to_string())
        })
    });
    let page = usual_page("?range=7d", &server);
    let ids = format!("template_ids={T1},{T2},{T3}");
    let named = page
        .insights_asked()
        .iter()
        .filter(|target| target.contains(&ids))
        .count();
    // Until the page knows who is signed in it asks as an administrator would.
    assert_eq!(
        named,
        page.insights_asked()
            .iter()
            .filter(|target| target.contains("template_ids"))
            .count()
    );
    assert!(named > 0);
    assert!(!page.scope.is_narrowed);
    assert!(has_note(
        page.panel("active-users"),
        "Only use of the 3 templates that this account may see is counted"
    ));
    assert!(!has_note(page.panel("daus"), "Not filtered"), "nobody chose a filter");
    for request in &page.panel("active-users").requests {
        assert!(request.target().contains(&ids));
    }
}

#[test]
fn an_account_that_sees_no_template_is_told_so() {
    let server = except(|ask| match ask {
        Ask::Me => Some(reply(
            200,
            json!({"id": T1, "username": "ben", "roles": []}).to_string(),
        )),
        Ask::Templates => Some(reply(200, "[]")),
        _ => None,
    });
    let page = usual_page("", &server);
    let panel = page.panel("active-users");
    assert_eq!(
        (panel.state, panel.message.as_ref().unwrap().title.as_str()),
        (State::Forbidden, "No templates to see")
    );
}

#[test]
fn without_the_list_of_templates_an_organization_is_unknown() {
    let waiting = |request: &Request| {
        if request.ask == Ask::Templates {
            None
        } else {
            usual(request)
        }
    };
    let page = usual_page(&format!("?org={ORG_A}"), &waiting);
    assert_eq!(
        (page.panel("active-users").state, page.tile("wau").state),
        (State::Loading, State::Loading)
    );
    assert!(page.insights_asked().is_empty());
    let failing = except(|ask| (*ask == Ask::Templates).then(|| reply(500, "{}")));
    let page = usual_page(&format!("?org={ORG_A}"), &failing);
    assert_eq!(
        (page.panel("active-users").state, page.tile("wau").state),
        (State::Failed, State::Failed)
    );
}

#[test]
fn an_action_that_cannot_be_filtered_by_is_said_to_be_none() {
    let page = usual_page("?action=ide", &usual);
    let any = "Not filtered by action “IDE”: Coder counts any usage here";
    assert!(has_note(page.panel("active-users"), any));
    assert!(has_note(page.panel("daus"), any));
    assert!(has_note(
        page.panel("user-status"),
        "Not filtered by action “IDE”: an account has its status"
    ));
    for tile in ["tile-active", "dau", "wau", "mau", "stickiness"] {
        assert!(
            page.tile(tile).detail.ends_with("(any action)"),
            "{}",
            page.tile_text(tile)
        );
    }
    assert!(!page.tile("seats").detail.contains("action"));
}

#[test]
fn the_source_is_the_one_named_or_the_demo() {
    let two = config(
        r#"{"version":1,"sources":[
            {"id":"a","kind":"coder","label":"A","base_url":"/a/","auth":"proxy"},
            {"id":"w","kind":"windsurf","label":"W","base_url":"/w/","auth":"proxy"},
            {"id":"b","kind":"coder","label":"B","base_url":"/b/","auth":"proxy"}]}"#,
    );
    let chosen = |url: &str, config: &Config| {
        metrics::scope::choose_source(&Query::parse(url).0, config).map(|source| source.id)
    };
    assert_eq!(chosen("", &two).as_deref(), Some("a"));
    assert_eq!(chosen("?source=b", &two).as_deref(), Some("b"));
    assert_eq!(chosen("?source=w", &two), None);
    assert_eq!(chosen("?source=other", &two).as_deref(), Some("a"));
    assert_eq!(chosen("?source=demo", &two).as_deref(), Some("demo"));
    let none =
        config(r#"{"version":1,"sources":[{"id":"w","kind":"windsurf","label":"W","base_url":"/w/","auth":"proxy"}]}"#);
    assert_eq!(chosen("", &none), None);
    let page = page_of(View::Overview, "", &moment(NOW, "UTC"), &none, &usual);
    assert!(
        page.panels.iter().all(|panel| panel.state == State::Unsupported)
            && page.tiles.is_empty()
            && page.asked.is_empty()
    );
}

#[test]
fn a_refusal_is_not_told_before_it_is_known_who_asks() {
    // Insights without named templates are refused, and who is signed in is still on its way.
    let server = |me_is_known: bool| {
        move |request: &Request| match &request.ask {
            Ask::Me if !me_is_known => None,
            Ask::Insights(..) => Some(reply(
                404,
                r#"{"message":"Resource not found or you do not have access to this resource"}"#,
            )),
            _ => usual(request),
        }
    };
    let waiting = usual_page("?range=7d", &server(false));
    assert_eq!(waiting.panel("active-users").state, State::Loading);
    assert_eq!(waiting.tile("wau").state, State::Loading);
    let known = usual_page("?range=7d", &server(true));
    assert_eq!(known.panel("active-users").state, State::Forbidden);
    assert_eq!(known.tile("wau").state, State::Forbidden);
}
