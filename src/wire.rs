//! What the answers of all APIs have in common: JSON with faults that can be pointed at, tolerant fields, and refusals.

use crate::json::Json;
use crate::remote::DecodeError;
use node::Node;
use serde::Deserialize;

pub mod cut;
pub mod field;
pub mod node;
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

/// Reads an answer as a tree.
pub fn tree<T>(body: &[u8], read: impl FnOnce(&Node) -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    let value: Json = json(body)?;
    read(&Node::new(&value))
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
