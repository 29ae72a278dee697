"""Smoke tests: the service starts and its parts are there."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import api_document
from running_service import RunningService
from sample_records import Samples

PROBLEM = "application/problem+json"
NO_SUCH_PATHS = ("/no-such-path", "/no/such/path", "/..%2fservice", "/service/model.py")


class Smoke(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = api_document.load()
        cls.data = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.data.cleanup)
        cls.service = RunningService(cls.data.name)
        cls.service.start()
        cls.addClassCleanup(cls.service.stop)
        # Asked before any test can make a record.
        paths = [path for path in cls.document.collections() if cls.document.operation("GET", path)]
        cls.first_seen = {path: cls.list(path) for path in paths}

    @classmethod
    def list(cls, path):
        """The list, as somebody who may see it."""
        for role in [None] + cls.document.operation("GET", path).roles():
            answer = cls.service.request("GET", path, headers={"X-Role": role} if role else {})
            if answer.status != 403:
                break
        return answer

    def test_front_page_is_html(self):
        answer = self.service.request("GET", "/", headers={"Accept": "text/html"})
        self.assertEqual((answer.status, answer.type), (200, "text/html"), answer)

    def test_the_document_is_served_as_it_was_delivered(self):
        answer = self.service.request("GET", "/openapi.json")
        self.assertEqual((answer.status, answer.type), (200, "application/json"), answer)
        self.assertEqual(answer.json(), self.document.source)

    def test_a_new_service_is_empty(self):
        self.assertNotEqual(self.first_seen, {}, "openapi.json documents no collection")
        for path, answer in self.first_seen.items():
            self.assertEqual((answer.status, answer.json().get("total")), (200, 0), "%s: %s" % (path, answer))

    def test_records_can_be_made(self):
        samples = Samples(self.document, self.service)
        answers = {path: samples.create(path) for path in self.document.collections()}
        refused = {path: answer for path, answer in answers.items() if answer.status != 201}
        for path, answer in refused.items():
            with self.subTest(path=path):
                if samples.knows(path):
                    self.accepted_alone(path)
                else:
                    print("no valid record of %s is known; of those tried the last one got %s" % (path, answer), file=sys.stderr)
        self.assertLess(len(refused), len(answers), "no collection accepted any record: %s" % self.told(refused))

    def accepted_alone(self, path):
        """A valid record is accepted where no other one can be in its way."""
        with tempfile.TemporaryDirectory() as data, RunningService(data) as service:
            refused = Samples(self.document, service).refusal(path)
        if refused is not None:
            self.fail("no record of %s: what meets all rules was refused: %s answered %s" % (path, *refused))

    @staticmethod
    def told(refused):
        return "; ".join("%s answered %s" % one for one in refused.items())

    def test_undocumented_paths_are_problems(self):
        for path in NO_SUCH_PATHS:
            with self.subTest(path=path):
                answer = self.service.request("GET", path)
                self.assertEqual((answer.status, answer.type), (404, PROBLEM), answer)
                self.assertEqual(answer.json()["status"], 404)


if __name__ == "__main__":
    unittest.main()
