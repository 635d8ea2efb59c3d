//! Pages: where data meets panels.

pub mod check;
pub mod config_error;
pub mod embed_notice;
pub mod metrics;
pub mod not_found;
