"""Makes records through the interface.

Where `factories.py` lies beside this file, it tells of which values a record consists that meets all rules. Elsewhere nothing
is known but the OpenAPI document and what the service answers: a body begins with the required fields, each with the first
likely value of its type. A refusal names the field that is to blame; that field gets its next likely value, until the service
accepts or nothing is left to try.
"""

import datetime
import itertools
import pathlib
import re
from re import _parser as expressions

MOST_TRIES = 80
# Decimal texts are the commonest pattern.
AMOUNTS = ("1.00", "10.00", "100.00", "0.50", "5.00", "50.00", "1000.00", "0.00", "100000.00")
FORMS = ("+49 30 %07d", "sample%d@example.org", "https://example.org/%d")
DAYS = (0, 1, 2, 7, 30, 365, -1, -2, -7, -30, -365, -4000, -12000, 4000)


def makers():
    """By the path of a list: what gives the values of a record that meets all rules, and the role in which it is made."""
    if not pathlib.Path(__file__).with_name("factories.py").is_file():
        return {}
    import factories

    return factories.MAKERS


class Refused(Exception):
    """The service did not take a record that meets all rules: which request, and the answer."""


class Needed:
    """What the factories ask for when they make the records that another one needs."""

    def __init__(self, samples):
        self.samples = samples

    def create(self, path, values, role=None):
        return self.samples.keep(path, self._accepted(201, "POST", path, values, role))

    def change(self, path, record, values, role=None):
        return self._accepted(200, "PATCH", "%s/%s" % (path, record["id"]), values, role).json()

    def delete(self, path, record, role=None):
        self._accepted(204, "DELETE", "%s/%s" % (path, record["id"]), None, role)
        self.samples.forget(path, record)

    def _accepted(self, status, method, path, body, role):
        answer = self.samples.service.request(method, path, body, as_role(role))
        if answer.status != status:
            raise Refused("%s %s" % (method, path), answer)
        return answer


def as_role(role):
    return {"X-Role": role} if role else {}


