"""Starts the service as a process of its own, with a data folder of its own, and speaks HTTP to it."""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[@DEPTH@]
# How the service was planned to start; the deliverable's maestro.json, where there is one, has the last word.
PLANNED_START = @START@
PLANNED_PORT_ENV = @PORT_ENV@
HEALTH = @HEALTH@
PATIENCE = 30.0


def command():
    """The start command and the name of the variable that holds the port."""
    manifest = ROOT / "maestro.json"
    if manifest.is_file():
        read = json.loads(manifest.read_text("utf-8"))
        return read["start"], read.get("port_env", PLANNED_PORT_ENV)
    return PLANNED_START, PLANNED_PORT_ENV


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Answer:
    """What the service answered."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def type(self):
        """The content type without its parameters."""
        return (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()

    def json(self):
        return json.loads(self.body.decode("utf-8"))

    def __str__(self):
        return "%d %s %s" % (self.status, self.type, self.body[:400].decode("utf-8", "replace"))


class RunningService:
    """The service on a free port. Use it in a `with` statement, or call `start` and `stop`."""

    def __init__(self, data):
        self.data = str(data)
        self.port = None
        self._process = None
        self._log = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        """Waits until the service answers. Another program may take the port first, so it is tried again."""
        reason = ""
        for _ in range(3):
            argv, port_env = command()
            self.port = free_port()
            environment = dict(os.environ)
            environment.update({port_env: str(self.port), "DATA_DIR": self.data, "PYTHONDONTWRITEBYTECODE": "1"})
            self._log = tempfile.TemporaryFile()
            self._process = subprocess.Popen(
                argv, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log
            )
            try:
                reason = self._wait()
            except BaseException:
                self.kill()
                raise
            if reason is None:
                return
            self.kill()
        raise AssertionError("the service did not start: %s" % reason)

    def _wait(self):
        """None when the service answers, else why it does not."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return "it ended with code %s: %s" % (self._process.returncode, self._output())
            try:
                if self.request("GET", HEALTH).status < 500:
                    return None
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.02)
        return "no answer within %d seconds: %s" % (PATIENCE, self._output())

    def _output(self):
        self._log.seek(0)
        return self._log.read()[-2000:].decode("utf-8", "replace")

    def kill(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._log.close()

    def stop(self):
        """Sends SIGTERM and answers the exit code."""
        if self._process is None:
            return None
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the service did not stop within %d seconds of SIGTERM" % PATIENCE) from None
        self._process = None
        self._log.close()
        return code

    def request(self, method, path, body=None, headers=None):
        """Sends a request; `body` is sent as JSON unless it is bytes."""
        # Names of roles travel as UTF-8.
        sent = {name: str(value).encode("utf-8") for name, value in (headers or {}).items()}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode("utf-8")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
