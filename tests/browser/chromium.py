"""A headless Chromium, spoken to in its own protocol over two pipes: nothing to install but the browser."""

import itertools
import json
import os
import select
import subprocess

PATIENCE = 60  # seconds

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-pipe --window-size=1200,900"
).split()


class Chromium:
    """The browser with one page."""

    def __init__(self, program, profile):
        commands, self._write = os.pipe()
        read, answers = os.pipe()

        def hand_over():
            # The browser reads commands from 3 and writes answers to 4; both may be taken by other pipes here.
            ours = os.dup(commands), os.dup(answers)
            os.dup2(ours[0], 3)
            os.dup2(ours[1], 4)

        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            preexec_fn=hand_over,
        )
        os.close(commands)
        os.close(answers)
        self._read = os.fdopen(read, "rb", buffering=0)
        self._rest = b""
        self._ids = itertools.count(1)
        self._session = None
        # What went wrong in the page: exceptions, errors on the console, what its policy forbade.
        self.complaints = []
        targets = self.call("Target.getTargets")["targetInfos"]
        page = next(target for target in targets if target["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """One command and its result."""
        message = {"id": next(self._ids), "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
            self._event(answer)

    def run(self, function, *arguments):
        """Calls a JavaScript function in the page, waits for its promise, and gives its value."""
        given = ", ".join(json.dumps(argument) for argument in arguments)
        found = self.call(
            "Runtime.evaluate", expression=f"({function})({given})", awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in found:
            details = found["exceptionDetails"]
            raise AssertionError(details.get("exception", {}).get("description") or details["text"])
        return found["result"].get("value")

    def press(self, key, text=None, modifiers=0):
        """A key of the keyboard, down and up."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowDown": 40, "Backspace": 8}.get(key, 0)
        event = {"key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        if text is not None:
            event["text"] = text
        self.call("Input.dispatchKeyEvent", type="keyDown", **event)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code, modifiers=modifiers)

    def type(self, text):
        """Types a text into what has the focus, key by key."""
        for letter in text:
            self.press(letter, letter)

    def close(self):
        try:
            self.call("Browser.close")
            self._process.wait(10)
        except (AssertionError, OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._write)
        self._read.close()

    def _next(self):
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], PATIENCE)
            piece = self._read.read(65536) if ready else b""
            if not piece:
                raise AssertionError("the browser does not answer")
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def _event(self, event):
        method, what = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(one.get("value", one.get("description"))) for one in what["args"]))
        elif method == "Log.entryAdded":
            entry = what["entry"]
            # That an answer was a refusal is what the tests are about.
            refusal = entry["source"] == "network" and "status of 4" in entry["text"] and "/web/" not in entry.get("url", "")
            if entry["level"] in ("error", "warning") and not refusal:
                self.complaints.append(f"{entry['source']}: {entry['text']} {entry.get('url', '')}")
