"""How computed fields come about, and what can be added up over records."""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from . import conditions
from .values import day_of, is_number


OPERANDS = {"plus_days": ("date", "days"), "plus_months": ("date", "months")}


def evaluate(expr, record, view):
    """The value of an expression for a record; None where an operand has no value."""
    kind = expr["expr"]
    if kind == "number":
        return Decimal(expr["value"])
    if kind == "field":
        return view.value(record, expr["field"])
    if kind == "referenced":
        other = view.referenced(record, expr["via"])
        return None if other is None else view.value(other, expr["field"])
    if kind == "today":
        return view.today
    if kind == "children":
        return measure_children(expr, record, view)
    if kind == "holds":
        return conditions.holds(expr.get("when", ()), record, view)
    if kind == "elapsed":
        return _elapsed(evaluate(expr["from"], record, view), evaluate(expr["to"], record, view), expr["unit"])
    left, right = OPERANDS.get(kind, ("left", "right"))
    return _arithmetic(kind, evaluate(expr[left], record, view), evaluate(expr[right], record, view))


def _arithmetic(kind, left, right):
    if left is None or right is None:
        return None
    if isinstance(left, date):
        if kind == "sub" and isinstance(right, date):
            return _days_between(right, left)
        if kind in ("add", "sub", "plus_days") and is_number(right):
            return plus(left, -right if kind == "sub" else right)
        if kind == "plus_months" and is_number(right) and right == int(right):
            return months_later(left, int(right))
        return None
    if not is_number(left) or not is_number(right):
        return None
    left, right = Decimal(left), Decimal(right)
    try:
        if kind == "add":
            return left + right
        if kind == "sub":
            return left - right
        if kind == "mul":
            return left * right
        if kind == "div":
            return None if right == 0 else left / right
    except InvalidOperation:
        pass
    return None


def _days_between(start, end):
    """Whole days; between two instants a day counts once 24 hours have passed."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        seconds = int((end - start).total_seconds())
        return Decimal(abs(seconds) // 86_400 * (1 if seconds >= 0 else -1))
    return Decimal((day_of(end) - day_of(start)).days)


def _elapsed(start, end, unit):
    """The time between two instants in hours or minutes."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    return Decimal(int((end - start).total_seconds())) / (3600 if unit == "hours" else 60)


def plus(value, amount):
    """A number plus a number, or a date or instant plus whole days; None where the calendar ends."""
    if value is None or not amount:
        return value
    if not isinstance(value, date):
        return value + amount
    try:
        return value + timedelta(days=int(amount))
    except OverflowError:
        return None


def offset(value, months, amount):
    """A value plus calendar months, then plus days (or the amount, for a number)."""
    return plus(months_later(value, months), amount)


def months_later(value, months):
    """A date or instant plus calendar months: the same day of the other month, or its last day where that month is
    shorter. Other values know no months. None where the calendar ends.
    """
    if not months or not isinstance(value, date):
        return value
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return None
    return value.replace(year=year, month=month + 1, day=min(value.day, monthrange(year, month + 1)[1]))


def later(value, minutes):
    """An instant plus minutes; other values know no minutes. None where the calendar ends."""
    if not minutes or not isinstance(value, datetime):
        return value
    try:
        return value + timedelta(minutes=minutes)
    except OverflowError:
        return None


def measure_children(spec, record, view):
    """Adds up what `measure` says over the children for which `when` holds."""
    children = view.children(record, spec["child"], spec["via"])
    counted = [child for child in children if conditions.holds(spec.get("when", ()), child, view)]
    return measure(spec["measure"], counted, view)


def measure(spec, records, view):
    """The count, sum, average, min or max; records without a value are skipped.

    Counts and sums of nothing are 0; averages, minima and maxima of nothing have no value.
    """
    kind = spec["measure"]
    if kind == "count":
        return len(records)
    values = [view.value(record, spec["field"]) for record in records]
    values = [value for value in values if value is not None]
    if kind == "sum":
        return sum((Decimal(value) for value in values), Decimal(0))
    if not values:
        return None
    if kind == "average":
        return sum(Decimal(value) for value in values) / len(values)
    return min(values) if kind == "min" else max(values)
