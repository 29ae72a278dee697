"""Starts the service and sends requests: those that every service must answer, then the caller's own."""

import html.parser
import json
import re
import tempfile

from running_service import HEALTH, ROOT, RunningService


def main(argument):
    with tempfile.TemporaryDirectory() as data:
        service = RunningService(data)
        try:
            service.start()
        except (AssertionError, OSError) as error:
            return {"started": False, "why": str(error)[-1500:], "checks": []}
        try:
            checks = standard(service) + own(service, argument["requests"])
        finally:
            service.kill()
    return {"started": True, "why": "", "checks": checks}


def check(name, answer, wrong):
    said = "%d %s" % (answer.status, answer.type) if answer else ""
    return {"name": name, "ok": not wrong, "answer": said, "wrong": wrong[:400]}


def ask(service, name, method, path, expect, body=None, headers=None):
    """One request; `expect` answers what is wrong with the answer, or nothing."""
    try:
        answer = service.request(method, path, body, headers)
        wrong = expect(answer)
    except Exception as error:
        return check(name, None, "%s: %s" % (type(error).__name__, error)), None
    return check(name, answer, wrong), answer


def status(wanted):
    return lambda answer: "" if answer.status == wanted else "status %d, not %d: %s" % (
        answer.status, wanted, answer.body[:200].decode("utf-8", "replace"))


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.needs = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        needs = given.get("src") if tag in ("script", "img") else given.get("href") if tag == "link" else None
        if needs and not re.match(r"[a-z]+:|//|#", needs):
            self.needs.append("/" + needs.lstrip("/"))


def standard(service):
    checks = [ask(service, "it is healthy", "GET", HEALTH, status(200))[0]]
    front, answer = ask(service, "the front page is HTML", "GET", "/",
                        lambda a: "" if (a.status, a.type) == (200, "text/html") else "it is %d %s" % (a.status, a.type))
    checks.append(front)
    if answer is not None and answer.status == 200:
        page = Page()
        page.feed(answer.body.decode("utf-8", "replace"))
        for path in dict.fromkeys(page.needs):
            checks.append(ask(service, "the front page's `%s` is there" % path, "GET", path, status(200))[0])
    file = ROOT / "openapi.json"
    if file.is_file():
        document = json.loads(file.read_text("utf-8"))
        checks.append(ask(service, "the document is served as delivered", "GET", "/openapi.json",
                          lambda a: "" if a.status == 200 and a.json() == document else "it is another one")[0])
    checks.append(ask(service, "an unknown path is not found", "GET", "/no/such/path", status(404))[0])
    checks.append(ask(service, "no file beside the pages is served", "GET", "/../maestro.json", status(404))[0])
    return checks


def own(service, requests):
    """The caller's requests, in order; `{0.id}` stands for a member of the answer to the first of them."""
    checks, answers = [], []

    def filled(value):
        if isinstance(value, dict):
            return {key: filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [filled(item) for item in value]
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"\{(\d+)\.(\w+)\}", value)
        if whole:
            return member(*whole.groups())
        return re.sub(r"\{(\d+)\.(\w+)\}", lambda found: str(member(*found.groups())), value)

    def member(at, name):
        return answers[int(at)].json()[name]

    for given in requests:
        name = "%s %s" % (given["method"], given["path"])
        try:
            path, body, headers = filled(given["path"]), filled(given.get("body")), filled(given.get("headers") or {})
        except (IndexError, KeyError, TypeError, AttributeError, ValueError) as error:
            checks.append(check(name, None, "an answer that it needs is not there: %s" % error))
            answers.append(None)
            continue

        def expect(answer, given=given):
            wrong = status(given["status"])(answer)
            if not wrong and given.get("contains") and given["contains"] not in answer.body.decode("utf-8", "replace"):
                wrong = "it does not contain `%s`: %s" % (given["contains"], answer.body[:200].decode("utf-8", "replace"))
            return wrong

        result, answer = ask(service, name, given["method"], path, expect, body, headers)
        checks.append(result)
        answers.append(answer)
    return checks
