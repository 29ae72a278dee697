//! The tools that personas call.
