//! Days, weeks and longer: open, cut, of 23 or 25 hours, too young, too old, too many, and what they are compared with.

use super::*;

#[test]
fn today_is_so_far_and_in_no_mean() {
    let page = usual_page("?range=7d", &usual);
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Ready);
    assert_eq!(
        rows(&panel.table),
        [
            "14 Nov 2026 | 7",
            "15 Nov 2026 | 8",
            "16 Nov 2026 | 9",
            "17 Nov 2026 | 10",
            "18 Nov 2026 | 11",
            "19 Nov 2026 | 12",
            "20 Nov 2026 | 3 | so far"
        ]
    );
    let open: Vec<bool> = panel
        .chart
        .as_ref()
        .unwrap()
        .buckets
        .iter()
        .map(|bucket| bucket.is_open)
        .collect();
    assert_eq!(open, [false, false, false, false, false, false, true]);
    assert_eq!(panel.headline.as_deref(), Some("9.5 on average over 6 whole days"));
    assert_eq!(panel.chart.as_ref().unwrap().references[0].value, 9.5);
    assert_eq!(page.tile_text("dau"), "ready 9.5 “9.5” mean of 6 whole days");
    // The range so far: 14 to 20 November at 15:00, the end of the hour that runs.
    assert_eq!(
        page.tile_text("tile-active"),
        "ready 259 “259” 14–20 Nov 2026, today so far"
    );
    // Whole days only are compared: six of them with the six before.
    let compared = usual_page("?range=7d&compare=previous", &usual);
    let change = compared.tile("tile-active").change.clone().unwrap();
    assert_eq!(change.shown, "±0 (±0%) vs 6 days before");
    assert_eq!(
        change.exactly,
        "244 in 14–19 Nov 2026, 244 in 8–13 Nov 2026; only whole days are compared"
    );
    assert_eq!(page.tile_text("wau"), "ready 268 “268” 13–19 Nov 2026");
    assert_eq!(page.tile_text("mau"), "ready 820 “820” 21 Oct – 19 Nov 2026");

    let daus = page.panel("daus");
    assert_eq!(
        (daus.state, daus.headline.as_deref()),
        (State::Ready, Some("36.5 on average over 6 whole days"))
    );
    assert_eq!(rows(&daus.table)[6], "20 Nov 2026 | 40 | so far");
}

#[test]
fn stickiness_is_the_mean_day_of_the_month_it_is_divided_by() {
    let page = usual_page("?range=7d", &usual);
    // 21 October to 19 November, each day 3 + its number modulo 10.
    let days: u32 = (0..30)
        .map(|offset| people_on(add_days(day("2026-10-21"), offset)))
        .sum();
    let mean = f64::from(days) / 30.0;
    let tile = page.tile("stickiness");
    assert_eq!(tile.value, Some(mean / 820.0));
    assert_eq!(
        tile.detail,
        format!("{} of 820 MAU on an average day", (mean * 10.0).round() / 10.0)
    );
    assert!(tile.meaning.contains("30 whole days up to the end of the range"));
}

#[test]
fn weeks_that_are_open_or_cut_are_in_no_mean() {
    // 31 October is a Saturday, 20 November a Friday; weeks begin on Monday.
    let page = usual_page("?from=2026-10-31&to=2026-11-20&interval=week", &usual);
    let panel = page.panel("active-users");
    assert_eq!(panel.state, State::Ready);
    assert_eq!(
        rows(&panel.table),
        [
            "31 Oct – 1 Nov 2026 | 148 | cut short by the range",
            "2–8 Nov 2026 | 52",
            "9–15 Nov 2026 | 59",
            "16–20 Nov 2026 | 211 | so far"
        ]
    );
    assert_eq!(panel.headline.as_deref(), Some("55.5 on average over 2 whole weeks"));
    assert_eq!(
        panel.summary,
        "Active users, 31 Oct – 20 Nov 2026: from 52 (2–8 Nov 2026) to 59 (9–15 Nov 2026), lowest 52 (2–8 Nov 2026), highest 59 (9–15 Nov 2026), so far 211 (16–20 Nov 2026); 31 Oct – 1 Nov 2026 is cut short by the range."
    );
    let parts = |panel: &PanelModel| -> Vec<(bool, bool)> {
        let buckets = &panel.chart.as_ref().unwrap().buckets;
        buckets.iter().map(|bucket| (bucket.is_cut, bucket.is_open)).collect()
    };
    assert_eq!(
        parts(panel),
        [(true, false), (false, false), (false, false), (false, true)]
    );
    let tip = panel.tip(0, None).unwrap();
    assert!(
        tip.lines.contains(&("Note".into(), "cut short by the range".into())),
        "{tip:?}"
    );
    assert!(has_note(panel, "Weeks are from Mon to Sun"));
    // A week that ends yesterday, inside its own week, is cut as well: nothing of it runs any more.
    let page = usual_page("?from=2026-11-09&to=2026-11-19&interval=week", &usual);
    assert_eq!(
        rows(&page.panel("active-users").table),
        ["9–15 Nov 2026 | 268", "16–19 Nov 2026 | 196 | cut short by the range"]
    );
    assert_eq!(parts(page.panel("active-users")), [(false, false), (true, false)]);
    assert_eq!(
        page.panel("active-users").headline.as_deref(),
        Some("268 on average over 1 whole week")
    );
}

