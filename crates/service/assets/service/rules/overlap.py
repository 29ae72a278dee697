"""No two records that share time, or a part of a measure: their own, or that of the records that they refer to."""

from datetime import datetime
from decimal import Decimal

from ..conditions import holds
from ..problems import broken
from ..values import is_empty


def no_overlap(rule, change):
    same = {key: change.value(key) for key in rule["by"]}
    when = rule.get("when", ())
    if any(is_empty(value) for value in same.values()):
        return
    start, end = _span(rule, change.after, change.view)
    if start is None or not change.holds(when):
        return
    for other in change.view.same(change.after, same):
        if _overlap((start, end), _span(rule, other, change.view)) and holds(when, other, change.view):
            yield broken(409, rule, rule.get("via") or rule["start"])
            return


def _span(rule, record, view):
    """When it starts and when it ends; without a start it takes no time."""
    if rule.get("via"):
        record = view.referenced(record, rule["via"])
    return (None, None) if record is None else (view.value(record, rule["start"]), view.value(record, rule["end"]))


def _overlap(one, other):
    starts = [one[0], other[0]]
    if None in starts:
        return False
    start, ends = max(starts), [end for end in (one[1], other[1]) if end is not None]
    if not ends:
        return True
    end = min(ends)
    # Instants and measures touch without overlapping; a day that both have is shared.
    return start < end if isinstance(start, (datetime, Decimal)) else start <= end
