"""The rules, one module a family. Each check is a function `(rule, change)` that yields the problems it finds.

A request is decided in these stages; the first stage that finds problems refuses it. Within a stage rules are
checked in the model's order.
"""

from . import bounds, capacity, comparison, filling, overlap, presence, protection, quota, requirement, roles, text
from . import unique, workflow

# 409: a change of state that the workflow does not know. Before the roles, so that nobody learns of a role in vain.
STATE = {"transitions": workflow.allowed}

# 409: the stored record is frozen or must be kept, whoever asks.
FROZEN = {"immutable": protection.immutable}
KEPT = {"no_delete": protection.no_delete}

# 403.
ROLES = {"action_role": roles.action, "action_barred": roles.barred, "transition_role": roles.transition}

# Not checks: they fill in what the request leaves out. All defaults come before all stamps.
DEFAULTS = {"default": filling.default}
STAMPS = {"stamp": filling.stamp}

# 422: values, of the record as it would be stored.
VALID = {
    "required": presence.required,
    "required_when": presence.required_when,
    "empty_when": presence.empty_when,
    "transition_requires": presence.transition_requires,
    "length": text.length,
    "pattern": text.pattern,
    "format": text.format,
    "range": bounds.range,
    "places": bounds.places,
    "compare": comparison.compare,
}

# 409: against other records.
CONFLICTS = {
    "requires": requirement.requires,
    "unique": unique.unique,
    "no_overlap": overlap.no_overlap,
    "quota": quota.quota,
    "capacity": capacity.capacity,
}


def problems(stage, change):
    """All problems that the rules of a stage find in a change."""
    for rule in change.view.schema.rules(change.entity, *stage):
        yield from stage[rule["kind"]](rule, change)


def fill(stage, change):
    """Lets the rules of a stage fill in values."""
    for rule in change.view.schema.rules(change.entity, *stage):
        stage[rule["kind"]](rule, change)
