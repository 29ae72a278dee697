"""A field compared with a constant, another field, a referenced record's field or the clock."""

from .. import conditions
from ..problems import broken


def compare(rule, change):
    key = rule["field"]
    if rule.get("on_create") and change.before is not None:
        return
    if not change.holds(rule.get("when", ())):
        return
    left = change.value(key)
    right = conditions.operand(rule["to"], change.after, change.view, change.entity.fields[key].kind)
    if left is not None and right is not None and not conditions.compare(left, rule["op"], right):
        yield broken(422, rule, key)
