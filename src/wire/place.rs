//! Where in a document a fault is, as a path: `report.users[3].seconds`.
//!
//! `serde_json` tells line and column. Readers that carry the path along cost every field some code in the browser; this
//! looks it up once there is a fault.

/// One step into the document.
enum Step {
    /// In an object, at the value of this key; before its first key it is empty.
    Key { name: String, is_next: bool },
    /// In a list, at this item.
    Item(usize),
}

/// A place where rows of a list were taken out of a document.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    /// How many bytes are before it.
    pub at: usize,
    /// Rows of its list that were there.
    pub rows: usize,
    /// Line, and bytes in it, where the whole document goes on.
    pub goes_on: (usize, usize),
}

/// The path of the value that ends at a line and column, both from 1, in a document that lacks some rows. Total: any text
/// gives some path.
pub fn path(body: &[u8], line: usize, column: usize, gaps: &[Gap]) -> String {
    let mut steps: Vec<Step> = Vec::new();
    let body = body.get(..offset(body, line, column)).unwrap_or(body);
    let mut rest = body;
    let mut gaps = gaps.iter().peekable();
    while let Some((byte, tail)) = rest.split_first() {
        while let Some(gap) = gaps.next_if(|gap| gap.at <= body.len() - rest.len()) {
            if let Some(Step::Item(index)) = steps.last_mut() {
                *index += gap.rows;
            }
        }
        rest = tail;
        match byte {
            b'{' => steps.push(Step::Key {
                name: String::new(),
                is_next: true,
            }),
            b'[' => steps.push(Step::Item(0)),
            b'}' | b']' => drop(steps.pop()),
            b',' => match steps.last_mut() {
                Some(Step::Item(index)) => *index += 1,
                Some(Step::Key { is_next, .. }) => *is_next = true,
                None => {}
            },
            b'"' => {
                let text = string(&mut rest);
                if let Some(Step::Key { name, is_next }) = steps.last_mut()
                    && *is_next
                {
                    (*name, *is_next) = (text, false);
                }
            }
            _ => {}
        }
    }
    let mut path = String::new();
    for step in &steps {
        match step {
            Step::Item(index) => path.push_str(&format!("[{index}]")),
            Step::Key { name, .. } if name.is_empty() => {}
            Step::Key { name, .. } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
            }
        }
    }
    path
}

/// Reads to the end of a string, and returns what stands between the quotes, as it stands there.
fn string(rest: &mut &[u8]) -> String {
    let mut length = 0;
    let mut is_escaped = false;
    for byte in rest.iter() {
        if *byte == b'"' && !is_escaped {
            break;
        }
        is_escaped = *byte == b'\\' && !is_escaped;
        length += 1;
    }
    let text = String::from_utf8_lossy(rest.get(..length).unwrap_or_default()).into_owned();
    *rest = rest.get(length + 1..).unwrap_or_default();
    text
}

/// Line and column in the whole document of a place in one that lacks some rows.
pub fn moved(body: &[u8], line: usize, column: usize, gaps: &[Gap]) -> (usize, usize) {
    let end = offset(body, line, column);
    let Some(gap) = gaps.iter().rev().find(|gap| gap.at < end) else {
        return (line, column);
    };
    let since = body.get(gap.at..end).unwrap_or_default();
    let lines = since.iter().filter(|byte| **byte == b'\n').count();
    let (line, column) = gap.goes_on;
    match since.iter().rev().position(|byte| *byte == b'\n') {
        Some(column) => (line + lines, column),
        None => (line, column + since.len()),
    }
}

/// What `serde_json` says of a fault, without the line and the column that it ends with.
pub fn position(words: &str) -> Option<(&str, usize, usize)> {
    let (words, place) = words.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some((words, line.parse().ok()?, column.parse().ok()?))
}

fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let lines = body.split_inclusive(|byte| *byte == b'\n');
    lines
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum::<usize>()
        .saturating_add(column)
}

#[cfg(test)]
mod tests {
    use super::path;
    use proptest::prelude::*;

    #[test]
    fn places_have_their_paths() {
        let text = "{\n \"a\\\"b\": [1, {\"c\": \"x,]}\", \"d\": true}]}";
        let column = |needle: &str| text.lines().last().and_then(|line| line.find(needle)).unwrap() + needle.len();
        assert_eq!(path(text.as_bytes(), 2, column("1"), &[]), "a\\\"b[0]");
        assert_eq!(path(text.as_bytes(), 2, column("x,]}\""), &[]), "a\\\"b[1].c");
        assert_eq!(path(text.as_bytes(), 2, column("true"), &[]), "a\\\"b[1].d");
        assert_eq!(path(text.as_bytes(), 9, 9, &[]), "");
        assert_eq!(path(b"", 0, 0, &[]), "");
    }

    proptest! {
        #[test]
        fn any_text_has_some_path(body: Vec<u8>, line in 0_usize..9, column in 0_usize..99) {
            path(&body, line, column, &[]);
        }

        #[test]
        fn a_fault_is_found_where_it_was_put(before in 0_usize..20, inside in 0_usize..20) {
            let numbers = |count: usize| "1,".repeat(count);
            let text = format!("{{\"list\":[{}{{\"skip\":[1],\"deep\":[{}\"x\"]}}]}}", "{\"deep\":[]},".repeat(before), numbers(inside));
            #[derive(serde::Deserialize)]
            struct Outer { #[allow(dead_code)] list: Vec<Inner> }
            #[derive(serde::Deserialize)]
            struct Inner { #[allow(dead_code)] deep: Vec<u8> }
            let error = serde_json::from_str::<Outer>(&text).err().unwrap();
            prop_assert_eq!(path(text.as_bytes(), error.line(), error.column(), &[]), format!("list[{before}].deep[{inside}]"));
        }
    }
}
