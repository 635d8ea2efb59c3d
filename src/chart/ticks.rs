//! ticks of a chart.
