"""Counts and sums of records by group."""

from .expressions import measure
from .problems import Problem
from .values import Decimals, Money, Reference


def group(entity, schema, by):
    """The way to the value to group by: (field,) or (reference field, field there)."""
    for way in _ways(entity, schema, by):
        if entity.offers("totals", ".".join(way)):
            return way
    raise Problem(400, f"cannot group by `{by}`", "by")


def _ways(entity, schema, by):
    """A field; `reference.field`; a field that exactly one referenced entity has. References with or without `_id`."""
    first, dot, second = by.partition(".")
    if dot:
        key = _field(entity, first)
        if key is None or not isinstance(entity.fields[key].kind, Reference):
            return []
        there = _field(schema.entities[entity.fields[key].kind.entity], second)
        return [] if there is None else [(key, there)]
    key = _field(entity, by)
    if key is not None:
        return [(key,)]
    targets = {
        key: schema.entities[field.kind.entity] for key, field in entity.fields.items() if isinstance(field.kind, Reference)
    }
    found = [(key, by) for key, target in targets.items() if by in target.fields]
    if not found:
        found = [(key, _field(target, by)) for key, target in targets.items() if _field(target, by) is not None]
    return found if len(found) == 1 else []


def _field(entity, name):
    """The field of this name; `tool` is what people call the reference `tool_id`."""
    if name in entity.fields:
        return name
    key = name + "_id"
    return key if key in entity.fields and isinstance(entity.fields[key].kind, Reference) else None


def items(entity, way, records, view):
    """One item a group, by value, records without one last: value, count, sums, and what `totals` rules ask for."""
    groups = {}
    for record in records:
        groups.setdefault(_value(record, way, view), []).append(record)
    kind = entity.fields[way[0]].kind if len(way) == 1 else view.kind(view.target(entity, way[0]), way[1])
    given = sorted((value for value in groups if value is not None), key=kind.order)
    return [_item(entity, kind, way, value, groups[value], view) for value in given + ([None] if None in groups else [])]


def _value(record, way, view):
    subject = record if len(way) == 1 else view.referenced(record, way[0])
    return None if subject is None else view.value(subject, way[-1])


def _item(entity, kind, way, value, records, view):
    item = {"value": None if value is None else kind.show(value), "count": len(records)}
    for key, field in entity.fields.items():
        if field.kind.numeric:
            # The two names that are taken already.
            name = "sum_" + key if key in item else key
            item[name] = _shown(field, measure({"measure": "sum", "field": key}, records, view))
    for rule in view.schema.rules(entity, "totals"):
        if tuple(rule["by"]) == way:
            for wanted in rule["measures"]:
                if wanted["measure"] not in ("count", "sum") and wanted["field"] in entity.fields:
                    key = wanted["field"]
                    name = "{}_{}".format(wanted["measure"], key)
                    item[name] = _shown(entity.fields[key], measure(wanted, records, view))
    return item


def _shown(field, value):
    if value is None:
        return None
    if not field.kind.numeric or isinstance(field.kind, Money):
        return field.kind.show(value)
    # An average of whole numbers need not be whole.
    number = Decimals().fit(value)
    return float(value) if number is None else Decimals().show(number)
