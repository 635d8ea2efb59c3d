//! Large answers in pieces: takes the rows out of a document while its bytes come, so that nobody has to hold all of them
//! or read them in one go.
//!
//! Rows are the items of the lists (or the entries of the objects) that some [`Way`]s lead to. They come out in batches, each
//! a document by itself. What is left is the document without them, which is read like any other: whatever is wrong with it
//! is left in it, for its reader to find. A document without such lists comes out as it went in.

use super::place::{self, Gap};
use super::refusal;
use crate::remote::DecodeError;

/// The names that lead from the whole to the rows; [`EACH`] stands for every item of a list.
pub type Way = &'static [&'static str];

/// Every item of a list.
pub const EACH: &str = "*";

/// A batch is given out once it has so many bytes.
const BATCH: usize = if cfg!(test) { 40 } else { 8 << 10 };
/// Names longer than this are on no way.
const LONGEST: usize = 40;

/// Some rows, as a list or an object of their own.
pub struct Batch<'a> {
    /// The place of their way among the ways.
    pub way: usize,
    /// The place of what they are in, where the way goes through a list.
    pub of: usize,
    /// The document.
    pub text: &'a [u8],
}

/// Who takes the rows.
pub type Take<'a> = &'a mut dyn FnMut(Batch<'_>) -> Result<(), serde_json::Error>;

/// The scanner. It remembers where it is between two pieces.
#[derive(Default)]
pub struct Cutter {
    ways: &'static [Way],
    rest: Vec<u8>,
    gaps: Vec<Gap>,
    /// The lists and objects on some way that are open, the outermost first.
    levels: Vec<Level>,
    /// How many others are open within the last of them, or within a row.
    deep: usize,
    in_string: bool,
    is_escaped: bool,
    rows: Option<Rows>,
    /// Bytes before the present piece, lines that ended before it, and where the present line began.
    before: usize,
    line: usize,
    line_start: usize,
}

/// A list or an object on some way.
struct Level {
    /// The ways that come by here, a bit each.
    ways: u8,
    is_list: bool,
    /// Items before the present one.
    index: usize,
    /// Of an object: the name read last, and whether the next text is a name.
    name: Vec<u8>,
    is_name_next: bool,
}

/// Rows that are being collected.
struct Rows {
    way: usize,
    of: usize,
    /// What has been collected, behind an opening bracket.
    text: Vec<u8>,
    /// Where in the rest their list begins, behind its bracket.
    at: usize,
    /// Rows given out before.
    done: usize,
    /// Whole rows in the text, where the last of them begins, and line and column of that.
    count: usize,
    last: usize,
    last_at: (usize, usize),
    /// Where the text ends without the comma behind its last row.
    end: usize,
    turn: Turn,
    /// Line, and column in it, where the text begins.
    begins: (usize, usize),
}

#[derive(Clone, Copy, PartialEq)]
enum Turn {
    /// Before the first row.
    First,
    /// Within a row.
    Row,
    /// Behind a comma.
    Next,
}

impl Cutter {
    /// A scanner that takes out the rows at the end of these ways, at most eight.
    pub fn new(ways: &'static [Way]) -> Cutter {
        Cutter {
            ways,
            line: 1,
            ..Cutter::default()
        }
    }

    /// Takes a piece of the document, and gives out the rows that are whole. Ends at the first row that cannot be read.
    pub fn push(&mut self, mut bytes: &[u8], take: Take<'_>) -> Result<(), DecodeError> {
        while !bytes.is_empty() {
            let used = match (self.ways.is_empty(), self.rows.is_some()) {
                (true, _) => {
                    self.rest.extend_from_slice(bytes);
                    bytes.len()
                }
                (_, true) => self.in_rows(bytes, take)?,
                _ => self.in_rest(bytes),
            };
            self.before += used;
            bytes = bytes.get(used..).unwrap_or_default();
        }
        Ok(())
    }

    /// The document without the rows that were taken out of it.
    pub fn rest(&mut self) -> Vec<u8> {
        self.give_back();
        std::mem::take(&mut self.rest)
    }

    /// Corrects what was said of a fault in the rest: rows that are gone count, and the rest ends at the first `fault` in
    /// one of them.
    pub fn corrected(&self, rest: &[u8], error: DecodeError, fault: Option<DecodeError>) -> DecodeError {
        if let Some(fault) = fault.filter(|_| error.reason.starts_with("EOF ")) {
            return fault;
        }
        let Some((words, line, column)) = place::position(&error.reason) else {
            return error;
        };
        let path = place::path(rest, line, column, &self.gaps);
        let (line, column) = place::moved(rest, line, column, &self.gaps);
        DecodeError {
            path: if path.is_empty() {
                error.path
            } else {
                refusal::clean(&path)
            },
            reason: format!("{words} at line {line} column {column}"),
        }
    }

    /// Outside of rows. Gives how many bytes it has read.
    fn in_rest(&mut self, bytes: &[u8]) -> usize {
        let mut used = 0;
        for byte in bytes {
            used += 1;
            let is_outermost = self.deep == 0;
            let in_string = std::mem::replace(&mut self.in_string, false);
            if in_string {
                let is_end = *byte == b'"' && !self.is_escaped;
                self.in_string = !is_end;
                self.is_escaped = *byte == b'\\' && !self.is_escaped;
                if is_outermost && let Some(level) = self.levels.last_mut() {
                    if is_end {
                        level.is_name_next = false;
                    } else if level.is_name_next && level.name.len() <= LONGEST {
                        level.name.push(*byte);
                    }
                }
                continue;
            }
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.line_start = self.before + used;
                }
                b'"' => {
                    self.in_string = true;
                    if let Some(level) = self
                        .levels
                        .last_mut()
                        .filter(|level| level.is_name_next && is_outermost)
                    {
                        level.name.clear();
                    }
                }
                b'{' | b'[' if !is_outermost => self.deep += 1,
                b'{' | b'[' if self.open(*byte, used) => break,
                b'}' | b']' if is_outermost => drop(self.levels.pop()),
                b'}' | b']' => self.deep -= 1,
                b',' if is_outermost => {
                    if let Some(level) = self.levels.last_mut() {
                        level.index += 1;
                        level.is_name_next = !level.is_list;
                    }
                }
                _ => {}
            }
        }
        self.rest.extend_from_slice(bytes.get(..used).unwrap_or(bytes));
        if let Some(rows) = &mut self.rows {
            rows.at = self.rest.len();
        }
        used
    }

    /// A list or an object begins. True if it is one of rows.
    fn open(&mut self, bracket: u8, used: usize) -> bool {
        let depth = self.levels.len();
        let is_on = |way: &Way| match self.levels.last() {
            None => true,
            Some(level) => way.get(depth - 1).is_some_and(|name| {
                let is_each = level.is_list && *name == EACH;
                is_each || (!level.is_list && name.as_bytes() == level.name)
            }),
        };
        let known = self.levels.last().map_or(u8::MAX, |level| level.ways);
        let here = |(place, way): &(usize, &Way)| known >> place & 1 == 1 && is_on(way);
        let ways = || self.ways.iter().take(8).enumerate().filter(here);
        let mask = ways().fold(0_u8, |mask, (place, _)| mask | 1 << place);
        let end = ways().find(|(_, way)| way.len() == depth).map(|(place, _)| place);
        if let Some(way) = end {
            let list = self.levels.iter().rev().find(|level| level.is_list);
            self.rows = Some(Rows {
                way,
                of: list.map_or(0, |level| level.index),
                text: vec![bracket],
                at: 0,
                done: 0,
                count: 0,
                last: 1,
                last_at: (0, 0),
                end: 1,
                turn: Turn::First,
                begins: self.at(used),
            });
            return true;
        }
        if mask == 0 {
            self.deep += 1;
        } else {
            self.levels.push(Level {
                ways: mask,
                is_list: bracket == b'[',
                index: 0,
                name: Vec::new(),
                is_name_next: bracket == b'{',
            });
        }
        false
    }

    /// Within rows. Gives how many bytes it has read: up to the end of the rows, or all.
    fn in_rows(&mut self, bytes: &[u8], take: Take<'_>) -> Result<usize, DecodeError> {
        let Some(mut rows) = self.rows.take() else { return Ok(0) };
        // Up to here the bytes are in the text.
        let mut copied = 0;
        let mut place = 0;
        for byte in bytes {
            place += 1;
            if self.in_string {
                if self.is_escaped {
                    self.is_escaped = false;
                } else if *byte == b'\\' {
                    self.is_escaped = true;
                } else if *byte == b'"' {
                    self.in_string = false;
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.deep += 1,
                b'}' | b']' if self.deep > 0 => {
                    self.deep -= 1;
                    continue;
                }
                b'}' | b']' => {
                    // What ends here is the whole of the rows.
                    let bracket = place - 1;
                    rows.text
                        .extend_from_slice(bytes.get(copied..bracket).unwrap_or_default());
                    match rows.turn {
                        Turn::First => self.rest.extend_from_slice(rows.text.get(1..).unwrap_or_default()),
                        Turn::Row => {
                            (rows.count, rows.end) = (rows.count + 1, rows.text.len());
                            let here = self.at(bracket);
                            self.give(&mut rows, here, take)?;
                        }
                        Turn::Next => {
                            // A comma too many stays, and the row before it.
                            let last = rows.text.split_off(rows.last);
                            if rows.count > 1 {
                                (rows.count, rows.end) = (rows.count - 1, comma(&rows.text));
                                let here = rows.last_at;
                                self.give(&mut rows, here, take)?;
                            }
                            self.rest.extend_from_slice(rows.text.get(1..).unwrap_or_default());
                            self.rest.extend_from_slice(&last);
                        }
                    }
                    // The list is one more that is open, once its bracket is read.
                    self.deep = 1;
                    return Ok(bracket);
                }
                b',' if self.deep == 0 => {
                    rows.text
                        .extend_from_slice(bytes.get(copied..place - 1).unwrap_or_default());
                    copied = place - 1;
                    if rows.turn != Turn::Row {
                        // There is no row: this is for the reader of the rest.
                        self.ways = &[];
                        self.rest.extend_from_slice(rows.text.get(1..).unwrap_or_default());
                        return Ok(copied);
                    }
                    (rows.count, rows.end, rows.turn) = (rows.count + 1, rows.text.len(), Turn::Next);
                    continue;
                }
                b'\n' => {
                    self.line += 1;
                    self.line_start = self.before + place;
                    continue;
                }
                b' ' | b'\t' | b'\r' => continue,
                _ => {}
            }
            if rows.turn != Turn::Row {
                rows.text
                    .extend_from_slice(bytes.get(copied..place - 1).unwrap_or_default());
                copied = place - 1;
                let is_first = rows.turn == Turn::First;
                rows.turn = Turn::Row;
                let here = self.at(copied);
                if !is_first && rows.text.len() >= BATCH {
                    self.give(&mut rows, here, take)?;
                }
                (rows.last, rows.last_at) = (rows.text.len(), here);
            }
        }
        rows.text.extend_from_slice(bytes.get(copied..).unwrap_or_default());
        self.rows = Some(rows);
        Ok(bytes.len())
    }

    /// Line, and column in it, behind so many bytes of the present piece.
    fn at(&self, used: usize) -> (usize, usize) {
        (self.line, (self.before + used).saturating_sub(self.line_start))
    }

    /// Gives a batch out. The document goes on `here`.
    fn give(&mut self, rows: &mut Rows, here: (usize, usize), take: Take<'_>) -> Result<(), DecodeError> {
        let bracket = rows.text.first().copied().unwrap_or(b'[');
        rows.text.truncate(rows.end);
        rows.text.push(if bracket == b'[' { b']' } else { b'}' });
        let (way, of, text) = (rows.way, rows.of, rows.text.as_slice());
        take(Batch { way, of, text }).map_err(|error| self.fault(rows, &error))?;
        rows.done += rows.count;
        rows.count = 0;
        rows.text.clear();
        rows.text.push(bracket);
        rows.begins = here;
        let at = self.rest.len();
        self.gaps.pop_if(|gap| gap.at == at);
        self.gaps.push(Gap {
            at,
            rows: rows.done,
            goes_on: here,
        });
        Ok(())
    }

    /// Where in the document a fault in a batch is.
    fn fault(&self, rows: &Rows, error: &serde_json::Error) -> DecodeError {
        let before = Gap {
            at: 1,
            rows: rows.done,
            goes_on: rows.begins,
        };
        let gap = std::slice::from_ref(&before);
        let list = self.rest.get(..rows.at.saturating_sub(1)).unwrap_or_default();
        let mut path = place::path(list, usize::MAX, 0, &self.gaps);
        let inner = place::path(&rows.text, error.line(), error.column(), gap);
        if !inner.starts_with('[') && !inner.is_empty() {
            path.push('.');
        }
        path.push_str(&inner);
        let (line, column) = place::moved(&rows.text, error.line(), error.column(), gap);
        let words = error.to_string();
        let words = place::position(&words).map_or(words.as_str(), |(words, ..)| words);
        DecodeError {
            path: refusal::clean(&path),
            reason: refusal::clean(&format!("{words} at line {line} column {column}")),
        }
    }

    /// Puts back what was collected and not given out.
    fn give_back(&mut self) {
        if let Some(rows) = self.rows.take() {
            self.rest.extend_from_slice(rows.text.get(1..).unwrap_or_default());
        }
    }
}

