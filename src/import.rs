//! Makes JSON of text that nearly is: documentation, and what people paste from it.
//!
//! Comments are left out. Commas are written anew, one between two values and nowhere else, so that trailing, missing
//! and doubled ones do no harm. All else stays as it is, line by line: whether it is JSON is for its reader to say.

/// The text with its comments gone and its commas in place.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Whether a value, or the end of one, stands before: a comma is due before the next one.
    let mut is_after_value = false;
    let mut rest = text.trim_start_matches('\u{feff}');
    while let Some(first) = rest.chars().next() {
        let (length, kind) = token(rest, first);
        let (token, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = tail;
        match kind {
            Token::Comment | Token::Comma => {
                // Places of faults are told by lines.
                out.extend(token.chars().filter(|char| *char == '\n'));
                continue;
            }
            Token::Space => {
                out.push_str(if first == '\n' { "\n" } else { " " });
                continue;
            }
            Token::Value | Token::Open if is_after_value => out.push(','),
            _ => {}
        }
        out.push_str(token);
        is_after_value = matches!(kind, Token::Value | Token::Close);
    }
    out
}

#[derive(Clone, Copy)]
enum Token {
    Space,
    Comment,
    Comma,
    Colon,
    Open,
    Close,
    /// A text, a number or a word.
    Value,
}

/// The length of the token at the start, and what it is.
fn token(text: &str, first: char) -> (usize, Token) {
    let until = |pattern: &str| text.find(pattern).unwrap_or(text.len());
    match first {
        ',' => (1, Token::Comma),
        ':' => (1, Token::Colon),
        '{' | '[' => (1, Token::Open),
        '}' | ']' => (1, Token::Close),
        '"' => (quoted(text), Token::Value),
        '#' => (until("\n"), Token::Comment),
        _ if text.starts_with("//") => (until("\n"), Token::Comment),
        _ if text.starts_with("/*") => ((until("*/") + 2).min(text.len()), Token::Comment),
        space if space.is_whitespace() => (space.len_utf8(), Token::Space),
        _ => {
            let ends = |char: char| char.is_whitespace() || ",:{}[]\"#/".contains(char);
            let length = text.char_indices().skip(1).find(|(_, char)| ends(*char));
            (length.map_or(text.len(), |(at, _)| at), Token::Value)
        }
    }
}

/// The length of a text in quotes; all that is left where it has no end.
fn quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        if byte == b'"' && !is_escaped {
            return at + 1;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::tidy;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn read(text: &str) -> Value {
        serde_json::from_str(&tidy(text)).unwrap_or_else(|error| panic!("{error}: {}", tidy(text)))
    }

    #[test]
    fn comments_and_commas() {
        for (text, value) in [
            ("[1, 2,]", json!([1, 2])),
            ("[,1,,2 3 // four\n]", json!([1, 2, 3])),
            (
                "{\"a\": {} \"b\": [] /* c, } */ \"d\": null,}",
                json!({"a": {}, "b": [], "d": null}),
            ),
            ("# data\n{\"a\": -1.5e3 \"b\": true}", json!({"a": -1500.0, "b": true})),
            (
                r#"{"http://x, y": "// no \" comment, \\", }"#,
                json!({"http://x, y": "// no \" comment, \\"}),
            ),
            ("\u{feff}[\"a\"\u{a0}\"b\"]", json!(["a", "b"])),
            ("[{}{}[][1]]", json!([{}, {}, [], [1]])),
            ("7 // alone", json!(7)),
            ("[1/*", Value::Null),
        ] {
            match value {
                Value::Null => assert!(serde_json::from_str::<Value>(&tidy(text)).is_err(), "{text}"),
                value => assert_eq!(read(text), value, "{text}"),
            }
        }
    }

    #[test]
    fn what_is_wrong_stays_wrong_on_its_line() {
        for (text, line) in [("{\n// x\n\"a\" 1}", 3), ("[\n/* two\nlines */\nno]", 4), ("[1\n", 2)] {
            let error = serde_json::from_str::<Value>(&tidy(text)).unwrap_err();
            assert_eq!(error.line(), line, "{text}: {error}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            r#"[/*#,"\\: {}]{0,8}"#.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn json_stays_as_it_is(value in any_json()) {
            prop_assert_eq!(&read(&value.to_string()), &value);
            prop_assert_eq!(&read(&format!("{value:#}")), &value);
        }

        #[test]
        fn any_text_is_tidied(text: String) {
            tidy(&text);
        }
    }
}
