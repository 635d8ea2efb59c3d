//! Tables as CSV.
