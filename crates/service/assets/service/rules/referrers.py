"""Rules about other records that look at the one that is changed: none of them may no longer fit because of it.

What does not fit before the change stands in the way of none.
"""

from ..change import Change
from ..problems import broken
from . import bounds, capacity, comparison, overlap, requirement

# The rules that hold of stored records whatever is done, by kind; the others are those of one moment.
CHECKS = {
    "compare": comparison.compare,
    "range": bounds.range,
    "capacity": capacity.capacity,
    "no_overlap": overlap.no_overlap,
    "requires": requirement.requires,
}


class Onlookers:
    """The records that look at the one that is about to be changed, and which of them fit their rules by now."""

    def __init__(self, change, before):
        """`before` is the view of the records as they are."""
        self._change = change
        self._fitting = []
        for reach in before.schema.looking_at(change.entity):
            if reach.is_concerned(change):
                ids = self._ids(reach, before)
                self._fitting.append((reach, [id for id in ids if not self._breaks(reach, id, before)]))

    def problems(self, after):
        """The problems of those that do not fit any more, once the change is stored; `after` is the view of that."""
        for reach, ids in self._fitting:
            misfit = next((id for id in ids if self._breaks(reach, id, after)), None)
            if misfit is not None:
                touched = [key for key in self._change.touched() if key in reach.keys]
                more = f"{reach.owner.name} {misfit} would no longer fit"
                yield broken(409, reach.rule, touched[0] if touched else None, more)

    def _ids(self, reach, view):
        """Ids of those that look at the record before or after the change."""
        versions = [version for version in (self._change.before, self._change.after) if version is not None]
        return list(dict.fromkeys(owner.id for version in versions for owner in reach.owners(version, view)))

    def _breaks(self, reach, id, view):
        record = view.store.get(reach.owner, id)
        if record is None:
            return False
        same = Change("update", reach.owner, record, record, {}, {}, self._change.role, view)
        return any(True for _ in CHECKS[reach.rule["kind"]](reach.rule, same))
