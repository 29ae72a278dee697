"""Limits of a count or sum over the children of a record.

Checked when a child is created or changed (also when it moves to another parent), and when the parent is changed.
"""

from ..conditions import KIND_OF_COUNT, compare, holds, operand
from ..expressions import measure
from ..problems import broken


def capacity(rule, change):
    view = change.view
    if change.entity.key == rule["child"] and holds(rule.get("when", ()), change.after, view):
        parent = view.referenced(change.after, rule["via"])
        if parent is not None and not _within(rule, parent, [change.after], view):
            yield broken(409, rule, rule["via"])
            return
    if change.entity.key == rule["parent"] and change.before is not None:
        if not _within(rule, change.after, [], view):
            yield broken(409, rule, rule["limit"].get("field"))


def _within(rule, parent, more, view):
    """Whether the children of the parent, and `more`, stay within the limit; no limit is never exceeded."""
    children = [
        child for child in view.children(parent, rule["child"], rule["via"]) if holds(rule.get("when", ()), child, view)
    ]
    kind = KIND_OF_COUNT
    if rule["measure"]["measure"] != "count":
        kind = view.kind(view.schema.entities[rule["child"]], rule["measure"]["field"])
    limit = operand(rule["limit"], parent, view, kind)
    measured = measure(rule["measure"], children + more, view)
    return limit is None or measured is None or compare(measured, rule["op"], limit)
