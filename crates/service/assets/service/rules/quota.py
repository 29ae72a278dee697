"""No more than so many records that agree in some fields."""

from datetime import datetime

from ..conditions import holds
from ..problems import broken
from ..values import day_of, is_empty


def quota(rule, change):
    values = {key: change.value(key) for key in rule["by"]}
    when = rule.get("when", ())
    if any(is_empty(value) for value in values.values()) or not change.holds(when):
        return
    # Instants agree by their day.
    days = {key: day_of(value) for key, value in values.items() if isinstance(value, datetime)}
    same = {key: value for key, value in values.items() if key not in days}
    count = 1
    for other in change.view.same(change.after, same):
        found = {key: change.view.value(other, key) for key in days}
        if all(found[key] is not None and day_of(found[key]) == day for key, day in days.items()):
            count += holds(when, other, change.view)
    if count > rule["most"]:
        yield broken(409, rule, rule["by"][0])
