"""What any record-keeping service must stand, whatever it records: lists, totals, refusals, the API document.

What must come out is worked out here from all the records there are, and compared with what the service answers.
"""

import decimal
import json
import os

from support import ROOT
from values import alphabetical

NUMBERS = ("integer", "decimal", "money")
RANGED = NUMBERS + ("date", "date_time")
SHAPES = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "money": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "date_time": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "enum": {"type": "string"},
    "reference": {"type": "integer"},
}
JSON_TYPES = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}
OTHER_PARAMETERS = {"q", "sort", "page", "per_page"}
# Values of one field that are tried.
TRIED = 4


class Kept:
    """One kind of record, as the epic demands it.

    `fields`: by name the type and, for enums and references, the values or the path of the records referred to.
    `limits`: by name what the API document says about it. `searched`: the fields that `q` looks into.
    """

    def __init__(self, path, values, samples, fields, **more):
        self.path, self.values, self._samples, self.fields = path, values, samples, fields
        self.role = more.get("role")
        self.set_by_service = more.get("set_by_service", ())
        self.required = more.get("required", ())
        self.limits = more.get("limits", {})
        self.searched = more.get("searched", ())
        self.statuses = more.get("statuses", {})

    def samples(self, case):
        """Records that differ from each other, made once a service."""
        made = type(case).__dict__.get("made")
        if made is None:
            made = type(case).made = {}
        if self.path not in made:
            made[self.path] = self._samples(case)
        return made[self.path]

    def all(self, case):
        """All records there are, by id."""
        self.samples(case)
        return sorted(case.items(self.path), key=lambda record: record["id"])

    def keys(self):
        return {"id": ("integer", None), **self.fields}

    def filters(self):
        """The fields that the list can be narrowed by: those whose name means nothing else there."""
        return {key: what for key, what in self.keys().items() if key not in OTHER_PARAMETERS}

    def has_range(self, key, kind):
        return kind in RANGED and not {key + "_from", key + "_to"} & set(self.fields)


def known(kind, value):
    """A value that can be compared with others of its type."""
    if value is None:
        return None
    return decimal.Decimal(str(value)) if kind in NUMBERS + ("reference",) else value


def placed(kind, value):
    """What a value is ordered by in lists and totals."""
    return alphabetical(value) if isinstance(value, str) and kind in ("text", "enum") else known(kind, value)


def is_empty(value):
    return value is None or isinstance(value, str) and not value.strip()


def ids(records):
    return [record["id"] for record in records]


