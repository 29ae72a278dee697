//! Reads an epic written in Markdown into numbered statements.
