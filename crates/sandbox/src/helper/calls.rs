//! System calls that no job needs: a third wall, and the only one around parts of the kernel that know no namespaces.
//!
//! A list of what is forbidden, not of what is allowed: jobs are programs of any language, and the other walls stand
//! anyway. A forbidden call fails with "operation not permitted".

use nix::libc;
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen as Length, SeccompCmpOp as Compare,
    SeccompCondition as Condition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};
use std::collections::BTreeMap;

/// Forbidden whatever their arguments.
const FORBIDDEN: [libc::c_long; 45] = [
    // Memory that belongs to no process and lies in no file system, which nobody would see.
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
    libc::SYS_shmget,
    libc::SYS_msgget,
    // Keys are kept by user, not by namespace.
    libc::SYS_add_key,
    libc::SYS_keyctl,
    libc::SYS_request_key,
    // Other processes.
    libc::SYS_kcmp,
    libc::SYS_pidfd_getfd,
    libc::SYS_process_madvise,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    // Namespaces and mounts.
    libc::SYS_chroot,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_pivot_root,
    libc::SYS_setns,
    libc::SYS_umount2,
    libc::SYS_unshare,
    // Files by handle, past every path.
    libc::SYS_fanotify_init,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    // Large parts of the kernel that have been broken into before.
    libc::SYS_bpf,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    // The machine itself.
    libc::SYS_acct,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_init_module,
    libc::SYS_kexec_load,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
];
/// Kinds of sockets that end in the namespace. Among the others is the one between a virtual machine and its host.
const SOCKETS: [libc::c_int; 4] = [libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];
const NAMESPACES: libc::c_int = libc::CLONE_NEWCGROUP
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWUSER
    | libc::CLONE_NEWUTS;
/// Typing into a terminal, in two ways.
const TYPING: [libc::c_ulong; 2] = [libc::TIOCSTI, libc::TIOCLINUX];
/// On x86-64 kernels that still know it, every call has a second number with this bit.
const SECOND_NUMBER: i64 = 0x4000_0000;

/// Forbids them to this thread and all that it starts, for good.
pub(super) fn forbid() -> Result<(), Error> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = FORBIDDEN.map(|call| (call, Vec::new())).into();
    rules.insert(libc::SYS_socket, sockets()?);
    rules.insert(libc::SYS_clone, namespaces()?);
    rules.insert(libc::SYS_ioctl, typing()?);
    apply(both_numbers(rules, arch), libc::EPERM, arch)?;
    // Its flags lie in memory, where no filter can look. Libraries that are told that it does not exist use `clone`.
    apply(both_numbers([(libc::SYS_clone3, Vec::new())].into(), arch), libc::ENOSYS, arch)
}

/// Whether the kernel can do it. Asked by a thread that ends at once, because asking means forbidding.
pub(super) fn filter_works() -> bool {
    std::thread::spawn(|| forbid().is_ok()).join().unwrap_or(false)
}

fn sockets() -> Result<Vec<SeccompRule>, Error> {
    let other = SOCKETS.map(|kind| is(0, Compare::Ne, kind)).into_iter().collect::<Result<_, Error>>()?;
    // Of netlink, only what asks for interfaces and addresses.
    let netlink = vec![is(0, Compare::Eq, libc::AF_NETLINK)?, is(2, Compare::Ne, libc::NETLINK_ROUTE)?];
    Ok(vec![SeccompRule::new(other)?, SeccompRule::new(netlink)?])
}

fn namespaces() -> Result<Vec<SeccompRule>, Error> {
    (0..libc::c_int::BITS)
        .map(|bit| 1 << bit)
        .filter(|flag| NAMESPACES & flag != 0)
        .map(|flag: libc::c_int| {
            let flag = u64::from(flag.cast_unsigned());
            let set = Condition::new(0, Length::Dword, Compare::MaskedEq(flag), flag)?;
            Ok(SeccompRule::new(vec![set])?)
        })
        .collect()
}

fn typing() -> Result<Vec<SeccompRule>, Error> {
    // The kernel looks at the lower half only.
    let asked = |request| Ok(SeccompRule::new(vec![Condition::new(1, Length::Dword, Compare::Eq, request)?])?);
    TYPING.map(asked).into_iter().collect()
}

fn is(argument: u8, compare: Compare, value: libc::c_int) -> Result<Condition, Error> {
    Ok(Condition::new(argument, Length::Dword, compare, u64::from(value.cast_unsigned()))?)
}

fn both_numbers(mut rules: BTreeMap<i64, Vec<SeccompRule>>, arch: TargetArch) -> BTreeMap<i64, Vec<SeccompRule>> {
    if arch == TargetArch::x86_64 {
        let again: Vec<_> = rules.iter().map(|(call, rules)| (call | SECOND_NUMBER, rules.clone())).collect();
        rules.extend(again);
    }
    rules
}

fn apply(rules: BTreeMap<i64, Vec<SeccompRule>>, errno: libc::c_int, arch: TargetArch) -> Result<(), Error> {
    let answer = SeccompAction::Errno(errno.cast_unsigned());
    let program: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, answer, arch)?.try_into()?;
    apply_filter(&program)
}
