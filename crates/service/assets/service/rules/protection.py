"""Records that cannot be changed or deleted any more."""

from ..conditions import holds
from ..problems import broken
from .roles import needed_fields


def immutable(rule, change):
    if change.before is None:
        return
    frozen = rule.get("fields", ())
    if change.action == "delete":
        if not frozen and _holds_before(rule, change):
            yield broken(409, rule)
        return
    # A change of state stays possible, together with what it requires.
    free = {change.state_field} | needed_fields(change) if change.transition else set()
    for key in change.touched():
        if key not in free and (not frozen or key in frozen) and _holds_before(rule, change):
            yield broken(409, rule, key)
            return


def no_delete(rule, change):
    if _holds_before(rule, change):
        yield broken(409, rule)


def _holds_before(rule, change):
    return holds(rule.get("when", ()), change.before, change.view)
