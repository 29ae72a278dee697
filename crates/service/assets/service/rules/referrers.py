"""Rules about records that look at a record they refer to: it cannot be changed so that one of them no longer fits.

What does not fit before the change stands in the way of none.
"""

from ..change import Change
from ..problems import broken
from . import bounds, capacity, comparison

# The rules that hold of stored records whatever is done, by kind; the others are those of one moment.
CHECKS = {"compare": comparison.compare, "range": bounds.range, "capacity": capacity.capacity}


def problems(change):
    """The problems of records that refer to the one that is changed."""
    view = change.view
    if change.before is None:
        return
    for rule, entity, via, keys in view.schema.looking_at(change.entity):
        for other in view.store.find(entity, {via: change.after.id}):
            own = other.entity is change.entity and other.id == change.after.id
            if not own and _breaks(rule, other, change, change.after) and not _breaks(rule, other, change, change.before):
                touched = [key for key in keys if key in change.touched()]
                more = f"{entity.name} {other.id} would no longer fit"
                yield broken(409, rule, touched[0] if touched else None, more)
                break


def _breaks(rule, other, change, version):
    """Whether a record that refers to the changed one breaks a rule with this version of it."""
    view = change.view.after(version)
    # What was worked out with the other version does not count.
    other.computed.clear()
    same = Change("update", other.entity, other, other, {}, {}, change.role, view)
    return any(True for _ in CHECKS[rule["kind"]](rule, same))
