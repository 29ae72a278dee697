"""Runs the tests of a folder as often as it is asked, each time in a process of its own.

Starting Python and reading the tests takes longer than most of them, and so does starting Python for the service: here both
happen once, and each run and each service is a copy of a process that has only read what it needs, and run nothing.

A request is a line of JSON, the names of tests; the answer is one too, whether each passed, by name, and what was said. A run
ends with its first failure.
"""

import gc
import json
import os
import runpy
import select
import sys
import tempfile
import time
import unittest

# What a service reads of Python's own library.
import http.server  # noqa: F401
import sqlite3  # noqa: F401

OWN_PATH = list(sys.path)
OWN_MODULES = set(sys.modules)


class Copied:
    """A service in a copy of this process, with the part of `subprocess.Popen` that the tests use."""

    def __init__(self, argv, cwd, env, stdout, stderr):
        assert argv == [sys.executable, "-m", "service"] and stdout == support.subprocess.PIPE
        said, says = os.pipe()
        self.returncode = None
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                self._become_service(says, cwd, env, stderr)
            except SystemExit as ends:
                if isinstance(ends.code, str):
                    print(ends.code, file=sys.stderr)
                code = ends.code if isinstance(ends.code, int) else int(ends.code is not None)
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        os.close(says)
        self.stdout = os.fdopen(said, "rb", 0)

    @staticmethod
    def _become_service(says, cwd, env, stderr):
        os.dup2(stderr.fileno(), 2)
        os.dup2(says, 1)
        os.closerange(3, 1024)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(env)
        # Nothing of the tests is there: `values` is a module of both.
        sys.path[:] = [cwd, *OWN_PATH[1:]]
        for name in set(sys.modules) - OWN_MODULES:
            del sys.modules[name]
        runpy.run_module("service", run_name="__main__", alter_sys=True)

    def send_signal(self, number):
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(support.signal.SIGKILL)

    def wait(self, timeout=None):
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            left = None if deadline is None else max(0, deadline - time.monotonic())
            if not select.select([self.stdout], [], [], left)[0]:
                raise support.subprocess.TimeoutExpired("service", timeout)
            # What it says ends with it.
            if not self.stdout.read(4096):
                self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode


class Lines(unittest.TextTestResult):
    """Reports each test on a line of its own: what a process that ends too early has reported stands."""

    def stopTest(self, test):
        super().stopTest(test)
        bad = any(test is one for one, _ in self.failures + self.errors)
        print(json.dumps([test.id(), not bad]), file=lines, flush=True)


def run(names):
    support.subprocess.Popen = Copied
    suite = unittest.defaultTestLoader.loadTestsFromNames(names)
    unittest.TextTestRunner(resultclass=Lines, verbosity=0, failfast=True).run(suite)


sys.path.insert(0, "tests")
unittest.defaultTestLoader.discover("tests")
import support  # noqa: E402

# Copies share what stands here: a collection would touch, and so copy, all of it.
gc.freeze()
for request in sys.stdin:
    with tempfile.TemporaryFile("w+") as lines, tempfile.TemporaryFile("w+", errors="replace") as output:
        child = os.fork()
        if child == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            run(json.loads(request))
            # It ends as every Python does: what is to be done at exit is done.
            sys.exit()
        os.waitpid(child, 0)
        lines.seek(0)
        output.seek(0)
        answer = [dict(map(json.loads, lines)), output.read()]
    print(json.dumps(answer), flush=True)
