//! Handlers of the software development life cycle as plain functions.
