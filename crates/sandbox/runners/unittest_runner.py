"""Runs the unittest tests of one module and reports each.

Started by the referee as `python -c <channel.py and this text> MODULE TESTS_DIR WORKSPACE`. Nothing here trusts the workspace:
everything that is needed is imported before the workspace is on the path, and the report's last line is what makes it count.
"""

import importlib
import re
import traceback
import unittest

MESSAGE_CHARS = 2000


def ids(value):
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, (tuple, list, set, frozenset)):
        return []
    found = [item for item in value if isinstance(item, str)]
    return sorted(found) if isinstance(value, (set, frozenset)) else found


def covers(test):
    """Statement ids named by the test's method and by its class."""
    method = getattr(test, getattr(test, "_testMethodName", ""), None)
    named = ids(getattr(method, "covers", ())) + ids(getattr(type(test), "covers", ()))
    return list(dict.fromkeys(named))


def name_of(test, module):
    if type(test).__module__.startswith("unittest."):  # a test that could not be loaded
        return "{}.{}".format(module, getattr(test, "_testMethodName", "load_tests"))
    return test.id()


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test


class Report(unittest.TestResult):
    """Turns unittest's callbacks into one result for each test."""

    ORDER = ("passed", "skipped", "failed", "error")

    def __init__(self, send, module, root):
        super().__init__()
        self.send, self.module, self.root = send, module, root + os.sep
        self.current, self.outcome, self.messages = None, None, []
        self.fixtures = {}  # class or module -> (what failed, outcome, message)
        self.reported = set()

    def startTest(self, test):
        super().startTest(test)
        self.current, self.outcome, self.messages = test, None, []
        self.send({"kind": "start", "name": name_of(test, self.module)})

    def stopTest(self, test):
        super().stopTest(test)
        if self.outcome is None:  # unittest lets KeyboardInterrupt through and says nothing about the test
            self.note(test, "error", "the test was interrupted")
        self.emit(name_of(test, self.module), self.outcome, covers(test), "\n".join(self.messages))
        self.current = None

    def emit(self, name, outcome, covered, message):
        self.reported.add(name)
        message = message.replace(self.root, "").strip()[:MESSAGE_CHARS]
        self.send({"kind": "result", "name": name, "outcome": outcome, "covers": covered, "message": message})

    def note(self, test, outcome, message):
        if self.current is not None:
            if self.outcome is None or self.ORDER.index(outcome) > self.ORDER.index(self.outcome):
                self.outcome = outcome
            if message:
                self.messages.append(message)
            return
        # setUpClass, setUpModule and their like: no test is running.
        found = re.match(r"(\w+) \((.+)\)$", str(getattr(test, "description", "")))
        what, where = found.groups() if found else (str(test), self.module)
        if found is None and isinstance(test, unittest.TestCase):
            self.emit(name_of(test, self.module), outcome, covers(test), message)  # a skip without a start
            return
        self.fixtures[where] = (what, outcome, message)

    def addSuccess(self, test):
        self.note(test, "passed", "")

    def addFailure(self, test, err):
        self.note(test, "failed", self.describe(err, test))

    def addError(self, test, err):
        self.note(test, "error", self.describe(err, test))

    def addSkip(self, test, reason):
        self.note(test, "skipped", str(reason))

    def addExpectedFailure(self, test, err):
        self.note(test, "passed", "")

    def addUnexpectedSuccess(self, test):
        self.note(test, "failed", "marked as an expected failure, but it passed")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            kind = "failed" if issubclass(err[0], test.failureException) else "error"
            self.note(test, kind, "{}\n{}".format(subtest._subDescription(), self.describe(err, test)))

    def describe(self, err, test):
        try:
            return self._exc_info_to_string(err, test)
        except Exception:
            return "".join(traceback.format_exception_only(err[0], err[1]))


def load(module, report):
    """The module's tests, or None after a report of why there are none to load."""
    try:
        loaded = importlib.import_module(module)
        return list(flatten(unittest.defaultTestLoader.loadTestsFromModule(loaded)))
    except unittest.SkipTest as skip:
        report.emit(module, "skipped", [], str(skip))
    except BaseException as error:  # SystemExit included: a module may not end the run
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        shown = [line for line in lines if "<string>" not in line and "<frozen importlib" not in line
                 and os.sep + "importlib" + os.sep not in line]
        report.emit(module, "error", [], "could not be imported\n" + "".join(shown))
    return None


def run(module, root, send):
    report = Report(send, module, root)
    tests = load(module, report)
    if tests is None:
        return
    planned = {name_of(test, module): covers(test) for test in tests}
    send({"kind": "plan", "tests": [{"name": name, "covers": covered} for name, covered in planned.items()]})
    crash = None
    try:
        unittest.TestSuite(tests).run(report)
    except BaseException as error:  # KeyboardInterrupt passes through unittest
        crash = "".join(traceback.format_exception_only(type(error), error)).strip()
    # Tests that did not run, because something around them failed.
    blamed = set()
    for name, covered in planned.items():
        if name in report.reported:
            continue
        where = next((key for key in report.fixtures if name.startswith(key + ".")), None)
        if where is not None:
            what, outcome, message = report.fixtures[where]
            blamed.add(where)
            report.emit(name, outcome, covered, "{}: {}".format(what, message))
        else:
            report.emit(name, "error", covered, "did not run: " + (crash or "the test run stopped before it"))
    for where, (what, outcome, message) in report.fixtures.items():
        if where not in blamed:  # a tear-down, after its tests
            report.emit("{}.{}".format(where, what), outcome, [], message)


def main():
    send = open_report()
    module, tests, root = sys.argv[1:4]
    leave, flush = os._exit, (sys.stdout.flush, sys.stderr.flush)
    # As `python -m unittest discover -s TESTS` has it: the tests' folder first, then the working folder.
    sys.path[:0] = [tests, root]
    sys.argv[1:] = []
    run(module, root, send)
    for stream in flush:
        try:
            stream()
        except Exception:
            pass
    send({"kind": "done"})
    # Not by a return: a server thread that a test left running must not hold the process.
    leave(0)


main()
