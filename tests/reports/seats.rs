//! The outlook of seats: whose time runs out, net changes, the trend.

use super::*;

/// Accounts of a status that were last seen so many days before [`NOW`], at the same hour.
fn accounts(status: &'static str, seen: &[i64]) -> Vec<Value> {
    let account = |(place, days): (usize, &i64)| {
        let seen = at(NOW) - Duration::days(*days);
        let seen = if *days < 0 {
            "0001-01-01T00:00:00Z".into()
        } else {
            rfc3339(&seen.fixed_offset())
        };
        json!({"id": format!("{status}-{place}"), "username": format!("fern-{place}"), "name": "", "email": "", "status": status,
            "created_at": "2025-01-02T03:04:05Z", "last_seen_at": seen, "organization_ids": [], "roles": []})
    };
    seen.iter().enumerate().map(account).collect()
}

/// Accounts by status at each of the last midnights, from the count of days back.
fn statuses(active: impl Fn(i64) -> i64, days: i64) -> Value {
    let midnight = at("2026-11-20T00:00:00Z");
    let points = |count: &dyn Fn(i64) -> i64| -> Vec<Value> {
        let point =
            |back| json!({"date": rfc3339(&(midnight - Duration::days(back)).fixed_offset()), "count": count(back)});
        (0..=days).rev().map(point).collect()
    };
    // Three accounts fell dormant within the last week, and one was suspended.
    json!({"status_counts": {
        "active": points(&active),
        "dormant": points(&|back| if back < 3 { 8 } else { 5 }),
        "suspended": points(&|back| if back < 5 { 3 } else { 2 }),
    }})
}

fn outlook(
    wishes: Wishes,
    url: &str,
    active: &'static (dyn Fn(i64) -> i64 + Sync),
    days: i64,
    limit: Option<u64>,
) -> PanelModel {
    let server = except(move |ask| match ask {
        Ask::Users(_) => {
            let mut users = accounts("active", &[0, 2, 80, 83, 84, 89, 90, 95, 45, -1]);
            users.extend(accounts("dormant", &[300]));
            users.extend(accounts("suspended", &[1]));
            ok(&json!({"count": users.len(), "users": users}))
        }
        Ask::Statuses { .. } => ok(&statuses(active, days)),
        Ask::Entitlements => ok(&licence(Some(660), limit)),
        _ => None,
    });
    let page = page_wishing(wishes, View::People, url, &moment(NOW, "UTC"), &coder_config(), &server);
    page.panel("seat-outlook").clone()
}

/// Seven more a week.
const GROWING: &(dyn Fn(i64) -> i64 + Sync) = &|back| 660 - back;

#[test]
fn active_accounts_are_counted_by_the_time_left() {
    let panel = outlook(Wishes::default(), "?range=7d", GROWING, 60, Some(720));
    assert_eq!(panel.state, State::Ready, "{:?}", panel.message);
    assert_eq!(
        rows(&panel.table),
        [
            // Not seen for 90 and 95 days: the server has not come around to it.
            "now | 2 | 20%",
            "within 7 days | 3 | 30%",
            "8–14 days | 1 | 10%",
            "15–30 days | 0 | 0%",
            "31–60 days | 1 | 10%",
            "61–90 days | 2 | 20%",
            "never seen | 1 | 10%",
        ]
    );
    assert_eq!(
        panel.headline.as_deref(),
        Some("6 of 10 seats may come free within 30 days")
    );
    let chart = panel.chart.as_ref().unwrap();
    assert_eq!(chart.series[0].values.len(), 7);
    // The figures of the picture are those of the table.
    assert_eq!(values(&panel.table, "accounts"), numbers(&[2, 3, 1, 0, 1, 2, 1]));
}

#[test]
fn a_shorter_period_is_a_what_if() {
    let mut wishes = Wishes::default();
    wishes.choose(Wish::Dormancy, 2);
    let panel = outlook(wishes, "?range=7d", GROWING, 60, Some(720));
    assert_eq!(
        rows(&panel.table),
        [
            "now | 7 | 70%",
            "within 7 days | 0 | 0%",
            "8–14 days | 0 | 0%",
            "15–30 days | 2 | 20%",
            "never seen | 1 | 10%"
        ]
    );
    assert_eq!(
        panel.headline.as_deref(),
        Some("9 of 10 seats would come free within 30 days")
    );
    assert!(has_note(
        &panel,
        "What if the server were set up so that an account turns dormant after 30 days"
    ));
}

