//! Writes executable tests from criteria.
