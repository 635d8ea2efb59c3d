//! Numbers, durations and dates as text.
