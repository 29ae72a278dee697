"""Starts MiniStack without three fixed waits of its own: for the log of a call that logged nothing, for the
acknowledgement of an answer's first half, and before each execution. Nothing is patched on disk."""

import os
import signal
import socketserver
import sys
import threading
import time
from types import SimpleNamespace

from ministack.core import lambda_runtime
from ministack.services import stepfunctions

socketserver.StreamRequestHandler.disable_nagle_algorithm = True

for worker in (lambda_runtime.Worker, lambda_runtime.ProvidedWorker):
    drain = vars(worker).get("_drain_stderr_bounded")
    if drain is not None:
        drain.__defaults__ = (0.003, 0.003, 0.05)

BEFORE_AN_EXECUTION = 0.15


def sleep(seconds):
    if seconds != BEFORE_AN_EXECUTION:
        time.sleep(seconds)


stepfunctions.time = SimpleNamespace(**{**vars(time), "sleep": sleep})



def follow():
    """Ends with whoever holds the other end of standard input."""
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


if "--follow" in sys.argv:
    threading.Thread(target=follow, daemon=True).start()

from ministack.app import main  # noqa: E402  (after the patches)

sys.argv = ["ministack"]
main()
