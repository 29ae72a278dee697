//! The suites that every adapter must pass. An adapter's tests call them; a failed expectation panics.
