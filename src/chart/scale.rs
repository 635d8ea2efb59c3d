//! scale of a chart.
