"""Bounds of numbers, money, dates and instants. A bound that is a date stands for the whole day of an instant."""

from ..conditions import compare
from ..problems import broken


def places(rule, change):
    value = change.value(rule["field"])
    if value is not None and round(value, rule["places"]) != value:
        yield broken(422, rule, rule["field"])


def range(rule, change):
    key = rule["field"]
    value = change.value(key)
    if value is None:
        return
    kind = change.entity.fields[key].kind
    lowest, highest = kind.constant(rule.get("min")), kind.constant(rule.get("max"))
    too_low = lowest is not None and compare(value, "le" if rule.get("above_min") else "lt", lowest)
    too_high = highest is not None and compare(value, "ge" if rule.get("below_max") else "gt", highest)
    if too_low or too_high:
        yield broken(422, rule, key)
