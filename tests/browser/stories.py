"""Walks the stories of a deliverable in a browser: `stories.py CHROMIUM DELIVERABLE`.

The deliverable's own acceptance tests say what must happen. Here they run with another hand: every request that the
pages can say is made by way of the pages, by opening a screen, filling in a form, pressing a button, and what the page
shows is held against the answer. The last line of output is a JSON object of what was done.
"""

import collections
import json
import os
import re
import sys
import tempfile
import unittest

from chromium import Chromium
from pages import Pages

# What the words of `tests/support.py` ask the service to do; the other requests only look on.
METHODS = {
    "create": "POST",
    "change": "PATCH",
    "delete": "DELETE",
    "refuses_create": "POST",
    "refuses_change": "PATCH",
    "refuses_delete": "DELETE",
    "items": "GET",
    "table": "GET",
    "totals": "GET",
}
# Of what any service must stand, this is about lists, which the pages show; the rest is about the wire.
LISTS = ("_filtering", "_paging", "_searching", "_sorting", "_table", "_totals")
MARKUP = "<img src=x onerror='window.struck = 1'>\"><b>&amp;"


def main(program, deliverable):
    os.chdir(deliverable)
    sys.path.insert(0, os.path.join(deliverable, "tests"))
    import support

    with tempfile.TemporaryDirectory() as profile:
        browser = Chromium(program, profile)
        try:
            pages = Pages(browser, support.Response)
            tests = unittest.defaultTestLoader.discover("tests", pattern="test_*.py", top_level_dir="tests")
            tests = unittest.TestSuite(test for test in _flat(tests) if _shown(test))
            stories = tests.countTestCases()
            support.ServiceCase.request = by_pages(pages, support.ServiceCase.request)
            result = unittest.TextTestRunner(stream=sys.stderr, buffer=False).run(tests)
            flaws = look_around(pages, support)
            complaints = browser.complaints
            if browser.run("() => Boolean(window.struck)"):
                complaints.append("a script in a name was run")
        finally:
            browser.close()
    done = collections.Counter(f"{kind} {'accepted' if ok else 'refused'}" for kind, ok, _ in pages.done)
    for line in flaws + complaints:
        print(line, file=sys.stderr)
    failed = len(result.failures) + len(result.errors) + len(flaws) + len(complaints)
    print(json.dumps({"stories": stories, "failed": failed, "done": done}))
    return 1 if failed else 0


def _flat(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from _flat(test)
        else:
            yield test


def _shown(test):
    return type(test).__module__ != "test_api" or test.id().endswith(LISTS)


def by_pages(pages, plain):
    """`ServiceCase.request` with the pages in between, for the first request of each kind."""
    seen = set()

    def request(case, method, path, body=None, role=None, headers=None, query=None):
        word = sys._getframe(1).f_code.co_name
        if word == "page":
            word = sys._getframe(2).f_code.co_name
        # Every refusal is seen in every story; what is accepted, once with these fields.
        story = case.id() if word.startswith("refuses") else tuple(body or ())
        kind = (story, word, re.sub("[0-9]+$", "", path), tuple(query or ()))
        if METHODS.get(word) == method and kind not in seen:
            answer = pages.request(case.service.port, method, path, body, role, (headers or {}).get("Accept"), query)
            if answer is not None:
                seen.add(kind)
                return answer
        return plain(case, method, path, body, role, headers, query)

    return request


def look_around(pages, support):
    """Every screen with a record, in both colour schemes and widths; every form by keyboard alone."""
    import factories

    found = []

    class Look(support.ServiceCase):
        def test_screens(self):
            pages.visit(self.service.port)
            browser = pages.browser
            for entity in pages.app["entities"]:
                record = getattr(factories, "make_" + entity["key"])(self)
                for address in addresses(pages.app, entity, record["id"]):
                    for scheme, width in (("light", 1200), ("dark", 360)):
                        scheme = [{"name": "prefers-color-scheme", "value": scheme}]
                        browser.call("Emulation.setEmulatedMedia", features=scheme)
                        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
                        browser.call("Emulation.setDeviceMetricsOverride", **size)
                        alerts = browser.run("(address) => person.open(address)", address)
                        flaws = browser.run("() => person.flaws()")
                        found.extend(f"{address} ({width}): {flaw}" for flaw in alerts + flaws)
            browser.call("Emulation.clearDeviceMetricsOverride")

        def test_keyboard(self):
            pages.visit(self.service.port)
            for entity in pages.app["entities"]:
                values = getattr(factories, entity["key"] + "_values")(self)
                before = self.page("/" + entity["path"])["total"]
                pages.type_in(entity, values)
                page = self.page("/" + entity["path"], {"sort": "-id"})
                self.assertEqual(page["total"], before + 1)
                self.assert_holds(page["items"][0], values)

        def test_markup_stays_text(self):
            pages.visit(self.service.port)
            for entity in pages.app["entities"]:
                for key in [field["key"] for field in entity["fields"] if field["type"] == "text"]:
                    values = getattr(factories, entity["key"] + "_values")(self, {key: MARKUP})
                    response = self.request("POST", "/" + entity["path"], values)
                    # Some texts have a form that allows no markup.
                    if response.status != 422:
                        for address in addresses(pages.app, entity, response.json["id"]):
                            pages.browser.run("(address) => person.open(address)", address)
                            self.assertFalse(pages.browser.run("() => Boolean(window.struck)"), address)

    tests = unittest.defaultTestLoader.loadTestsFromTestCase(Look)
    result = unittest.TextTestRunner(stream=sys.stderr).run(tests)
    return found + [text for _, text in result.failures + result.errors]


def addresses(app, entity, id):
    """The addresses of all screens of an entity, with a record where they need one."""
    for screen in app["screens"]:
        if screen["entity"] == entity["key"]:
            if screen["kind"] != "detail":
                yield screen["id"]
            if screen["kind"] in ("detail", "form"):
                yield f"{screen['id']}/{id}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], os.path.abspath(sys.argv[2])))
