//! Ways out of the file system and the process list: kinds of sockets, keys, traces, namespaces, terminals.

use crate::setting::{in_every_isolation, python, run, succeed};
use maestro_domain::ExitStatus;
use maestro_sandbox::LocalReferee;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener};

in_every_isolation!(
    calls_that_no_job_needs_are_forbidden,
    no_namespace_can_be_made,
    only_sockets_that_end_inside,
    names_of_the_hosts_sockets_are_not_there,
    there_is_no_terminal_to_type_into,
    the_magic_keys_of_the_kernel_are_out_of_reach,
    odd_files_in_the_workspace_do_no_harm,
    one_endless_line_is_cut,
    threads_and_children_still_work,
);

/// `libc` as Python reaches it, with the number of a call on this machine.
const LIBC: &str = r"
import ctypes, errno, os, platform, socket
libc = ctypes.CDLL(None, use_errno=True)
arm = platform.machine() == 'aarch64'
def call(x86, arm64, *args):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(arm64 if arm else x86), *args)
    return 'ok' if result >= 0 else errno.errorcode[ctypes.get_errno()]
";

async fn calls_that_no_job_needs_are_forbidden(referee: &LocalReferee) {
    let program = format!(
        "{LIBC}
import sys
child = os.fork()
if child == 0:
    import time
    time.sleep(600)
for name, x86, arm64, args in (
    ('add_key', 248, 217, (b'user', b'name', b'secret', 6, -3)),
    ('keyctl', 250, 219, (0, -3, 0)),
    ('ptrace', 101, 117, (16, child, 0, 0)),
    ('process_vm_readv', 310, 270, (child, 0, 0, 0, 0, 0)),
    ('bpf', 321, 280, (0, 0, 0)),
    ('io_uring_setup', 425, 425, (1, 0)),
    ('userfaultfd', 323, 282, (0,)),
    ('perf_event_open', 298, 241, (0, 0, -1, -1, 0)),
    ('mount', 165, 40, (b'none', b'/tmp', b'tmpfs', 0, None)),
    ('fsopen', 430, 430, (b'tmpfs', 0)),
    ('setns', 308, 268, (0, 0)),
    ('open_by_handle_at', 304, 265, (0, 0, 0)),
    ('chroot', 161, 51, (b'/tmp',)),
    ('reboot', 169, 142, (0, 0, 0, 0)),
):
    answer = call(x86, arm64, *args)
    if answer != 'EPERM':
        print(name, answer)
os.kill(child, 9)
if not arm:
    # The second number of each call, where the kernel has one: forbidden, or not there.
    print(call(0x40000000 | 101, 0, 16, child, 0, 0) in ('EPERM', 'ENOSYS'))
else:
    print(True)
"
    );
    assert_eq!(succeed(referee, python(&program)).await, "True");
}

async fn no_namespace_can_be_made(referee: &LocalReferee) {
    let program = format!(
        "{LIBC}
for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
    print(call(272, 97, flag), call(56, 220, flag | 17, 0, 0, 0, 0), end=' ')
print(call(435, 435, 0, 0))
"
    );
    assert_eq!(succeed(referee, python(&program)).await, format!("{}ENOSYS", "EPERM EPERM ".repeat(7)));
}

async fn only_sockets_that_end_inside(referee: &LocalReferee) {
    let program = r"
import socket
for kind in range(50):
    try:
        socket.socket(kind, socket.SOCK_DGRAM).close()
        print(kind, end=' ')
    except OSError:
        pass
for protocol in range(1, 23):
    try:
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol).close()
        print('netlink', protocol)
    except OSError:
        pass
try:
    socket.socket(40, socket.SOCK_STREAM)
    print('the host of this virtual machine')
except PermissionError:
    print('done')
";
    // UNIX, IPv4, IPv6 (where the kernel has it), netlink.
    let output = succeed(referee, python(program)).await;
    assert!(output == "1 2 10 16 done" || output == "1 2 16 done", "{output}");
}

async fn names_of_the_hosts_sockets_are_not_there(referee: &LocalReferee) {
    let name = format!("maestro-sandbox-test-{}", std::process::id());
    // Another test may have it already; then it is there just as well.
    let _named = SocketAddr::from_abstract_name(&name).and_then(|name| UnixListener::bind_addr(&name));
    let six = TcpListener::bind("[::1]:0");
    let port = six.as_ref().map_or(1, |listener| listener.local_addr().unwrap().port());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let _in_a_folder = UnixListener::bind(&path).unwrap();
    let program = format!(
        r"
import socket
for kind, address in ((socket.AF_UNIX, '\0{name}'), (socket.AF_UNIX, '{path}'), (socket.AF_INET6, ('::1', {port})),
                      (socket.AF_UNIX, '/run/docker.sock'), (socket.AF_UNIX, '/run/systemd/private')):
    try:
        socket.socket(kind).connect(address)
        print('CONNECTED', address)
    except OSError:
        pass
",
        path = path.display()
    );
    assert_eq!(succeed(referee, python(&program)).await, "");
}

