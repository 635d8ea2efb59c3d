//! Components: models in, elements out. They format nothing and decide nothing.

pub mod chart_canvas;
pub mod combobox;
pub mod controls;
pub mod data_table;
pub mod file_box;
pub mod filter_bar;
pub mod header;
pub mod mend;
pub mod menu;
pub mod panel;
pub mod progress;
pub mod range_picker;
pub mod select;
pub mod tiles;
