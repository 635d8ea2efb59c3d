//! The company's export as CSV ([RFC 4180](https://www.rfc-editor.org/rfc/rfc4180)), read into the rows of its API.

use serde_json::{Map, Value, json};

/// Columns without which nobody can be told apart.
const NEEDED: [&str; 2] = ["user_id", "email"];

/// The members that an export lists.
pub fn members(text: &str) -> Result<Value, String> {
    let mut lines = lines(text).into_iter();
    let names: Vec<String> = lines.next().unwrap_or_default();
    let names: Vec<String> = names
        .iter()
        .map(|name| name.trim().to_lowercase().replace(' ', "_"))
        .collect();
    if !NEEDED.iter().all(|needed| names.iter().any(|name| name == needed)) {
        return Err(
            "it is neither JSON nor an export of the company's members, whose columns have user_id and email".into(),
        );
    }
    let mut rows: Vec<Value> = Vec::new();
    for (number, fields) in lines
        .enumerate()
        .filter(|(_, fields)| fields.iter().any(|field| !field.is_empty()))
    {
        if fields.len() != names.len() {
            let (line, have, want) = (number + 2, fields.len(), names.len());
            return Err(format!("row {line} has {have} fields in place of {want}"));
        }
        let pairs = names.iter().cloned().zip(fields);
        let row: Map<String, Value> = pairs
            .filter(|(_, field)| !field.is_empty())
            .map(|(name, field)| {
                let value = value(&name, field);
                (name, value)
            })
            .collect();
        rows.push(Value::Object(row));
    }
    Ok(json!({ "count": rows.len(), "next": null, "previous": null, "results": rows }))
}

/// Columns that are numbers in the API; all others are text there.
const COUNTS: [&str; 2] = ["total_sessions", "sessions_this_month"];

fn value(name: &str, field: String) -> Value {
    match field.parse::<u64>() {
        Ok(count) if COUNTS.contains(&name) => count.into(),
        _ => Value::String(field),
    }
}

/// Lines of fields: quotes may hold commas, line breaks and doubled quotes.
fn lines(text: &str) -> Vec<Vec<String>> {
    let mut lines = vec![vec![String::new()]];
    let mut letters = text.chars().peekable();
    let mut is_quoted = false;
    while let Some(letter) = letters.next() {
        let Some(line) = lines.last_mut() else { break };
        let Some(field) = line.last_mut() else { break };
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => line.push(String::new()),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => lines.push(vec![String::new()]),
            _ => field.push(letter),
        }
    }
    lines
}
