"""Values that must be given, or must not."""

from ..problems import broken
from ..values import is_empty


def required(rule, change):
    if is_empty(change.value(rule["field"])):
        yield broken(422, rule, rule["field"])


def required_when(rule, change):
    if is_empty(change.value(rule["field"])) and change.holds(rule.get("when", ())):
        yield broken(422, rule, rule["field"])


def empty_when(rule, change):
    if not is_empty(change.value(rule["field"])) and change.holds(rule.get("when", ())):
        yield broken(422, rule, rule["field"])


def transition_requires(rule, change):
    made = change.reaches(rule)
    for key in rule.get("fields", ()):
        if key in change.entity.fields and is_empty(change.value(key)) and (made or _is_emptied(key, rule, change)):
            yield broken(422, rule, key, f"{change.entity.fields[key].name} is needed")


def _is_emptied(key, rule, change):
    """Whether a value is taken away that brought the record to its state."""
    if change.before is None or is_empty(change.before.values.get(key)):
        return False
    return change.after.values.get(change.state_field) in change.behind(rule)
