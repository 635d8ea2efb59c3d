//! From the bytes of an answer to data, by what was asked.

use super::{deployment, insights, time, users};
use crate::data::{Data, DayRule};
use crate::remote::DecodeError;
use crate::source::Ask;
use crate::wire::{list, object};

/// Reads the body of an answer.
pub fn decode(ask: &Ask, body: &[u8]) -> Result<Data, DecodeError> {
    if let Some(data) = decode_first(ask, body) {
        return data;
    }
    Ok(match ask {
        Ask::Activity(_) => Data::Activity(object::<insights::People>(body)?.into()),
        Ask::Latency(_) => Data::Latency(object::<insights::People>(body)?.into()),
        Ask::Users(_) => Data::Users(object::<users::Page>(body)?.into()),
        Ask::User(_) => Data::Users(object::<users::Account>(body)?.into()),
        _ => return Err(stranger()),
    })
}

/// What is not asked of Coder v2.
pub fn stranger() -> DecodeError {
    DecodeError {
        path: "answer".into(),
        reason: "this is not asked of Coder v2".into(),
    }
}

/// The same for what the first page asks; `None` for all else.
pub fn decode_first(ask: &Ask, body: &[u8]) -> Option<Result<Data, DecodeError>> {
    let read = || {
        Ok(Some(match ask {
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
            _ => return Ok(None),
        }))
    };
    read().transpose()
}
