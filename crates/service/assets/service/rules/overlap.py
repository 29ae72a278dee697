"""No two records that share time, or a part of a measure."""

from datetime import datetime
from decimal import Decimal

from ..conditions import holds
from ..problems import broken
from ..values import is_empty


def no_overlap(rule, change):
    same = {key: change.value(key) for key in rule["by"]}
    when = rule.get("when", ())
    if change.value(rule["start"]) is None or any(is_empty(value) for value in same.values()):
        return
    if not change.holds(when):
        return
    for other in change.view.same(change.after, same):
        if _overlap(rule, change.after, other, change.view) and holds(when, other, change.view):
            yield broken(409, rule, rule["start"])
            return


def _overlap(rule, one, other, view):
    starts = [view.value(record, rule["start"]) for record in (one, other)]
    if None in starts:
        return False
    ends = [view.value(record, rule["end"]) for record in (one, other)]
    start, ends = max(starts), [end for end in ends if end is not None]
    if not ends:
        return True
    end = min(ends)
    # Instants and measures touch without overlapping; a day that both have is shared.
    return start < end if isinstance(start, (datetime, Decimal)) else start <= end
