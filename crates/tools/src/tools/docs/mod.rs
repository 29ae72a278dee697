//! Pages that people read.

mod check_links;
mod measure_readability;
mod write_changelog;

tools! {
    check_links::CheckLinks,
    measure_readability::MeasureReadability,
    write_changelog::WriteChangelog,
}
