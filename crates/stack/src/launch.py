"""Starts MiniStack without three fixed waits of its own: for the log of a call that logged nothing, for the
acknowledgement of an answer's first half, and before each execution. Goes through the loops of nested templates, as AWS
does. Writes down which role was seen to do what. Nothing is patched on disk."""

import json
import os
import signal
import socketserver
import sys
import threading
import time
from types import SimpleNamespace

from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import stepfunctions
from ministack.services.cloudformation import engine, handlers  # noqa: F401  (the latter keeps what it knows unpatched)

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

parse_template = engine._parse_template


def parse_and_transform(body):
    template = engine._apply_transforms(parse_template(body))
    if isinstance(template, engine._TransformFailed):
        raise ValueError(f"a nested template cannot be transformed: {template.error}")
    return template


# Whoever reads whole templates has the function already; who reads nested ones looks it up each time.
engine._parse_template = parse_and_transform

evaluate = iam_evaluator.evaluate
calls = open("calls.jsonl", "w", buffering=1, encoding="utf-8")
seen = set()


def evaluate_and_tell(asked, *policies):
    result = evaluate(asked, *policies)
    call = (asked.principal_arn, asked.action)
    if result.decision == "Allow" and call not in seen:
        seen.add(call)
        calls.write(json.dumps({"principal": call[0], "action": call[1]}) + "\n")
    return result


iam_evaluator.evaluate = evaluate_and_tell


def follow():
    """Ends with whoever holds the other end of standard input."""
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


if "--follow" in sys.argv:
    threading.Thread(target=follow, daemon=True).start()

from ministack.app import main  # noqa: E402  (after the patches)

sys.argv = ["ministack"]
main()
