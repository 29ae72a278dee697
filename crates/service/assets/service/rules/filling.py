"""Values that the service fills in where the request gives none."""

from ..conditions import operand
from ..values import Date, DateTime


def default(rule, change):
    key = rule["field"]
    if change.before is None and change.given.get(key) is None:
        _set(change, key, _constant(rule["value"], change, key))


def stamp(rule, change):
    key = rule["field"]
    due = change.before is None if rule.get("to") is None else change.makes(rule)
    if due and change.given.get(key) is None:
        kind = change.entity.fields[key].kind
        _set(change, key, operand(rule["value"], change.after, change.view, kind))


def _constant(raw, change, key):
    kind = change.entity.fields[key].kind
    if isinstance(kind, (Date, DateTime)) and raw in ("today", "now"):
        return change.view.today if raw == "today" else change.view.now
    return kind.constant(raw)


def _set(change, key, value):
    kind = change.entity.fields[key].kind
    change.after.values[key] = None if value is None else kind.fit(value)
