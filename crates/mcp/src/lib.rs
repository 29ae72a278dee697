//! Tools of MCP servers (Model Context Protocol), for the personas that the user names. The protocol is that of `rmcp`, its official
//! SDK.
//!
//! A server is a process of the user's choice, which is outside of the sandbox and may do what the user may, or it is at a URL. What it
//! says is a text from outside: descriptions and schemas are screened here, answers where all answers are. Nothing is available that
//! `maestro.toml` does not list, and nothing is started or asked before a persona works with it.

mod config;
mod http;
mod server;
mod tool;

pub use config::{Found, Servers};
pub use tool::Described;
