//! What a program can see and reach.

use crate::setting::{command, in_every_isolation, python, succeed};
use maestro_sandbox::LocalReferee;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;

in_every_isolation!(
    a_command_runs,
    secrets_of_the_machine_are_out_of_reach,
    nothing_outside_can_be_written,
    the_network_is_a_private_loopback,
    a_server_and_its_client_find_each_other_inside,
    the_environment_is_the_jobs_alone,
    a_loader_variable_does_not_reach_the_helper,
    privileges_are_gone,
    other_processes_are_invisible,
    the_watching_stage_cannot_be_touched,
    links_in_the_workspace_lead_nowhere,
    files_that_the_host_forgot_to_close_are_not_inherited,
);

async fn a_command_runs(referee: &LocalReferee) {
    let mut job = command(&["sh", "-c", "cat a/b/note.txt; pwd; id -u; hostname"]);
    job.workspace.insert("a/b/note.txt".to_owned(), b"hello\n".to_vec());
    assert_eq!(succeed(referee, job).await, "hello\n/workspace\n1000\nsandbox");
}

async fn secrets_of_the_machine_are_out_of_reach(referee: &LocalReferee) {
    // Planted where a program would look: the home folder, the project, the shared temporary folder.
    let places =
        [std::env::home_dir().unwrap(), PathBuf::from(env!("CARGO_MANIFEST_DIR")), "/tmp".into(), "/var/tmp".into()];
    let mut planted = Vec::new();
    for place in places {
        // An ordinary user may not write to all of them.
        if let Ok(mut file) = tempfile::Builder::new().prefix(".maestro-secret-").tempfile_in(&place) {
            file.write_all(b"a secret").unwrap();
            planted.push(file);
        }
    }
    assert!(planted.len() >= 2, "could plant only {} secrets", planted.len());
    let mut paths: Vec<String> = planted.iter().map(|file| file.path().display().to_string()).collect();
    paths
        .extend(["/etc/shadow", "/etc/hostname", "/root/.bashrc", "/proc/1/environ", "/proc/kcore"].map(str::to_owned));
    // By every way into the old root that there could be.
    for way in ["/proc/1/root", "/proc/self/root", "/proc/self/cwd/../..", "/workspace/../.."] {
        paths.push(format!("{way}{}", planted[0].path().display()));
    }
    let program = format!(
        "for path in {paths:?}:\n    try:\n        with open(path, 'rb') as f:\n            print('READ', path, f.read(16))\n    except OSError:\n        pass\n"
    );
    assert_eq!(succeed(referee, python(&program)).await, "");

    let listing = "import os\nfor d in ('/', '/root', '/home', '/var', '/mnt', '/opt', '/srv', '/work', '/boot', '/sys'):\n    try:\n        print(d, sorted(os.listdir(d)))\n    except OSError:\n        pass\n";
    for line in succeed(referee, python(listing)).await.lines() {
        // The way to the Python installation may be there, with nothing beside it.
        assert!(line.ends_with("[]") || line.ends_with("['.pyenv']") || !line.contains("work"), "{line}");
    }
}

async fn nothing_outside_can_be_written(referee: &LocalReferee) {
    let program = r"
import os
for path in ('/x', '/usr/x', '/etc/x', '/etc/passwd', '/bin/x', '/dev/x', '/proc/sys/kernel/hostname',
             '/proc/sys/user/max_user_namespaces', '/proc/sysrq-trigger', os.path.dirname(os.__file__) + '/x.py'):
    try:
        open(path, 'w').close()
        print('WROTE', path)
    except OSError:
        pass
for path in ('/tmp/x', '/workspace/x', '/dev/shm/x', '/dev/null'):
    with open(path, 'w') as f:
        f.write('x')
";
    assert_eq!(succeed(referee, python(program)).await, "");
}

async fn the_network_is_a_private_loopback(referee: &LocalReferee) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let wildcard = TcpListener::bind("0.0.0.0:0").unwrap();
    let (port, open) = (listener.local_addr().unwrap().port(), wildcard.local_addr().unwrap().port());
    let program = format!(
        r"
import socket
for address in (('127.0.0.1', {port}), ('127.0.0.1', {open}), ('1.1.1.1', 53), ('8.8.8.8', 443), ('10.0.0.1', 80), ('169.254.169.254', 80)):
    try:
        socket.create_connection(address, 2)
        print('CONNECTED', address)
    except OSError:
        pass
for name in ('example.com', 'metadata.google.internal'):
    try:
        print('RESOLVED', name, socket.getaddrinfo(name, 80))
    except OSError:
        pass
print(socket.if_nameindex())
print(socket.gethostbyname('localhost'))
"
    );
    assert_eq!(succeed(referee, python(&program)).await, "[(1, 'lo')]\n127.0.0.1");
}

