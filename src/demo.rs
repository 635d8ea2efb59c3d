//! A synthetic deployment.
