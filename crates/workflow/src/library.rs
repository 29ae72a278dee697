//! The standard library: workflows for each scope of work, and building blocks to start one's own from.

/// A workflow of the library.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its `dag_id`.
    pub name: &'static str,
    /// Whether it is the workflow of a scope; else it is a building block.
    pub scope: bool,
    /// Its text.
    pub text: &'static str,
}

macro_rules! entries {
    ($($name:literal $scope:literal,)+) => {
        &[$(Entry { name: $name, scope: $scope, text: include_str!(concat!("../library/", $name, ".yaml")) },)+]
    };
}

/// All of the library: scopes from the smallest to the largest, then building blocks by name.
pub const ALL: &[Entry] = entries! {
    "bugfix" true,
    "poc" true,
    "mvp" true,
    "feature" true,
    "enterprise" true,
    "canary-release" false,
    "data-migration" false,
    "hotfix" false,
    "review-loop" false,
};

/// The entry of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    ALL.iter().find(|entry| entry.name == name)
}
