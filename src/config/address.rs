//! Checks of the addresses in `config.json`: where requests may go, and who may embed the page.
//!
//! Stricter than browsers, which take `//host` and `/\host` for another host: an address either clearly stays on the
//! page's own origin, or names its origin in full.

/// Checks a base URL and makes it end in `/`.
pub fn base_url(text: &str) -> Result<String, String> {
    let path = match split(text) {
        Some((scheme, authority, path)) => {
            origin(scheme, authority)?;
            path
        }
        None if text.starts_with("//") => {
            return Err("must not begin with `//`: browsers take that for another host".into());
        }
        None if text.starts_with('/') => text,
        None => return Err("must begin with `https://`, `http://` or `/`".into()),
    };
    check_path(path)?;
    Ok(if text.ends_with('/') {
        text.into()
    } else {
        format!("{text}/")
    })
}

/// Checks a path below a base URL and takes the slashes off its ends.
#[inline(never)]
pub fn route(text: &str) -> Result<String, String> {
    let path = text.trim_matches('/');
    if path.is_empty() {
        return Err("must not be empty".into());
    }
    if path.contains(':') {
        return Err("must be a path, without a host".into());
    }
    check_path(path)?;
    Ok(path.into())
}

/// Checks an origin that may embed the page, in the exact form in which browsers report it.
pub fn parent(text: &str) -> Result<String, String> {
    if text.contains('*') {
        return Err("must name one origin: `*` is not allowed".into());
    }
    let Some((scheme, authority, path)) = split(text) else {
        return Err("must be an origin such as `https://portal.example.com`".into());
    };
    let exact = origin(scheme, authority)?;
    if !path.is_empty() {
        return Err(format!("must be an origin without a path: write `{exact}`"));
    }
    if exact != text {
        return Err(format!("browsers write this origin as `{exact}`: write the same"));
    }
    if scheme == "http" && !is_local(host(authority)) {
        return Err("must be `https`; `http` is only for localhost".into());
    }
    Ok(exact)
}

/// Scheme, authority and path of an absolute URL.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    if scheme != "https" && scheme != "http" {
        return None;
    }
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    Some((scheme, rest.get(..end)?, rest.get(end..)?))
}

/// The origin as browsers write it: lower case, without the port that the scheme implies.
fn origin(scheme: &str, authority: &str) -> Result<String, String> {
    if authority.contains('@') {
        return Err("must not contain a user name or password: everybody can read this file".into());
    }
    let name = host(authority);
    let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    let is_v6 = inner.is_some_and(|inner| {
        inner.contains(':')
            && inner
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte))
    });
    if !is_name && !is_v6 {
        return Err(format!(
            "`{name}` is not a host name; write names in other scripts as `xn--…`"
        ));
    }
    let port = match authority.get(name.len()..).unwrap_or_default() {
        "" => None,
        rest => match rest.strip_prefix(':').and_then(|port| port.parse::<u16>().ok()) {
            Some(port) => Some(port),
            None => return Err(format!("`{rest}` is not a port")),
        },
    };
    let implied = if scheme == "https" { 443 } else { 80 };
    let name = name.to_ascii_lowercase();
    Ok(match port.filter(|port| *port != implied) {
        Some(port) => format!("{scheme}://{name}:{port}"),
        None => format!("{scheme}://{name}"),
    })
}

/// The host of an authority, brackets included.
fn host(authority: &str) -> &str {
    let end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    authority.get(..end).unwrap_or(authority)
}

fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost")
}

fn check_path(path: &str) -> Result<(), String> {
    if path.contains(['?', '#']) {
        return Err("must not contain `?` or `#`: the page adds its own query".into());
    }
    if let Some(bad) = path
        .chars()
        .find(|letter| *letter == '\\' || letter.is_whitespace() || letter.is_control())
    {
        return Err(format!("must not contain {bad:?}"));
    }
    if path.split('/').any(|part| part == "." || part == "..") || path.contains("//") {
        return Err("must be a plain path, without `.`, `..` or `//`".into());
    }
    Ok(())
}
