"""What all acceptance tests share: the running service, a client, and words for what must happen.

The tests know the service by its HTTP interface only. Each test class starts the service once, on a free port and
with an empty folder of data, and stops it again; each test makes the records that it needs.
"""

import csv
import datetime
import http.client
import io
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse

from values import utc

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PATIENCE = 20  # seconds to start or to stop


def covers(*ids):
    """Names the statements of the epic that a test proves."""

    def mark(function):
        function.covers = ids
        return function

    return mark


# Service ------------------------------------------------------------------------------------------------------------


class Response:
    """An answer of the service."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:500].decode('utf-8', 'replace')}"


class Service:
    """The service as a process of its own."""

    def __init__(self, folder):
        self.folder, self.process, self.connection = folder, None, None

    def start(self):
        environment = {**os.environ, "PORT": "0", "DATA_DIR": self.folder, "PYTHONUNBUFFERED": "1"}
        self.log = open(os.path.join(self.folder, "log.txt"), "ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "service"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=self.log
        )
        line, deadline = b"", time.monotonic() + PATIENCE
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not piece:
                self.process.kill()
                raise AssertionError(f"the service did not say where it listens: {line!r}\n{self.errors()}")
            line += piece
        self.port = int(line.split()[-1].rsplit(b":", 1)[1].strip(b"/"))

    def stop(self):
        """Asks the service to stop, and gives its exit code."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None
        self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        # Its output ends when it does; `wait` itself looks only now and then.
        select.select([self.process.stdout], [], [], PATIENCE)
        try:
            return self.process.wait(max(0, deadline - time.monotonic()))
        finally:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.log.close()

    def errors(self):
        with open(os.path.join(self.folder, "log.txt"), encoding="utf-8", errors="replace") as log:
            return log.read()[-2000:]

    def request(self, method, path, body, headers):
        # A connection that the service closed after the last answer shows only now: that is worth one new try.
        for fresh in (False, True):
            if self.connection is None or fresh:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            used = self.connection.sock is not None
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                return Response(answer.status, answer.headers, answer.read())
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection.close()
                if not used:
                    raise
        raise AssertionError("the service does not answer")


