//! The only network code. Sends nothing but to the configured base, follows no redirect, puts a token in a header
//! and nowhere else.

use super::{Feeder, Secret};
use crate::config::{Auth, Credential, SourceConfig};
use crate::remote::{LoadError, Reply};
use crate::source::{Ask, Request};
use gloo_net::http::{Request as Http, Response};
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestCache, RequestCredentials,
    RequestRedirect, ResponseType,
};

/// Largest body this page reads, in bytes. Little of it is held: rows are read while they come.
const LARGEST: u64 = 1_000_000_000;

/// Bodies that say they are no longer than this are read in one go, in bytes: reading a stream takes several turns of the browser.
/// Unpacked they may be a thousand times as long, and are still far from the largest.
const SHORT: u64 = 64 << 10;

/// Asks the server. The body of a success is handed to the feeder.
pub async fn answer(
    source: &SourceConfig,
    request: &Request,
    token: Option<Secret>,
    feeder: &mut Feeder<'_>,
) -> Result<Reply, LoadError> {
    let signal = feeder.signal;
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
    let length = header(&response, "content-length").and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > LARGEST) {
        return Err(LoadError::TooLarge(LARGEST));
    }
    let is_short = length.is_some_and(|length| length <= SHORT);
    // What is compressed is longer than its header says.
    let length = length.filter(|_| header(&response, "content-encoding").is_none());
    let retry_after = header(&response, "retry-after");
    let mut reply = Reply {
        status: response.status(),
        content_type: header(&response, "content-type")
            .unwrap_or_default()
            .to_ascii_lowercase(),
        retry_after: retry_after.and_then(|seconds| seconds.trim().parse().ok()),
        body: Vec::new(),
    };
    let is_success = reply.is_success();
    if is_short {
        let bytes = response.binary().await.map_err(|_| given_up(signal))?;
        match is_success {
            true => feeder.feed(&reply, length, &bytes).await?,
            false => reply.body = bytes,
        }
        return Ok(reply);
    }
    let Some(body) = response.body() else { return Ok(reply) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut all = 0;
    loop {
        let next = JsFuture::from(reader.read()).await.map_err(|_| given_up(signal))?;
        let next: ReadableStreamReadResult = next.unchecked_into();
        if next.get_done() == Some(true) {
            return Ok(reply);
        }
        let mut bytes = next.get_value().unchecked_into::<Uint8Array>().to_vec();
        all += bytes.len() as u64;
        let result = if all > LARGEST {
            Err(LoadError::TooLarge(LARGEST))
        } else if is_success {
            feeder.feed(&reply, length, &bytes).await
        } else {
            reply.body.append(&mut bytes);
            Ok(())
        };
        if let Err(error) = result {
            // What comes of it nobody waits for.
            drop(reader.cancel());
            return Err(error);
        }
    }
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
