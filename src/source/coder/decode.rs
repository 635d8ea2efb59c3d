//! From the bytes of an answer to data, by what was asked.

use super::{deployment, insights, time, users};
use crate::data::{Data, DayRule};
use crate::remote::DecodeError;
use crate::source::Ask;
use crate::wire::node::Node;
use crate::wire::{object, tree};

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
    let read: fn(&Node) -> Result<Data, DecodeError> = match ask {
        Ask::Build => |node| Ok(Data::Build(deployment::build(node)?)),
        Ask::Me => |node| Ok(Data::Me(deployment::me(node)?)),
        Ask::Organizations => |node| Ok(Data::Organizations(deployment::organizations(node)?)),
        Ask::Templates => |node| Ok(Data::Templates(deployment::templates(node)?)),
        Ask::Entitlements => |node| Ok(Data::Entitlements(deployment::entitlements(node)?)),
        Ask::Daus => |node| Ok(Data::Daus(deployment::daus(node)?)),
        Ask::Statuses { .. } => |node| Ok(Data::Statuses(deployment::statuses(node)?)),
        Ask::Insights(..) => |node| Ok(Data::Insights(insights::insights(node)?)),
        _ => return None,
    };
    let mut data = tree(body, read);
    if let (
        Ok(Data::Statuses(statuses)),
        Ask::Statuses {
            offset,
            old_server: true,
            ..
        },
    ) = (&mut data, ask)
    {
        statuses.rule = DayRule::Hours(time::whole_hours(*offset));
    }
    Some(data)
}
