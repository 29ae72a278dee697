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
    if change.reaches(rule):
        for key in rule.get("fields", ()):
            if key in change.entity.fields and is_empty(change.value(key)):
                yield broken(422, rule, key, f"{change.entity.fields[key].name} is needed")
