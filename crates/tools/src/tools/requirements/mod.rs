//! What the epic says and how well it says it.

mod build_glossary;
mod check_requirements;
mod estimate_effort;
mod find_conflicts;
mod map_stories;
mod trace_statements;

tools! {
    build_glossary::BuildGlossary,
    check_requirements::CheckRequirements,
    estimate_effort::EstimateEffort,
    find_conflicts::FindConflicts,
    map_stories::MapStories,
    trace_statements::TraceStatements,
}
