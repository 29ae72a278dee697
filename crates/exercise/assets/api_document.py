"""The OpenAPI document, read when the tests run, and the part of JSON Schema that it uses."""

import json
import re

from running_service import ROOT

METHODS = ("get", "post", "put", "patch", "delete")
KINDS = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
FORMATS = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "date-time": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
}


class Operation:
    """One method of one path."""

    def __init__(self, document, method, path, item):
        self.document = document
        self.method = method.upper()
        self.path = path
        self.spec = item[method]
        given = list(item.get("parameters", [])) + list(self.spec.get("parameters", []))
        self.parameters = [document.resolve(parameter) for parameter in given]
        self.responses = {
            code: document.resolve(response) for code, response in self.spec.get("responses", {}).items()
        }

    @property
    def name(self):
        return "%s %s" % (self.method, self.path)

    def query(self, name):
        """A query parameter, or None."""
        found = [p for p in self.parameters if p.get("in") == "query" and p.get("name") == name]
        return found[0] if found else None

    def roles(self):
        """The roles that the document names for the header X-Role."""
        for parameter in self.parameters:
            if parameter.get("in") == "header" and parameter.get("name", "").lower() == "x-role":
                schema = self.document.resolve(parameter.get("schema", {}))
                named = list(parameter.get("x-roles", [])) + list(schema.get("enum", []))
                return [role for role in named if isinstance(role, str)]
        return []

    def body_schema(self):
        """The schema of the JSON body, or None where the operation takes none."""
        body = self.document.resolve(self.spec.get("requestBody", {}))
        content = body.get("content", {})
        for type, media in content.items():
            if type.split(";")[0].strip() == "application/json":
                return self.document.resolve(media.get("schema", {}))
        return None

    def response(self, status):
        """The documented response to a status, or None."""
        for code in (str(status), "%dXX" % (status // 100), "default"):
            if code in self.responses:
                return self.responses[code]
        return None


class Document:
    """The whole document."""

    def __init__(self, source):
        self.source = source
        self.operations = [
            Operation(self, method, path, item)
            for path, item in source.get("paths", {}).items()
            for method in METHODS
            if method in item
        ]

    def resolve(self, part):
        """Follows `$ref`; what is no reference stays as it is."""
        seen = set()
        while isinstance(part, dict) and "$ref" in part:
            reference = part["$ref"]
            if reference in seen or not reference.startswith("#/"):
                raise AssertionError("openapi.json: `%s` leads nowhere" % reference)
            seen.add(reference)
            part = self.source
            for step in reference[2:].split("/"):
                part = part[step.replace("~1", "/").replace("~0", "~")]
        return part

    def operation(self, method, path):
        found = [op for op in self.operations if op.method == method and op.path == path]
        return found[0] if found else None

    def collections(self):
        """Paths with records: those that have `POST` and no parameter."""
        return [op.path for op in self.operations if op.method == "POST" and "{" not in op.path]

    def faults(self, schema, value, at="body"):
        """Everything in which a value does not fit its schema."""
        schema = self.resolve(schema)
        if schema is True or schema == {}:
            return []
        if schema is False:
            return ["%s is not allowed" % at]
        found = []
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(KINDS[kind](value) for kind in kinds):
            return ["%s is %r, not %s" % (at, value, " or ".join(kinds))]
        if "enum" in schema and value not in schema["enum"]:
            found.append("%s is %r, none of %r" % (at, value, schema["enum"]))
        if "const" in schema and value != schema["const"]:
            found.append("%s is %r, not %r" % (at, value, schema["const"]))
        for part in schema.get("allOf", []):
            found += self.faults(part, value, at)
        for key in ("anyOf", "oneOf"):
            if key in schema and all(self.faults(part, value, at) for part in schema[key]):
                found.append("%s is %r and fits no schema of %s" % (at, value, key))
        if isinstance(value, dict):
            found += self._object(schema, value, at)
        elif isinstance(value, list) and "items" in schema:
            for position, item in enumerate(value):
                found += self.faults(schema["items"], item, "%s[%d]" % (at, position))
        elif isinstance(value, str):
            found += _string(schema, value, at)
        elif KINDS["number"](value):
            found += _number(schema, value, at)
        return found

    def _object(self, schema, value, at):
        found = ["%s lacks `%s`" % (at, name) for name in schema.get("required", []) if name not in value]
        properties = schema.get("properties", {})
        rest = schema.get("additionalProperties", True)
        for name, item in value.items():
            inner = "%s.%s" % (at, name)
            if name in properties:
                found += self.faults(properties[name], item, inner)
            elif rest is False:
                found.append("%s is not documented" % inner)
            elif rest is not True:
                found += self.faults(rest, item, inner)
        return found


def _string(schema, value, at):
    found = []
    if len(value) < schema.get("minLength", 0):
        found.append("%s is too short: %r" % (at, value))
    if len(value) > schema.get("maxLength", len(value)):
        found.append("%s is too long: %r" % (at, value[:80]))
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append("%s is %r and does not match %s" % (at, value, schema["pattern"]))
    form = FORMATS.get(schema.get("format"))
    if form is not None and not form.fullmatch(value):
        found.append("%s is %r, which is no %s" % (at, value, schema["format"]))
    return found


def _number(schema, value, at):
    found = []
    for key, broken in (
        ("minimum", lambda bound: value < bound),
        ("maximum", lambda bound: value > bound),
        ("exclusiveMinimum", lambda bound: value <= bound),
        ("exclusiveMaximum", lambda bound: value >= bound),
    ):
        if key in schema and broken(schema[key]):
            found.append("%s is %r, against %s %r" % (at, value, key, schema[key]))
    return found


def load():
    """The deliverable's document."""
    return Document(json.loads((ROOT / "openapi.json").read_text("utf-8")))
