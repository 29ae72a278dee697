//! The referee: runs untrusted code in isolation and produces evidence.
