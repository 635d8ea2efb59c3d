//! From the bytes of an answer to data, by what was asked.

use super::{deployment, insights, place, refusal, time};
use crate::data::{Data, DayRule};
use crate::remote::DecodeError;
use crate::source::Ask;
use serde::de::DeserializeOwned;

/// Reads the body of an answer.
pub fn decode(ask: &Ask, body: &[u8]) -> Result<Data, DecodeError> {
    Ok(match ask {
        Ask::Build => Data::Build(object::<deployment::Build>(body)?.into()),
        Ask::Me => Data::Me(object::<deployment::Me>(body)?.into()),
        Ask::Organizations => Data::Organizations(list::<deployment::Organization, _>(body)?),
        Ask::Templates => Data::Templates(list::<deployment::Template, _>(body)?),
        Ask::Entitlements => Data::Entitlements(object::<deployment::Entitlements>(body)?.into()),
        Ask::Daus => Data::Daus(object::<deployment::Daus>(body)?.into()),
        Ask::Statuses { offset, old_server, .. } => {
            let rule = if *old_server {
                DayRule::Hours(time::whole_hours(*offset))
            } else {
                DayRule::Zone
            };
            Data::Statuses(object::<deployment::Statuses>(body)?.into_data(rule))
        }
        Ask::Insights(..) => Data::Insights(object::<insights::Insights>(body)?.into()),
        Ask::Activity(_) => Data::Activity(object::<insights::Activity>(body)?.into()),
        Ask::Latency(_) => Data::Latency(object::<insights::Latency>(body)?.into()),
    })
}

fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
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

fn list<T: DeserializeOwned + Into<U>, U>(body: &[u8]) -> Result<Vec<U>, DecodeError> {
    let rows = json::<Option<Vec<T>>>(body)?.unwrap_or_default();
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The byte order mark of UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// One JSON document and nothing after it. The nesting limit of `serde_json` holds.
fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    let body = body.strip_prefix(BOM).unwrap_or(body);
    serde_json::from_slice(body).map_err(|err| error(body, &err))
}

/// Both texts quote the answer, so they are cleaned like any words of the server.
fn error(body: &[u8], err: &serde_json::Error) -> DecodeError {
    let path = place::path(body, err.line(), err.column());
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
