//! The typed artifacts that personas hand to each other.
