//! Recorded answers reach the page unchanged, or are said to be about something else.

use super::*;

const WEEK: &str = include_str!("../fixtures/coder/insights-week.json");
const WEEK_IN_SAO_PAULO: &str = include_str!("../fixtures/coder/insights-week-sao-paulo.json");
const ONE_WEEK: &str = include_str!("../fixtures/coder/insights-weekly.json");
const EMPTY_WEEK: &str = include_str!("../fixtures/coder/insights-empty-week.json");
const REPORT_ALONE: &str = include_str!("../fixtures/coder/insights-three-weeks-one-template.json");
const ACTIVITY_WEEK: &str = include_str!("../fixtures/coder/activity-week.json");

#[test]
fn recorded_figures_reach_the_page_unchanged() {
    let page = usual_page("?from=2023-08-15&to=2023-08-21&tz=UTC&compare=none", &insights_as(WEEK));
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Ready);
    assert_eq!(
        rows(&panel.table),
        [
            "15 Aug 2023 | 3",
            "16 Aug 2023 | 1",
            "17 Aug 2023 | 2",
            "18 Aug 2023 | 1",
            "19 Aug 2023 | 0",
            "20 Aug 2023 | 0",
            "21 Aug 2023 | 1"
        ]
    );
    assert_eq!(values(&panel.table, "active_users"), numbers(&[3, 1, 2, 1, 0, 0, 1]));
    let chart = panel.chart.as_ref().unwrap();
    assert_eq!(chart.series[0].values, numbers(&[3, 1, 2, 1, 0, 0, 1]).into());
    assert!(
        chart
            .buckets
            .iter()
            .all(|bucket| !bucket.is_open && !bucket.is_uncollected)
    );
    assert_eq!(panel.headline.as_deref(), Some("1.1 on average over 7 whole days"));
    assert_eq!(page.tile_text("tile-active"), "ready 3 “3” 15–21 Aug 2023");
    assert_eq!(page.tile("dau").shown, "1.1");
    assert_eq!(page.tile("dau").value, Some(8.0 / 7.0));
    assert_eq!(page.tile("dau").detail, "mean of 7 whole days");
    // The recording is exactly the seven days up to the end of the range; of the thirty it says nothing.
    assert_eq!(page.tile_text("wau"), "ready 3 “3” 15–21 Aug 2023");
    assert_eq!(page.tile_text("mau"), "empty “–” The server answered for other days");
    assert_eq!(
        page.tile_text("stickiness"),
        "empty “–” The server answered for other days"
    );
}

#[test]
fn recorded_days_of_another_zone_stay_days_of_that_zone() {
    let server = insights_as(WEEK_IN_SAO_PAULO);
    let page = page("?from=2023-08-15&to=2023-08-21", NOW, "America/Sao_Paulo", &server);
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Ready);
    assert_eq!(values(&panel.table, "active_users"), numbers(&[1, 2, 2, 0, 0, 1, 1]));
    assert_eq!(rows(&panel.table)[0], "15 Aug 2023 | 1");
    assert!(
        panel.footer.contains(&"days of America/Sao_Paulo".to_string()),
        "{:?}",
        panel.footer
    );
    assert_eq!(page.tile_text("tile-active"), "ready 3 “3” 15–21 Aug 2023");
}

#[test]
fn a_recorded_week_is_one_bucket() {
    let page = usual_page("?from=2023-08-12&to=2023-08-18&interval=week", &insights_as(ONE_WEEK));
    // Saturday to Friday: with weeks from Monday on these are parts of two weeks, which nobody measured.
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Partial);
    assert!(has_note(panel, "other days"));
    assert_eq!(rows(&panel.table), ["12–18 Aug 2023 | 3"]);
    assert_eq!(page.tile_text("tile-active"), "ready 3 “3” 12–18 Aug 2023");
}

#[test]
fn an_empty_week_is_zeros_and_says_so() {
    let page = usual_page("?from=2023-08-15&to=2023-08-21", &insights_as(EMPTY_WEEK));
    let panel = page.panel("active-users");
    assert_eq!(
        (panel.state, panel.message.as_ref().unwrap().title.as_str()),
        (State::Empty, "Nobody was active")
    );
    assert_eq!(values(&panel.table, "active_users"), numbers(&[0; 7]));
    assert_eq!(page.tile_text("tile-active"), "ready 0 “0” 15–21 Aug 2023");
    assert_eq!(page.tile_text("dau"), "ready 0 “0” mean of 7 whole days");
}

#[test]
fn days_that_were_not_asked_for_are_shown_as_what_they_are() {
    let page = usual_page("?from=2026-11-02&to=2026-11-08", &insights_as(WEEK));
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Partial);
    assert!(has_note(
        panel,
        "The server answered for other days than those asked for; these are its days"
    ));
    assert_eq!(rows(&panel.table)[0], "15 Aug 2023 | 3");
    assert_eq!(panel.table.rows.len(), 7);
    assert_eq!(panel.chart.as_ref().unwrap().buckets[0].days.first, day("2023-08-15"));
    assert!(panel.summary.contains("15–21 Aug 2023"), "{}", panel.summary);
    let active = page.tile("tile-active");
    assert_eq!(active.state, State::Partial);
    assert_eq!(active.detail, "15–21 Aug 2023 (the days the server answered for)");
    assert_eq!(
        page.tile_text("dau"),
        "partial 1.1428571428571428 “1.1” mean of 7 whole days (the days the server answered for)"
    );
    assert_eq!(active.change, None);
    for tile in ["wau", "mau", "stickiness"] {
        assert_eq!(
            (page.tile(tile).state, page.tile(tile).value),
            (State::Empty, None),
            "{tile}"
        );
    }
}

