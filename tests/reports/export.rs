//! CSV and curl: what a person takes away says what it is.

use super::*;

/// A reader of RFC 4180, from the other end.
fn parse_csv(text: &str) -> Vec<Vec<String>> {
    let mut lines = vec![vec![String::new()]];
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(char) = chars.next() {
        let field = lines.last_mut().unwrap().last_mut().unwrap();
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => lines.last_mut().unwrap().push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => lines.push(vec![String::new()]),
            _ => field.push(char),
        }
    }
    assert_eq!(lines.pop(), Some(vec![String::new()]), "ends with a line break");
    lines
}

#[test]
fn exports_say_what_they_are_and_parse_back() {
    let page = page("?range=7d&interval=week&action=app", NOW, "Europe/Berlin", &usual);
    for panel in &page.panels {
        let lines = parse_csv(&panel.csv());
        let gap = lines.iter().position(|line| *line == [""]).unwrap();
        let header: Vec<(&str, &str)> = lines[..gap]
            .iter()
            .map(|line| (line[0].as_str(), line[1].as_str()))
            .collect();
        let value = |key: &str| header.iter().find(|(found, _)| *found == key).map(|(_, value)| *value);
        assert_eq!(value("panel"), Some(panel.title));
        assert_eq!(value("range"), Some("2026-11-14 to 2026-11-20"));
        assert_eq!(value("zone"), Some("Europe/Berlin"));
        assert_eq!(value("source"), Some("Coder"));
        assert_eq!(value("fetched"), Some("2026-11-20T15:23:06+01:00"));
        assert_eq!(value("action"), Some("app"));
        assert_eq!(value("state"), Some("ready"));
        let (days, interval) = match panel.id {
            "user-status" => ("00:00 in Europe/Berlin", "day"),
            "daus" => ("UTC days", "day"),
            _ => ("days of Europe/Berlin", "week"),
        };
        assert_eq!(
            (value("days"), value("interval")),
            (Some(days), Some(interval)),
            "{}",
            panel.id
        );
        for note in &panel.notes {
            assert!(header.contains(&("note", note.as_str())), "{note}");
        }
        let titles: Vec<&str> = panel.table.columns.iter().map(|column| column.title.as_str()).collect();
        assert_eq!(lines[gap + 1], titles);
        assert_eq!(lines.len(), gap + 2 + panel.table.rows.len());
        for (line, row) in lines[gap + 2..].iter().zip(&panel.table.rows) {
            for (field, cell) in line.iter().zip(row) {
                match cell {
                    Cell::Number { value, .. } => assert_eq!(field.parse::<f64>().unwrap(), *value),
                    Cell::Day { day, .. } => assert_eq!(*field, day.to_string()),
                    Cell::Text(text) | Cell::Value { text, .. } => assert_eq!(field, text),
                    Cell::Trend { values, .. } => assert_eq!(field.split(' ').count(), values.len()),
                    Cell::Missing(_) => assert_eq!(field, ""),
                }
            }
        }
    }
    assert_eq!(page.panel("daus").file_name(&page.scope), "daus_2026-11-14_2026-11-20");
}

#[test]
fn curl_asks_exactly_what_the_page_asked_with_a_placeholder() {
    let page = page("?from=2026-11-02&to=2026-11-03", NOW, "Europe/Berlin", &usual);
    assert_eq!(
        page.panel("active-users")
            .curl(&page.scope, "https://metrics.example.com")
            .unwrap(),
        "curl 'https://coder.example.com/api/v2/insights/templates?start_time=2026-11-02T00:00:00%2B01:00&end_time=2026-11-04T00:00:00%2B01:00&interval=day' -H 'Accept: application/json' -H 'Coder-Session-Token: <token>'"
    );
    let lines = page
        .panel("user-status")
        .curl(&page.scope, "https://metrics.example.com")
        .unwrap();
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.contains("user-status-counts?timezone=Europe/Berlin'") && lines.contains("/api/v2/entitlements'"));

    let proxied = config(
        r#"{"version":1,"sources":[{"id":"c","kind":"coder","label":"Coder","base_url":"/coder/","auth":"proxy"}]}"#,
    );
    let page = page_of(
        View::Overview,
        "?token=hunter2&range=7d",
        &moment(NOW, "UTC"),
        &proxied,
        &usual,
    );
    for panel in &page.panels {
        let curl = panel.curl(&page.scope, "https://metrics.example.com").unwrap();
        assert!(
            curl.contains("curl 'https://metrics.example.com/coder/api/v2/") && !curl.contains("Token"),
            "{curl}"
        );
        assert!(!curl.contains("hunter2") && !panel.csv().contains("hunter2"));
    }
    let demo = page_of(View::Overview, "", &moment(NOW, "UTC"), &Config::demo(), &usual);
    assert!(
        demo.panel("daus")
            .curl(&demo.scope, "https://x.example")
            .unwrap()
            .starts_with("# Demo data: no server was asked.")
    );
    assert!(
        demo.panel("daus").footer[0].contains("synthetic") && demo.panel("daus").csv().contains("synthetic demo data")
    );
}
