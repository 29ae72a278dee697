"""Lists: which records match, in which order, which page of them."""

from datetime import date

from .conditions import compare
from .problems import Problem
from .values import Integer, Invalid, Text, is_empty

RESERVED = ("page", "per_page", "q", "sort")
LARGEST_PAGE = 1000
DEFAULT_PAGE = 50


class Query:
    def __init__(self, entity):
        self.entity = entity
        self.equal = {}  # key: the values of which it must have one; None means no value
        self.ranges = []  # (key, comparison, bound)
        self.search = None  # (text in lower case, keys)
        self.sort = []  # (key, descending)
        self.page = 1
        self.per_page = DEFAULT_PAGE
        self.largest_page = LARGEST_PAGE

    def matching(self, view):
        """All records that match, by id."""
        return [record for record in view.store.find(self.entity, self._in_sql()) if self._matches(record, view)]

    def _in_sql(self):
        """The part of the filter that SQLite can decide by itself."""
        chosen = {}
        for key, values in self.equal.items():
            field = self.entity.fields.get(key)
            plain = len(values) == 1 and values[0] is not None
            if plain and (field is None or field.expr is None) and type(values[0]) is not date:
                chosen[key] = values[0]
        return chosen

    def _matches(self, record, view):
        for key, values in self.equal.items():
            found = view.value(record, key)
            if not any(is_empty(found) if value is None else compare(found, "eq", value) for value in values):
                return False
        if not all(compare(view.value(record, key), op, bound) for key, op, bound in self.ranges):
            return False
        if self.search is None:
            return True
        text, keys = self.search
        values = [view.value(record, key) for key in keys]
        return any(text in str(value).casefold() for value in values if value is not None)

    def ordered(self, records, view):
        """Sorted by the keys, then by id; records without a value come last either way."""
        # Python's sort is stable, so the keys are applied from the last to the first.
        for key, descending in reversed(self.sort):
            given = [record for record in records if view.value(record, key) is not None]
            empty = [record for record in records if view.value(record, key) is None]
            order = _kind(self.entity, key).order
            given.sort(key=lambda record: order(view.value(record, key)), reverse=descending)
            records = given + empty
        return records


def read(entity, schema, pairs, listing=True):
    """The query that the parameters ask for; without `listing` only filters and search are known."""
    query = Query(entity)
    for rule in schema.rules(entity, "list"):
        if rule.get("sort"):
            # Nothing is sorted by a field that is not recorded (any more).
            keys = [key for key in rule["sort"] if key["field"] == "id" or key["field"] in entity.fields]
            query.sort = [(key["field"], key.get("descending", False)) for key in keys]
        if rule.get("page_size"):
            query.per_page = rule["page_size"]
            query.largest_page = max(query.largest_page, query.per_page)
    seen = set()
    for name, text in pairs:
        if name in RESERVED and name in seen:
            raise Problem(400, f"`{name}` is given twice", name)
        seen.add(name)
        if name == "q" and entity.offers("search"):
            query.search = (text.casefold(), _searched(entity, schema)) if text else None
        elif name == "sort" and listing:
            query.sort = [_sort_key(entity, part) for part in text.split(",")]
        elif name == "page" and listing:
            query.page = _whole(name, text, 10**9)
        elif name == "per_page" and listing:
            query.per_page = _whole(name, text, query.largest_page)
        else:
            _filter(query, entity, name, text)
    return query


def _searched(entity, schema):
    """The fields that `q` looks into: those of the rules, else all texts."""
    rules = schema.rules(entity, "search")
    texts = [key for key, field in entity.fields.items() if isinstance(field.kind, Text)]
    chosen = [key for rule in rules for key in (rule.get("fields") or texts)]
    return chosen if rules else texts


def _sort_key(entity, part):
    key = part[1:] if part.startswith("-") else part
    if key != "id" and (key not in entity.fields or not entity.offers("sort", key)):
        raise Problem(400, f"cannot sort by `{key}`", "sort")
    return key, part.startswith("-")


def _whole(name, text, most):
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= most):
        raise Problem(400, f"`{name}` must be a whole number from 1 to {most}", name)
    return int(text)


def _filter(query, entity, name, text):
    """One filter parameter. The exact name of a field comes before `_from` and `_to` of another."""
    if name not in RESERVED and _known(entity, name):
        query.equal.setdefault(name, []).append(_value(entity, name, name, text) if text else None)
        return
    for suffix, op in (("_from", "ge"), ("_to", "le")):
        key = name[: -len(suffix)]
        if name.endswith(suffix) and _known(entity, key) and _kind(entity, key).ranged:
            query.ranges.append((key, op, _value(entity, key, name, text)))
            return
    raise Problem(400, f"`{name}` is not a parameter of this list", name)


def _known(entity, key):
    return key == "id" or (key in entity.fields and entity.offers("filter", key))


def _kind(entity, key):
    return Integer() if key == "id" else entity.fields[key].kind


def _value(entity, key, name, text):
    try:
        return _kind(entity, key).parse(text)
    except Invalid as expected:
        raise Problem(400, f"`{name}` {expected}", name) from None
