"""No two records with the same values."""

from ..conditions import holds
from ..problems import broken
from ..values import is_empty


def unique(rule, change):
    keys = rule["fields"]
    values = {key: change.value(key) for key in keys}
    if any(is_empty(value) for value in values.values()):
        return
    when = rule.get("when", ())
    if not change.holds(when):
        return
    for other in change.view.same(change.after, values, rule.get("ignore_case", False)):
        if holds(when, other, change.view):
            yield broken(409, rule, keys[0])
            return