class ServiceCase(unittest.TestCase):
    """Tests against a running service."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="records-")
        cls.service = Service(cls.folder.name)
        cls.service.start()

    @classmethod
    def tearDownClass(cls):
        code = cls.service.stop()
        errors = cls.service.errors() if code else ""
        cls.folder.cleanup()
        if code != 0:
            raise AssertionError(f"the service stopped with {code}\n{errors}")

    def setUp(self):
        # A test that begins right before midnight would count its days from another today than the service.
        left = 86400 - time.time() % 86400
        if left < 5:
            time.sleep(left + 0.1)

    def restart(self):
        """Stops the service and starts it again on the same data."""
        self.assertEqual(self.service.stop(), 0)
        self.service.start()

    # Requests ---------------------------------------------------------------------------------------------------

    def request(self, method, path, body=None, role=None, headers=None, query=None):
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode("utf-8")
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        if role is not None:
            headers["X-Role"] = role
        if query:
            pairs = [
                (key, json.dumps(one) if isinstance(one, bool) else one)
                for key, value in query.items()
                for one in (value if isinstance(value, list) else [value])
            ]
            path += "?" + urllib.parse.urlencode(pairs)
        return self.service.request(method, path, body, headers)

    def create(self, path, values, role=None):
        """Creates a record, which must be accepted and hold what was given."""
        response = self.request("POST", path, values, role)
        self.assertEqual(response.status, 201, response)
        record = response.json
        # Null at creation means that nothing is given: what the service fills in then stands there.
        filled = self.filled(path)
        self.assert_holds(record, {key: value for key, value in values.items() if value is not None or key not in filled})
        return record

    def only_one(self, path, values, role=None, writers=8):
        """Sends the same creation many times at once: one is accepted, all others are refused, and one is stored."""
        before = self.count(path)
        headers = {"Content-Type": "application/json", **({"X-Role": role} if role is not None else {})}
        body, gate, statuses = json.dumps(values).encode("utf-8"), threading.Barrier(writers), []

        def send():
            connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=PATIENCE)
            try:
                connection.connect()
                gate.wait(PATIENCE)
                connection.request("POST", path, body, headers)
                statuses.append(connection.getresponse().status)
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _ in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(statuses), [201] + [409] * (writers - 1))
        self.assertEqual(self.count(path), before + 1)

    def change(self, path, record, values, role=None):
        """Changes a record, which must be accepted; gives the record as it is now."""
        response = self.request("PATCH", f"{path}/{record['id']}", values, role)
        self.assertEqual(response.status, 200, response)
        self.assert_holds(response.json, values)
        self.assertEqual(response.json, self.read(path, record))
        return response.json

    def delete(self, path, record, role=None):
        """Deletes a record, which must be accepted."""
        response = self.request("DELETE", f"{path}/{record['id']}", None, role)
        self.assertEqual(response.status, 204, response)
        self.assertEqual(self.request("GET", f"{path}/{record['id']}", None, self.reader(path)).status, 404)

    def assert_gone(self, path, record):
        """A record is there no longer, neither by itself nor in the list."""
        self.assertEqual(self.request("GET", f"{path}/{record['id']}", None, self.reader(path)).status, 404)
        self.assertNotIn(record["id"], [item["id"] for item in self.items(path)])

    def filled(self, path):
        """The fields that the service fills in where a new record does not give them."""
        import factories

        return factories.FILLED.get(path, ())

    def reader(self, path):
        """The role in which records are read, where reading is restricted."""
        import factories

        return factories.READERS.get(path)

    def read(self, path, record):
        response = self.request("GET", f"{path}/{record['id']}", None, self.reader(path))
        self.assertEqual(response.status, 200, response)
        return response.json

    def page(self, path, query=None):
        response = self.request("GET", path, None, self.reader(path), query=query)
        self.assertEqual(response.status, 200, response)
        page = response.json
        self.assertEqual(set(page), {"items", "page", "per_page", "total"})
        return page

    def count(self, path):
        """How many records a list has."""
        return self.page(path, {"per_page": 1})["total"]

    def items(self, path, query=None):
        """All items of a list, in its order, over all pages."""
        found, number = [], 1
        while True:
            page = self.page(path, {"per_page": 200, **(query or {}), "page": number})
            found += page["items"]
            if len(found) >= page["total"] or not page["items"]:
                self.assertEqual(len(found), page["total"])
                return found
            number += 1

    def order(self, path, records, query=None):
        """Places of the given records in the order of a list; -1 for those that it leaves out."""
        ids = [item["id"] for item in self.items(path, query) if any(item["id"] == one["id"] for one in records)]
        self.assertEqual(len(ids), len(set(ids)), "a record is listed twice")
        return [ids.index(one["id"]) if one["id"] in ids else -1 for one in records]

    def table(self, path, query=None):
        """The list as CSV: header, rows."""
        response = self.request("GET", path, None, self.reader(path), {"Accept": "text/csv"}, query)
        self.assertEqual(response.status, 200, response)
        self.assertEqual(response.headers.get_content_type(), "text/csv")
        rows = list(csv.reader(io.StringIO(response.text, newline="")))
        self.assertEqual({len(row) for row in rows}, {len(rows[0])})
        return rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]

    def document(self):
        """The API document that the service hands out."""
        response = self.request("GET", "/openapi.json")
        self.assertEqual(response.status, 200, response)
        return response.json

    def totals(self, path, by):
        """The totals of a list, by the value that they are grouped by."""
        response = self.request("GET", path + "/totals", None, self.reader(path), query={"by": by})
        self.assertEqual(response.status, 200, response)
        answer = response.json
        self.assertEqual(answer["by"], by)
        groups = {item["value"]: item for item in answer["items"]}
        self.assertEqual(len(groups), len(answer["items"]), "a group stands there twice")
        return groups

    # Expectations -----------------------------------------------------------------------------------------------

    def assert_holds(self, record, values):
        for key, value in values.items():
            self.assertIn(key, record)
            self.assert_value(record[key], value, key)

    def assert_value(self, actual, expected, what=None):
        if isinstance(expected, float) and not isinstance(actual, bool):
            self.assertIsInstance(actual, (int, float), what)
            self.assertAlmostEqual(actual, expected, 6, what)
        else:
            self.assertEqual((type(actual).__name__, actual), (type(expected).__name__, expected), what)

    def assert_moment(self, actual, seconds=120):
        """An instant that lies at most so many seconds back."""
        then = datetime.datetime.fromisoformat(actual.replace("Z", "+00:00"))
        self.assertLessEqual(abs((utc() - then).total_seconds()), seconds, actual)

    def assert_refused(self, response, status, field=None):
        """A refusal as RFC 9457 describes it, blaming a field where one is to blame."""
        self.assertEqual(response.status, status, response)
        self.assertEqual(response.headers.get_content_type(), "application/problem+json")
        problem = response.json
        self.assertEqual(problem.get("status"), status)
        self.assertTrue(problem.get("title") or problem.get("detail"), problem)
        if field is not None:
            self.assertIn(problem.get("field"), field if isinstance(field, tuple) else (field,), problem)
        return problem

    def refuses_create(self, path, values, status, field=None, role=None):
        """Creating is refused, and nothing is stored."""
        before = self.count(path)
        problem = self.assert_refused(self.request("POST", path, values, role), status, field)
        self.assertEqual(self.count(path), before, "a refused record was stored")
        return problem

    def refuses_change(self, path, record, values, status, field=None, role=None):
        """A change is refused, and the record stays as it was."""
        before = self.read(path, record)
        problem = self.assert_refused(self.request("PATCH", f"{path}/{record['id']}", values, role), status, field)
        self.assertEqual(self.read(path, record), before, "a refused change was stored")
        return problem

    def refuses_delete(self, path, record, status, role=None):
        """Deleting is refused, and the record is still there."""
        before = self.read(path, record)
        problem = self.assert_refused(self.request("DELETE", f"{path}/{record['id']}", None, role), status)
        self.assertEqual(self.read(path, record), before)
        return problem