async fn a_server_and_its_client_find_each_other_inside(referee: &LocalReferee) {
    let program = r"
import http.server, subprocess, sys, threading, urllib.request
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = 'http://127.0.0.1:%d/main.py' % server.server_port
print(urllib.request.urlopen(url, timeout=5).status)
child = [sys.executable, '-c', 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).status)', url]
print(subprocess.run(child, capture_output=True, text=True, check=True).stdout.strip())
";
    assert_eq!(succeed(referee, python(program)).await, "200\n200");
}

async fn the_environment_is_the_jobs_alone(referee: &LocalReferee) {
    let mut job = command(&["env"]);
    job.env.insert("GREETING".to_owned(), "hello".to_owned());
    let output = succeed(referee, job).await;
    let mut names: Vec<_> = output.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    names.sort_unstable();
    // `PWD` is set by some isolations and shells, to where the command runs anyway.
    names.retain(|name| *name != "PWD");
    assert_eq!(names, ["GREETING", "HOME", "LANG", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "TMPDIR"]);
}

async fn a_loader_variable_does_not_reach_the_helper(referee: &LocalReferee) {
    let mut job = command(&["sh", "-c", "echo $LD_DEBUG_OUTPUT; ls /tmp"]);
    // The loader of every dynamically linked program that meets these writes a file named by its process id.
    job.env.insert("LD_DEBUG".to_owned(), "files".to_owned());
    job.env.insert("LD_DEBUG_OUTPUT".to_owned(), "/tmp/loaded".to_owned());
    let output = succeed(referee, job).await;
    assert!(output.lines().filter(|line| line.starts_with("loaded")).count() <= 2, "{output}");
}

async fn privileges_are_gone(referee: &LocalReferee) {
    let program = r"
import ctypes, os
status = dict(line.split(':', 1) for line in open('/proc/self/status'))
print(*(int(status[name], 16) for name in ('CapInh', 'CapPrm', 'CapEff', 'CapAmb')), status['NoNewPrivs'].strip())
libc = ctypes.CDLL(None, use_errno=True)
print(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None), libc.umount2(b'/proc', 2), libc.setuid(0), libc.chroot(b'/tmp'))
if libc.unshare(0x10000000) == 0:  # a further user namespace must not give the right to mount
    print('mount', libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))
";
    let output = succeed(referee, python(program)).await;
    assert_eq!(output, "0 0 0 0 1\n-1 -1 -1 -1");
}

async fn other_processes_are_invisible(referee: &LocalReferee) {
    let program = "import os\npids = [int(p) for p in os.listdir('/proc') if p.isdigit()]\nprint(max(pids) < 50, len(pids) <= 6)\n";
    assert_eq!(succeed(referee, python(program)).await, "True True");
}

async fn the_watching_stage_cannot_be_touched(referee: &LocalReferee) {
    let program = r"
import os
for pid in [int(p) for p in os.listdir('/proc') if p.isdigit() and int(p) != os.getpid()]:
    for what in ('mem', 'environ', 'maps', 'fd/0', 'fd/1', 'root/etc/shadow'):
        try:
            open('/proc/%d/%s' % (pid, what), 'rb').read(1)
            print('READ', pid, what)
        except OSError:
            pass
    try:
        os.kill(pid, 0)
        print('SIGNALLED', pid)
    except OSError:
        pass
";
    assert_eq!(succeed(referee, python(program)).await, "");
}

async fn links_in_the_workspace_lead_nowhere(referee: &LocalReferee) {
    let program = r"
import os
for target in ('/root', '/home', '/etc/shadow', '/proc/1/root/etc/shadow', '../../../../etc/shadow'):
    os.symlink(target, 'link')
    try:
        print('READ', target, open('link').read(1))
    except OSError:
        pass
    os.unlink('link')
os.symlink('/usr', 'usr')
try:
    open('usr/planted', 'w')
    print('WROTE')
except OSError:
    pass
";
    assert_eq!(succeed(referee, python(program)).await, "");
}

async fn files_that_the_host_forgot_to_close_are_not_inherited(referee: &LocalReferee) {
    let mut secret = tempfile::tempfile().unwrap();
    secret.write_all(b"a secret").unwrap();
    nix::fcntl::fcntl(&secret, nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::empty())).unwrap();
    let program = "import os\nfor fd in range(3, 1000):\n    try:\n        print('OPEN', fd, os.fstat(fd))\n    except OSError:\n        pass\n";
    assert_eq!(succeed(referee, python(program)).await, "");
}
