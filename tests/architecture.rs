//! The design, kept by tests: who may import whom, what the core must not know, how a file begins.
//!
//! To add a module, add its row to [`RULES`]. A row says what a module may import of this crate, as path prefixes;
//! a module may always import itself and what lies below it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a module may import. The longest matching row holds, so `ui::canvas` may have a row of its own.
const RULES: &[(&str, &[&str])] = &[
    // The core, from the bottom up.
    ("order", &[]),
    ("zone", &["order"]),
    ("period", &["zone"]),
    ("locale", &["period", "zone"]),
    ("forecast", &["order"]),
    ("import", &[]),
    ("json", &["order"]),
    ("initials", &[]),
    ("wish", &["period"]),
    ("format", &["locale", "period", "zone"]),
    ("query", &["period", "zone"]),
    ("config", &["json", "period", "query", "zone"]),
    ("data", &["order", "zone"]),
    ("privacy", &["config", "order"]),
    ("people", &["config", "data", "order"]),
    ("remote", &["data", "source"]),
    ("wire", &["json", "remote"]),
    ("pace", &["remote", "source", "zone"]),
    (
        "source",
        &[
            "config", "data", "json", "order", "period", "query", "remote", "scope", "wire", "zone",
        ],
    ),
    ("curl", &["config", "query", "source"]),
    ("files", &["config", "import", "period", "remote", "source", "zone"]),
    ("demo", &["data", "order", "period", "remote", "source", "zone"]),
    ("table", &["order", "zone"]),
    ("rows", &["order", "table"]),
    ("embed", &["config", "period", "query", "remote", "source"]),
    ("csv", &["table"]),
    ("chart", &["format", "locale", "order", "period", "zone"]),
    (
        "scope",
        &[
            "config", "data", "locale", "order", "period", "privacy", "query", "wish", "zone",
        ],
    ),
    ("answers", &["data", "remote", "source"]),
    (
        "check",
        &["config", "data", "format", "remote", "source", "words", "zone"],
    ),
    (
        "measure",
        &[
            "answers", "chart", "data", "locale", "order", "period", "remote", "scope", "source",
        ],
    ),
    (
        "usage",
        &[
            "answers", "config", "data", "measure", "order", "period", "query", "scope", "source",
        ],
    ),
    ("presence", &["measure", "period", "scope", "usage"]),
    (
        "timeline",
        &["answers", "data", "measure", "period", "remote", "scope", "source"],
    ),
    ("groups", &["format", "order", "scope", "table"]),
    (
        "accounts",
        &[
            "answers", "config", "data", "people", "remote", "roster", "scope", "source",
        ],
    ),
    // What reports fill in, and the words they use.
    (
        "words",
        &[
            "answers", "config", "data", "format", "period", "query", "remote", "scope", "source",
        ],
    ),
    (
        "panel",
        &[
            "answers", "chart", "config", "csv", "curl", "format", "measure", "period", "query", "remote", "people",
            "rows", "scope", "source", "table", "wish", "words", "zone",
        ],
    ),
    (
        "suppress",
        &[
            "answers", "chart", "format", "groups", "panel", "remote", "scope", "table", "words",
        ],
    ),
    (
        "roster",
        &[
            "answers", "data", "measure", "order", "remote", "scope", "source", "words",
        ],
    ),
    (
        "titles",
        &["answers", "data", "format", "order", "scope", "source", "words"],
    ),
    (
        "person",
        &[
            "answers", "data", "format", "period", "roster", "rows", "scope", "table", "titles",
        ],
    ),
    (
        "crowd",
        &[
            "accounts", "answers", "config", "format", "order", "panel", "people", "period", "remote", "rows", "scope",
            "source", "table", "words",
        ],
    ),
    (
        "report",
        &[
            "accounts", "answers", "chart", "config", "crowd", "csv", "curl", "data", "forecast", "format", "groups",
            "locale", "measure", "order", "panel", "people", "period", "person", "presence", "query", "remote",
            "privacy", "roster", "rows", "scope", "source", "suppress", "table", "timeline", "titles", "usage", "wish",
            "words", "zone",
        ],
    ),
    // The shell, where everything meets.
    ("ui", &["*"]),
    // Parts that only show what they are given.
    (
        "ui::component",
        &[
            "chart", "files", "format", "locale", "panel", "people", "period", "query", "remote", "report", "rows",
            "table", "ui", "wish", "words", "zone",
        ],
    ),
    ("main", &["config", "ui"]),
    ("lib", &[]),
];

