//! theme of a chart.
