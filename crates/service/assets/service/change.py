"""What a request is about to do to one record."""

from .conditions import holds


class Change:
    """`before` is the stored record (None at creation), `after` the record as it would be stored (None at deletion).

    `given` holds the values of the request by field; `invalid` the fields whose values could not be read.
    """

    def __init__(self, action, entity, before, after, given, invalid, role, view):
        self.action = action
        self.entity = entity
        self.before = before
        self.after = after
        self.given = given
        self.invalid = invalid
        self.role = role
        self.view = view

    @property
    def state_field(self):
        return self.entity.workflow["field"] if self.entity.workflow else None

    @property
    def states(self):
        """(from, to) of the change of state that is asked for, or None; at creation `from` is None."""
        key = self.state_field
        if key is None or self.given.get(key) is None:
            return None
        old = self.before.values.get(key) if self.before else None
        new = self.given[key]
        return None if self.before and old == new else (old, new)

    @property
    def transition(self):
        """(from, to) where a stored record changes its state, or None."""
        return self.states if self.before else None

    def makes(self, rule):
        """Whether this changes the state as the rule's `from` (any where absent) and `to` say."""
        found = self.transition
        return found is not None and found[1] == rule["to"] and rule.get("from") in (None, found[0])

    def reaches(self, rule):
        """The same, where a record that is entered in a later state has come there from the first.

        Where the changes are ruled, no record starts in a later state anyway.
        """
        if self.before is not None or self.states is None or self.view.schema.rules(self.entity, "transitions"):
            return self.makes(rule)
        first, state = self.entity.workflow["initial"], self.states[1]
        return state != first and state == rule["to"] and rule.get("from") in (None, first)

    def behind(self, rule):
        """The states that no record reaches without the change that a rule speaks of.

        Where that change can be made again the rule asks again, so that only the state itself is one of them.
        """
        workflow = self.entity.workflow
        ways = {(way["from"], way["to"]) for way in workflow["transitions"]}
        if not self.view.schema.rules(self.entity, "transitions"):
            states = self.entity.fields[workflow["field"]].kind.values
            ways = {(one, other) for one in states for other in states}
        asked = {way for way in ways if way[1] == rule["to"] and rule.get("from") in (None, way[0])}
        around = _reached(workflow["initial"], ways - asked)
        found = _reached(rule["to"], ways) - around
        origins = {way[0] for way in asked}
        return {state for state in found if state == rule["to"] or not _reached(state, ways) & origins}

    def touched(self):
        """The fields that the request sets or changes; a value that could not be read counts as changed."""
        old = self.before.values if self.before else {}
        return [key for key in self.given if old.get(key) != self.given[key]] + list(self.invalid)

    def value(self, key):
        """The value of a field in the record as it would be stored."""
        return self.view.value(self.after, key)

    def holds(self, tests):
        """Whether a condition holds of the record as it would be stored."""
        return holds(tests, self.after, self.view)


def _reached(start, ways):
    """A state and all that these changes lead to from there."""
    found, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        new = {to for of, to in ways if of == here} - found
        found |= new
        ahead.extend(new)
    return found
