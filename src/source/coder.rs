//! Coder v2.

use super::{Answer, Request};
use crate::remote::{LoadError, Reply};

/// Reads a reply of Coder.
pub fn read(_request: &Request, _reply: &Reply) -> Result<Answer, LoadError> {
    Err(LoadError::Unreachable)
}
