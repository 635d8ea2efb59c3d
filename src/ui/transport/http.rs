//! The only network code. Sends nothing but to the configured base, follows no redirect, puts a token in a header
//! and nowhere else.

use super::Secret;
use crate::config::{Auth, Credential, SourceConfig};
use crate::remote::{LoadError, Reply};
use crate::source::{Ask, Request};
use gloo_net::http::{Request as Http, Response};
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestRedirect, ResponseType};

/// Largest body this page holds, in bytes.
const LARGEST: u64 = 256_000_000;

/// Asks the server.
pub async fn answer(
    source: &SourceConfig,
    request: &Request,
    token: Option<Secret>,
    signal: &AbortSignal,
) -> Result<Reply, LoadError> {
    let url = format!("{}{}", source.base_url, request.target());
    // A token typed for this tab goes without cookies: Coder would prefer a stale cookie to it.
    let credentials = match (source.auth, &token) {
        (_, Some(_)) | (Auth::Token, None) => RequestCredentials::Omit,
        (Auth::Cookie, None) => RequestCredentials::Include,
        _ => RequestCredentials::SameOrigin,
    };
    let (secret_header, field) = match (source.kind.credential(), &token) {
        (Credential::Header(name, before), Some(Secret(value))) => (Some((name, format!("{before}{value}"))), None),
        (Credential::Field(name), Some(Secret(value))) => (None, Some((name, value.as_str()))),
        (_, None) => (None, None),
    };
    let body = request.body_text(field);
    let accept = if request.ask == Ask::Deed {
        "*/*"
    } else {
        "application/json"
    };
    let method = if body.is_some() { Http::post } else { Http::get };
    let mut http = method(&url)
        .credentials(credentials)
        .redirect(RequestRedirect::Manual)
        .cache(RequestCache::NoStore)
        .abort_signal(Some(signal))
        .header("Accept", accept);
    if let Some((name, value)) = &secret_header {
        http = http.header(name, value);
    }
    let sent = match body {
        Some(body) => http.header("Content-Type", "application/json").body(body),
        None => http.build(),
    };
    let response = sent
        .map_err(|_| LoadError::Unreachable)?
        .send()
        .await
        .map_err(|_| given_up(signal))?;
    if response.type_() == ResponseType::Opaqueredirect {
        // Only a proxy in front of the API redirects, and it redirects to its sign-in page.
        return Err(LoadError::Unauthorized);
    }
    if header(&response, "content-length")
        .and_then(|length| length.parse::<u64>().ok())
        .is_some_and(|length| length > LARGEST)
    {
        return Err(LoadError::TooLarge(LARGEST));
    }
    let (status, content_type, retry_after) = (
        response.status(),
        header(&response, "content-type")
            .unwrap_or_default()
            .to_ascii_lowercase(),
        header(&response, "retry-after"),
    );
    let body = response.binary().await.map_err(|_| given_up(signal))?;
    Ok(Reply {
        status,
        content_type,
        retry_after: retry_after.and_then(|seconds| seconds.trim().parse().ok()),
        body,
    })
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name)
}

/// The signal fires when time is up, and when nobody waits any more; in the second case nobody sees the error either.
fn given_up(signal: &AbortSignal) -> LoadError {
    if signal.aborted() {
        LoadError::Timeout
    } else {
        LoadError::Unreachable
    }
}
