//! The Manage > Metrics view.
#![doc = include_str!("../ARCHITECTURE.md")]

// The core: pure, compiled and tested without the `ui` feature.
pub mod accounts;
pub mod answers;
pub mod chart;
pub mod check;
pub mod config;
pub mod crowd;
pub mod csv;
pub mod curl;
pub mod data;
pub mod demo;
pub mod embed;
pub mod files;
pub mod forecast;
pub mod format;
pub mod groups;
pub mod import;
pub mod initials;
pub mod json;
pub mod locale;
pub mod measure;
pub mod order;
pub mod pace;
pub mod panel;
pub mod people;
pub mod period;
pub mod person;
pub mod presence;
pub mod privacy;
pub mod query;
pub mod remote;
pub mod report;
pub mod roster;
pub mod rows;
pub mod scope;
pub mod source;
pub mod suppress;
pub mod table;
pub mod timeline;
pub mod titles;
pub mod usage;
pub mod wire;
pub mod wish;
pub mod words;
pub mod zone;

// The shell: Leptos and the browser.
#[cfg(feature = "ui")]
pub mod ui;
