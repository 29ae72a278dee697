//! Domain types and their rules as pure transitions.
