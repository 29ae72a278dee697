//! The HTML front end.

/// The files below `web/`.
pub(crate) const NAMES: [&str; 4] = ["app.js", "index.html", "screens.js", "style.css"];