async fn there_is_no_terminal_to_type_into(referee: &LocalReferee) {
    let program = r"
import fcntl, os, termios
for path in ('/dev/tty', '/dev/console', '/dev/tty0', '/dev/ptmx', '/dev/pts/0'):
    try:
        os.open(path, os.O_RDWR)
        print('OPENED', path)
    except OSError:
        pass
for fd in (0, 1, 2):
    for request in (termios.TIOCSTI, 0x541C, termios.TIOCSTI | 1 << 32):
        try:
            fcntl.ioctl(fd, request & 0xffffffff, b'x')
            print('TYPED', fd)
        except PermissionError:
            pass
print(os.isatty(0), os.isatty(1))
";
    assert_eq!(succeed(referee, python(program)).await, "False False");
}

async fn the_magic_keys_of_the_kernel_are_out_of_reach(referee: &LocalReferee) {
    let program = r"
import os
for path in ('/proc/sysrq-trigger', '/proc/sys/kernel/core_pattern', '/proc/sys/kernel/sysrq', '/proc/sys/vm/drop_caches',
             '/proc/1/oom_score_adj', '/proc/2/oom_score_adj', '/proc/1/mem', '/proc/2/mem', '/proc/kmsg', '/dev/kmsg',
             '/dev/mem', '/dev/sda', '/dev/vda', '/dev/fuse', '/dev/kvm', '/dev/vsock', '/dev/net/tun', '/sys/power/state'):
    try:
        os.open(path, os.O_WRONLY)
        print('OPENED', path)
    except OSError:
        pass
";
    assert_eq!(succeed(referee, python(program)).await, "");
}

async fn odd_files_in_the_workspace_do_no_harm(referee: &LocalReferee) {
    let program = r"
import os, socket, stat
os.mkfifo('fifo')
socket.socket(socket.AF_UNIX).bind('socket')
for kind in (stat.S_IFBLK, stat.S_IFCHR):
    try:
        os.mknod('device', kind | 0o666, os.makedev(1, 1))
        print('MADE a device')
    except OSError:
        pass
os.symlink('/etc/passwd', 'link')
os.symlink('loop', 'loop')
os.mkdir(b'\xff\xfe\n\x1b[2J')
open('x' * 255, 'w').close()
open('a\nb', 'w').close()
deep = os.getcwd()
for _ in range(2000):
    os.mkdir('d' * 200)
    os.chdir('d' * 200)
os.chdir(deep)
os.mkdir('closed')
os.chmod('closed', 0)
print('done')
";
    assert_eq!(succeed(referee, python(program)).await, "done");
}

async fn one_endless_line_is_cut(referee: &LocalReferee) {
    let mut job = python("import os\nfor _ in range(2000):\n    os.write(1, b'x' * 65536)\nos.write(1, b'end\\n')\n");
    job.limits.output_bytes = 50_000;
    let outcome = run(referee, job).await.unwrap();
    assert_eq!(outcome.evidence.exit, ExitStatus::Exited { code: 0 });
    assert_eq!((outcome.stdout.len(), outcome.evidence.truncated), (50_000, true));
}

/// What is forbidden must not be what programs live by.
async fn threads_and_children_still_work(referee: &LocalReferee) {
    let program = r"
import concurrent.futures, multiprocessing, socket, sqlite3, subprocess, sys, tempfile, threading
def double(n):
    return 2 * n
if __name__ == '__main__':
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        print(sum(pool.map(double, range(10))))
    with multiprocessing.Pool(2) as pool:
        print(sum(pool.map(double, range(10))))
    print(subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True, check=True).stdout.strip())
    a, b = socket.socketpair()
    a.send(b'x')
    print(b.recv(1), socket.if_nameindex())
    with tempfile.TemporaryDirectory() as folder:
        c = sqlite3.connect(folder + '/x.db')
        c.execute('pragma journal_mode=wal')
        c.execute('create table t (a)')
        c.commit()
        print(c.execute('select count(*) from t').fetchone())
";
    assert_eq!(succeed(referee, python(program)).await, "90\n90\n1\nb'x' [(1, 'lo')]\n(0,)");
}