#[test]
fn months_quarters_and_years_are_asked_for_one_by_one() {
    let page = usual_page("?from=2026-09-15&to=2026-11-20&interval=month", &usual);
    let panel = page.panel("active-users");
    assert_eq!(
        rows(&panel.table),
        [
            "15–30 Sep 2026 | 484 | cut short by the range",
            "1–31 Oct 2026 | 844",
            "1–20 Nov 2026 | 571 | so far"
        ]
    );
    assert_eq!(panel.headline.as_deref(), Some("844 on average over 1 whole month"));
    assert_eq!(panel.requests.len(), 3);
    assert!(
        panel
            .requests
            .iter()
            .all(|request| !request.target().contains("interval"))
    );
    let page = usual_page("?from=2026-03-01&to=2026-09-30&interval=90d", &usual);
    assert_eq!(
        rows(&page.panel("active-users").table),
        [
            "1 Mar – 29 May 2026 | 2,260",
            "30 May – 27 Aug 2026 | 2,260",
            "28 Aug – 30 Sep 2026 | 916 | cut short by the range"
        ]
    );
    assert_eq!(
        page.panel("active-users").headline.as_deref(),
        Some("2,260 on average over 2 whole 90-day intervals")
    );
    let page = usual_page("?from=2024-01-01&to=2026-11-20&interval=year", &usual);
    assert_eq!(
        rows(&page.panel("active-users").table),
        [
            "1 Jan – 31 Dec 2024 | 8,884",
            "1 Jan – 31 Dec 2025 | 8,860",
            "1 Jan – 20 Nov 2026 | 7,867 | so far"
        ]
    );
    assert_eq!(
        page.panel("active-users").headline.as_deref(),
        Some("8,872 on average over 2 whole years")
    );
}

