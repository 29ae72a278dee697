"""The start check: the service starts, keeps its records over a restart, and stops with 0 on SIGTERM."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import api_document
from running_service import RunningService
from sample_records import Samples


class Start(unittest.TestCase):
    def test_it_starts_keeps_its_records_and_stops(self):
        document = api_document.load()
        with tempfile.TemporaryDirectory() as data:
            service = RunningService(data)
            service.start()
            self.addCleanup(service.kill)
            self.assertEqual(service.request("GET", "/").status, 200)
            samples = Samples(document, service)
            answers = {path: samples.create(path) for path in document.collections()}
            made = [(path, answer.json()) for path, answer in answers.items() if answer.status == 201]
            told = "; ".join("%s answered %s" % one for one in answers.items() if one[1].status != 201)
            if any(samples.knows(path) for path in answers):
                self.assertNotEqual(made, [], "no collection accepted any record: %s" % told)
            elif told:
                # Nobody says that these were valid: whether it starts and stops is seen all the same.
                print("no valid record is known; of those tried the last ones were refused: %s" % told, file=sys.stderr)
            before = [self.read(document, service, path, record) for path, record in made]
            self.assertEqual(service.stop(), 0, "exit code after SIGTERM")
            service.start()
            for (path, record), old in zip(made, before):
                self.assertEqual(self.read(document, service, path, record), old, "%s lost a record" % path)
            self.assertEqual(service.stop(), 0, "exit code after the second SIGTERM")

    def read(self, document, service, path, record):
        """The record as the service answers it to somebody who may see it."""
        operation = document.operation("GET", path + "/{id}")
        if operation is None:
            return record["id"]
        for role in [None] + operation.roles():
            answer = service.request("GET", "%s/%d" % (path, record["id"]), headers={"X-Role": role} if role else {})
            if answer.status != 403:
                break
        self.assertEqual(answer.status, 200, answer)
        return answer.json()


if __name__ == "__main__":
    unittest.main()
