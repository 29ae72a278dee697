"""Runs the deliverable's tests and tells which lines they executed, in the tests' process and in all that it starts."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import sources

HERE = os.path.dirname(os.path.abspath(__file__))


def run_tests(root, tests, patience, traced=None, fail_fast=False):
    """How the tests ended: `ok`, `failed` or `timed out`, the end of what they said, and seconds."""
    environment = dict(os.environ)
    if traced:
        environment.update({"PYTHONPATH": HERE, "TRACED_ROOT": root + os.sep, "TRACED_OUT": traced})
    argv = [sys.executable, "-B", "-m", "unittest", "discover", "-s", tests] + (["-f"] if fail_fast else [])
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(argv, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   start_new_session=True)
        try:
            code = process.wait(patience)
            end = "ok" if code == 0 else "failed"
        except subprocess.TimeoutExpired:
            end = "timed out"
        # Services that a test left behind would take time from all that follows.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        output.seek(0)
        said = output.read()[-1500:].decode("utf-8", "replace")
    return end, said, time.monotonic() - began


def executed(folder):
    """path → lines, from what processes wrote down."""
    found = {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            for entry in file:
                path, _, line = entry.rstrip("\n").rpartition("\t")
                if line.isdigit():
                    found.setdefault(os.path.relpath(path, sources.ROOT), set()).add(int(line))
    return found


def executable(text, path):
    """Lines that can be executed, and for each function its name, first and last line and its lines."""
    lines, functions = set(), []
    pending = [(compile(text, path, "exec", dont_inherit=True), "")]
    while pending:
        code, name = pending.pop()
        own = {line for _, _, line in code.co_lines() if line}
        lines |= own
        if name and not code.co_name.startswith("<"):
            functions.append((name, code.co_firstlineno, own - {code.co_firstlineno}))
        for constant in code.co_consts:
            if hasattr(constant, "co_lines"):
                pending.append((constant, (name + "." if name else "") + constant.co_name))
    return lines, functions
