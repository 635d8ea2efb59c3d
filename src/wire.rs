//! What the answers of all APIs have in common: JSON with faults that can be pointed at, tolerant fields, and refusals.

use crate::remote::DecodeError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub mod cut;
pub mod field;
mod place;
pub mod refusal;

/// Reads an answer that is an object.
pub fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    // A derived reader would take a list of fields for an object, too.
    match body
        .iter()
        .find(|byte| !byte.is_ascii_whitespace() && !BOM.contains(byte))
    {
        Some(b'[') => Err(DecodeError {
            path: "answer".into(),
            reason: "found a list, expected an object".into(),
        }),
        _ => json(body),
    }
}

/// Reads an answer that is a list; `null` is an empty one.
pub fn list<T: DeserializeOwned + Into<U>, U>(body: &[u8]) -> Result<Vec<U>, DecodeError> {
    let rows = json::<Option<Vec<T>>>(body)?.unwrap_or_default();
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The byte order mark of UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// One JSON document and nothing after it. The nesting limit of `serde_json` holds.
fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    let body = body.strip_prefix(BOM).unwrap_or(body);
    serde_json::from_slice(body).map_err(|err| error(body, &err))
}

/// Both texts quote the answer, so they are cleaned like any words of the server.
fn error(body: &[u8], err: &serde_json::Error) -> DecodeError {
    let path = place::path(body, err.line(), err.column(), &[]);
    let path = if path.is_empty() {
        "answer".into()
    } else {
        refusal::clean(&path)
    };
    DecodeError {
        path,
        reason: refusal::clean(&err.to_string()),
    }
}
