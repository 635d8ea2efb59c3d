//! The whole page from the demo: figures of different panels agree.

use super::*;

#[test]
fn the_demo_fills_every_page_and_its_figures_agree() {
    for (now, zone_name, url) in [
        ("2026-11-20T14:23:05Z", "UTC", ""),
        ("2026-11-20T14:23:05Z", "Asia/Kathmandu", "?range=14d"),
        ("2026-11-01T05:30:00Z", "America/New_York", "?range=30d"),
        ("2026-03-29T01:00:00Z", "Europe/Berlin", "?range=12w"),
        (
            "2026-04-04T14:40:00Z",
            "Australia/Lord_Howe",
            "?range=90d&interval=week",
        ),
        ("2026-12-30T23:59:59Z", "Pacific/Auckland", "?range=mtd"),
        ("2027-01-01T00:00:00Z", "UTC", "?range=12m&interval=month"),
        ("2026-06-15T22:10:00Z", "Asia/Kolkata", "?range=48w&compare=year"),
    ] {
        let moment = moment(now, zone_name);
        let demo = Demo::new(moment.now, &moment.zone);
        let server = |request: &Request| Some(demo.answer(request));
        for view in [View::Overview, View::Activity, View::Templates, View::People] {
            let page = page_of(view, url, &moment, &Config::demo(), &server);
            let case = format!("{now} {zone_name} {url}");
            for panel in &page.panels {
                columns_are_told_apart(panel, &case);
                let said = panel.message.as_ref().map_or("", |message| &message.title);
                if said.starts_with("Too few whole") || said == "Only by day" {
                    continue;
                }
                assert!(
                    matches!(panel.state, State::Ready | State::Partial),
                    "{case}: {} {:?}",
                    panel.id,
                    panel.message
                );
                assert!(panel.has_table() && !panel.counted.is_empty(), "{case}: {}", panel.id);
            }
            match view {
                View::Overview => agree(&page, &case),
                View::Templates => templates_agree(&page, &case),
                View::Activity => activity_agrees(&page, &case),
                _ => {}
            }
        }
    }
}

/// Columns are sorted, hidden and found by their keys; a file has nothing but their titles.
fn columns_are_told_apart(panel: &PanelModel, case: &str) {
    for list in [panel.rows(), panel.group_rows()] {
        let columns = list.rows().columns();
        let keys: BTreeSet<String> = columns.iter().map(|column| column.key()).collect();
        let titles: BTreeSet<&str> = columns.iter().map(|column| column.title.as_str()).collect();
        let (keys, titles) = (keys.len(), titles.len());
        assert_eq!((keys, titles), (columns.len(), columns.len()), "{case}: {columns:?}");
    }
}

#[test]
fn each_template_sorts_by_its_own_column() {
    let moment = moment(NOW, "UTC");
    let demo = Demo::new(moment.now, &moment.zone);
    let server = |request: &Request| Some(demo.answer(request));
    let page = page_of(View::Templates, "?range=14d", &moment, &Config::demo(), &server);
    let list = page.panel("template-trends").rows();
    let columns = list.rows().columns();
    let is_of_template = |column: &&metrics::table::Column| column.is_number;
    assert!(columns.iter().filter(is_of_template).count() > 2);
    for (place, column) in columns.iter().enumerate().filter(|(_, column)| column.is_number) {
        let value = |row: &usize| match list.rows().cell(*row, place) {
            Cell::Number { value, .. } => value,
            cell => panic!("{cell:?}"),
        };
        let sorted = list.sorted(&format!("-{}", column.key()));
        assert!(sorted.is_sorted_by(|a, b| value(a) >= value(b)), "{}", column.title);
    }
}

/// Days, periods and cohorts are three ways to the same people.
fn activity_agrees(page: &Page, case: &str) {
    let by_day = |id: &str| {
        let table = &page.panel(id).table;
        let day = |row: &Vec<Cell>| match row[0] {
            Cell::Day { day, .. } => day,
            _ => panic!("{case}"),
        };
        let people = values(table, "active_users");
        table.rows.iter().map(day).zip(people).collect::<Vec<_>>()
    };
    let (all, lifecycle) = (by_day("activity"), page.panel("lifecycle"));
    let column = |id: &str| values(&lifecycle.table, id);
    let parts = ["staying", "returning", "new"].map(column);
    for (index, (day, active)) in by_day("lifecycle").into_iter().enumerate() {
        assert_eq!(
            parts.iter().map(|part| part[index].unwrap()).sum::<f64>(),
            active.unwrap()
        );
        if page.scope.interval != metrics::period::Interval::Day {
            assert!(all.contains(&(day, active)), "{case}: {day}");
        }
        if let (Some(before), Some(lapsed)) = (index.checked_sub(1), column("lapsed")[index]) {
            assert_eq!(Some(parts[0][index].unwrap() + lapsed), column("active_users")[before]);
        }
    }
    let retention = page.panel("retention");
    if !retention.table.rows.is_empty() {
        let new = &parts[2];
        let sizes = values(&retention.table, "people");
        assert!(sizes[1..].iter().zip(new).all(|(size, new)| size == new), "{case}");
    }
    if page.scope.interval == metrics::period::Interval::Day {
        assert_eq!(by_day("weekdays"), all, "{case}");
    }
}

