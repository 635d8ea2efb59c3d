//! A request as a curl command, the secret replaced by a placeholder.

use crate::config::{Auth, Credential, SourceConfig, SourceKind};
use crate::source::Request;

/// The command. `origin` is the page's own origin, for sources whose base is a path on it.
pub fn command(source: &SourceConfig, request: &Request, origin: &str) -> String {
    let base = if source.base_url.starts_with('/') {
        format!("{origin}{}", source.base_url)
    } else {
        source.base_url.clone()
    };
    let url = quote(&format!("{base}{}", request.target()));
    let is_needed = source.auth != Auth::Proxy || source.kind == SourceKind::Demo;
    let (header, field) = match source.kind.credential() {
        Credential::Header(name, before) if is_needed => (format!(" -H '{name}: {before}<token>'"), None),
        Credential::Field(name) if is_needed => (String::new(), Some((name, "<token>"))),
        _ => (String::new(), None),
    };
    let command = match request.body_text(field) {
        Some(body) => format!(
            "curl {url} -H 'Content-Type: application/json'{header} --data {}",
            quote(&body)
        ),
        None => format!("curl {url} -H 'Accept: application/json'{header}"),
    };
    if source.kind == SourceKind::Demo {
        return format!("# Demo data: no server was asked. Of a real server this would ask\n{command}");
    }
    command
}

/// Single quotes for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
