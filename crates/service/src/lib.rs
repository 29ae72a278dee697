//! Writes the record-keeping service: engine, model, OpenAPI document, pages.
