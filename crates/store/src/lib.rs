//! Keys, codecs and repositories over the Table and Blobs ports; SQLite and folder adapters.
