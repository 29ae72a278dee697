//! The built-in author: a rule-based model for record-keeping services.