/// Ranking, small charts and people are three ways to the same use.
fn templates_agree(page: &Page, case: &str) {
    let ranking = page.panel("templates");
    let people = values(&ranking.table, "active_users");
    let seconds = values(&ranking.table, "seconds");
    let used = |values: &[Option<f64>]| values.iter().flatten().sum::<f64>();
    assert!(people.is_sorted_by(|a, b| a >= b), "{case}");
    // The demo gives each half hour to one template only, so that the parts make up the whole.
    let all = used(&values(&page.panel("user-activity").table, "seconds"));
    assert_eq!(used(&seconds), all, "{case}");
    let trends = page.panel("template-trends");
    assert_eq!(trends.table.columns.len(), 2 + people.len().min(8), "{case}");
    for (place, people) in people.iter().take(8).enumerate() {
        let cell = |row: &Vec<Cell>| match row[1 + place] {
            Cell::Number { value, .. } => value,
            _ => 0.0,
        };
        let buckets: Vec<f64> = trends.table.rows.iter().map(cell).collect();
        assert!(buckets.iter().all(|bucket| Some(*bucket) <= *people), "{case}");
        assert!(Some(buckets.iter().sum::<f64>()) >= *people, "{case}");
    }
}

fn agree(page: &Page, case: &str) {
    let value = |id: &str| {
        page.tile(id)
            .value
            .unwrap_or_else(|| panic!("{case}: {id} {:?}", page.tile_text(id)))
    };
    assert!(
        page.tiles.iter().all(|tile| tile.state == State::Ready),
        "{case}: {:?}",
        page.states()
    );
    let (mean, wau, mau) = (value("dau"), value("wau"), value("mau"));
    assert!(0.0 < mean && wau <= mau && mau > 100.0, "{case}: {mean} {wau} {mau}");
    assert!((0.0..=1.0).contains(&value("stickiness")), "{case}");

    // Nobody is in a bucket who is not in the range; whole buckets are averaged.
    let people = values(&page.panel("active-users").table, "active_users");
    let known: Vec<f64> = people.iter().flatten().copied().collect();
    assert!(known.iter().all(|bucket| *bucket <= value("tile-active")), "{case}");
    assert!(known.iter().sum::<f64>() >= value("tile-active"), "{case}");

    let status = page.panel("user-status");
    let column = |id: &str| values(&status.table, id);
    for (index, total) in column("total").iter().enumerate() {
        let sum: f64 = ["active", "dormant", "suspended"]
            .iter()
            .filter_map(|id| column(id)[index])
            .sum();
        assert_eq!(Some(sum), *total, "{case}");
    }
    let chart = status.chart.as_ref().unwrap();
    assert_eq!(
        chart
            .series
            .iter()
            .map(|series| series.values.iter().collect::<Vec<_>>())
            .collect::<Vec<_>>(),
        ["active", "dormant", "suspended"].map(column)
    );
    assert_eq!(
        column("dormant").last().copied().flatten(),
        Some(value("dormant")),
        "{case}"
    );
    let dates = |panel: &PanelModel| {
        panel
            .table
            .rows
            .iter()
            .filter_map(|row| {
                if let Cell::Day { day, .. } = row[0] {
                    Some(day)
                } else {
                    None
                }
            })
            .collect::<BTreeSet<_>>()
    };
    for panel in &page.panels {
        assert_eq!(
            dates(panel).len(),
            panel.table.rows.len(),
            "{case}: a day occurs twice in {}",
            panel.id
        );
    }
}

#[test]
fn filtered_figures_of_the_demo_are_parts_of_the_whole() {
    let moment = moment(NOW, "UTC");
    let demo = Demo::new(moment.now, &moment.zone);
    let server = |request: &Request| Some(demo.answer(request));
    let of = |url: &str| {
        page_of(View::Overview, url, &moment, &Config::demo(), &server)
            .tile("tile-active")
            .value
            .unwrap_or(0.0)
    };
    let organizations: Value = serde_json::from_slice(&demo.answer(&coder::organizations("demo")).body).unwrap();
    let parts: Vec<f64> = organizations
        .as_array()
        .unwrap()
        .iter()
        .map(|org| of(&format!("?org={}", org["id"].as_str().unwrap())))
        .collect();
    let all = of("");
    assert!(
        parts.len() > 1 && parts.iter().all(|part| *part <= all),
        "{parts:?} of {all}"
    );
    // People may work in several organizations, so parts add up to the whole or to more.
    assert!(parts.iter().sum::<f64>() >= all, "{parts:?} of {all}");
}
