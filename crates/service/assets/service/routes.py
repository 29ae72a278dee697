"""From a request to an operation and back to a response; knows HTTP's meaning, not its bytes on the wire."""

import json
import re
from decimal import Decimal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .csv_text import csv_text
from .problems import Problem

PAGE_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
PAGE_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
ID = re.compile(r"[1-9][0-9]{0,15}")
QUALITY = re.compile(r"[01](\.[0-9]{0,3})?")
JSON = "application/json"
# How browsers mark the requests of a page that did not come from this service.
FOREIGN = ("cross-site", "same-site")


class Response:
    def __init__(self, status, body=b"", type=None, headers=None):
        self.status = status
        self.body = body
        self.headers = dict(headers or {})
        if type is not None:
            self.headers["Content-Type"] = type


def json_response(status, value, type=JSON, headers=None):
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return Response(status, text.encode("utf-8"), type, headers)


def problem_response(problem):
    return json_response(problem.status, problem.body(), "application/problem+json", problem.headers)


class Routes:
    def __init__(self, operations, home):
        self._operations = operations
        self._entities = operations.schema.by_path
        self._home = home

    def answer(self, method, target, headers, body):
        """The response to a request; every refusal is one too."""
        try:
            url = urlsplit(target)
            # `errors="strict"`: what is no UTF-8 is nobody's name.
            path = [unquote(part, errors="strict") for part in url.path.split("/")[1:]] or [""]
            pairs = parse_qsl(url.query, keep_blank_values=True, errors="strict", max_num_fields=200)
        except ValueError:
            return problem_response(Problem(400, "the address is not well-formed"))
        if len(path) > 1 and path[-1] == "":
            path.pop()
        try:
            methods = self._methods(path)
            if method == "OPTIONS":
                return Response(204, headers={"Allow": _allow(methods)})
            run = methods.get("GET" if method == "HEAD" else method)
            if run is None:
                detail = f"{method} is not possible here"
                raise Problem(405, detail, headers={"Allow": _allow(methods)})
            if method not in ("GET", "HEAD") and headers.get("Sec-Fetch-Site") in FOREIGN:
                raise Problem(403, "a page of another site may change nothing here")
            return run(_Request(pairs, headers, body))
        except Problem as problem:
            return problem_response(problem)

    def _methods(self, path):
        """The methods of a path, each with what it does; raises a 404 problem where there is no such path."""
        entity = self._entities.get(path[0])
        if entity is not None and len(path) <= 2:
            if len(path) == 1:
                return self._collection(entity)
            if path[1] == "totals":
                return {"GET": lambda request: self._totals(entity, request)}
            if ID.fullmatch(path[1]):
                return self._record(entity, int(path[1]))
        page = self._page(path)
        if page is None:
            raise Problem(404, "there is nothing at this address")
        return {"GET": lambda request: page}

    def _collection(self, entity):
        methods = {"GET": self._list, "POST": self._create}
        return self._offered(entity, methods, {"GET": "list", "POST": "create"}, entity)

    def _record(self, entity, id):
        methods = {"GET": self._read, "PATCH": self._update, "DELETE": self._delete}
        return self._offered(entity, methods, {"GET": "read", "PATCH": "update", "DELETE": "delete"}, entity, id)

    def _offered(self, entity, methods, actions, *where):
        return {
            method: (lambda request, run=run: run(*where, request))
            for method, run in methods.items()
            if entity.offers("capability", actions[method])
        }

    def _list(self, entity, request):
        vary = {"Vary": "Accept"}
        if request.wants_csv():
            if not entity.offers("csv"):
                raise Problem(406, f"there is no CSV of the {entity.name} list")
            items = self._operations.list(entity, request.pairs, request.role, paged=False)[0]
            return Response(200, csv_text(entity, items).encode("utf-8"), "text/csv; charset=utf-8", vary)
        items, page, per_page, total = self._operations.list(entity, request.pairs, request.role)
        listed = {"items": items, "page": page, "per_page": per_page, "total": total}
        return json_response(200, listed, headers=vary)

    def _totals(self, entity, request):
        return json_response(200, self._operations.totals(entity, request.pairs, request.role))

    def _create(self, entity, request):
        id, record = self._operations.create(entity, request.object(), request.role)
        return json_response(201, record, headers={"Location": f"/{quote(entity.path)}/{id}"})

    def _read(self, entity, id, request):
        return json_response(200, self._operations.read(entity, id, request.role))

    def _update(self, entity, id, request):
        return json_response(200, self._operations.update(entity, id, request.object(), request.role))

    def _delete(self, entity, id, request):
        self._operations.delete(entity, id, request.role)
        return Response(204)

    def _page(self, path):
        """What is served beside the records: pages, the OpenAPI document, health. Entities' paths come first."""
        if path == ["health"]:
            return json_response(200, {"status": "ok"})
        if path == ["openapi.json"]:
            return self._file(self._home / "openapi.json")
        if path == [""]:
            return self._file(self._home / "web" / "index.html")
        if len(path) == 2 and path[0] == "web" and PAGE_NAME.fullmatch(path[1]):
            return self._file(self._home / "web" / path[1])
        return None

    @staticmethod
    def _file(path):
        type = PAGE_TYPES.get(path.suffix)
        if type is None or not path.is_file():
            return None
        policy = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
        return Response(200, path.read_bytes(), type, {"Content-Security-Policy": policy})


class _Request:
    def __init__(self, pairs, headers, body):
        self.pairs = pairs
        self.role = _utf8(headers.get("X-Role"))
        self._accept = headers.get("Accept") or ""
        self._body = body

    def wants_csv(self):
        """CSV is asked for by name; where JSON is too, the weights decide, then which comes first."""
        weights = {}
        for part in self._accept.split(","):
            type, *parameters = [piece.strip().lower() for piece in part.split(";")]
            weights.setdefault(type, _weight(parameters))
        csv, json = weights.get("text/csv", 0), weights.get(JSON, 0)
        types = list(weights)
        return csv > json or (csv == json > 0 and types.index("text/csv") < types.index(JSON))

    def object(self):
        """The body as a JSON object; numbers keep their exact decimal value."""
        try:
            value = json.loads(
                self._body.decode("utf-8"),
                parse_float=Decimal,
                # The time to read a long run of digits grows with its square; a Decimal is fast and as exact.
                parse_int=lambda digits: int(digits) if len(digits) < 400 else Decimal(digits),
                parse_constant=_no_constant,
                object_pairs_hook=_no_duplicates,
            )
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise Problem(400, f"the body is not valid JSON: {error}") from None
        if not isinstance(value, dict):
            raise Problem(400, "the body must be a JSON object")
        return value


def _utf8(header):
    """Headers arrive as Latin-1; names of roles are sent as UTF-8 by most, as Latin-1 by some."""
    if header is None or not header.strip():
        return None
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _weight(parameters):
    """The `q` of a media type; what is no number counts as 1."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q" and QUALITY.fullmatch(value.strip()):
            return float(value)
    return 1.0


def _no_constant(name):
    raise ValueError(f"{name} is not a JSON value")


def _no_duplicates(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    for name in found:
        # Half a character is no text and could not be named in the answer; raises a ValueError.
        name.encode("utf-8")
    return found


def _allow(methods):
    found = set(methods) | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    return ", ".join(sorted(found))