#[test]
fn net_changes_add_up_to_that_of_active_accounts() {
    let panel = outlook(Wishes::default(), "?range=7d", GROWING, 60, Some(720));
    // From 14 to 20 November: 6 more active, 3 more dormant, 1 more suspended; so 10 more accounts in all.
    assert!(
        has_note(
            &panel,
            "Active accounts +6 net over 14–20 Nov 2026: created less deleted +10, woken less fallen dormant −3, restored less suspended −1"
        ),
        "{:?}",
        panel.notes
    );
}

#[test]
fn the_trend_says_when_the_limit_is_reached_or_why_it_does_not() {
    let told = |active, days, limit| {
        outlook(Wishes::default(), "?range=7d", active, days, limit)
            .notes
            .join("\n")
    };
    // 60 seats are left, 7 are taken a week: after 60 days.
    assert!(
        told(GROWING, 60, Some(720)).contains(
            "+7 active accounts a week. If it goes on like this, the limit of 720 is reached about 19 Jan 2027"
        ),
        "{}",
        told(GROWING, 60, Some(720))
    );
    assert!(told(&|back| 660 + back, 60, Some(720)).contains(
        "−7 active accounts a week. If it goes on like this, the limit of 720 is not reached within two years"
    ));
    assert!(told(GROWING, 60, Some(600)).contains("The limit of 600 is passed already"));
    assert!(told(GROWING, 60, None).ends_with("+7 active accounts a week\nNo seat limit is known of the licence"));
    assert!(told(GROWING, 40, Some(720)).contains("No trend: it takes records of 8 weeks"));
    let slowing = told(&|back| 660 - back * back / 40, 60, Some(720));
    assert!(slowing.contains("(in 4 of 5 cases "), "{slowing}");
    // One week in which a test made a thousand accounts does not turn it.
    assert!(
        told(&|back| if back == 28 { 1660 } else { 660 - back }, 60, Some(720))
            .contains("Trend of the last 8 weeks: +7 active")
    );
}

#[test]
fn what_is_missing_is_said() {
    let forbidden = || Some(reply(403, r#"{"message":"Forbidden."}"#));
    let server = except(move |ask| match ask {
        Ask::Users(_) => ok(&json!({"count": 3, "users": accounts("active", &[5, 88, 200])})),
        Ask::Statuses { .. } => forbidden(),
        _ => None,
    });
    let page = page_of(View::People, "", &moment(NOW, "UTC"), &coder_config(), &server);
    let panel = page.panel("seat-outlook");
    assert_eq!(panel.state, State::Partial);
    assert!(has_note(panel, "No net changes and no trend: "), "{:?}", panel.notes);
    let server = except(move |ask| matches!(ask, Ask::Users(_)).then(forbidden).flatten());
    let page = page_of(View::People, "", &moment(NOW, "UTC"), &coder_config(), &server);
    assert_eq!(page.panel("seat-outlook").state, State::Forbidden);
    // The usual server has nobody on its roster.
    let page = page_of(View::People, "", &moment(NOW, "UTC"), &coder_config(), &usual);
    assert_eq!(page.panel("seat-outlook").state, State::Empty);
    // Whoever cannot be counted is told of, and so are an unknown limit and a range without two midnights.
    let server = except(move |ask| match ask {
        Ask::Users(_) => {
            let mut users = accounts("active", &[5, 88]);
            users.extend(accounts("parked", &[3]));
            ok(&json!({"count": 3, "users": users}))
        }
        Ask::Entitlements => forbidden(),
        _ => None,
    });
    let page = page_of(
        View::People,
        "?range=today",
        &moment(NOW, "Asia/Kathmandu"),
        &coder_config(),
        &server,
    );
    let panel = page.panel("seat-outlook");
    assert_eq!(panel.state, State::Partial);
    for note in [
        "1 account has a status",
        "Seat limit unknown: ",
        "No net changes: it takes two midnights",
    ] {
        assert!(has_note(panel, note), "{note}: {:?}", panel.notes);
    }
    assert!(
        panel.footer.iter().any(|line| line == "00:00 in Asia/Kathmandu"),
        "{:?}",
        panel.footer
    );
}
