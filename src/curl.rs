//! A request as a curl command, the secret replaced by a placeholder.

use crate::config::{Auth, SourceConfig, SourceKind};
use crate::source::Request;

/// The command. `origin` is the page's own origin, for sources whose base is a path on it.
pub fn command(source: &SourceConfig, request: &Request, origin: &str) -> String {
    let base = if source.base_url.starts_with('/') {
        format!("{origin}{}", source.base_url)
    } else {
        source.base_url.clone()
    };
    let url = quote(&format!("{base}{}", request.target()));
    let header = match (source.kind, source.auth) {
        (SourceKind::Demo, _) => {
            return format!(
                "# Demo data: no server was asked. On a Coder server this would be\ncurl {url} -H 'Accept: application/json' -H 'Coder-Session-Token: <token>'"
            );
        }
        (_, Auth::Proxy) => "",
        _ => " -H 'Coder-Session-Token: <token>'",
    };
    format!("curl {url} -H 'Accept: application/json'{header}")
}

/// Single quotes for a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
