"""Conditions of rules: every test must hold; no tests at all always hold."""

from datetime import date, datetime

from . import expressions
from .values import day_of, is_empty

COMPARISONS = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
}


def compare(left, op, right):
    """Whether `left op right`; an instant and a date are compared by the day. False where either has no value."""
    if left is None or right is None:
        return False
    if isinstance(left, date) and isinstance(right, date) and isinstance(left, datetime) != isinstance(right, datetime):
        left, right = day_of(left), day_of(right)
    try:
        return COMPARISONS[op](left, right)
    except TypeError:
        return False


def operand(spec, record, view, kind):
    """The value of an operand; constants are read as values of type `kind`."""
    of = spec["of"]
    if of == "value":
        return spec["value"] if kind is None else kind.constant(spec["value"])
    if of == "today":
        return expressions.offset(view.today, spec.get("plus_months", 0), spec.get("plus_days", 0))
    if of == "this_year":
        return view.today.year + spec.get("plus_years", 0)
    if of == "now":
        return expressions.later(view.now, spec.get("plus_minutes", 0))
    if of == "referenced":
        record = view.referenced(record, spec["via"])
        if record is None:
            return None
    value = expressions.offset(view.value(record, spec["field"]), spec.get("plus_months", 0), spec.get("plus", 0))
    return expressions.later(value, spec.get("plus_minutes", 0))


def holds(tests, record, view):
    """Whether every test holds of the record."""
    return all(_test(test, record, view) for test in tests)


def _test(test, record, view):
    kind = test["test"]
    if kind == "children":
        measured = expressions.measure_children(test, record, view)
        return compare(measured, test["op"], operand(test["to"], record, view, _measured_kind(test, view)))
    subject = record
    if test.get("via"):
        subject = view.referenced(record, test["via"])
    # Without a referenced record its fields have no value.
    value = None if subject is None else view.value(subject, test["field"])
    if kind == "empty":
        return is_empty(value)
    if kind == "given":
        return not is_empty(value)
    type_ = None if subject is None else view.kind(subject.entity, test["field"])
    if kind == "compare":
        return compare(value, test["op"], operand(test["to"], record, view, type_))
    wanted = [constant if type_ is None else type_.constant(constant) for constant in test["values"]]
    return (value in wanted) == (kind == "in")


def _measured_kind(test, view):
    """The type of what is added up over children: that of the field, so that a constant is read alike."""
    measure = test["measure"]
    if measure["measure"] == "count":
        return KIND_OF_COUNT
    return view.kind(view.schema.entities[test["child"]], measure["field"])


class _Count:
    """Counts are compared with whole numbers, however the rule spells them."""

    @staticmethod
    def constant(raw):
        return int(raw) if isinstance(raw, str) else raw


KIND_OF_COUNT = _Count()
