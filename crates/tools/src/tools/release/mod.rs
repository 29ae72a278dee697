//! Going out: versions, notes, canaries, and the way back.

mod next_version;
mod plan_canary;
mod plan_rollback;
mod write_release_notes;

tools! {
    next_version::NextVersion,
    plan_canary::PlanCanary,
    plan_rollback::PlanRollback,
    write_release_notes::WriteReleaseNotes,
}