def distinct(records, key):
    """Some values of a field, the first and the last ones, and None where a record has none."""
    found = []
    for record in records:
        if record[key] not in found:
            found.append(record[key])
    return found if len(found) <= TRIED else found[: TRIED // 2] + found[-TRIED // 2 :]


# Refusals -----------------------------------------------------------------------------------------------------------


def malformed(case, kept):
    """A body that is no JSON object is refused, and nothing is stored."""
    before = case.count(kept.path)
    bodies = (b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b"", b'{"a": NaN}', b'{"a": 1, "a": 1}')
    for body in bodies:
        case.assert_refused(case.request("POST", kept.path, body, kept.role), 400)
    case.assertEqual(case.count(kept.path), before)


def unknown_field(case, kept):
    """A field that the record does not have is refused, and named; so is one that the service sets."""
    case.refuses_create(kept.path, {**kept.values(case), "no_such_field": 1}, 422, "no_such_field", kept.role)
    for key in ("id", *kept.set_by_service):
        case.refuses_create(kept.path, {**kept.values(case), key: 7}, 422, key, kept.role)


def missing_record(case, kept):
    """A record that does not exist cannot be read, changed or deleted."""
    for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
        case.assert_refused(case.request(method, kept.path + "/987654321", body, kept.role), 404)
    for path in ("/no/such/address", kept.path + "/0", kept.path + "/01", kept.path + "/first", kept.path + "/1/more"):
        case.assert_refused(case.request("GET", path, None, case.reader(kept.path)), 404)


def methods(case, kept):
    """Methods that make no sense are refused, and those that do are named."""
    for path, allowed in ((kept.path, {"GET", "POST"}), (kept.path + "/1", {"GET", "PATCH", "DELETE"})):
        for method in {"PUT", "POST", "DELETE", "PATCH"} - allowed:
            response = case.request(method, path, {}, kept.role)
            case.assert_refused(response, 405)
            named = {name.strip() for name in response.headers["Allow"].split(",")}
            case.assertLessEqual(allowed, named)
            case.assertNotIn(method, named)


def bad_query(case, kept):
    """A query that asks for nothing sensible is refused."""
    queries = [{"page": 0}, {"page": "x"}, {"per_page": -1}, {"per_page": 0}, {"sort": "no_such_field"}]
    queries += [{"no_such_field": 1}, {"page": [1, 2]}]
    wrong = {"integer": "many", "decimal": "much", "money": "1.234", "date": "soon", "date_time": "2024-02-30"}
    wrong.update({"boolean": "perhaps", "enum": "something else entirely", "reference": "first"})
    for key, (kind, _) in kept.filters().items():
        queries += [{key: wrong[kind]}] if kind in wrong else []
        if kept.has_range(key, kind):
            queries += [{key + "_from": wrong[kind]}, {key + "_to": wrong[kind]}]
    for query in queries:
        case.assert_refused(case.request("GET", kept.path, None, case.reader(kept.path), query=query), 400)
    for query in ({}, {"by": "no_such_field"}, {"by": list(kept.fields)[:1] * 2}, {"by": "id", "page": 1}):
        case.assert_refused(case.request("GET", kept.path + "/totals", None, case.reader(kept.path), query=query), 400)


def large_body(case, kept):
    """A body that is too large is refused."""
    body = b'{"a": "' + b"a" * 3_000_000 + b'"}'
    case.assert_refused(case.request("POST", kept.path, body, kept.role), 413)


# Lists --------------------------------------------------------------------------------------------------------------


def paging(case, kept):
    """Pages follow each other and hold every record once."""
    kept.samples(case)
    listed = ids(case.items(kept.path))
    case.assertEqual(len(listed), len(set(listed)))
    size = 2
    last = (len(listed) + size - 1) // size
    for number in {1, 2, last, last + 1}:
        page = case.page(kept.path, {"page": number, "per_page": size})
        case.assertEqual((page["page"], page["per_page"], page["total"]), (number, size, len(listed)))
        case.assertEqual(ids(page["items"]), listed[(number - 1) * size : number * size])
    usual = case.page(kept.path)
    case.assertEqual((usual["page"], ids(usual["items"])), (1, listed[: usual["per_page"]]))


def filtering(case, kept):
    """Every field narrows the list to the records that have the value."""
    records = kept.all(case)

    def check(query, fits):
        expected = [record["id"] for record in records if fits(record)]
        case.assertEqual(sorted(ids(case.items(kept.path, query))), expected, query)

    for key, (kind, _) in kept.filters().items():
        values = distinct(records, key)
        for value in values:
            if is_empty(value):
                check({key: ""}, lambda record: is_empty(record[key]))
            else:
                check({key: value}, lambda record: record[key] == value)
            if value is not None and kept.has_range(key, kind):
                ranges(check, key, kind, value)
        given = [value for value in values if not is_empty(value)]
        if len(given) > 1:
            check({key: given[:2]}, lambda record: record[key] in given[:2])
    for record in kept.samples(case)[:2]:
        record = case.read(kept.path, record)
        both = {key: record[key] for key in kept.filters() if not is_empty(record[key])}
        check(both, lambda one: all(one[key] == value for key, value in both.items()))


def ranges(check, key, kind, value):
    """Ranges include their ends; a day means all of it."""
    bound = known(kind, value)

    def compares(fits, place=None):
        return lambda record: record[key] is not None and fits(known(kind, record[key])[:place] if place else known(kind, record[key]))

    check({key + "_from": value}, compares(lambda one: one >= bound))
    check({key + "_to": value}, compares(lambda one: one <= bound))
    check({key + "_from": value, key + "_to": value}, compares(lambda one: one == bound))
    if kind == "date_time":
        date = value[:10]
        check({key: date}, compares(lambda one: one == date, 10))
        check({key + "_from": date}, compares(lambda one: one >= date, 10))
        check({key + "_to": date}, compares(lambda one: one <= date, 10))


def sorting(case, kept):
    """Every field orders the list, up and down: records without a value come last, equal ones by id."""
    records = kept.all(case)
    for key, (kind, _) in kept.keys().items():
        given = [record for record in records if record[key] is not None]
        empty = [record for record in records if record[key] is None]
        for down in (False, True):
            expected = sorted(given, key=lambda record: placed(kind, record[key]), reverse=down) + empty
            found = case.items(kept.path, {"sort": ("-" if down else "") + key})
            case.assertEqual(ids(found), ids(expected), f"by {key}, {down}")
        latest = sorted(given, key=lambda record: record["id"], reverse=True)
        expected = sorted(latest, key=lambda record: placed(kind, record[key])) + empty[::-1]
        case.assertEqual(ids(case.items(kept.path, {"sort": key + ",-id"})), ids(expected))


def searching(case, kept):
    """A search finds what holds the words in any spelling, and nothing else."""
    records = kept.all(case)
    texts = [key for key, (kind, _) in kept.fields.items() if kind in ("text", "enum")]
    words = [record[key] for record in kept.samples(case) for key in texts if record[key]]
    for word in dict.fromkeys(words + [word[1:-1].upper() for word in words if len(word) > 3] + ["zq 0=0; DROP"]):
        if not word.strip():
            continue
        told = [(r["id"], ["" if r[key] is None else str(r[key]) for key in kept.searched]) for r in records]
        held = [id for id, values in told if any(word.casefold() in value.casefold() for value in values)]
        case.assertEqual(sorted(ids(case.items(kept.path, {"q": word}))), held, word)


def table(case, kept):
    """The list can be had as CSV: all of it, in its order, narrowed like any list."""
    kept.samples(case)

    def cell(value):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    for query in ({}, {"sort": "-id"}, {"id": kept.samples(case)[0]["id"]}):
        header, rows = case.table(kept.path, {**query, "per_page": 1})
        case.assertEqual((header[0], set(header), len(header)), ("id", set(kept.keys()), len(kept.keys())))
        records = case.items(kept.path, query)
        case.assertEqual(rows, [{key: cell(record[key]) for key in header} for record in records])
    for accept, type in (
        ("text/csv, application/json", "text/csv"),
        ("application/json, text/csv", "application/json"),
        ("*/*", "application/json"),
    ):
        response = case.request("GET", kept.path, None, case.reader(kept.path), {"Accept": accept})
        case.assertEqual(response.headers.get_content_type(), type, accept)


def totals(case, kept):
    """Totals count the records of each group and add up their numbers."""
    records = kept.all(case)
    by_path = {}
    for key, (kind, what) in kept.fields.items():
        check_totals(case, kept, key, [(record[key], record) for record in records], kind)
        if kind != "reference" or what not in case.kept:
            continue
        target = case.kept[what]
        others = by_path.setdefault(what, {record["id"]: record for record in case.items(what)})
        for field, (field_kind, _) in target.fields.items():
            found = [(others[record[key]][field] if record[key] else None, record) for record in records]
            check_totals(case, kept, f"{key}.{field}", found, field_kind)
    one = records[0]
    for key in list(kept.fields)[:1]:
        response = case.request(
            "GET", kept.path + "/totals", None, case.reader(kept.path), query={"by": key, "id": one["id"]}
        )
        case.assertEqual([(item["value"], item["count"]) for item in response.json["items"]], [(one[key], 1)])


def check_totals(case, kept, by, pairs, kind):
    groups = {}
    for value, record in pairs:
        groups.setdefault(value, []).append(record)
    given = sorted((value for value in groups if value is not None), key=lambda value: placed(kind, value))
    found = case.totals(kept.path, by)
    case.assertEqual(list(found), given + ([None] if None in groups else []), by)
    for value, members in groups.items():
        case.assertEqual(found[value]["count"], len(members))
        for key, (number, _) in kept.fields.items():
            if number in NUMBERS:
                name = "sum_" + key if key in ("value", "count") else key
                total = sum(known(number, one[key]) for one in members if one[key] is not None)
                case.assertAlmostEqual(decimal.Decimal(str(found[value][name])), total, 4, f"{by} {value} {key}")
                case.assertEqual(isinstance(found[value][name], str), number == "money")


# Values -------------------------------------------------------------------------------------------------------------


def spellings(case, kept):
    """An instant may be written with an offset, or without one for UTC; money may be a number."""
    for key in kept.values(case):
        for spelled in SPELLINGS.get(kept.fields[key][0], ()):
            # Another value each time: it may have to differ from those of all other records.
            usual = kept.values(case)
            given = {**usual, key: spelled(usual[key])}
            response = case.request("POST", kept.path, given, kept.role)
            case.assertEqual(response.status, 201, response)
            case.assertEqual(response.json[key], usual[key], given[key])


def _elsewhere(value, hours):
    """The same instant on clocks that are so many hours ahead; as it is, where that is another day there."""
    hour = int(value[11:13]) + hours
    return f"{value[:11]}{hour:02}{value[13:-1]}{hours:+03}:00" if 0 <= hour < 24 else value


SPELLINGS = {
    "date_time": (
        lambda value: value[:-1],
        lambda value: value[:-1] + "+00:00",
        lambda value: value[:-4] + "Z" if value.endswith(":00Z") else value,
        lambda value: _elsewhere(value, 2),
        lambda value: _elsewhere(value, -1),
    ),
    "money": (float, lambda value: value.rstrip("0").rstrip(".")),
}


# The API document ---------------------------------------------------------------------------------------------------


def document(case, kept):
    """The API document says of these records what the epic demands, and what the service does."""
    described = case.document()
    one, many = described["paths"][kept.path + "/{id}"], described["paths"][kept.path]
    case.assertIn("get", described["paths"][kept.path + "/totals"])
    case.assertEqual(
        ({"get", "post"} & set(many), {"get", "patch", "delete"} & set(one)),
        ({"get", "post"}, {"get", "patch", "delete"}),
    )
    record, create, patch = shape_of(case, one["get"], "200"), body_of(case, many["post"]), body_of(case, one["patch"])
    case.assertEqual(set(record["properties"]), set(kept.keys()))
    case.assertEqual(set(record["required"]), set(kept.keys()))
    writable = set(kept.fields) - set(kept.set_by_service)
    case.assertEqual((set(create["properties"]), set(patch["properties"])), (writable, writable))
    case.assertEqual((set(create.get("required", ())), patch.get("required", [])), (set(kept.required), []))
    for key, (kind, what) in kept.fields.items():
        for schema in (record, create, patch):
            if key in schema["properties"]:
                check_shape(case, schema["properties"][key], kind, what if schema is not create else None, key)
        case.assertEqual(record["properties"][key].get("readOnly", False), key in kept.set_by_service, key)
        for name, limit in kept.limits.get(key, {}).items():
            for schema in (create, patch):
                case.assertEqual(schema["properties"][key].get(name), limit, f"{key}: {name}")
    for sample in kept.samples(case):
        sample = case.read(kept.path, sample)
        check_conforms(case, record, sample)
    listed = case.page(kept.path)
    check_conforms(case, shape_of(case, many["get"], "200"), listed)
    for operation, statuses in kept.statuses.items():
        method, _, place = operation.partition(" ")
        found = described["paths"][kept.path + place][method.lower()]["responses"]
        case.assertLessEqual(set(map(str, statuses)), set(found), operation)
    check_parameters(case, kept, many["get"], listed)
    of_totals = {one["name"] for one in described["paths"][kept.path + "/totals"]["get"]["parameters"]}
    case.assertEqual(of_totals, {one["name"] for one in many["get"]["parameters"]} - {"sort", "page", "per_page"} | {"by"})
    case.assertEqual([p["name"] for p in one["get"].get("parameters", []) + one.get("parameters", []) if p["in"] == "path"], ["id"])


def shape_of(case, operation, status):
    return resolved(case, operation["responses"][status]["content"]["application/json"]["schema"])


def body_of(case, operation):
    return resolved(case, operation["requestBody"]["content"]["application/json"]["schema"])


def resolved(case, schema):
    while "$ref" in schema:
        found = case.document()
        for step in schema["$ref"].split("/")[1:]:
            found = found[step]
        schema = found
    return schema


def check_shape(case, schema, kind, what, key):
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    expected = SHAPES[kind]
    case.assertEqual([type for type in types if type != "null"], [expected["type"]], key)
    case.assertEqual(schema.get("format") if kind != "text" else None, expected.get("format"), key)
    if kind == "enum" and what is not None:
        case.assertEqual([value for value in schema["enum"] if value is not None], list(what), key)


def check_conforms(case, schema, value):
    """Whether a value is what the document says."""
    schema = resolved(case, schema)
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    is_type = [isinstance(value, JSON_TYPES[t]) and (t == "boolean" or not isinstance(value, bool)) for t in types if t in JSON_TYPES]
    if isinstance(value, dict):
        case.assertIn("object", types)
        case.assertLessEqual(set(schema.get("required", ())), set(value))
        for key, one in value.items():
            case.assertIn(key, schema["properties"])
            check_conforms(case, schema["properties"][key], one)
    elif isinstance(value, list):
        case.assertIn("array", types)
        for one in value:
            check_conforms(case, schema["items"], one)
    else:
        case.assertTrue(any(is_type), (schema, value))
    if "enum" in schema:
        case.assertIn(value, schema["enum"])


def check_parameters(case, kept, operation, listed):
    named = {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}
    expected = set(OTHER_PARAMETERS)
    for key, (kind, _) in kept.filters().items():
        expected |= {key, key + "_from", key + "_to"} if kept.has_range(key, kind) else {key}
    # Of a field beside one whose range would have its name, either way of saying it will do.
    case.assertLessEqual(expected, set(named))
    case.assertLessEqual(set(named), expected | {key + end for key in kept.keys() for end in ("_from", "_to")})
    case.assertIn("X-Role", [one["name"] for one in operation["parameters"] if one["in"] == "header"])
    case.assertFalse(any(one.get("required") for one in named.values()))
    for key, (kind, what) in kept.fields.items():
        if kind != "date_time" and key in kept.filters():  # a day will do there
            check_shape(case, named[key]["schema"], kind, what, key)
    case.assertEqual(
        set(named["sort"]["schema"]["items"]["enum"]), {sign + key for key in kept.keys() for sign in ("", "-")}
    )
    size = named["per_page"]["schema"]
    case.assertEqual(size["default"], listed["per_page"])
    case.assertEqual(case.page(kept.path, {"per_page": size["maximum"]})["per_page"], size["maximum"])
    for number in (size["minimum"] - 1, size["maximum"] + 1):
        query = {"per_page": number}
        case.assert_refused(case.request("GET", kept.path, None, case.reader(kept.path), query=query), 400)


# The service as a whole ---------------------------------------------------------------------------------------------


def restart(case):
    """All records outlive a restart, and ids are not given out again."""
    for kept in case.kept.values():
        kept.samples(case)
    before = {path: kept.all(case) for path, kept in case.kept.items()}
    case.restart()
    for path, records in before.items():
        case.assertEqual(sorted(case.items(path), key=lambda record: record["id"]), records)


def described(case):
    """The API document that is served is the one of the deliverable."""
    with open(os.path.join(ROOT, "openapi.json"), encoding="utf-8") as file:
        case.assertEqual(case.document(), json.load(file))
    case.assertTrue(case.document()["openapi"].startswith("3.1"))