/// Folders whose files never import each other: one can be understood, changed or removed without the next.
const STRANGERS: &[&str] = &["source", "report"];

/// What the core must not mention: it has no browser, no clock, no files, no network and no output.
const ABSENT: &[&str] = &[
    "leptos",
    "web_sys",
    "js_sys",
    "gloo",
    "wasm_bindgen",
    "plotters_canvas",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "std::fs",
    "std::net",
    "std::env",
    "std::thread",
    "std::time",
    "println!",
    "eprintln!",
    "print!",
    "Serialize",
    "unsafe ",
];

/// Where plotters may be named.
const PLOTTERS: &[&str] = &["chart::draw", "chart::theme", "ui"];

/// Files longer than this, without their tests, are named in the output: a prompt to look, not a failure.
const LONG: usize = 400;

struct File {
    path: PathBuf,
    /// `ui::canvas` for src/ui/canvas.rs.
    module: String,
    text: String,
    /// The text without comments, strings and tests.
    code: String,
}

fn files() -> Vec<File> {
    let mut paths = Vec::new();
    find(Path::new("src"), &mut paths);
    paths.sort();
    assert!(paths.len() > 5, "the sources are where they are expected");
    paths.into_iter().map(read).collect()
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn read(path: PathBuf) -> File {
    let text = fs::read_to_string(&path).unwrap();
    let module = path
        .strip_prefix("src")
        .unwrap()
        .with_extension("")
        .to_string_lossy()
        .replace(['/', '\\'], "::");
    let code = without_tests(&without_words(&text));
    File {
        path,
        module,
        text,
        code,
    }
}

/// Takes out comments, and what stands in quotes: rules are about code.
fn without_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut index = 0;
    while index < bytes.len() {
        let rest = &text[index..];
        if rest.starts_with("//") {
            index += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            index += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(length) = raw_string(rest).or_else(|| quoted(rest)) {
            out.push_str("\"\"");
            out.extend(rest[..length].chars().filter(|letter| *letter == '\n'));
            index += length;
        } else if let Some(length) = character(rest) {
            out.push_str("' '");
            index += length;
        } else {
            let letter = rest.chars().next().unwrap();
            out.push(letter);
            index += letter.len_utf8();
        }
    }
    out
}

fn raw_string(rest: &str) -> Option<usize> {
    let hashes = rest.strip_prefix('r')?.bytes().take_while(|byte| *byte == b'#').count();
    let body = rest.get(1 + hashes..)?.strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    Some(2 + hashes + body.find(&close)? + close.len())
}

fn quoted(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = body.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })?;
    Some(end + 2)
}

/// A character literal; a lifetime has no closing quote after one letter.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    if body.starts_with('\\') {
        return body[2..].find('\'').map(|end| end + 4);
    }
    let letter = body.chars().next()?;
    body[letter.len_utf8()..]
        .starts_with('\'')
        .then(|| letter.len_utf8() + 2)
}

/// Takes out every item under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(start) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..start]);
        let item = &rest[start..];
        let mut depth = 0;
        let end = item.bytes().enumerate().find_map(|(index, byte)| {
            match byte {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            (depth == 0 && matches!(byte, b'}' | b';')).then_some(index + 1)
        });
        rest = &item[end.unwrap_or(item.len())..];
    }
    out + rest
}

/// Every path below `crate::` that the code names, with groups and `super::` resolved.
fn imports(file: &File) -> Vec<String> {
    let code: String = file.code.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for root in ["crate::", "metrics::"] {
        for (at, _) in code.match_indices(root) {
            let is_word =
                code[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':');
            if !is_word && (root == "crate::" || file.module == "main") {
                paths("", &code[at + root.len()..], &mut found);
            }
        }
    }
    for (at, _) in code.match_indices("super::") {
        if code[..at].ends_with("super::") {
            continue;
        }
        let mut rest = &code[at..];
        let mut module = file.module.as_str();
        while let Some(tail) = rest.strip_prefix("super::") {
            rest = tail;
            module = module.rsplit_once("::").map_or("", |(parent, _)| parent);
        }
        paths(module, rest, &mut found);
    }
    found
}

