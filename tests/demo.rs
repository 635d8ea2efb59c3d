//! The demo deployment: it must look like work, agree with itself, and refuse what a server refuses.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail a test"
)]

use chrono::{DateTime, Datelike, Duration, FixedOffset, NaiveDate, Offset, TimeZone, Timelike, Utc, Weekday};
use metrics::demo::{Demo, Event};
use metrics::remote::Reply;
use metrics::source::{Ask, Request};
use metrics::zone::Zone;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Instant;

const BUILD_INFO: &str = "api/v2/buildinfo";
const USERS: &str = "api/v2/users";
const ME: &str = "api/v2/users/me";
const ORGANIZATIONS: &str = "api/v2/organizations";
const TEMPLATES: &str = "api/v2/templates";
const ENTITLEMENTS: &str = "api/v2/entitlements";
const DAUS: &str = "api/v2/insights/daus";
const INSIGHTS: &str = "api/v2/insights/templates";
const ACTIVITY: &str = "api/v2/insights/user-activity";
const LATENCY: &str = "api/v2/insights/user-latency";
const STATUSES: &str = "api/v2/insights/user-status-counts";

type Pairs = Vec<(&'static str, String)>;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn usual() -> Demo {
    Demo::new(at("2026-11-20T14:23:05Z"), &Zone::utc())
}

fn zone(name: &str) -> Zone {
    let tz: chrono_tz::Tz = name.parse().unwrap();
    let (from, to) = (at("2018-01-01T00:00:00Z"), at("2034-01-01T00:00:00Z"));
    Zone::probe(name, from.timestamp(), to.timestamp(), 86_400, |second| {
        let instant = DateTime::from_timestamp(second, 0).unwrap().naive_utc();
        tz.offset_from_utc_datetime(&instant).fix().local_minus_utc()
    })
}

