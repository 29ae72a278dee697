//! Every outside trait, and the suites that each adapter must pass.