/// Reads `a::b`, `a::{b, c::{d}}` or `a::*` and adds each full path.
fn paths(base: &str, text: &str, found: &mut Vec<String>) {
    let join = |part: &str| {
        if base.is_empty() {
            part.to_string()
        } else {
            format!("{base}::{part}")
        }
    };
    if let Some(group) = text.strip_prefix('{') {
        let mut depth = 0;
        let mut start = 0;
        for (index, byte) in group.bytes().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' if depth > 0 => depth -= 1,
                b',' | b'}' if depth == 0 => {
                    paths(base, group[start..index].trim(), found);
                    start = index + 1;
                    if byte == b'}' {
                        return;
                    }
                }
                _ => {}
            }
        }
        return;
    }
    let end = text
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(text.len());
    let (part, rest) = text.split_at(end);
    match rest.strip_prefix("::") {
        Some(rest) if !part.is_empty() => paths(&join(part), rest, found),
        _ if part.is_empty() || part == "self" => found.push(base.to_string()),
        _ => found.push(join(part)),
    }
}

fn is_in(module: &str, parent: &str) -> bool {
    parent == "*" || module == parent || module.strip_prefix(parent).is_some_and(|rest| rest.starts_with("::"))
}

fn is_core(module: &str) -> bool {
    !is_in(module, "ui") && module != "main"
}

fn report(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn modules_import_only_what_the_table_allows() {
    let mut problems = Vec::new();
    for file in files() {
        let rule = RULES
            .iter()
            .filter(|(module, _)| is_in(&file.module, module))
            .max_by_key(|(module, _)| module.len());
        let Some((own, allowed)) = rule else {
            problems.push(format!("{}: has no row in RULES", file.path.display()));
            continue;
        };
        for import in imports(&file) {
            let is_own = is_in(&import, own) || import.is_empty();
            if !is_own && !allowed.iter().any(|module| is_in(&import, module)) {
                problems.push(format!(
                    "{}: imports {import}, which RULES does not allow for {own}",
                    file.path.display()
                ));
            }
        }
    }
    report(problems);
}

#[test]
fn siblings_do_not_know_each_other() {
    let mut problems = Vec::new();
    let files = files();
    for folder in STRANGERS {
        let inside = |module: &str| {
            module
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix("::"))
                .map(|rest| rest.split("::").next().unwrap_or("").to_string())
        };
        let siblings: Vec<String> = files.iter().filter_map(|file| inside(&file.module)).collect();
        for file in &files {
            let Some(own) = inside(&file.module) else {
                continue;
            };
            for import in imports(file) {
                if let Some(other) = inside(&import).filter(|other| *other != own && siblings.contains(other)) {
                    problems.push(format!(
                        "{}: imports its sibling {folder}::{other}",
                        file.path.display()
                    ));
                }
            }
        }
    }
    report(problems);
}

#[test]
fn modules_do_not_import_each_other_in_a_circle() {
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let top = |path: &str| path.split("::").next().unwrap_or("").to_string();
    for file in files().iter().filter(|file| file.module != "lib") {
        let own = top(&file.module);
        let others = imports(file)
            .iter()
            .map(|import| top(import))
            .filter(|other| *other != own && !other.is_empty())
            .collect::<Vec<_>>();
        edges.entry(own).or_default().extend(others);
    }
    // `source` and `remote` are one contract in two files: a reply, and what can go wrong with it.
    if let Some(remote) = edges.get_mut("remote") {
        remote.retain(|other| other != "source");
    }
    fn reaches(edges: &BTreeMap<String, Vec<String>>, from: &str, goal: &str, seen: &mut Vec<String>) -> bool {
        edges.get(from).is_some_and(|next| {
            next.iter().any(|next| {
                next == goal
                    || !seen.contains(next) && {
                        seen.push(next.clone());
                        reaches(edges, next, goal, seen)
                    }
            })
        })
    }
    let circular = edges
        .keys()
        .filter(|module| reaches(&edges, module, module, &mut Vec::new()));
    report(
        circular
            .map(|module| format!("{module}: imports itself through others"))
            .collect(),
    );
}

#[test]
fn the_core_knows_no_browser_clock_file_network_or_output() {
    let mut problems = Vec::new();
    for file in files().iter().filter(|file| is_core(&file.module)) {
        for word in ABSENT {
            if mentions(&file.code, word) {
                problems.push(format!("{}: mentions {word}", file.path.display()));
            }
        }
    }
    report(problems);
}

#[test]
fn only_the_drawing_code_knows_plotters() {
    let strangers = files()
        .into_iter()
        .filter(|file| mentions(&file.code, "plotters") && !PLOTTERS.iter().any(|module| is_in(&file.module, module)));
    report(
        strangers
            .map(|file| format!("{}: mentions plotters", file.path.display()))
            .collect(),
    );
}

