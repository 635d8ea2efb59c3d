//! The shell: Leptos, the browser, the network. Everything here carries values of the core to and fro.

pub mod alive;
pub mod app;
pub mod browser;
pub mod canvas;
pub mod component;
pub mod download;
pub mod embed;
pub mod erase;
pub mod files;
pub mod language;
pub mod measure;
pub mod media;
pub mod page;
pub mod parts;
pub mod picture;
pub mod rows;
pub mod store;
pub mod table;
pub mod theme;
pub mod transport;
pub mod url;