fn pairs(query: &[(&'static str, &str)]) -> Pairs {
    query.iter().map(|(key, value)| (*key, value.to_string())).collect()
}

fn reply(demo: &Demo, path: &'static str, query: &Pairs) -> Reply {
    demo.answer(&Request::get("demo", Ask::Me, path, query.clone()))
}

/// The body of a reply that must be a good one.
fn get(demo: &Demo, path: &'static str, query: &Pairs) -> Value {
    let reply = reply(demo, path, query);
    let body = String::from_utf8(reply.body).unwrap();
    assert_eq!(reply.status, 200, "{path} {query:?}: {body}");
    assert_eq!(reply.content_type, "application/json; charset=utf-8");
    serde_json::from_str(&body).unwrap()
}

fn span(start: &str, end: &str, more: &[(&'static str, &str)]) -> Pairs {
    let mut query = pairs(&[("start_time", start), ("end_time", end)]);
    query.extend(pairs(more));
    query
}

/// Every endpoint, about the last days before `now`.
fn all_requests(now: DateTime<Utc>, zone: &Zone, days: i64) -> Vec<(&'static str, Pairs)> {
    let today = zone.day_of(now);
    let start = metrics::zone::rfc3339(&zone.start_of(today - Duration::days(days - 1)));
    // The latest full hour of the zone that the server accepts.
    let limit = zone.local(now - Duration::seconds(now.timestamp() % 3600) + Duration::hours(1));
    let end = limit - Duration::seconds(i64::from(limit.minute() * 60));
    let end = metrics::zone::rfc3339(&end);
    vec![
        (BUILD_INFO, vec![]),
        (ME, vec![]),
        (ORGANIZATIONS, vec![]),
        (TEMPLATES, vec![]),
        (ENTITLEMENTS, vec![]),
        (DAUS, pairs(&[("tz_offset", "0")])),
        (STATUSES, pairs(&[("timezone", &zone.name)])),
        (INSIGHTS, span(&start, &end, &[("interval", "day")])),
        (ACTIVITY, span(&start, &end, &[])),
        (LATENCY, span(&start, &end, &[])),
    ]
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn id(value: &Value) -> u128 {
    let digits: String = word(value).chars().filter(|c| *c != '-').collect();
    u128::from_str_radix(&digits, 16).unwrap()
}

fn daus(demo: &Demo) -> Vec<(NaiveDate, u64)> {
    let body = get(demo, DAUS, &vec![]);
    let entry = |entry: &Value| (day(word(&entry["date"])), number(&entry["amount"]));
    list(&body["entries"]).iter().map(entry).collect()
}

fn interval_counts(body: &Value) -> Vec<(String, String, u64)> {
    let text = |value: &Value| word(value).to_string();
    let row = |row: &Value| {
        (
            text(&row["start_time"]),
            text(&row["end_time"]),
            number(&row["active_users"]),
        )
    };
    list(&body["interval_reports"]).iter().map(row).collect()
}

#[test]
fn the_same_moment_gives_the_same_bytes() {
    let (one, other) = (usual(), usual());
    for (path, query) in all_requests(at("2026-11-20T14:23:05Z"), &Zone::utc(), 28) {
        assert_eq!(reply(&one, path, &query), reply(&other, path, &query), "{path}");
    }
}

#[test]
fn the_past_does_not_change() {
    let query = span(
        "2026-10-01T00:00:00+02:00",
        "2026-11-01T00:00:00+01:00",
        &[("interval", "day")],
    );
    for later in ["2026-11-21T09:00:00Z", "2027-03-01T00:00:00Z", "2029-07-01T12:00:00Z"] {
        let later = Demo::new(at(later), &Zone::utc());
        assert_eq!(reply(&usual(), INSIGHTS, &query), reply(&later, INSIGHTS, &query));
    }
}

#[test]
fn weekends_holidays_and_outages_show() {
    let median = |mut values: Vec<u64>| {
        values.sort_unstable();
        values[values.len() / 2]
    };
    let is_weekend = |day: &NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let days = daus(&usual());
    let (weekend, week): (Vec<_>, Vec<_>) = days.iter().copied().partition(|(d, _)| is_weekend(d));
    let ordinary = median(week.iter().map(|(_, count)| *count).collect());
    let weekend = median(weekend.iter().map(|(_, count)| *count).collect());
    assert!((300..500).contains(&ordinary), "{ordinary}");
    assert!(weekend > 0 && weekend * 5 < ordinary, "{weekend} of {ordinary}");
    let outages: Vec<_> = days.iter().filter(|(day, _)| Demo::is_outage(*day)).collect();
    assert_eq!(outages.len(), 1);
    assert!(outages.iter().all(|(_, count)| count * 4 < ordinary));

    let january = daus(&Demo::new(at("2027-01-20T12:00:00Z"), &Zone::utc()));
    let count = |wanted: &str| january.iter().find(|(d, _)| *d == day(wanted)).unwrap().1;
    assert!(count("2026-12-25") * 4 < count("2026-12-15"));
    assert!(count("2027-01-01") * 4 < count("2027-01-14"));
    let a_year_later = daus(&Demo::new(at("2027-11-19T14:00:00Z"), &Zone::utc()));
    let sum = |days: &[(NaiveDate, u64)]| days.iter().map(|(_, count)| count).sum::<u64>();
    let (then, now) = (sum(&a_year_later), sum(&days));
    assert!(then > now && then < now * 13 / 10, "slow growth: {now} to {then}");
}

#[test]
fn daus_are_days_of_utc() {
    let days = daus(&usual());
    assert_eq!(days.len(), 61);
    assert_eq!(days[60].0, day("2026-11-20"));
    assert!(days.windows(2).all(|pair| pair[0].0.succ_opt() == Some(pair[1].0)));
    let mut seen: BTreeMap<NaiveDate, HashSet<u128>> = BTreeMap::new();
    for event in usual().events(days[30].0, days[60].0) {
        seen.entry(event.start.date_naive()).or_default().insert(event.user_id);
    }
    for (day, count) in &days[30..] {
        assert_eq!(seen.get(day).map_or(0, |people| people.len() as u64), *count, "{day}");
    }
    // The last hour of a day: 60 days.
    let late = daus(&Demo::new(at("2026-11-20T23:10:00Z"), &Zone::utc()));
    assert_eq!(
        (late.len(), late[59].0, late[0].0),
        (60, day("2026-11-20"), day("2026-09-22"))
    );
    // An offset moves the labels only, westwards by a day.
    let label = |offset: &str| {
        let body = get(&usual(), DAUS, &pairs(&[("tz_offset", offset)]));
        (body["entries"][0].clone(), body["tz_hour_offset"].clone())
    };
    assert_eq!(label("0").0["date"], "2026-09-21");
    assert_eq!(label("9").0["date"], "2026-09-21");
    assert_eq!(label("-5").0["date"], "2026-09-20");
    assert_eq!(label("-5").0["amount"], label("0").0["amount"]);
    assert_eq!(label("-5").1, -5);
}

/// Recounts a span from the events, with nothing but loops.
struct Recount {
    users: HashSet<u128>,
    templates: BTreeSet<u128>,
    seconds: BTreeMap<u128, u64>,
    apps: BTreeMap<(&'static str, &'static str), (u64, u64)>,
}

fn recount(events: &[Event], start: i64, end: i64, templates: &[u128]) -> Recount {
    let mut sums = Recount {
        users: HashSet::new(),
        templates: BTreeSet::new(),
        seconds: BTreeMap::new(),
        apps: BTreeMap::new(),
    };
    let mut open: BTreeSet<(u128, &str, &str, i64)> = BTreeSet::new();
    for event in events {
        let begin = event.start.timestamp();
        let chosen = templates.is_empty() || templates.contains(&event.template_id);
        if begin < start || begin + 1800 > end || !chosen {
            continue;
        }
        sums.users.insert(event.user_id);
        sums.templates.insert(event.template_id);
        *sums.seconds.entry(event.user_id).or_default() += event.seconds;
        for (slug, name, seconds) in &event.apps {
            open.insert((event.user_id, slug, name, begin));
            sums.apps.entry((slug, name)).or_default().0 += seconds;
        }
    }
    // Opened: in use, and not in use half an hour before.
    for (user, slug, name, begin) in &open {
        if !open.contains(&(*user, slug, name, begin - 1800)) {
            for ((_, _), (_, times)) in sums.apps.iter_mut().filter(|(key, _)| **key == (*slug, *name)) {
                *times += 1;
            }
        }
    }
    sums
}

fn rfc(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).unwrap()
}

#[test]
fn answers_agree_with_a_recount() {
    let demo = usual();
    let events: Vec<Event> = demo.events(day("2026-10-29"), day("2026-11-20")).collect();
    let org = get(&demo, TEMPLATES, &vec![]);
    let some: Vec<Value> = list(&org)[..4].iter().map(|row| row["id"].clone()).collect();
    let some_text: Vec<&str> = some.iter().map(word).collect();
    let some_ids: Vec<u128> = some.iter().map(id).collect();
    let cases = [
        ("2026-11-02T00:00:00Z", "2026-11-20T15:00:00Z", "day"),
        ("2026-11-02T00:00:00+05:30", "2026-11-20T00:00:00+05:30", "day"),
        ("2026-11-02T00:00:00+05:45", "2026-11-16T00:00:00+05:45", "day"),
        ("2026-10-31T00:00:00-04:00", "2026-11-10T00:00:00-05:00", "day"),
        ("2026-10-30T00:00:00Z", "2026-11-20T00:00:00Z", "week"),
        ("2026-10-30T00:00:00+05:45", "2026-11-19T00:00:00+05:45", "week"),
    ];
    for (start, end, interval) in cases {
        for ids in [&[][..], &some_ids] {
            let mut more = vec![];
            let joined = some_text.join(",");
            if !ids.is_empty() {
                more.push(("template_ids", joined.as_str()));
            }
            let activity = get(&demo, ACTIVITY, &span(start, end, &more));
            let latency = get(&demo, LATENCY, &span(start, end, &more));
            more.push(("interval", interval));
            let insights = get(&demo, INSIGHTS, &span(start, end, &more));

            let (from, to) = (rfc(start).timestamp(), rfc(end).timestamp());
            let whole = recount(&events, from, to, ids);
            let report = &insights["report"];
            let templates: Vec<u128> = list(&report["template_ids"]).iter().map(id).collect();
            assert_eq!(templates, whole.templates.iter().copied().collect::<Vec<_>>());
            assert_eq!(number(&report["active_users"]), whole.users.len() as u64);
            for app in list(&report["apps_usage"]) {
                let key = (word(&app["slug"]), word(&app["display_name"]));
                let (seconds, times) = whole.apps.get(&key).copied().unwrap_or_default();
                assert_eq!(number(&app["seconds"]), seconds, "{key:?}");
                let times = if app["type"] == "app" { times } else { 0 };
                assert_eq!(number(&app["times_used"]), times, "{key:?}");
            }
            assert!(whole.apps.len() <= list(&report["apps_usage"]).len());

            let seconds: BTreeMap<u128, u64> = list(&activity["report"]["users"])
                .iter()
                .map(|user| (id(&user["user_id"]), number(&user["seconds"])))
                .collect();
            assert_eq!(seconds, whole.seconds);
            let measured: Vec<u128> = list(&latency["report"]["users"])
                .iter()
                .map(|user| id(&user["user_id"]))
                .collect();
            assert_eq!(measured, seconds.keys().copied().collect::<Vec<_>>());

            let step = if interval == "day" { 86_400 } else { 7 * 86_400 };
            let rows = interval_counts(&insights);
            assert_eq!(rows.len() as i64, (to - from + step - 1) / step);
            for (place, (row_start, row_end, users)) in rows.iter().enumerate() {
                let begin = from + place as i64 * step;
                assert_eq!(rfc(row_start).timestamp(), begin);
                assert_eq!(rfc(row_end).timestamp(), (begin + step).min(to));
                assert_eq!(rfc(row_end).offset(), rfc(start).offset());
                let part = recount(&events, begin, (begin + step).min(to), ids);
                assert_eq!(part.users.len() as u64, *users, "{row_start} {interval}");
            }
        }
    }
}

#[test]
fn weeks_lie_between_their_busiest_day_and_the_sum_of_their_days() {
    let (start, end) = ("2026-08-31T00:00:00Z", "2026-11-09T00:00:00Z");
    let counts = |interval| interval_counts(&get(&usual(), INSIGHTS, &span(start, end, &[("interval", interval)])));
    let (days, weeks) = (counts("day"), counts("week"));
    assert_eq!((days.len(), weeks.len()), (70, 10));
    for (days, (_, _, week)) in days.chunks(7).zip(weeks) {
        let busiest = days.iter().map(|(_, _, users)| *users).max().unwrap();
        let sum: u64 = days.iter().map(|(_, _, users)| users).sum();
        assert!(busiest < week && week < sum, "{busiest} {week} {sum}");
    }
}

#[test]
fn organizations_share_out_the_people() {
    let demo = usual();
    let (start, end) = ("2026-10-24T00:00:00Z", "2026-11-20T15:00:00Z");
    let users = |more: &[(&'static str, &str)]| {
        let body = get(&demo, INSIGHTS, &span(start, end, more));
        assert!(body.get("interval_reports").is_none());
        (number(&body["report"]["active_users"]), body["report"].clone())
    };
    let templates = get(&demo, TEMPLATES, &vec![]);
    let organizations = get(&demo, ORGANIZATIONS, &vec![]);
    assert_eq!((list(&templates).len(), list(&organizations).len()), (10, 4));
    let all = users(&[]).0;
    let mut sum = 0;
    for organization in list(&organizations) {
        let ids: Vec<&str> = list(&templates)
            .iter()
            .filter(|template| template["organization_id"] == organization["id"])
            .map(|template| word(&template["id"]))
            .collect();
        assert!(ids.len() >= 2);
        let (joined, _) = users(&[("template_ids", &ids.join(","))]);
        let repeated: Vec<_> = ids.iter().map(|id| ("template_ids", *id)).collect();
        assert_eq!(users(&repeated).0, joined, "a repeated key is the same as a comma list");
        assert!(joined > 20, "{}", organization["name"]);
        sum += joined;
    }
    assert_eq!(sum, all, "nobody works for two organizations");

    let unused = list(&templates)
        .iter()
        .find(|template| template["name"] == "legacy-vm")
        .unwrap();
    assert_eq!(unused["active_user_count"], 0);
    let (none, report) = users(&[("template_ids", word(&unused["id"]))]);
    assert_eq!(none, 0);
    assert_eq!(list(&report["apps_usage"]).len(), 5, "built-in rows stay when unused");
    assert!(list(&report["parameters_usage"]).is_empty());
    assert!(list(&report["template_ids"]).is_empty());
}

fn status_points(body: &Value) -> BTreeMap<String, Vec<(DateTime<Utc>, u64)>> {
    let point = |point: &Value| (at(word(&point["date"])), number(&point["count"]));
    let counts = body["status_counts"].as_object().unwrap();
    counts
        .iter()
        .map(|(key, points)| (key.clone(), list(points).iter().map(point).collect()))
        .collect()
}

/// The status words and sums at each point, judged by accounts alone.
fn check_statuses(demo: &Demo, body: &Value) {
    let points = status_points(body);
    for series in points.values() {
        assert!(series.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(series.iter().any(|(_, count)| *count > 0));
    }
    let accounts: Vec<_> = demo.accounts().collect();
    let dates: Vec<_> = points.values().flatten().map(|(date, _)| *date).collect();
    for date in dates {
        let exists = |account: &&metrics::demo::Account| {
            account.created <= date && account.deleted.is_none_or(|deleted| deleted > date)
        };
        let existing = accounts.iter().filter(exists).count() as u64;
        let sum: u64 = points
            .values()
            .flat_map(|series| series.iter().filter(|(at, _)| *at == date))
            .map(|(_, count)| count)
            .sum();
        assert_eq!(sum, existing, "{date}");
    }
}

#[test]
fn statuses_follow_from_accounts_and_use() {
    let demo = usual();
    let body = get(&demo, STATUSES, &pairs(&[("timezone", "UTC")]));
    check_statuses(&demo, &body);
    let points = status_points(&body);
    assert_eq!(points.keys().collect::<Vec<_>>(), ["active", "dormant", "suspended"]);
    assert!(points.values().all(|series| series.len() == 61));

    // Recount some midnights and the present from the events of ninety days before.
    let last_use: Vec<(u128, i64)> = demo
        .events(day("2026-06-20"), day("2026-11-20"))
        .map(|event| (event.user_id, event.start.timestamp()))
        .collect();
    let active_at = |instant: i64| {
        let seen: HashSet<u128> = last_use
            .iter()
            .filter(|(_, start)| *start <= instant && instant < start + 90 * 86_400)
            .map(|(user, _)| *user)
            .collect();
        let is_active = |account: &&metrics::demo::Account| {
            account.created.timestamp() <= instant
                && account.deleted.is_none_or(|deleted| deleted.timestamp() > instant)
                && account
                    .suspended
                    .is_none_or(|suspended| suspended.timestamp() > instant)
                && account.signed_in
                && (seen.contains(&account.id) || instant < account.created.timestamp() + 90 * 86_400)
        };
        demo.accounts().filter(|account| is_active(&account)).count() as u64
    };
    for (date, count) in points["active"].iter().step_by(12) {
        assert_eq!(active_at(date.timestamp()), *count, "{date}");
    }
    let licence = get(&demo, ENTITLEMENTS, &vec![]);
    let seats = &licence["features"]["user_limit"];
    let (actual, limit) = (number(&seats["actual"]), number(&seats["limit"]));
    assert_eq!(actual, active_at(at("2026-11-20T14:23:05Z").timestamp()));
    assert!((87..=91).contains(&(actual * 100 / limit)));
    let last = |key: &str| points[key].last().unwrap().1;
    assert!(
        (750..950).contains(&(last("active") + last("dormant") + last("suspended"))),
        "{} {} {}",
        last("active"),
        last("dormant"),
        last("suspended")
    );
    assert!(last("dormant") > 40 && last("suspended") > 5);
}

#[test]
fn the_roster_lists_who_is_there_and_when_they_were_seen() {
    let demo = usual();
    let now = at("2026-11-20T14:23:05Z");
    let page = |limit: &str, offset: &str| get(&demo, USERS, &pairs(&[("limit", limit), ("offset", offset)]));
    let body = page("1000", "0");
    let rows = list(&body["users"]);
    let expected: BTreeSet<u128> = demo
        .accounts()
        .filter(|account| account.deleted.is_none_or(|deleted| deleted > now))
        .map(|account| account.id)
        .collect();
    assert_eq!(rows.iter().map(|row| id(&row["id"])).collect::<BTreeSet<_>>(), expected);
    assert_eq!(number(&body["count"]), expected.len() as u64);
    let parts: Vec<Value> = ["0", "300", "600", "900"]
        .iter()
        .flat_map(|offset| list(&page("300", offset)["users"]).clone())
        .collect();
    assert_eq!(&parts, rows, "pages make up the whole");

    let mut last_use: BTreeMap<u128, DateTime<Utc>> = BTreeMap::new();
    for event in demo.events(day("2026-06-01"), day("2026-11-20")) {
        let seen = last_use.entry(event.user_id).or_insert(event.start);
        *seen = event.start.max(*seen);
    }
    let accounts: BTreeMap<u128, _> = demo.accounts().map(|account| (account.id, account)).collect();
    let mut statuses: BTreeMap<&str, u64> = BTreeMap::new();
    for row in rows {
        let account = &accounts[&id(&row["id"])];
        let seen = rfc(word(&row["last_seen_at"])).to_utc();
        *statuses.entry(word(&row["status"])).or_default() += 1;
        assert_eq!(word(&row["email"]), format!("{}@example.com", account.username));
        assert_eq!(seen.year() == 1, !account.signed_in, "the zero time is never");
        assert!(seen <= now);
        // The caller is looking at this right now.
        let is_caller = account.username == word(&get(&demo, ME, &vec![])["username"]);
        if let Some(used) = last_use.get(&account.id).filter(|_| !is_caller) {
            assert!(seen >= *used && seen - *used <= Duration::hours(1), "{seen} {used}");
        }
    }
    // Those of the present, by the same server.
    let seats = &get(&demo, ENTITLEMENTS, &vec![])["features"]["user_limit"];
    assert_eq!(statuses["active"], number(&seats["actual"]));
    assert_eq!(
        statuses.keys().copied().collect::<Vec<_>>(),
        ["active", "dormant", "suspended"]
    );

    let one = word(&rows[7]["id"]).to_string();
    let alone = demo.answer(&Request::get("demo", Ask::Me, format!("{USERS}/{one}"), vec![]));
    assert_eq!(serde_json::from_slice::<Value>(&alone.body).unwrap(), rows[7]);
    let gone = demo.answer(&Request::get("demo", Ask::Me, format!("{USERS}/nobody"), vec![]));
    assert_eq!(gone.status, 404);
}

#[test]
fn nobody_works_without_an_account_that_may() {
    let demo = usual();
    let accounts: BTreeMap<u128, _> = demo.accounts().map(|account| (account.id, account)).collect();
    let names: HashSet<&str> = accounts.values().map(|account| account.username.as_str()).collect();
    assert_eq!(names.len(), accounts.len(), "names are unique");
    let mut busy: HashSet<(u128, DateTime<Utc>)> = HashSet::new();
    let mut zones: HashSet<u32> = HashSet::new();
    for event in demo.events(day("2026-09-01"), day("2026-11-20")) {
        let account = &accounts[&event.user_id];
        let over = event.start + Duration::minutes(30);
        assert!(account.signed_in && account.created < event.start);
        assert!(account.suspended.is_none_or(|suspended| over <= suspended));
        assert!(account.deleted.is_none_or(|deleted| over <= deleted));
        assert!(over <= at("2026-11-20T14:23:05Z"));
        assert!((1..=1800).contains(&event.seconds));
        assert!(busy.insert((event.user_id, event.start)), "one row per half hour");
        // Something was open all the time, and nothing for longer.
        let longest = event.apps.iter().map(|(_, _, seconds)| *seconds).max();
        assert_eq!(longest, Some(event.seconds));
        let apps: HashSet<_> = event.apps.iter().map(|(slug, name, _)| (slug, name)).collect();
        assert_eq!(apps.len(), event.apps.len());
        zones.insert(event.start.hour());
    }
    assert_eq!(zones.len(), 24, "somebody works at any hour");
}

#[test]
fn latencies_are_plausible() {
    let body = get(
        &usual(),
        LATENCY,
        &span("2026-10-24T00:00:00Z", "2026-11-20T15:00:00Z", &[]),
    );
    let users = list(&body["report"]["users"]);
    let figure = |user: &Value, key: &str| user["latency_ms"][key].as_f64().unwrap();
    let (mut missing, mut slow, mut fast) = (0, 0, 0);
    for user in users {
        let (p50, p95) = (figure(user, "p50"), figure(user, "p95"));
        if p50 < 0.0 {
            assert_eq!((p50, p95), (-1.0, -1.0));
            missing += 1;
        } else {
            assert!(p50 <= p95 && (15.0..700.0).contains(&p50), "{p50} {p95}");
            slow += u32::from(p50 > 300.0);
            fast += u32::from(p50 < 100.0);
        }
    }
    assert!(missing > 5 && missing < users.len() / 8, "{missing} without a sample");
    assert!(slow > 2 && slow < 60 && fast > 200, "{slow} slow, {fast} fast");
    let ids: Vec<u128> = users.iter().map(|user| id(&user["user_id"])).collect();
    assert!(ids.is_sorted(), "in the order of ids");
}

#[test]
fn parameters_come_in_every_kind() {
    let (start, end) = ("2026-10-24T00:00:00Z", "2026-11-20T15:00:00Z");
    let body = get(&usual(), INSIGHTS, &span(start, end, &[]));
    let parameters = list(&body["report"]["parameters_usage"]);
    let kinds: BTreeSet<&str> = parameters.iter().map(|row| word(&row["type"])).collect();
    assert_eq!(kinds, BTreeSet::from(["bool", "list(string)", "number", "string"]));
    let names: Vec<&str> = parameters.iter().map(|row| word(&row["name"])).collect();
    assert!(names.is_sorted());
    assert_eq!(
        names.iter().filter(|name| **name == "region").count(),
        2,
        "one name, two parameters"
    );
    let (mut orphans, mut empty, mut links, mut icons) = (0, 0, 0, 0);
    for parameter in parameters {
        assert!(!list(&parameter["template_ids"]).is_empty());
        let values: Vec<&str> = list(&parameter["values"])
            .iter()
            .map(|value| word(&value["value"]))
            .collect();
        assert!(values.is_sorted_by(|a, b| a.as_bytes() < b.as_bytes()), "{values:?}");
        assert!(
            list(&parameter["values"])
                .iter()
                .all(|value| number(&value["count"]) > 0)
        );
        empty += u32::from(values.contains(&""));
        links += values.iter().filter(|value| value.starts_with("https://")).count();
        if let Some(options) = parameter.get("options") {
            let known: Vec<&str> = list(options).iter().map(|row| word(&row["value"])).collect();
            icons += list(options).iter().filter(|row| row["icon"] != "").count();
            orphans += values
                .iter()
                .filter(|value| parameter["type"] != "list(string)" && !known.contains(value))
                .count();
        }
        if parameter["type"] == "list(string)" {
            for value in values {
                let _: Vec<String> = serde_json::from_str(value).unwrap();
            }
        }
    }
    assert!(orphans > 0 && empty > 0 && links > 0 && icons > 0);
}

#[test]
fn keys_come_in_the_order_of_the_server() {
    let text = |path, query: &Pairs| String::from_utf8(reply(&usual(), path, query).body).unwrap();
    let in_order = |text: &str, keys: &[&str]| {
        let mut from = 0;
        for key in keys {
            let quoted = format!("\"{key}\":");
            from += text[from..]
                .find(&quoted)
                .unwrap_or_else(|| panic!("{key} not after the one before in {text}"));
        }
    };
    let (start, end) = ("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z");
    let insights = text(INSIGHTS, &span(start, end, &[("interval", "week")]));
    in_order(
        &insights,
        &[
            "report",
            "start_time",
            "end_time",
            "template_ids",
            "active_users",
            "apps_usage",
            "template_ids",
            "type",
            "display_name",
            "slug",
            "icon",
            "family",
            "seconds",
            "times_used",
            "parameters_usage",
            "template_ids",
            "display_name",
            "name",
            "type",
            "description",
            "options",
            "name",
            "description",
            "value",
            "icon",
            "values",
            "value",
            "count",
            "interval_reports",
            "start_time",
            "end_time",
            "template_ids",
            "interval",
            "active_users",
        ],
    );
    assert!(insights.ends_with("}\n"));
    assert!(
        insights.contains(r#"Notebook \u003cβ\u003e \u0026 \"friends\""#),
        "escaped as the server does"
    );
    let body: Value = serde_json::from_str(&insights).unwrap();
    let slugs: Vec<&str> = list(&body["report"]["apps_usage"])
        .iter()
        .map(|app| word(&app["slug"]))
        .collect();
    assert_eq!(slugs[..5], ["vscode", "jetbrains", "reconnecting-pty", "ssh", "sftp"]);
    assert!(slugs[5..].is_sorted() && slugs[5..].windows(2).any(|pair| pair[0] == pair[1]));
    in_order(
        &text(ACTIVITY, &span(start, end, &[])),
        &[
            "report",
            "start_time",
            "end_time",
            "template_ids",
            "users",
            "template_ids",
            "user_id",
            "username",
            "avatar_url",
            "seconds",
        ],
    );
    in_order(
        &text(LATENCY, &span(start, end, &[])),
        &[
            "users",
            "template_ids",
            "user_id",
            "username",
            "avatar_url",
            "latency_ms",
            "p50",
            "p95",
        ],
    );
    in_order(&text(DAUS, &vec![]), &["entries", "date", "amount", "tz_hour_offset"]);
    in_order(
        &text(STATUSES, &vec![]),
        &["status_counts", "active", "date", "count", "dormant", "suspended"],
    );
}

#[test]
fn sections_and_intervals_leave_keys_out() {
    let (start, end) = ("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z");
    let keys = |start: &str, end: &str, more: &[(&'static str, &str)]| {
        let body = get(&usual(), INSIGHTS, &span(start, end, more));
        let keys: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
        keys.join(" ")
    };
    assert_eq!(keys(start, end, &[]), "report");
    assert_eq!(keys(start, end, &[("interval", "")]), "report");
    assert_eq!(keys(start, end, &[("interval", "day")]), "interval_reports report");
    let only = |section| keys(start, end, &[("interval", "day"), ("sections", section)]);
    assert_eq!(only("report"), "report");
    assert_eq!(only("interval_reports"), "interval_reports");
    assert_eq!(only("report,interval_reports"), "interval_reports report");
    assert_eq!(keys(start, end, &[("sections", "interval_reports")]), "");
    assert_eq!(
        keys(start, start, &[("interval", "day")]),
        "report",
        "an empty range has no intervals"
    );
    let body = get(&usual(), INSIGHTS, &span(start, start, &[]));
    assert_eq!(body["report"]["active_users"], 0);
}

#[test]
fn bad_requests_are_refused_as_by_a_server() {
    let demo = usual();
    let (start, end) = ("2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z");
    let good = || span(start, end, &[]);
    let with = |more: &[(&'static str, &str)]| span(start, end, more);
    let (several, one) = (
        "Query parameters have invalid values.",
        "Query parameter has invalid value.",
    );
    let cases: Vec<(&'static str, Pairs, &str, &[&str])> = vec![
        // Keys.
        (INSIGHTS, vec![], several, &["start_time", "end_time"]),
        (ACTIVITY, span("", end, &[]), several, &["start_time"]),
        (LATENCY, span(start, "", &[]), several, &["end_time"]),
        (INSIGHTS, with(&[("organization", "x")]), several, &["organization"]),
        (ACTIVITY, with(&[("interval", "day")]), several, &["interval"]),
        (LATENCY, with(&[("sections", "report")]), several, &["sections"]),
        (DAUS, pairs(&[("timezone", "UTC")]), several, &["timezone"]),
        (STATUSES, pairs(&[("template_ids", "")]), several, &["template_ids"]),
        (INSIGHTS, with(&[("start_time", start)]), several, &["start_time"]),
        (
            INSIGHTS,
            with(&[("interval", "day"), ("interval", "day")]),
            several,
            &["interval"],
        ),
        (
            DAUS,
            pairs(&[("tz_offset", "1"), ("tz_offset", "1")]),
            several,
            &["tz_offset"],
        ),
        (DAUS, pairs(&[("tz_offset", "5.5")]), several, &["tz_offset"]),
        (STATUSES, pairs(&[("interval", "day")]), several, &["interval"]),
        (
            INSIGHTS,
            with(&[("template_ids", "nonsense")]),
            several,
            &["template_ids"],
        ),
        (
            ACTIVITY,
            with(&[("template_ids", "0c084bd4-56a6-4075-abe2-8ea5c82f6ba0,,x"), ("y", "")]),
            several,
            &["template_ids", "template_ids", "y"],
        ),
        // Times.
        (INSIGHTS, span("2026-11-02", end, &[]), one, &["start_time"]),
        (
            INSIGHTS,
            span("2026-11-02T00:00:00 02:00", end, &[]),
            one,
            &["start_time"],
        ),
        (INSIGHTS, span("2026-11-02 00:00:00Z", end, &[]), one, &["start_time"]),
        (INSIGHTS, span(start, "2026-11-09t00:00:00z", &[]), one, &["end_time"]),
        (INSIGHTS, span("0001-01-01T00:00:00Z", end, &[]), one, &["start_time"]),
        (INSIGHTS, span("2026-11-02T01:00:00Z", end, &[]), one, &["start_time"]),
        (
            INSIGHTS,
            span("2026-11-20T14:00:00Z", "2026-11-20T15:00:00Z", &[]),
            one,
            &["start_time"],
        ),
        (INSIGHTS, span(start, "2026-11-09T05:00:00Z", &[]), one, &["end_time"]),
        (INSIGHTS, span(start, "2026-11-20T14:23:00Z", &[]), one, &["end_time"]),
        (INSIGHTS, span(start, "2026-11-20T14:00:01Z", &[]), one, &["end_time"]),
        (INSIGHTS, span(start, "2026-11-20T16:00:00Z", &[]), one, &["end_time"]),
        (INSIGHTS, span(start, "2026-11-21T00:00:00Z", &[]), one, &["end_time"]),
        // An hour that has not begun in India, 15:30 in UTC.
        (
            INSIGHTS,
            span(start, "2026-11-20T21:00:00+05:30", &[]),
            one,
            &["end_time"],
        ),
        (INSIGHTS, span(end, start, &[]), one, &["end_time"]),
        // The first error counts.
        (INSIGHTS, span("x", "y", &[("interval", "z")]), one, &["start_time"]),
        // Values.
        (
            INSIGHTS,
            with(&[("interval", "month"), ("sections", "x")]),
            one,
            &["interval"],
        ),
        (INSIGHTS, with(&[("sections", "report,totals")]), one, &["sections"]),
        (
            INSIGHTS,
            span(start, "2026-11-12T00:00:00Z", &[("interval", "week")]),
            one,
            &[],
        ),
        (
            INSIGHTS,
            span(start, "2026-11-07T00:00:00Z", &[("interval", "week")]),
            one,
            &[],
        ),
        (STATUSES, pairs(&[("timezone", "UTC"), ("tz_offset", "1")]), one, &[]),
        (STATUSES, pairs(&[("tz_offset", "15")]), one, &["tz_offset"]),
        (STATUSES, pairs(&[("tz_offset", "-13")]), one, &["tz_offset"]),
        (
            STATUSES,
            pairs(&[("timezone", "Europe/Atlantis")]),
            "Invalid timezone.",
            &[],
        ),
    ];
    for (path, query, message, fields) in cases {
        let reply = reply(&demo, path, &query);
        let text = String::from_utf8(reply.body).unwrap();
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(reply.status, 400, "{path} {query:?} {text}");
        assert_eq!(body["message"], message, "{path} {query:?} {text}");
        let named: Vec<&str> = body.get("validations").map_or(vec![], |rows| {
            list(rows).iter().map(|row| word(&row["field"])).collect()
        });
        assert_eq!(named, fields, "{path} {query:?} {text}");
        assert_eq!(body.get("detail").is_some(), fields.is_empty(), "{text}");
    }
    let good_ones = [
        (INSIGHTS, good()),
        (INSIGHTS, with(&[("template_ids", ""), ("sections", "")])),
        (
            INSIGHTS,
            with(&[(
                "template_ids",
                " 0c084bd4-56a6-4075-abe2-8ea5c82f6ba0 , ffffffff-ffff-4fff-bfff-ffffffffffff",
            )]),
        ),
        (INSIGHTS, span(start, "2026-11-08T00:00:00Z", &[("interval", "week")])),
        (INSIGHTS, span(start, "2026-11-20T15:00:00Z", &[("interval", "day")])),
        (INSIGHTS, span(start, "2026-11-20T00:00:00Z", &[])),
        (INSIGHTS, span(start, "2026-11-20T20:00:00+05:30", &[])),
        (
            INSIGHTS,
            span("2026-11-20T00:00:00-05:00", "2026-11-20T10:00:00-05:00", &[]),
        ),
        (INSIGHTS, span("2026-11-02T00:00:00.5Z", end, &[])),
        // Across the end of summer time: six days and an hour.
        (
            INSIGHTS,
            span(
                "2026-10-24T00:00:00+02:00",
                "2026-10-30T00:00:00+01:00",
                &[("interval", "week")],
            ),
        ),
        (STATUSES, pairs(&[("timezone", "Etc/UTC"), ("tz_offset", "0")])),
        (STATUSES, pairs(&[("tz_offset", "-12"), ("interval", "86400")])),
    ];
    for (path, query) in good_ones {
        get(&demo, path, &query);
    }
    let lost = reply(&demo, "api/v2/insights/nothing", &vec![]);
    assert_eq!(
        (lost.status, lost.body),
        (404, b"{\"message\":\"Route not found.\"}\n".to_vec())
    );
}

#[test]
fn it_works_on_any_day_in_any_zone() {
    let cases = [
        ("2020-01-01T00:00:00Z", "UTC"),
        ("2024-02-29T12:30:00Z", "Europe/Berlin"),
        ("2026-03-29T00:59:59Z", "Europe/Berlin"),
        ("2026-10-25T23:05:00Z", "Europe/Berlin"),
        ("2026-03-08T06:59:00Z", "America/New_York"),
        ("2026-11-01T05:30:00Z", "America/New_York"),
        ("2026-12-31T18:31:00Z", "Asia/Kolkata"),
        ("2026-12-31T23:59:59Z", "UTC"),
        ("2027-01-01T00:00:00Z", "Asia/Kathmandu"),
        ("2028-02-29T23:30:00Z", "America/Sao_Paulo"),
        ("2026-04-05T12:10:00Z", "Australia/Lord_Howe"),
        ("2026-09-06T10:00:00Z", "America/Santiago"),
        ("2033-06-15T08:00:00Z", "Pacific/Auckland"),
    ];
    for (now, name) in cases {
        let (now, zone) = (at(now), zone(name));
        let demo = Demo::new(now, &zone);
        for (path, query) in all_requests(now, &zone, 8) {
            let body = get(&demo, path, &query);
            if path == STATUSES {
                check_statuses(&demo, &body);
                for (key, series) in status_points(&body) {
                    assert!((60..=61).contains(&series.len()), "{key} {name}");
                    let clock = |date: &DateTime<Utc>| zone.local(*date).time();
                    let midnights = series.iter().filter(|(date, _)| clock(date).hour() <= 1);
                    assert_eq!(midnights.count(), series.len(), "{key} {name}");
                    let last = series.last().unwrap().0;
                    assert!(last <= now + Duration::hours(1));
                    assert!(last + Duration::hours(26) > now);
                }
            }
            if path == ACTIVITY {
                let existing = demo.accounts().filter(|account| account.created <= now).count();
                assert!(list(&body["report"]["users"]).len() <= existing);
            }
        }
    }
}

#[test]
fn it_is_empty_before_the_opening() {
    let demo = Demo::new(at("2015-05-05T05:05:05Z"), &Zone::utc());
    assert_eq!(demo.accounts().count(), 0);
    assert!(daus(&demo).iter().all(|(_, count)| *count == 0));
    assert_eq!(get(&demo, STATUSES, &vec![])["status_counts"], serde_json::json!({}));
}

#[test]
fn fixed_offsets_have_their_own_midnights() {
    let first = |offset: &str| {
        let body = get(&usual(), STATUSES, &pairs(&[("tz_offset", offset)]));
        word(&body["status_counts"]["active"][0]["date"]).to_string()
    };
    assert_eq!(first("0"), "2026-09-21T00:00:00Z");
    assert_eq!(first("9"), "2026-09-21T15:00:00Z", "east of UTC");
    assert_eq!(first("10"), "2026-09-21T14:00:00Z");
    assert_eq!(first("-5"), "2026-09-21T05:00:00Z");
    // 15:00 UTC is the next full hour, and midnight at nine hours east.
    let body = get(&usual(), STATUSES, &pairs(&[("tz_offset", "9")]));
    let points = list(&body["status_counts"]["active"]);
    assert_eq!((points.len(), word(&points[60]["date"])), (61, "2026-11-20T15:00:00Z"));
}

#[test]
fn the_caller_is_an_owner_with_an_account() {
    let demo = usual();
    let me = get(&demo, ME, &vec![]);
    assert_eq!(me["roles"][0]["name"], "owner");
    assert!(
        demo.accounts()
            .any(|account| account.id == id(&me["id"]) && account.username == me["username"])
    );
    assert_eq!(list(&me["organization_ids"]).len(), 4);
    let build = get(&demo, BUILD_INFO, &vec![]);
    assert!(word(&build["version"]).ends_with("+demo"));
    id(&build["deployment_id"]);
}

/// Prints how long things take; asserts nothing. Worth a look with `--release -- --nocapture`.
#[test]
fn timings() {
    let now = at("2026-11-20T14:23:05Z");
    let best = |work: &dyn Fn()| {
        let run = || {
            let start = Instant::now();
            work();
            start.elapsed()
        };
        let runs = if cfg!(debug_assertions) { 1 } else { 9 };
        (0..runs).map(|_| run()).min().unwrap_or_default()
    };
    let new = best(&|| drop(Demo::new(now, &Zone::utc())));
    println!("Demo::new {new:?}");
    let demo = Demo::new(now, &Zone::utc());
    for days in [28, 364] {
        for (path, query) in all_requests(now, &Zone::utc(), days) {
            let time = best(&|| drop(reply(&demo, path, &query)));
            let bytes = reply(&demo, path, &query).body.len();
            println!("{days:>4} days {time:>12.3?} {bytes:>7} bytes {path}");
        }
    }
}

#[test]
fn the_older_api_has_its_own_manners() {
    let demo = usual();
    const V1: &str = "api/private/metrics/activity";
    let ask = |start: &str, end: &str, interval: &str| pairs(&[("start", start), ("end", end), ("interval", interval)]);
    let month = get(
        &demo,
        V1,
        &ask("2026-02-01T00:00:00.000000Z", "2026-11-21T00:00:00.000000Z", "1 month"),
    );
    let intervals = list(&month["activity"]);
    assert_eq!(intervals.len(), 10);
    let lengths: Vec<u64> = intervals
        .iter()
        .map(|row| number(&row["duration"]) / 86_400_000_000_000)
        .collect();
    assert_eq!(lengths, [28, 31, 30, 31, 30, 31, 31, 30, 31, 30]);
    // One key is no id, some totals contradict their counts, and who is gone is in intervals only.
    let users = month["users"].as_object().unwrap();
    assert!(
        users
            .iter()
            .any(|(key, user)| key == "needs-id" && user["id"] != "needs-id")
    );
    let contradicts = |user: &Value| number(&user["total_duration"]) != number(&user["total_count"]) * 60_000_000_000;
    assert!(users.values().any(contradicts) && !users.values().all(contradicts));
    let listed: HashSet<&str> = users.values().map(|user| word(&user["id"])).collect();
    let active: HashSet<&str> = intervals
        .iter()
        .flat_map(|row| list(&row["user_activity"]))
        .map(|row| word(&row["user_id"]))
        .collect();
    assert!(listed.is_subset(&active) && listed.len() < active.len());

    for (query, status, words) in [
        (
            ask("2026-11-01", "2026-11-02T00:00:00Z", "1 day"),
            400,
            "start: must be an RFC 3339 time",
        ),
        (
            ask("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "day"),
            400,
            "interval: must be a number and a unit",
        ),
        (ask("2026-11-01T00:00:00Z", "", "1 day"), 400, "end: "),
        (
            [
                ask("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "90 day"),
                pairs(&[("category", "vscode")]),
            ]
            .concat(),
            400,
            "category: ",
        ),
        (
            [
                ask("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "1 year"),
                pairs(&[("tz_offset", "0")]),
            ]
            .concat(),
            400,
            "tz_offset: ",
        ),
        (
            [
                ask("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "1 week"),
                pairs(&[("org", "x")]),
            ]
            .concat(),
            404,
            "",
        ),
    ] {
        let reply = reply(&demo, V1, &query);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            (reply.status, number(&body["error"]["code"])),
            (status, status.into()),
            "{query:?}"
        );
        assert!(word(&body["error"]["details"]).starts_with(words), "{query:?} {body}");
    }
    assert_eq!(
        list(&get(&demo, "api/v0/orgs", &vec![])).len(),
        list(&get(&demo, ORGANIZATIONS, &vec![])).len()
    );
}
