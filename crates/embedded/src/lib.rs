//! The orchestrator on one machine: definitions, handlers and stores in one process.
