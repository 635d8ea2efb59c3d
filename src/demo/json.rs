//! JSON text in the order in which a server writes it.

/// A string, escaped as Go's encoder does: `<`, `>` and `&` as well.
pub fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for character in value.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            // Only requests that are echoed can bring other control characters.
            control if control < ' ' => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// An object; the values are JSON already.
pub fn object<const N: usize>(fields: [(&str, String); N]) -> String {
    let mut out = String::from("{");
    for (key, value) in fields {
        if out.len() > 1 {
            out.push(',');
        }
        out.push('"');
        out.push_str(key);
        out.push_str("\":");
        out.push_str(&value);
    }
    out.push('}');
    out
}

/// An array; the values are JSON already.
pub fn array(values: impl IntoIterator<Item = String>) -> String {
    let mut out = String::from("[");
    for value in values {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&value);
    }
    out.push(']');
    out
}

/// An object whose last fields may be left out.
pub fn object_of(fields: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let mut out = String::from("{");
    for (key, value) in fields {
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&text(key));
        out.push(':');
        out.push_str(&value);
    }
    out.push('}');
    out
}