/// Clocks change within the range, so several requests are sent; the same answer to each is still one week.
#[test]
fn the_same_answer_to_several_requests_is_counted_once() {
    let page = page(
        "?from=2026-10-20&to=2026-10-30",
        NOW,
        "Europe/Berlin",
        &insights_as(WEEK),
    );
    let panel = page.panel("active-users");
    assert!(panel.requests.len() > 1);
    assert_eq!(panel.state, State::Partial);
    assert_eq!(panel.table.rows.len(), 7);
    assert_eq!(panel.headline.as_deref(), Some("1.1 on average over 7 whole days"));
    assert!(!has_note(panel, "Clocks change"), "{:?}", panel.notes);
}

/// Weeks where days were asked for are no days: they must not enter a mean of days.
#[test]
fn intervals_of_another_length_enter_no_mean() {
    let page = usual_page("?from=2026-11-02&to=2026-11-08&interval=day", &insights_as(ONE_WEEK));
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Partial);
    assert_eq!(rows(&panel.table), ["12–18 Aug 2023 | 3 | not the interval asked for"]);
    assert_eq!(panel.headline, None);
    assert!(!panel.counted.contains("per day"), "{}", panel.counted);
    assert_eq!(page.tile("dau").value, None);
}

/// Months are asked for one by one, and their figure is that of the report.
#[test]
fn a_report_of_other_days_is_no_month() {
    let page = usual_page(
        "?from=2026-09-01&to=2026-10-31&interval=month",
        &insights_as(REPORT_ALONE),
    );
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Partial);
    assert_eq!(rows(&panel.table), ["1–21 Aug 2023 | 1 | not the interval asked for"]);
    assert!(has_note(panel, "other days"));
}

#[test]
fn an_answer_without_a_report_ends_the_wait() {
    let bare = r#"{"interval_reports":[]}"#;
    let page = usual_page("?from=2026-11-02&to=2026-11-08", &insights_as(bare));
    assert_eq!(page.panel("active-users").state, State::Failed);
    for tile in ["tile-active", "dau"] {
        assert_eq!(page.tile_text(tile), "failed “–” The answer is incomplete");
    }
    assert!(
        page.tiles.iter().all(|tile| tile.state != State::Loading),
        "{:?}",
        page.states()
    );
    let moment = moment(NOW, "UTC");
    let templates = page_of(View::Templates, "", &moment, &coder_config(), &insights_as(bare));
    assert!(
        templates.panels.iter().all(|panel| panel.state != State::Loading),
        "{:?}",
        templates.states()
    );
}

#[test]
fn recorded_activity_reaches_the_page_unchanged() {
    let server = except(|ask| matches!(ask, Ask::Activity(_)).then(|| reply(200, ACTIVITY_WEEK)));
    let page = page_of(
        View::Templates,
        "?from=2023-08-15&to=2023-08-21",
        &moment(NOW, "UTC"),
        &coder_config(),
        &server,
    );
    let panel = page.panel("user-activity");
    assert_eq!(panel.state, State::Ready);
    assert_eq!(values(&panel.table, "seconds"), numbers(&[30_540, 4_200, 3_600]));
}

/// A page on which each person has one of these latencies.
fn page_with_latency(p50: impl IntoIterator<Item = f64>) -> Page {
    let users: Vec<Value> = (0..)
        .zip(p50)
        .map(|(place, p50)| json!({"user_id": format!("u{place}"), "username": format!("u{place}"), "latency_ms": {"p50": p50, "p95": p50}}))
        .collect();
    let body = json!({"report": {"users": users}}).to_string();
    let server = except(|ask| matches!(ask, Ask::Latency(_)).then(|| reply(200, body.as_str())));
    page_of(
        View::Templates,
        "?range=7d",
        &moment(NOW, "UTC"),
        &coder_config(),
        &server,
    )
}

#[test]
fn latency_is_counted_in_bands_and_who_has_no_sample_is_in_none() {
    let p50 = [-1.0, 0.0, 149.9, 150.0, 299.9, 300.0, 4_000.0];
    let page = page_with_latency(p50);
    let panel = page.panel("latency");
    assert!(
        has_note(
            panel,
            "People by p50: 2 good, below 150 ms · 2 noticeable, 150 to 299 ms · 2 slow, 300 ms or more"
        ),
        "{:?}",
        panel.notes
    );
    assert!(has_note(panel, "1 person worked without a single latency sample"));
    assert_eq!(panel.headline.as_deref(), Some("2 of 6 people at 300 ms or more"));
}

#[test]
fn many_people_with_latency_are_counted_as_the_language_writes_numbers() {
    let page = page_with_latency((0..3600).map(|place| [-1.0, 20.0, 400.0][place % 3]));
    let panel = page.panel("latency");
    assert_eq!(
        panel.headline.as_deref(),
        Some("1,200 of 2,400 people at 300 ms or more")
    );
    assert!(has_note(panel, "1,200 people worked without a single latency sample"));
}
