//! Understands the statements of an epic: sentence patterns to entities, fields and rules.