/// Whether the code has the word, not merely a longer word with it inside.
fn mentions(code: &str, word: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    code.match_indices(word).any(|(at, _)| {
        let ends_open = word.ends_with(|letter: char| !is_letter(letter)) || word == "gloo";
        !code[..at].ends_with(is_letter) && (ends_open || !code[at + word.len()..].starts_with(is_letter))
    })
}

#[test]
fn a_token_cannot_be_printed_stored_or_written() {
    let files = files();
    let named: Vec<&File> = files
        .iter()
        .filter(|file| file.code.contains("struct Secret"))
        .collect();
    assert_eq!(named.len(), 1, "there is one kind of secret");
    assert!(
        named[0]
            .code
            .contains("#[derive(Clone, PartialEq)]\npub struct Secret(String);"),
        "its text is its own, and no trait gives it away"
    );
    let said = files.iter().filter(|file| file.code.contains("for Secret"));
    report(
        said.map(|file| format!("{} gives Secret a trait", file.path.display()))
            .collect(),
    );
    // What reads the text puts it into a header, or into the body that a source asks for it in.
    let readers = files.iter().filter(|file| file.code.contains("Secret(value)"));
    let readers: Vec<&str> = readers.map(|file| file.module.as_str()).collect();
    assert_eq!(readers, ["ui::transport::http"]);
}

#[test]
fn nothing_can_panic_on_purpose() {
    let mut problems = Vec::new();
    for file in files() {
        for word in [
            ".unwrap()",
            ".expect(",
            "panic!(",
            "todo!(",
            "unimplemented!(",
            "unreachable!(",
            "dbg!(",
        ] {
            if let Some(at) = file.code.find(word) {
                let line = file.code[..at].lines().count();
                problems.push(format!(
                    "{}: has {word} outside its tests, near line {line}",
                    file.path.display()
                ));
            }
        }
    }
    report(problems);
}

#[test]
fn every_file_says_what_it_is_for_and_leaves_nothing_for_later() {
    let mut problems = Vec::new();
    for file in files() {
        let first = file.text.lines().next().unwrap_or("");
        if first.strip_prefix("//! ").is_none_or(|words| words.len() < 5) {
            problems.push(format!(
                "{}: does not begin with a sentence after `//!`",
                file.path.display()
            ));
        }
        for word in ["TODO", "FIXME", "XXX", "HACK"] {
            if mentions(&file.text, word) {
                problems.push(format!("{}: has {word}", file.path.display()));
            }
        }
    }
    report(problems);
}

#[test]
fn files_stay_short_enough_to_read() {
    for file in files() {
        let lines = file.code.lines().filter(|line| !line.trim().is_empty()).count();
        if lines > LONG {
            println!(
                "note: {} has {lines} lines of code; consider a module of its own for a part of it",
                file.path.display()
            );
        }
    }
}

mod the_rules_see {
    //! The checks above are only worth something if they find what they look for.
    use super::*;

    fn file(module: &str, text: &str) -> File {
        File {
            path: PathBuf::from("x.rs"),
            module: module.into(),
            text: text.into(),
            code: without_tests(&without_words(text)),
        }
    }

    #[test]
    fn imports_in_every_form() {
        let text = "use crate::a;\nuse crate::b::{c, d::{e, F}, self};\nfn x() { crate::g::h() }\nuse super::i::J;\npub use super::super::k;\nuse other_crate::l;";
        let mut found = imports(&file("m::n", text));
        found.sort();
        assert_eq!(found, ["a", "b", "b::c", "b::d::F", "b::d::e", "g::h", "k", "m::i::J"]);
    }

    #[test]
    fn no_words_in_comments_strings_or_tests() {
        let text = r##"
            // leptos
            /* leptos */
            const A: &str = "leptos \" leptos"; const B: &str = r#"leptos "x" "#; const C: char = '"'; const D: char = '\'';
            fn life<'a>(x: &'a str) -> &'a str { x }
            #[cfg(test)]
            mod tests { fn x() { leptos::y().unwrap(); } }
            #[cfg(test)]
            use leptos::z;
            fn after() {}
        "##;
        let code = file("a", text).code;
        assert!(!code.contains("leptos") && !code.contains("unwrap"), "{code}");
        assert!(code.contains("fn life") && code.contains("fn after"), "{code}");
    }

    #[test]
    fn whole_words() {
        assert!(
            mentions("use gloo_net::x;", "gloo")
                && mentions("std::fs::read", "std::fs")
                && mentions("println!(", "println!")
        );
        assert!(!mentions("deserialize Deserialize", "Serialize") && !mentions("plotters_canvas", "plotters"));
    }
}
