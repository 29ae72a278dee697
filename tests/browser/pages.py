"""The requests of a test, made by way of the pages wherever the pages can say them."""

import datetime
import json
import os
import re
import urllib.parse
from email.message import Message

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
HERE = os.path.dirname(os.path.abspath(__file__))


class Pages:
    """A person at the browser."""

    def __init__(self, browser, answer_type):
        self.browser, self._answer_type = browser, answer_type
        self.port = None
        self.app = None
        # What was done by way of the pages: action, how it ended, path.
        self.done = []
        with open(os.path.join(HERE, "person.js"), encoding="utf-8") as script:
            browser.call("Page.addScriptToEvaluateOnNewDocument", source=script.read())

    def visit(self, port):
        if port == self.port:
            return
        self.port = port
        self.browser.call("Page.navigate", url=f"http://127.0.0.1:{port}/")
        self._run("(ready) => new Promise((done) => { const look = () => document.querySelector('main h1') && window.person ? done() : setTimeout(look, 4); look(); })", None)
        self.app = self._run("async () => (await import('/web/screens.js')).APP")

    # Looking things up in the design ----------------------------------------------------------------------------

    def entity(self, path):
        return next((one for one in self.app["entities"] if "/" + one["path"] == path), None)

    def screen(self, kind, entity):
        return next(
            (one["id"] for one in self.app["screens"] if one["kind"] == kind and one["entity"] == entity["key"]), None
        )

    # Requests ---------------------------------------------------------------------------------------------------

    def request(self, port, method, path, body, role, accept, query):
        """The answer, or None where the pages cannot say this."""
        self.visit(port)
        place = re.fullmatch(r"(/[^/]+)(?:/([0-9]+|totals))?", path)
        entity = self.entity(place[1]) if place else None
        if entity is None or not self._run("(role) => person.act(role)", role or ""):
            return None
        id = place[2]
        if self._kept_from(entity, method, id, role):
            return None
        if method == "POST" and id is None:
            done = self._create(entity, body)
        elif method == "PATCH" and id:
            done = self._change(entity, id, body)
        elif method == "DELETE" and id:
            done = self._delete(entity, id)
        elif method == "GET" and id == "totals":
            done = self._totals(entity, query)
        elif method == "GET" and id is None and accept == "text/csv":
            done = self._csv(entity, query)
        elif method == "GET" and id is None and query:
            done = self._list(entity, query)
        else:
            return None
        if done is None:
            return None
        answer = done["answer"]
        if (answer.get("role") or "") != (role or "").encode("utf-8").decode("latin-1"):
            raise AssertionError(f"sent as {answer.get('role')!r} and not as {role!r}")
        kind = "totals" if id == "totals" else accept or method
        self.done.append((kind, answer["status"] < 300, place[1]))
        headers = Message()
        for name, value in answer["headers"]:
            headers[name] = value
        return self._answer_type(answer["status"], headers, answer["text"].encode("utf-8"))

    def _kept_from(self, entity, method, id, role):
        """Whether the role may not do this at all: then the page offers nothing to do it with."""
        action, kind, button = {
            "POST": ("create", "list", f"New {entity['name']}"),
            "PATCH": ("update", "detail", "Edit"),
            "DELETE": ("delete", "detail", "Delete"),
        }.get(method, (None, None, None))
        if action is None or role not in entity.get("barred", {}).get(action, []):
            return False
        screen = self.screen(kind, entity)
        if screen and not self._open(screen if kind == "list" else f"{screen}/{id}"):
            if self._run("(name) => person.offers(name)", button):
                raise AssertionError(f"the page offers `{button}` to {role!r}")
        return True

    def _create(self, entity, body):
        screen = self.screen("form", entity)
        values = self._said(entity, body)
        if screen is None or values is None or self._open(screen):
            return None
        if self._run("(values) => person.fillEdit(values)", values):
            return None
        done = self._run("() => person.save()")
        self._judge(entity, done, body)
        return done

    def _change(self, entity, id, body):
        state = (entity["workflow"] or {}).get("field")
        if body and state in body:
            return self._move(entity, id, body, state)
        values = self._said(entity, body)
        screen = self.screen("form", entity)
        if screen is None or values is None or self._open(f"{screen}/{id}"):
            return None
        if self._run("(values) => person.fillEdit(values)", values):
            return None
        done = self._run("() => person.change()")
        self._judge(entity, done, body)
        return done

    def _move(self, entity, id, body, state):
        if self._open(f"{self.screen('detail', entity)}/{id}"):
            return None
        shown = self._record(entity)
        now = next((value for name, value in shown if name == self._field(entity, state)["name"]), None)
        ways = [way for way in entity["workflow"]["transitions"] if way["from"] == now]
        offered = self._run("() => person.states()")
        if sorted(set(offered)) != sorted({way["to"] for way in ways}):
            raise AssertionError(f"from {now!r} the page offers {offered} and the design {ways}")
        way = next((way for way in ways if way["to"] == body[state]), None)
        rest = {key: value for key, value in body.items() if key != state}
        if way is None or not set(rest) <= set(way["requires"]):
            return None
        empty = [key for key in way["requires"] if (self._field(entity, key)["name"], "–") in shown]
        # The page asks for what is missing, and only then.
        if rest and not empty:
            return None
        values = self._said(entity, rest)
        if values is None:
            return None
        if empty and not values:
            values = {empty[0]: ""}
        done = self._run("(state, values) => person.move(state, values)", body[state], values)
        if done is not None:
            self._judge(entity, done, body)
        return done

    def _delete(self, entity, id):
        if self._open(f"{self.screen('detail', entity)}/{id}"):
            return None
        done = self._run("() => person.remove()")
        if done["answer"]["status"] == 204 and done["at"] != f"#/{self.screen('list', entity)}":
            raise AssertionError(f"after deleting the page is {done['at']}")
        self._judge(entity, done, {})
        return done

    def _list(self, entity, query):
        screen, path = self.screen("list", entity), "/" + entity["path"]
        if self._open(screen):
            return None
        whole = ("page", 1), ("per_page", 200)
        query = {key: value for key, value in query.items() if (key, value) not in whole}
        query = {key: ("true" if value else "false") if isinstance(value, bool) else str(value) for key, value in query.items()}
        if set(query) == {"sort"}:
            field = self._field(entity, query["sort"].lstrip("-"))
            if field is None:
                return None
            done = self._run("([name, path]) => person.sort(name, path)", [field["name"], path])
            if done and query["sort"].startswith("-"):
                done = self._run("([name, path]) => person.sort(name, path)", [field["name"], path])
        elif not query or set(query) & {"sort", "page", "per_page"}:
            return None
        else:
            values = {}
            for key, value in query.items():
                field = self._field(entity, re.sub("_(from|to)$", "", key)) or self._field(entity, key)
                if key != "q" and field is None:
                    return None
                if field and field["type"] == "date_time":
                    if not INSTANT.fullmatch(value):
                        return None
                    value = value[:-1]
                values[key] = value
            # Texts are typed as they are; white space at the ends does not count in a filter.
            if any(value != value.strip() or not value for value in values.values()):
                return None
            done = self._run("([values, path]) => person.narrow(values, path)", [values, path])
        if done is None or done["answer"]["status"] >= 300:
            return done
        rows = self._run("() => person.rows()")
        page = json.loads(done["answer"]["text"])
        items = page["items"]
        if [row[0] for row in rows] != [str(item["id"]) for item in items]:
            raise AssertionError(f"the list shows {rows} and the service said {items}")
        # The pages have a size of their own; who asks for everything gets the rest without them.
        return done if len(items) == page["total"] else None

    def _csv(self, entity, query):
        if self._open(f"{self.screen('list', entity)}?{urllib.parse.urlencode(query or {})}"):
            return None
        return {"answer": self._run("() => person.csv()")}

    def _totals(self, entity, query):
        screen = self.screen("totals", entity)
        ways = next((one["filters"] for one in self.app["screens"] if one["id"] == screen), [])
        if set(query or {}) != {"by"} or query["by"] not in ways:
            return None
        if self._open(f"{screen}?by={query['by']}"):
            return None
        answer = self._run("() => person.answers.filter((one) => one.path.includes('/totals?')).at(-1)")
        rows = self._run("() => person.rows()")
        if len(rows) != len(json.loads(answer["text"])["items"]):
            raise AssertionError(f"the totals show {rows}")
        return {"answer": answer}

    def type_in(self, entity, values):
        """Creates a record by keyboard alone, beginning at its list."""
        self._open(self.screen("list", entity))
        self._tab_to(f"New {entity['name']}", "() => document.activeElement.textContent.trim()")
        drawn = self._run("() => location.hash")
        self.browser.press("Enter", "\r")
        self._run("(old) => person.until('the form', () => location.hash !== old && document.querySelector('main form.edit'))", drawn)
        form = next(one for one in self.app["screens"] if one["id"] == self.screen("form", entity))
        for key in [key for key in form["fields"] if key in values]:
            self._tab_to(key, "() => document.activeElement.name")
            self._press_in(self._field(entity, key), typed(self._field(entity, key), values[key]))
        self._tab_to("Save", "() => document.activeElement.textContent.trim()")
        self.browser.press("Enter", "\r")
        detail = self.screen("detail", entity)
        # Until it is drawn, not only addressed: what is drawn later takes the focus from whatever comes next.
        shown = f"location.hash.startsWith('#/{detail}/') && !document.querySelector('main form.edit')"
        self._run(f"() => person.until('the record', () => {shown})")

    def _tab_to(self, wanted, look):
        for _ in range(200):
            self.browser.press("Tab")
            if self._run(look) == wanted:
                return
        raise AssertionError(f"the keyboard does not reach {wanted!r}")

    def _press_in(self, field, text):
        if self._run("() => document.activeElement.tagName") == "SELECT":
            for _ in range(self._run("() => document.activeElement.options.length")):
                if self._run("() => document.activeElement.value") == text:
                    return
                self.browser.press("ArrowDown")
            raise AssertionError(f"{text!r} cannot be chosen in {field['name']}")
        if field["type"] in ("date", "date_time"):
            # As the browser shows it in its own language, American English.
            year, month, day = text[:10].split("-")
            self.browser.type(month + day + year)
            if field["type"] == "date_time":
                hour, minute, second = (int(part) for part in text[11:].split(":"))
                self.browser.press("Tab")
                self.browser.type(f"{hour % 12 or 12:02}{minute:02}{second:02}{'AP'[hour // 12]}")
            return
        if self._run("() => document.activeElement.value"):
            self._run("() => document.activeElement.select?.()")
        self.browser.type(text)

    # Seeing what came of it -------------------------------------------------------------------------------------

    def _judge(self, entity, done, body):
        """What the page shows after an answer: the record, or the refusal where it belongs."""
        answer = done["answer"]
        if answer["status"] < 300:
            if done["alerts"] or done["blamed"]:
                raise AssertionError(f"accepted, but the page shows {done}")
            for key, value in (body or {}).items():
                field = self._field(entity, key)
                if field["type"] in ("text", "enum", "date", "money") and value and dict(done["values"]):
                    shown = dict(done["values"])[field["name"]]
                    if shown.split() != str(json.loads(answer["text"])[key]).split():
                        raise AssertionError(f"{field['name']} is {value!r} and shown as {shown!r}")
            return
        problem = json.loads(answer["text"])
        for one in problem.get("errors", [problem]):
            beside = [blamed for blamed in done["blamed"] if blamed["name"] == one.get("field")]
            texts = [blamed["text"] for blamed in beside] or done["alerts"]
            if not any(one["detail"].split() == text.split() or one["detail"] in text for text in texts):
                raise AssertionError(f"the refusal {one} is not shown: {done}")
        if done["blamed"] and not done["blamed"][0]["focused"]:
            raise AssertionError(f"the field to blame has no focus: {done}")

    def _record(self, entity):
        return [tuple(pair) for pair in self._run("() => person.shown()")]

    def _said(self, entity, body):
        """The body as what is typed and chosen; None where a control cannot say it."""
        if not isinstance(body, dict):
            return None
        values = {}
        for key, value in body.items():
            field = self._field(entity, key)
            text = None if field is None or field["read_only"] else typed(field, value)
            if text is None:
                return None
            values[key] = text
        return values

    @staticmethod
    def _field(entity, key):
        return next((field for field in entity["fields"] if field["key"] == key), None)

    def _open(self, address):
        return self._run("(address) => person.open(address)", address)

    def _run(self, function, *arguments):
        return self.browser.run(function, *arguments)


def typed(field, value):
    """A value as a person gives it to the control of its field; None where that is not possible."""
    type = field["type"]
    if value is None or (value == "" and type == "text"):
        # What is left empty is not given at all, so that a default would come in.
        return "" if "default" not in field else None
    if value == "":
        return None
    if type == "boolean":
        return {True: "true", False: "false"}.get(value) if isinstance(value, bool) else None
    if isinstance(value, bool):
        return None
    if type in ("integer", "decimal", "reference"):
        return repr(value) if isinstance(value, (int, float)) else None
    if not isinstance(value, str):
        return None
    if type == "date":
        return value if DATE.fullmatch(value) and _exists(value) else None
    if type == "date_time":
        return value[:-1] if INSTANT.fullmatch(value) and _exists(value[:-1]) else None
    if type == "text" and not field["long"] and re.search("[\r\n]", value):
        return None
    return value if type != "money" or value == value.strip() else None


def _exists(moment):
    try:
        datetime.datetime.fromisoformat(moment)
    except ValueError:
        return False
    return True
