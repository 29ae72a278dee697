"""Starts the service, watches what it does and stops it: where it listens, what it says, how it ends, what it keeps."""

import os
import tempfile
import time

from running_service import HEALTH, RunningService


def main(argument):
    rounds = []
    with tempfile.TemporaryDirectory() as data:
        for number in range(argument["rounds"]):
            one = {"round": number + 1}
            rounds.append(one)
            service = RunningService(data)
            began = time.monotonic()
            try:
                service.start()
            except (AssertionError, OSError) as error:
                one.update({"started": False, "why": str(error)[-1500:]})
                break
            try:
                one.update({"started": True, "ready_ms": int((time.monotonic() - began) * 1000)})
                one["health"] = service.request("GET", HEALTH).status
                one["front_page"] = service.request("GET", "/").status
                one["listens_on"] = listening(service.port)
                one["said"] = service._output()[-1500:]
                one["files"] = kept(data)
                began = time.monotonic()
                one["exit_code"] = service.stop()
                one["stopped_ms"] = int((time.monotonic() - began) * 1000)
            except (AssertionError, OSError, ValueError) as error:
                one["why"] = str(error)[-1500:]
                break
            finally:
                service.kill()
    return {"rounds": rounds}


def listening(port):
    """Addresses on which somebody listens at this port, by the kernel's tables."""
    found = []
    for table, every in (("/proc/net/tcp", "00000000"), ("/proc/net/tcp6", "0" * 32)):
        try:
            with open(table, encoding="ascii") as file:
                rows = [row.split() for row in file.read().splitlines()[1:]]
        except OSError:
            continue
        for row in rows:
            address, _, at = row[1].partition(":")
            if row[3] == "0A" and int(at, 16) == port:
                found.append("every interface" if address == every else "loopback")
    return sorted(set(found))


def kept(data):
    """Files of the data folder and their sizes."""
    found = {}
    for folder, _, names in os.walk(data):
        for name in names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, data)] = os.path.getsize(path)
    return found
