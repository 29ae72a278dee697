//! What every blob store does.
