"""Contract tests: every operation of openapi.json, called on the running service.

There is one test for each operation of the document as it is when the tests run; a new operation gets its test by itself.
"""

import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import api_document
from running_service import RunningService
from sample_records import Samples

DOCUMENT = api_document.load()
PROBLEM = "application/problem+json"
NO_SUCH_ID = "999999999"


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.data = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.data.cleanup)
        cls.service = RunningService(cls.data.name)
        cls.service.start()
        cls.addClassCleanup(cls.service.stop)
        cls.samples = Samples(DOCUMENT, cls.service)

    def call(self, operation, path, body=None, headers=None):
        """Calls as somebody who may, and checks the answer against the document."""
        for role in [None] + operation.roles():
            sent = dict(headers or {})
            if role is not None and "X-Role" not in sent:
                sent["X-Role"] = role
            answer = self.service.request(operation.method, path, body, sent)
            self.fits(operation, answer)
            if answer.status != 403:
                break
        return answer

    def fits(self, operation, answer):
        """The status, type and body are documented ones."""
        what = "%s answered %s" % (operation.name, answer)
        response = operation.response(answer.status)
        self.assertIsNotNone(response, "undocumented status: " + what)
        content = {type.split(";")[0].strip(): media for type, media in response.get("content", {}).items()}
        if not content:
            self.assertEqual(answer.body, b"", "undocumented body: " + what)
            return
        self.assertIn(answer.type, content, "undocumented type: " + what)
        if answer.type in ("application/json", PROBLEM):
            faults = DOCUMENT.faults(content[answer.type].get("schema", {}), answer.json())
            self.assertEqual(faults, [], what)
        if answer.status >= 400:
            self.assertEqual(answer.type, PROBLEM, what)
            self.assertEqual(answer.json().get("status"), answer.status, what)

    def refused(self, operation, path, body, why, statuses=(400, 422)):
        answer = self.call(operation, path, body)
        allowed = tuple(statuses) + (403, 409)
        self.assertIn(answer.status, allowed, "%s: %s answered %s" % (why, operation.name, answer))

    def at(self, operation):
        """The path of one record of the operation's collection; None where no record can be made."""
        collection = operation.path[: operation.path.index("/{")]
        record = self.samples.record(collection) if DOCUMENT.operation("POST", collection) else None
        return (None, None) if record is None else (re.sub(r"\{[^}]*\}", str(record["id"]), operation.path), record)

    def bad_bodies(self, schema, good):
        """Bodies that the document forbids, each with what is wrong with it."""
        yield b"{", "malformed JSON"
        yield [], "a list instead of an object"
        yield {**good, "no_such_field": 1}, "an unknown field"
        for name, part in schema.get("properties", {}).items():
            for wrong in ({"a": 1}, [1], "\x00no"):
                if DOCUMENT.faults(part, wrong):
                    yield {**good, name: wrong}, "a wrong value of %s" % name
                    break

    def list_records(self, operation):
        if DOCUMENT.operation("POST", operation.path):
            self.samples.any_record(operation.path)
        answer = self.call(operation, operation.path)
        self.assertEqual(answer.status, 200, answer)
        paged = self.call(operation, operation.path + "?page=1&per_page=1")
        if operation.query("per_page"):
            self.assertLessEqual(len(paged.json()["items"]), 1)
        self.refused(operation, operation.path + "?no_such_parameter=1", None, "an unknown parameter")
        response = operation.response(200)
        if "text/csv" in " ".join(response.get("content", {})):
            csv = self.call(operation, operation.path, headers={"Accept": "text/csv"})
            self.assertEqual((csv.status, csv.type), (200, "text/csv"), csv)
            self.assertIn("id", csv.body.decode("utf-8").splitlines()[0].split(","))

    def create_record(self, operation):
        answer, body, headers = self.samples.create_with(operation.path)
        self.fits(operation, answer)
        if answer.status == 201:
            record = answer.json()
            for name, value in body.items():
                self.assertIn(name, record)
                if isinstance(value, (bool, int)) or value is None:
                    self.assertEqual(record[name], value, name)
        before = self.total(operation.path)
        for bad, why in self.bad_bodies(operation.body_schema() or {}, body):
            with self.subTest(why=why):
                self.refused(operation, operation.path, bad, why)
        for name in (operation.body_schema() or {}).get("required", []):
            with self.subTest(missing=name):
                without = {key: value for key, value in body.items() if key != name}
                self.refused(operation, operation.path, without, "without %s" % name)
        self.assertEqual(self.total(operation.path), before, "a refused request left a record behind")

    def total(self, path):
        operation = DOCUMENT.operation("GET", path)
        if operation is None:
            return None
        return self.call(operation, path).json().get("total")

    def read_record(self, operation):
        path, record = self.at(operation)
        if path is not None:
            answer = self.call(operation, path)
            self.assertEqual(answer.status, 200, answer)
            self.assertEqual(answer.json()["id"], record["id"])
        self.missing(operation)

    def change_record(self, operation):
        path, record = self.at(operation)
        schema = operation.body_schema() or {}
        if path is not None:
            for bad, why in self.bad_bodies(schema, {}):
                with self.subTest(why=why):
                    self.refused(operation, path, bad, why)
            reader = DOCUMENT.operation("GET", operation.path)
            if reader is not None:
                self.assertEqual(self.call(reader, path).json()["id"], record["id"])
            for name in schema.get("properties", {}):
                # The value that is there already: rules may still freeze the record, but nothing undocumented happens.
                answer = self.call(operation, path, {name: record.get(name)})
                if answer.status == 200:
                    self.assertEqual(answer.json()["id"], record["id"])
        self.missing(operation, {})

    def delete_record(self, operation):
        path, _ = self.at(operation)
        if path is not None:
            answer = self.call(operation, path)
            reader = DOCUMENT.operation("GET", operation.path)
            if answer.status < 300 and reader is not None:
                self.assertEqual(self.call(reader, path).status, 404, "a deleted record is still there")
        self.missing(operation)

    def missing(self, operation, body=None):
        answer = self.call(operation, re.sub(r"\{[^}]*\}", NO_SUCH_ID, operation.path), body)
        self.assertEqual(answer.status, 404, "no such record: %s" % answer)

    def totals(self, operation):
        by = operation.query("by")
        schema = DOCUMENT.resolve(by.get("schema", {})) if by else {}
        for name in schema.get("enum", []):
            answer = self.call(operation, "%s?by=%s" % (operation.path, name))
            self.assertEqual(answer.status, 200, "by %s: %s" % (name, answer))
        self.refused(operation, operation.path + "?by=no_such_field", None, "an unknown field")

    def anything_else(self, operation):
        """Operations outside the conventions are called without parameters; the answer must be a documented one."""
        self.call(operation, re.sub(r"\{[^}]*\}", NO_SUCH_ID, operation.path), {} if operation.body_schema() else None)

    def test_other_methods_are_refused(self):
        for path in sorted({operation.path for operation in DOCUMENT.operations}):
            documented = {operation.method for operation in DOCUMENT.operations if operation.path == path}
            for method in {"PUT", "POST", "PATCH", "DELETE"} - documented:
                with self.subTest(method=method, path=path):
                    answer = self.service.request(method, re.sub(r"\{[^}]*\}", "1", path), {})
                    self.assertIn(answer.status, (404, 405), answer)
                    self.assertEqual(answer.type, PROBLEM, answer)


def check_of(operation):
    """The check that fits an operation."""
    documented = {other.path for other in DOCUMENT.operations}
    last = operation.path.rsplit("/", 1)[-1]
    if last == "totals":
        return Contract.totals
    if last.startswith("{"):
        by_method = {"GET": Contract.read_record, "PATCH": Contract.change_record, "DELETE": Contract.delete_record}
        return by_method.get(operation.method, Contract.anything_else)
    has_records = any(path.startswith(operation.path + "/{") for path in documented)
    if operation.method == "POST":
        return Contract.create_record
    if operation.method == "GET" and (has_records or DOCUMENT.operation("POST", operation.path)):
        return Contract.list_records
    return Contract.anything_else


def add_tests():
    """One test for each operation, named after it."""
    for operation in DOCUMENT.operations:
        words = re.sub(r"[^a-z0-9]+", "_", operation.name.lower()).strip("_")
        name = "test_" + words
        while hasattr(Contract, name):
            name += "_"

        def test(self, operation=operation, check=check_of(operation)):
            check(self, operation)

        test.__doc__ = operation.name
        test.__name__ = name
        setattr(Contract, name, test)


add_tests()

if __name__ == "__main__":
    unittest.main()
