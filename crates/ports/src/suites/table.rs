//! What every table does.