/// Where a text ends without the comma at its end, and the space behind that.
fn comma(text: &[u8]) -> usize {
    let text = text.trim_ascii_end();
    text.strip_suffix(b",").unwrap_or(text).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    struct Document {
        from: Option<String>,
        #[serde(default)]
        lists: Vec<List>,
        #[serde(default)]
        names: std::collections::BTreeMap<String, Row>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct List {
        at: u8,
        #[serde(default)]
        rows: Vec<Row>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        number: u32,
        #[serde(default)]
        words: String,
        #[serde(default)]
        deep: Vec<Vec<u8>>,
    }

    const WAYS: &[Way] = &[&["lists", EACH, "rows"], &["names"]];

    fn whole(text: &[u8]) -> Result<Document, DecodeError> {
        crate::wire::object(text)
    }

    /// The same, in pieces of these lengths.
    fn in_pieces(text: &[u8], lengths: &[usize]) -> (Result<Document, DecodeError>, usize) {
        let mut cutter = Cutter::new(WAYS);
        let mut rows: Vec<(usize, Row)> = Vec::new();
        let mut names = std::collections::BTreeMap::new();
        let (mut left, mut fault) = (text, None);
        let mut lengths = lengths.iter().cycle();
        while !left.is_empty() {
            let (piece, after) = left.split_at(lengths.next().map_or(1, |length| length + 1).min(left.len()));
            left = after;
            let mut take = |batch: Batch<'_>| {
                if batch.way == 0 {
                    let new: Vec<Row> = serde_json::from_slice(batch.text)?;
                    rows.extend(new.into_iter().map(|row| (batch.of, row)));
                } else {
                    names.extend(serde_json::from_slice::<std::collections::BTreeMap<String, Row>>(
                        batch.text,
                    )?);
                }
                Ok(())
            };
            fault = cutter.push(piece, &mut take).err();
            if fault.is_some() {
                break;
            }
        }
        let rest = cutter.rest();
        let read = whole(&rest).map_err(|error| cutter.corrected(&rest, error, fault.clone()));
        let read = read.map(|mut document| {
            for (of, row) in rows {
                document.lists[of].rows.push(row);
            }
            document.names.extend(names);
            document
        });
        (read, rest.len())
    }

    fn any_space() -> impl Strategy<Value = String> {
        prop::sample::select(vec!["", "", "", " ", "\n", "\r\n  "]).prop_map(String::from)
    }

    fn any_row() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec!["", "x", "\\\"", "\\\\", "}],", "[{", "ü\\n", "\\u00e4"]);
        (
            0_u32..9,
            words,
            any_space(),
            prop::sample::select(vec!["[]", "[[]]", "[[1],[2,3]]"]),
        )
            .prop_map(|(number, words, space, deep)| {
                format!("{{\"number\":{number},{space}\"words\":\"{words}\",\"deep\":{deep}}}")
            })
    }

    fn join(items: Vec<(String, String)>, brackets: [&str; 2]) -> String {
        let items: Vec<String> = items
            .into_iter()
            .map(|(item, space)| format!("{space}{item}{space}"))
            .collect();
        format!("{}{}{}", brackets[0], items.join(","), brackets[1])
    }

    fn any_text() -> impl Strategy<Value = String> {
        let rows = || prop::collection::vec((any_row(), any_space()), 0..6);
        let list = (0_u8..9, rows(), any::<bool>()).prop_map(|(at, rows, is_first)| {
            let rows = join(rows, ["[", "]"]);
            if is_first {
                format!("{{\"rows\":{rows},\"at\":{at}}}")
            } else {
                format!("{{\"at\":{at},\"rows\":{rows}}}")
            }
        });
        let lists = prop::collection::vec((list, any_space()), 0..4);
        let names = prop::collection::vec(any_row(), 0..4);
        (lists, names, any::<bool>(), any_space()).prop_map(|(lists, names, is_first, space)| {
            let names = names.into_iter().enumerate();
            let names = names.map(|(place, row)| (format!("\"{place}\":{row}"), space.clone()));
            let names = format!("\"names\" : {}", join(names.collect(), ["{", "}"]));
            let lists = format!("\"lists\":{space}{}", join(lists, ["[", "]"]));
            let more = "\"from\":\"{\\\"names\\\":{\",\"rows\":[{},{}],\"other\":{\"names\":{\"1\":2}}";
            if is_first {
                format!("{space}{{{names},{more},{lists}}}")
            } else {
                format!("{{{lists},{names},{more}}}{space}")
            }
        })
    }

    proptest! {
        #[test]
        fn a_document_in_pieces_is_the_document(text in any_text(), lengths in prop::collection::vec(0_usize..60, 1..5)) {
            let (read, rest) = in_pieces(text.as_bytes(), &lengths);
            prop_assert_eq!(read, whole(text.as_bytes()));
            prop_assert!(rest <= text.len());
        }

        #[test]
        fn what_is_wrong_with_it_is_found_where_it_is(
            text in any_text(), lengths in prop::collection::vec(0_usize..60, 1..5), at in any::<prop::sample::Index>(),
            other in prop::sample::select(vec![None, Some("\"x\""), Some(","), Some("]"), Some("}"), Some("\n,"), Some("{"), Some("1"), Some("\""), Some(":"), Some("null")]),
        ) {
            let at = at.index(text.len());
            let mut bytes = text.as_bytes()[..at].to_vec();
            // Cut off there, or with something else in between.
            if let Some(other) = other {
                bytes.extend_from_slice(other.as_bytes());
                bytes.extend_from_slice(&text.as_bytes()[at..]);
            }
            let (read, _) = in_pieces(&bytes, &lengths);
            let known = whole(&bytes);
            match (&read, &known) {
                // Between two entries the name of the one before is gone.
                (Err(read), Err(known)) => {
                    let is_near = known.path.strip_prefix("names.").is_some_and(|_| read.path == "names");
                    prop_assert!(read.path == known.path || is_near, "{read} / {known}");
                    // The words may be others where a row too many or too few is found, the place is not.
                    let place = |error: &DecodeError| place::position(&error.reason).map(|(_, line, column)| (line, column));
                    prop_assert_eq!(place(read), place(known), "{} / {}", read, known);
                }
                _ => prop_assert_eq!(&read, &known),
            }
        }

        #[test]
        fn any_bytes_are_taken(bytes in "[\\[\\]{}\",:0-9a-z \\\\]{0,80}", lengths in prop::collection::vec(0_usize..9, 1..5)) {
            drop(in_pieces(format!("{{\"lists\":[{{\"rows\":[{bytes}").as_bytes(), &lengths));
            drop(in_pieces(bytes.as_bytes(), &lengths));
        }
    }

    #[test]
    fn little_is_left_of_a_large_document() {
        let row = "{\"number\":1,\"words\":\"0123456789\"}";
        let rows = vec![row; 1000].join(",");
        let text = format!("{{\"lists\":[{{\"at\":1,\"rows\":[{rows}]}},{{\"at\":2,\"rows\":[{rows},{row}]}}]}}");
        let (read, rest) = in_pieces(text.as_bytes(), &[4095]);
        let counts: Vec<usize> = read.unwrap().lists.iter().map(|list| list.rows.len()).collect();
        assert_eq!(
            (counts, rest),
            (
                vec![1000, 1001],
                "{\"lists\":[{\"at\":1,\"rows\":[]},{\"at\":2,\"rows\":[]}]}".len()
            )
        );
        let bad = text.replacen("\"at\":2,\"rows\":[", "\"at\":2,\"rows\":[\n", 1);
        let bad = format!(
            "{}{{\"number\":-1}}]}}]}}",
            bad.strip_suffix(&format!("{row}]}}]}}")).unwrap()
        );
        let (read, _) = in_pieces(bad.as_bytes(), &[999]);
        assert_eq!(read, whole(bad.as_bytes()));
        assert_eq!(read.unwrap_err().path, "lists[1].rows[1000].number");
    }
}
