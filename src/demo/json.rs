//! JSON text in the order in which a server writes it. Deliberately not generic: it is code that browsers load.

/// A string, escaped as Go's encoder does: `<`, `>` and `&` as well.
pub fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for character in value.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            // Only requests that are echoed can bring control characters.
            control if control < ' ' => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A count.
pub fn number(value: u64) -> String {
    value.to_string()
}

/// Writes values, which are JSON already, in place of the `~` of a document.
pub fn fill(document: &str, values: &[String]) -> String {
    let mut out = String::with_capacity(document.len() + 40 * values.len());
    let mut values = values.iter();
    for (place, part) in document.split('~').enumerate() {
        if place > 0 {
            out.push_str(values.next().map_or("null", String::as_str));
        }
        out.push_str(part);
    }
    out
}

/// An array, or the fields of an object, item by item.
pub struct List {
    out: String,
    close: char,
}

impl List {
    /// An empty array.
    pub fn array() -> List {
        List {
            out: "[".into(),
            close: ']',
        }
    }

    /// An empty object.
    pub fn object() -> List {
        List {
            out: "{".into(),
            close: '}',
        }
    }

    /// Adds an item, which is JSON already.
    pub fn push(&mut self, item: &str) {
        if self.out.len() > 1 {
            self.out.push(',');
        }
        self.out.push_str(item);
    }

    /// Adds a field, whose value is JSON already.
    pub fn field(&mut self, key: &str, value: &str) {
        self.push(&text(key));
        self.out.push(':');
        self.out.push_str(value);
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.out.len() == 1
    }

    /// The whole.
    pub fn end(mut self) -> String {
        self.out.push(self.close);
        self.out
    }
}