class Samples:
    """Makes bodies and records for one running service."""

    def __init__(self, document, service):
        self.document = document
        self.service = service
        self._makers = makers()
        self._fresh = itertools.count(1)
        self._known = {}
        self._under_way = []

    def record(self, path):
        """A new record of this collection; None where every try was refused."""
        answer = self.create(path)
        return answer.json() if answer.status == 201 else None

    def any_record(self, path):
        """Some record of this collection, made before or now; None where none can be made."""
        if not self._known.get(path):
            self.record(path)
        found = self._known.get(path)
        return found[-1] if found else None

    def create(self, path):
        """The service's last answer to the tries to make a record of this collection."""
        return self.create_with(path)[0]

    def create_with(self, path):
        """As `create`, with the body and the headers of the last try."""
        operation = self.document.operation("POST", path)
        schema = operation.body_schema() or {}
        self._under_way.append(path)
        try:
            return self._tries(path, operation, schema)
        finally:
            self._under_way.pop()

    def knows(self, path):
        """Whether it is known what a record of this collection consists of that meets all rules."""
        return path in self._makers

    def refusal(self, path):
        """None where the service accepts what meets all rules; else the request that it refused, and the answer."""
        values, role = self._makers[path]
        needed = Needed(self)
        try:
            needed.create(path, values(needed), role)
        except Refused as refused:
            return refused.args
        return None

    def keep(self, path, answer):
        """Remembers a record that was made."""
        record = answer.json()
        self._known.setdefault(path, []).append(record)
        return record

    def forget(self, path, record):
        self._known[path] = [other for other in self._known.get(path, []) if other["id"] != record["id"]]

    def _start(self, path, schema):
        """The first body, the headers, and the values that its fields may have instead."""
        if self.knows(path):
            values, role = self._makers[path]
            try:
                return values(Needed(self)), as_role(role), {}
            except Refused:
                # What was made before may be in the way of what it needs.
                pass
        fields = {}
        for name in schema.get("required", []):
            fields[name] = self.values(name, schema["properties"].get(name, {}))
        return {name: next(values, None) for name, values in fields.items()}, {}, fields

    def _tries(self, path, operation, schema):
        body, headers, fields = self._start(path, schema)
        roles = iter(operation.roles())
        answer = None
        for _ in range(MOST_TRIES):
            answer = self.service.request("POST", path, body, headers)
            if answer.status == 201:
                self.keep(path, answer)
                break
            if answer.status == 403:
                role = next(roles, None)
                if role is None:
                    break
                headers = {"X-Role": role}
                continue
            if not self._mend(path, schema, fields, body, answer):
                break
        return answer, body, headers

    def _mend(self, path, schema, fields, body, answer):
        """Gives the fields to blame their next value; False where there is nothing left to try."""
        problem = answer.json()
        blamed = [problem.get("field")] + [other.get("field") for other in problem.get("errors", [])]
        blamed = list(dict.fromkeys(name for name in blamed if name in schema.get("properties", {})))
        if not blamed:
            # Nobody is to blame by name: other related records are the likeliest way out.
            blamed = [name for name in body if self._target(schema["properties"].get(name, {}), name)] or list(body)
        changed = False
        for name in blamed:
            if name not in fields:
                fields[name] = self.values(name, schema["properties"][name])
            value = next(fields[name], None)
            if value is not None:
                body[name] = value
                changed = True
        return changed

    def values(self, name, schema):
        """Likely values of a field, the likeliest first."""
        schema = self.document.resolve(schema)
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else list(kinds)
        for part in schema.get("anyOf", []) + schema.get("oneOf", []):
            part = self.document.resolve(part)
            if part.get("type") != "null":
                yield from self.values(name, part)
                return
        if "const" in schema:
            yield schema["const"]
        elif "enum" in schema:
            yield from (value for value in schema["enum"] if value is not None)
        elif "boolean" in kinds:
            yield from (True, False)
        elif self._target(schema, name) and "integer" in kinds:
            yield from self._references(schema, name)
        elif "integer" in kinds or "number" in kinds:
            yield from self._numbers(schema, "integer" in kinds)
        elif "array" in kinds:
            yield []
        elif "object" in kinds:
            yield {}
        else:
            yield from self._texts(schema)

    def _target(self, schema, name):
        """The collections that a field may refer to, the likeliest first; empty where it is no reference."""
        schema = self.document.resolve(schema)
        said = schema.get("x-reference", {}).get("path")
        if said is not None:
            return [said] if said in self.document.collections() else []
        if not name.endswith("_id"):
            return []
        wanted = name[: -len("_id")].replace("_", "-")

        def distance(path):
            bare = path.strip("/")
            return not bare.startswith(wanted[: max(3, len(wanted) - 3)])

        return sorted(self.document.collections(), key=distance)

    def _references(self, schema, name):
        """Ids of records that are there or can be made; then of new ones, for rules about what others use already."""
        for fresh in (False, True, True, True):
            for path in self._target(schema, name)[: 1 if fresh else None]:
                if path in self._under_way:
                    continue
                found = self.record(path) if fresh else self.any_record(path)
                if found is not None:
                    yield found["id"]

    def _numbers(self, schema, whole):
        low = schema.get("minimum", schema.get("exclusiveMinimum"))
        high = schema.get("maximum", schema.get("exclusiveMaximum"))
        bounds = [bound + step for bound, step in ((low, 0), (low, 1), (high, 0), (high, -1)) if bound is not None]
        # A whole number may be a year that is not past, or not over.
        year = datetime.datetime.now(datetime.timezone.utc).year
        years = [year, year + 1, year - 1] if whole else []
        # Likely numbers come before the bounds, which may be those of the type.
        for value in [1, 2, 3, 5, 10, 50, 100, 1000, 0, 10000, -1] + bounds + years:
            if self.document.faults({**schema, "type": "number"}, value):
                continue
            yield int(value) if whole else value

    def _texts(self, schema):
        form, pattern = schema.get("format"), schema.get("pattern")
        # What the epic asks of a text stands beside what holds of any text.
        for part in schema.get("allOf", []):
            pattern = part.get("pattern", pattern)
        if form in ("date", "date-time"):
            yield from _moments(form)
        elif form == "email":
            for _ in range(8):
                yield "sample%d@example.org" % next(self._fresh)
        elif form in ("uri", "url"):
            for _ in range(8):
                yield "https://example.org/%d" % next(self._fresh)
        else:
            fits = lambda text: not self.document.faults({**schema, "type": "string"}, text)
            if pattern:
                yield from filter(fits, AMOUNTS)
            low, high = schema.get("minLength", 0), schema.get("maxLength", 10000)
            for _ in range(6):
                text = ("%d sample " % next(self._fresh)).ljust(low, "x")[:high].strip().ljust(low, "x")
                if fits(text):
                    yield text
            for _ in range(12 if pattern else 0):
                yield _matching(pattern, next(self._fresh))
            # Texts with a form that the document does not give.
            yield from filter(fits, (form % next(self._fresh) for form in FORMS))


def _moments(form):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    for days in DAYS:
        moment = now + datetime.timedelta(days=days)
        yield moment.date().isoformat() if form == "date" else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    if form == "date-time":
        for hours in (1, 2, -1, -2):
            yield (now + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _matching(pattern, number):
    """A text that matches a simple expression; different numbers give different texts where the expression allows it."""
    digits = [int(digit) for digit in "%09d" % number]
    return _text(expressions.parse(pattern), iter(reversed(digits * 20)))


def _text(parts, digits):
    out = ""
    for kind, detail in parts:
        kind = str(kind)
        if kind == "LITERAL":
            out += chr(detail)
        elif kind == "ANY":
            out += "x"
        elif kind == "IN":
            out += _member(detail, next(digits, 0))
        elif kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, inner = detail
            # What may be left out is left out every other time.
            for _ in range(min(max(low, next(digits, 0) % 2), high)):
                out += _text(inner, digits)
        elif kind == "SUBPATTERN":
            out += _text(detail[-1], digits)
        elif kind == "BRANCH":
            out += _text(detail[1][0], digits)
    return out


def _member(choices, number):
    """A character of a class, the `number`-th where there are that many."""
    for kind, detail in choices:
        kind = str(kind)
        if kind == "NEGATE":
            return "x"
        if kind == "LITERAL":
            return chr(detail)
        if kind == "RANGE":
            low, high = detail
            return chr(low + number % (high - low + 1))
        if kind == "CATEGORY":
            return str(number) if "DIGIT" in str(detail) and "NOT" not in str(detail) else "x"
    return "x"
