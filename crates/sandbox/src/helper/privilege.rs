//! Becoming nobody: an unprivileged user in a user namespace of its own.

use super::{During, Stop};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::unistd::{Gid, Uid, getegid, geteuid, setgroups, setresgid, setresuid};

/// The user and group that the command runs as, seen from inside.
pub(crate) const INSIDE_ID: u32 = 1000;
/// What root becomes outside: the kernel never limits the number of root's processes.
const NOBODY: u32 = 65534;

/// Drops root where we have it, then enters a nested user namespace in which only [`INSIDE_ID`] exists.
///
/// The namespace matters twice: the kernel counts processes per user *and namespace*, so that the limit holds for
/// this job alone; and all capabilities vanish when the next program is started by a user other than its root.
/// `best_effort` is for bubblewrap, which has made such a namespace already and may forbid another.
pub(super) fn drop_all(best_effort: bool) -> Result<(), Stop> {
    if geteuid().is_root() && !only_root_is_mapped() {
        setgroups(&[]).during("leave the groups")?;
        let (group, user) = (Gid::from_raw(NOBODY), Uid::from_raw(NOBODY));
        setresgid(group, group, group).during("change the group")?;
        setresuid(user, user, user).during("change the user")?;
        // A change of user makes a process's own files in /proc unreachable; the maps below are among them.
        prctl::set_dumpable(true).during("reach its own files in /proc")?;
    }
    let nested = enter_user_namespace(INSIDE_ID);
    if best_effort && nested.is_err() && !geteuid().is_root() {
        return Ok(());
    }
    nested?;
    // No further user namespaces: they would give back capabilities, if only over themselves.
    let closed = std::fs::write("/proc/sys/user/max_user_namespaces", "0");
    if best_effort { Ok(()) } else { closed.during("forbid further user namespaces") }
}

/// Makes a user namespace in which this process's user is `inside`.
pub(super) fn enter_user_namespace(inside: u32) -> Result<(), Stop> {
    enter_with(CloneFlags::CLONE_NEWUSER, inside)
}

/// The same together with other namespaces, which then belong to the new one.
pub(super) fn enter_with(flags: CloneFlags, inside: u32) -> Result<(), Stop> {
    let (user, group) = (geteuid(), getegid());
    unshare(flags).during("make a user namespace")?;
    // The kernel lets an ordinary user map its group only after it has given up changing groups.
    std::fs::write("/proc/self/setgroups", "deny").during("give up changing groups")?;
    std::fs::write("/proc/self/uid_map", format!("{inside} {user} 1")).during("map the user")?;
    std::fs::write("/proc/self/gid_map", format!("{inside} {group} 1")).during("map the group")
}

/// Whether this namespace has no user but root, so that there is nobody to become. So it is for an ordinary user in
/// the namespace that `outer` made.
fn only_root_is_mapped() -> bool {
    std::fs::read_to_string("/proc/self/uid_map").is_ok_and(|map| {
        let fields: Vec<_> = map.split_whitespace().collect();
        // `0 0 1` would be the machine's root itself, which no limit holds.
        matches!(fields.as_slice(), ["0", outside, "1"] if *outside != "0")
    })
}
