//! JSON values in words, for complaints, and texts as JSON.

use serde_json::Value;

/// How much of a text is quoted, in characters.
const QUOTED: usize = 40;

/// A value in few words.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        // The writer of `serde_json` for numbers is for documents, and brings tables of 2 kB.
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.to_string(),
            (None, number) => number.unwrap_or_default().to_string(),
        },
        Value::String(text) => format!("{:?}", text.chars().take(QUOTED).collect::<String>()),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    }
}

/// A text in quotes, as a document has it.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
