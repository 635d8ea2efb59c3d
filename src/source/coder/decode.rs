//! From the bytes of an answer to data, by what was asked.

use super::{deployment, insights, time, users};
use crate::data::{Data, DayRule};
use crate::remote::DecodeError;
use crate::source::Ask;
use crate::wire::{list, object};

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
        Ask::Activity(_) => Data::Activity(object::<insights::People>(body)?.into()),
        Ask::Latency(_) => Data::Latency(object::<insights::People>(body)?.into()),
        Ask::Users(_) => Data::Users(object::<users::Page>(body)?.into()),
        Ask::User(_) => Data::Users(object::<users::Account>(body)?.into()),
        Ask::Usage(_) | Ask::Assistant | Ask::Members(_) | Ask::Summary | Ask::Deed => {
            let reason = "this is not asked of Coder v2".into();
            return Err(DecodeError {
                path: "answer".into(),
                reason,
            });
        }
    })
}
