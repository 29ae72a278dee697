//! The eleven personas as data files with a strict loader.
