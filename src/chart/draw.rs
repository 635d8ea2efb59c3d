//! draw of a chart.