/// Days of 23 and 25 hours: the server's own days of 24 hours would be an hour off from there on.
#[test]
fn days_on_which_clocks_change_are_whole_days() {
    for (zone, from, to, changed, hours) in [
        ("Europe/Berlin", "2026-03-27", "2026-03-31", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-23", "2026-10-27", "2026-10-25", 25),
        ("America/New_York", "2026-03-06", "2026-03-10", "2026-03-08", 23),
        ("America/New_York", "2026-10-30", "2026-11-03", "2026-11-01", 25),
    ] {
        let page = page(&format!("?from={from}&to={to}"), NOW, zone, &usual);
        let panel = page.panel("active-users");
        let expected: Vec<u32> = (0..5)
            .map(|offset| add_days(day(from), offset))
            .map(|date| {
                if date == day(changed) {
                    100 + hours
                } else {
                    people_on(date)
                }
            })
            .collect();
        assert_eq!(panel.state, State::Ready);
        assert_eq!(
            values(&panel.table, "active_users"),
            numbers(&expected),
            "{zone} {from}"
        );
        assert_eq!(panel.requests.len(), 3, "before, the day itself, after");
        assert!(has_note(panel, "Clocks change on"), "{:?}", panel.notes);
        assert_eq!(page.tile("tile-active").value, Some(f64::from(100 + 96 + hours)));
    }
    // Half an hour of change, on an island: 24.5 hours on 5 April, 23.5 on 4 October.
    let island = page("?from=2026-04-03&to=2026-04-07", NOW, "Australia/Lord_Howe", &usual);
    assert_eq!(
        values(&island.panel("active-users").table, "active_users"),
        numbers(&[6, 7, 124, 9, 10])
    );
    let asked = island.panel("active-users").requests[1].target();
    assert!(
        asked.contains("start_time=2026-04-05T00:00:00%2B11:00&end_time=2026-04-06T00:00:00%2B10:30"),
        "{asked}"
    );
}

/// Ten minutes past midnight in Kathmandu, 5:45 east: the next full hour of UTC is before 01:00 there.
#[test]
fn a_day_of_which_nothing_can_be_asked_yet_is_said_to_have_just_begun() {
    let early = "2026-11-19T18:25:00Z";
    let today = page("?range=today", early, "Asia/Kathmandu", &usual);
    let panel = today.panel("active-users");
    assert_eq!(
        (panel.state, panel.message.as_ref().unwrap().title.as_str()),
        (State::Empty, "The day has just begun")
    );
    assert_eq!(today.tile_text("tile-active"), "empty “–” The day has just begun");
    assert_eq!(today.tile_text("dau"), "empty “–” No whole day in the range");
    // The trailing week and month end yesterday, which is over.
    assert_eq!(today.tile_text("wau"), "ready 268 “268” 13–19 Nov 2026");

    let week = page("?range=7d", early, "Asia/Kathmandu", &usual);
    let panel = week.panel("active-users");
    assert_eq!(panel.state, State::Ready, "{:?}", panel.notes);
    assert_eq!(
        rows(&panel.table)[5..],
        ["19 Nov 2026 | 12", "20 Nov 2026 | (just begun) | so far"]
    );
    assert!(!panel.chart.as_ref().unwrap().buckets[6].is_uncollected);
    assert_eq!(
        week.tile_text("tile-active"),
        "ready 244 “244” 14–20 Nov 2026, today not yet"
    );
    assert_eq!(week.tile("dau").state, State::Ready);

    let later = page("?range=today", "2026-11-19T19:05:00Z", "Asia/Kathmandu", &usual);
    assert_eq!(rows(&later.panel("active-users").table), ["20 Nov 2026 | 101 | so far"]);
}

#[test]
fn today_and_yesterday() {
    let today = usual_page("?range=today", &usual);
    assert_eq!(rows(&today.panel("active-users").table), ["20 Nov 2026 | 115 | so far"]);
    assert_eq!(today.panel("active-users").headline, None);
    assert_eq!(today.panel("active-users").chart.as_ref().unwrap().references, []);
    assert_eq!(
        today.tile_text("tile-active"),
        "ready 115 “115” 20 Nov 2026, today so far"
    );
    assert_eq!(
        today.tile("tile-active").change,
        None,
        "an open day is compared with nothing"
    );
    assert_eq!(today.tile_text("dau"), "empty “–” No whole day in the range");
    assert_eq!(rows(&today.panel("daus").table), ["20 Nov 2026 | 40 | so far"]);
    assert_eq!(
        rows(&today.panel("user-status").table),
        ["20 Nov 2026 | 50 | 5 | 2 | 57"]
    );

    let yesterday = usual_page("?range=yesterday", &usual);
    assert_eq!(rows(&yesterday.panel("active-users").table), ["19 Nov 2026 | 124"]);
    assert_eq!(yesterday.tile_text("tile-active"), "ready 124 “124” 19 Nov 2026");
    let compared = usual_page("?range=yesterday&compare=previous", &usual);
    assert_eq!(
        compared.tile("tile-active").change.as_ref().unwrap().shown,
        "±0 (±0%) vs the day before"
    );
    assert_eq!(yesterday.tile_text("dau"), "ready 124 “124” mean of 1 whole day");
}

#[test]
fn what_has_not_begun_is_not_asked_for() {
    let page = usual_page("?from=2026-12-24&to=2026-12-26", &usual);
    for panel in &page.panels {
        assert_eq!(
            (panel.state, panel.message.as_ref().unwrap().title.as_str()),
            (State::Empty, "These days have not begun")
        );
        assert!(panel.requests.is_empty() && panel.chart.is_none());
    }
    for tile in ["tile-active", "dau", "wau", "mau", "stickiness"] {
        assert_eq!(page.tile_text(tile), "empty “–” The range lies in the future");
    }
    // Accounts are counted whatever the range.
    assert_eq!(page.tile_text("seats"), "ready 47 “47” now, of 60 (78%)");
    assert_eq!(page.tile_text("dormant"), "ready 5 “5” at 00:00, 20 Nov");
    assert!(page.insights_asked().is_empty());
    // Half of it has begun: that half is shown, and no more.
    let page = usual_page("?from=2026-11-18&to=2026-11-25", &usual);
    assert_eq!(
        rows(&page.panel("active-users").table),
        ["18 Nov 2026 | 11", "19 Nov 2026 | 12", "20 Nov 2026 | 3 | so far"]
    );
    assert_eq!(page.tile("tile-active").detail, "18–20 Nov 2026, today so far");
}

#[test]
fn a_range_of_a_lifetime_is_not_asked_for() {
    for url in [
        "?from=0001-01-01&to=2026-11-20",
        "?from=1970-01-01&to=9999-12-31&interval=day",
        "?from=2016-11-01&to=2026-11-20&interval=month",
    ] {
        let page = usual_page(url, &usual);
        assert!(page.insights_asked().is_empty(), "{url}");
        for panel in &page.panels {
            assert_eq!(
                (panel.state, panel.message.as_ref().unwrap().title.as_str()),
                (State::Unsupported, "The range is too long")
            );
        }
        assert_eq!(page.tile_text("wau"), "empty “–” The range is too long");
        assert_eq!(
            [page.tile("seats").state, page.tile("dormant").state],
            [State::Ready; 2],
            "{url}"
        );
    }
    let decade = page(
        "?from=2016-11-20&to=2026-11-20&interval=month",
        NOW,
        "Europe/Berlin",
        &usual,
    );
    assert_eq!(decade.panel("active-users").state, State::Ready);
    assert!(decade.insights_asked().len() < 250, "{}", decade.insights_asked().len());
}

#[test]
fn beyond_sixty_days_the_server_says_nothing_of_accounts_and_daus() {
    let page = usual_page("?range=90d", &usual);
    for id in ["user-status", "daus"] {
        let panel = page.panel(id);
        assert_eq!(panel.state, State::Partial, "{id}");
        assert_eq!(panel.notes[0], "Last 61 days only: the server tells no more", "{id}");
        assert_eq!(panel.table.rows.len(), 61, "{id}");
        assert!(rows(&panel.table)[0].starts_with("21 Sep 2026"), "{id}");
    }
    assert_eq!(page.panel("active-users").state, State::Ready);
    let long_ago = usual_page("?from=2026-01-01&to=2026-01-31", &usual);
    for id in ["user-status", "daus"] {
        let panel = long_ago.panel(id);
        let message = panel.message.as_ref().unwrap();
        assert_eq!(
            (panel.state, message.title.as_str()),
            (State::Empty, "The server does not reach back that far"),
            "{id}"
        );
        assert_eq!(
            message.detail, "It only tells the last 61 days, 21 Sep – 20 Nov 2026.",
            "{id}"
        );
    }
}

#[test]
fn daus_are_utc_days_wherever_one_looks_from() {
    for zone in ["Asia/Kathmandu", "America/Los_Angeles", "UTC"] {
        let page = page("?range=7d", NOW, zone, &usual);
        let panel = page.panel("daus");
        assert!(panel.counted.contains("per UTC day") && panel.footer.contains(&"UTC days".to_string()));
        assert_eq!(panel.table.columns[0].title, "Day (UTC)");
        assert!(panel.csv().contains("days,UTC days"), "{}", panel.csv());
        assert_eq!(rows(&panel.table)[0], "14 Nov 2026 | 34");
        assert!(panel.requests[0].target().ends_with("daus?tz_offset=0"));
    }
    // In Auckland the 21st has begun; in UTC it has not.
    let ahead = page("?range=today", NOW, "Pacific/Auckland", &usual);
    let panel = ahead.panel("daus");
    assert_eq!(
        (panel.state, panel.message.as_ref().unwrap().title.as_str()),
        (State::Empty, "The day has not begun in UTC")
    );
    // In Los Angeles it is still the 19th when in UTC the 20th has begun, so the 19th is whole.
    let behind = page("?range=today", "2026-11-20T03:00:00Z", "America/Los_Angeles", &usual);
    assert_eq!(rows(&behind.panel("daus").table), ["19 Nov 2026 | 39"]);
}

#[test]
fn daus_that_the_server_left_out_are_missing_not_zero() {
    let body = |days: &[(&str, u32)]| {
        let entries: Vec<Value> = days
            .iter()
            .map(|(day, amount)| json!({"date": day, "amount": amount}))
            .collect();
        json!({"entries": entries}).to_string()
    };
    let gappy = body(&[("2026-11-10", 1), ("2026-11-17", 7), ("2026-11-15", 5)]);
    let page = usual_page(
        "?range=7d",
        &except(move |ask| (*ask == Ask::Daus).then(|| reply(200, gappy.clone()))),
    );
    let panel = page.panel("daus");
    assert_eq!(panel.state, State::Partial);
    assert_eq!(
        rows(&panel.table),
        [
            "14 Nov 2026 | (not in the answer)",
            "15 Nov 2026 | 5",
            "16 Nov 2026 | (not in the answer)",
            "17 Nov 2026 | 7",
            "18 Nov 2026 | (not in the answer)",
            "19 Nov 2026 | (not in the answer)",
            "20 Nov 2026 | (not in the answer) | so far"
        ]
    );
    assert!(has_note(panel, "5 days are missing in the answer"));
    assert_eq!(panel.headline.as_deref(), Some("6 on average over 2 whole days"));
    let old = body(&[("2023-08-15", 4), ("2023-08-16", 5)]);
    let page = usual_page(
        "?range=7d",
        &except(move |ask| (*ask == Ask::Daus).then(|| reply(200, old.clone()))),
    );
    let message = page.panel("daus").message.clone().unwrap();
    assert_eq!(
        (message.title.as_str(), message.detail.as_str()),
        ("The server answered for other days", "It told of 15–16 Aug 2023.")
    );
    let none = usual_page(
        "?range=7d",
        &except(|ask| (*ask == Ask::Daus).then(|| reply(200, r#"{"entries":[]}"#))),
    );
    assert_eq!(none.panel("daus").message.as_ref().unwrap().title, "No days yet");
}

#[test]
fn a_year_before_is_52_weeks_before() {
    let page = usual_page("?from=2026-11-02&to=2026-11-15&compare=year", &usual);
    let change = page.tile("tile-active").change.clone().unwrap();
    assert_eq!(change.shown, "±0 (±0%) vs 52 weeks before");
    assert_eq!(
        change.exactly,
        "436 in 2–15 Nov 2026, 436 in 3–16 Nov 2025; only whole days are compared"
    );
    // The same weekdays.
    assert_eq!(
        page.scope.compared().unwrap().first.weekday(),
        page.scope.asked.first.weekday()
    );
    let none = usual_page("?from=2026-11-02&to=2026-11-15&compare=none", &usual);
    assert_eq!(
        (none.scope.compared(), none.tile("tile-active").change.clone()),
        (None, None)
    );
    assert!(none.insights_asked().len() < page.insights_asked().len());
}

#[test]
fn a_locked_range_in_the_past_ends_everything_there() {
    let page = usual_page("?from=2026-09-07&to=2026-09-09&compare=previous", &usual);
    assert_eq!(page.tile_text("tile-active"), "ready 172 “172” 7–9 Sep 2026");
    assert_eq!(
        page.tile("tile-active").change.as_ref().unwrap().exactly,
        "172 in 7–9 Sep 2026, 172 in 4–6 Sep 2026; only whole days are compared"
    );
    // Seven and thirty days up to the end of the range reach further back than it does, and say so.
    assert_eq!(page.tile_text("wau"), "ready 268 “268” 3–9 Sep 2026");
    assert_eq!(page.tile_text("mau"), "ready 820 “820” 11 Aug – 9 Sep 2026");
    assert!(
        page.tile("wau")
            .meaning
            .contains("7 whole days up to the end of the range")
    );
    // Seats are counted now, whatever the range.
    assert_eq!(page.tile("seats").detail, "now, of 60 (78%)");
    assert!(page.tile("seats").meaning.contains("now"));
}

#[test]
fn a_comparison_with_few_people_has_no_percentage() {
    let server = except(|ask| match ask {
        Ask::Insights(slice, grain) => {
            let mut body = insights(slice, *grain);
            let people = if slice.start.day() < 10 { 19 } else { 22 };
            body["report"]["active_users"] = json!(people);
            Some(reply(200, body.to_string()))
        }
        _ => None,
    });
    let page = usual_page("?from=2026-11-12&to=2026-11-18&compare=previous", &server);
    assert_eq!(
        page.tile("tile-active").change.as_ref().unwrap().shown,
        "+3 vs 7 days before"
    );
}

#[test]
fn a_comparison_without_figures_is_said() {
    let without = |page: &Page, id: &str, why: &str| {
        let panel = page.panel(id);
        assert_eq!(panel.chart.as_ref().unwrap().series.len(), 1, "{id}");
        let found = panel
            .notes
            .iter()
            .filter(|note| note.starts_with("Without comparison: "));
        assert_eq!(
            found.collect::<Vec<_>>(),
            [&format!("Without comparison: {why}")],
            "{id}"
        );
    };
    // Kept for a week only.
    let young = except(|ask| match ask {
        Ask::Daus => Some(reply(
            200,
            json!({"tz_hour_offset": 0, "entries": [{"date": "2026-11-19", "amount": 5}]}).to_string(),
        )),
        Ask::Insights(slice, grain) if slice.start.day() < 14 => {
            let mut body = insights(slice, *grain);
            (body["report"], body["interval_reports"]) = (json!(null), json!([]));
            Some(reply(200, body.to_string()))
        }
        _ => None,
    });
    let page = usual_page("?range=7d&compare=previous", &young);
    for id in ["active-users", "daus"] {
        without(&page, id, "the server has no figures of 7–13 Nov 2026");
    }
    let told = |page: &Page| {
        let change = page.tile("tile-active").change.clone().unwrap();
        (change.shown, change.exactly)
    };
    let none = |why: &str| ("No comparison".to_string(), why.to_string());
    assert_eq!(told(&page), none("the server has no figures of 8–13 Nov 2026"));
    // Answers of the range itself, whatever is asked.
    let stuck = |day: u32| {
        except(move |ask| match ask {
            Ask::Insights(slice, grain) if slice.start.day() == day => {
                let week = chrono::Days::new(7);
                let mut slice = slice.clone();
                (slice.start, slice.end) = (slice.start + week, slice.end + week);
                Some(reply(200, insights(&slice, *grain).to_string()))
            }
            _ => None,
        })
    };
    let other_days = "the server answered for other days than those asked for";
    let page = usual_page("?range=7d&compare=previous", &stuck(7));
    without(&page, "active-users", other_days);
    let page = usual_page("?range=7d&compare=previous", &stuck(8));
    assert_eq!(told(&page), none(other_days));
    let failing = except(|ask| match ask {
        Ask::Insights(slice, _) if slice.start.day() == 8 => Some(reply(500, "{}".to_string())),
        _ => None,
    });
    let page = usual_page("?range=7d&compare=previous", &failing);
    assert_eq!(told(&page).0, "No comparison");
    assert!(told(&page).1.contains("500"), "{}", told(&page).1);
}

#[test]
fn the_period_before_is_drawn_behind_with_its_weekdays_in_line() {
    let page = usual_page("?range=7d&compare=previous", &usual);
    for id in ["active-users", "daus"] {
        let panel = page.panel(id);
        let chart = panel.chart.as_ref().unwrap();
        assert_eq!(chart.series.len(), 2, "{id}");
        assert_eq!(chart.series[1].role, metrics::chart::Role::Context);
        assert_eq!(chart.series[1].values.len(), chart.buckets.len());
        let ids: Vec<_> = panel.table.columns.iter().map(|column| column.id).collect();
        assert_eq!(&ids[1..], ["active_users", "before", "change", "note"], "{id}");
        assert!(
            panel
                .notes
                .iter()
                .any(|note| note.starts_with("Grey line: 7–13 Nov 2026, a week earlier")),
            "{id}: {:?}",
            panel.notes
        );
        // The running day has a figure before it, and is not compared with it.
        let last = panel.table.rows.last().unwrap();
        assert!(matches!(&last[2], Cell::Number { .. }), "{id}");
        assert!(
            matches!(&last[3], Cell::Missing(reason) if reason.starts_with("not compared")),
            "{id}"
        );
        // Each change is the difference of the two figures beside it.
        for row in &panel.table.rows {
            if let [
                _,
                Cell::Number { value: now, .. },
                Cell::Number { value: then, .. },
                Cell::Number { value: change, .. },
                _,
            ] = row.as_slice()
            {
                assert_eq!(now - then, *change, "{id}");
            }
        }
        // The tooltip says what the row says, with the exact days and where they begin.
        let tip = panel.tip(0, None).unwrap();
        assert_eq!(tip.title, "Sat, 14 Nov");
        assert_eq!(tip.lines.len(), 3, "{id}: {tip:?}");
        assert!(tip.span.starts_with("14 Nov 2026, "), "{}", tip.span);
        assert!(
            tip.span
                .ends_with(if id == "daus" { "UTC days" } else { "days of UTC" }),
            "{}",
            tip.span
        );
    }
    // Months do not line up after a shift of whole weeks.
    let months = usual_page("?range=12m&interval=month&compare=previous", &usual);
    assert_eq!(months.panel("active-users").chart.as_ref().unwrap().series.len(), 1);
    // Parts of a stack tell their share of the whole.
    let tip = page.panel("user-status").tip(0, None).unwrap();
    // And how they changed: with the sign, and as a share of those who are enough for one.
    let figures: Vec<&str> = tip.lines.iter().map(|(_, figure)| figure.as_str()).collect();
    assert_eq!(figures, ["44 (86%), +7 (+19%)", "5 (9.8%), ±0", "2 (3.9%), ±0", "51"]);
    assert!(has_note(page.panel("user-status"), "Changes: against a week earlier"));
}

#[test]
fn complete_periods_are_whole_and_over() {
    let range = |url: &str| {
        let (query, _) = Query::parse(url);
        let scope = Scope::resolve(&query, &coder_config(), &moment(NOW, "UTC"), Directory::default());
        scope.range.map(|range| format!("{} {}", range.first, range.last))
    };
    for (url, days) in [
        ("?range=7d", Some("2026-11-14 2026-11-20")),
        ("?range=7d&periods=complete", Some("2026-11-14 2026-11-19")),
        (
            "?from=2026-10-28&to=2026-11-20&interval=week&periods=complete",
            Some("2026-11-02 2026-11-15"),
        ),
        (
            "?from=2026-08-31&to=2026-11-20&interval=month&periods=complete",
            Some("2026-09-01 2026-10-31"),
        ),
        ("?range=today&periods=complete", None),
        ("?from=2026-11-16&to=2026-11-20&interval=week&periods=complete", None),
    ] {
        assert_eq!(range(url).as_deref(), days, "{url}");
    }
    let page = usual_page("?range=7d&periods=complete", &usual);
    for id in ["daus", "active-users"] {
        let chart = page.panel(id).chart.as_ref().unwrap();
        assert_eq!((chart.buckets.len(), chart.buckets[5].is_open), (6, false), "{id}");
    }
    let page = usual_page("?range=today&periods=complete", &usual);
    for panel in &page.panels {
        let title = panel.message.as_ref().map(|message| message.title.as_str());
        assert_eq!(
            (panel.state, title),
            (State::Empty, Some("No complete period")),
            "{}",
            panel.id
        );
    }
    assert!(
        page.tile_text("tile-active")
            .ends_with("No complete period in the range")
    );
    // Where it is tomorrow already, yesterday still runs in UTC.
    let now = "2026-11-20T20:00:00Z";
    let early = |request: &Request| usual_at(request, at(now));
    let page = super::page("?range=7d&periods=complete", now, "Pacific/Auckland", &early);
    let daus = &page.panel("daus").chart.as_ref().unwrap().buckets;
    assert!(!daus.last().unwrap().is_open, "{daus:?}");
}
