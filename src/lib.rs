//! The Manage > Metrics view.
#![doc = include_str!("../ARCHITECTURE.md")]

pub mod zone;
pub mod period;
pub mod locale;
pub mod format;
pub mod query;
pub mod config;
pub mod remote;
pub mod data;
pub mod source;
pub mod demo;
pub mod table;
pub mod csv;
pub mod chart;
