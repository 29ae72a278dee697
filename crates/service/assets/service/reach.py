"""What else than its own record a rule looks at, by references there and back, however many steps away."""

from .values import Reference


class Reach:
    """What a rule about records of `owner` looks at of records of the entity `target`.

    `steps` lead from a record to the one that is looked at: (whether to children, key of the entity that the step starts
    at, reference field). `keys` are the fields that are looked at there.
    """

    def __init__(self, rule, owner, steps, target):
        self.rule = rule
        self.owner = owner
        self.steps = steps
        self.target = target
        self.keys = []

    def is_concerned(self, change):
        """Whether the change makes a difference to what is looked at."""
        if change.before is None or change.after is None:
            # Nothing refers to a record that is new or that may go: it can only count as a child.
            return self.steps[-1][0]
        return any(change.before.values.get(key) != change.after.values.get(key) for key in self.keys)

    def owners(self, record, view):
        """The records from which the steps lead to this one."""
        found = [record]
        for to_children, start, via in reversed(self.steps):
            if to_children:
                found = [parent for child in found if (parent := view.referenced(child, via)) is not None]
            else:
                found = [other for one in found if one.id for other in view.children(one, start, via)]
        return {other.id: other for other in found}.values()


def of(rule, entities):
    """What a rule that holds of stored records whatever is done looks at of others; rules of one moment look at none."""
    kind = rule["kind"]
    if kind == "compare" and not rule.get("on_create"):
        owner, parts = rule["entity"], [{"field": rule["field"]}, rule["to"], *rule.get("when", ())]
    elif kind == "range":
        owner, parts = rule["entity"], [{"field": rule["field"]}]
    elif kind == "capacity":
        owner, parts = rule["parent"], [rule["limit"], {key: rule[key] for key in ("child", "via", "measure")}]
        parts[-1]["when"] = rule.get("when", ())
    elif kind == "no_overlap" and rule.get("via"):
        owner = rule["entity"]
        parts = [{"via": rule["via"], "field": rule[key]} for key in ("start", "end")] + list(rule.get("when", ()))
    elif kind == "requires" and rule["at"]["moment"] == "save" and _compares(rule["condition"]):
        owner, parts = rule["entity"], rule["condition"]
    else:
        return []
    ways = _Ways(rule, entities[owner], entities)
    for part in parts:
        ways.part(ways.owner, part, ())
    if kind == "capacity":
        # The children that a limit is about are its own.
        ways.found.pop((((True, owner, rule["via"]),), rule["child"]), None)
    return list(ways.found.values())


def _compares(condition):
    """Whether it is about how fields of two referenced records compare: that is no matter of one moment."""
    return all(test["test"] == "compare" and test.get("via") and test["to"]["of"] == "referenced" for test in condition)


class _Ways:
    def __init__(self, rule, owner, entities):
        self.rule = rule
        self.owner = owner
        self.entities = entities
        self.found = {}
        # Computed fields that are being looked into: one that is worked out of itself has no value.
        self._open = []

    def part(self, entity, part, steps):
        """Looks into an operand, a test or an expression about records of `entity`."""
        if "child" in part:
            self._children(entity, part, steps)
            part = {"to": part["to"]} if "to" in part else {}
        elif part.get("via"):
            self._up(entity, part["via"], part["field"], steps)
        elif "field" in part:
            self._field(entity, part["field"], steps)
        for inner in part.values():
            for one in inner if isinstance(inner, (list, tuple)) else [inner]:
                if isinstance(one, dict):
                    self.part(entity, one, steps)

    def _note(self, entity, key, steps):
        if steps:
            reach = self.found.setdefault((steps, entity.key), Reach(self.rule, self.owner, steps, entity.key))
            if key not in reach.keys:
                reach.keys.append(key)

    def _field(self, entity, key, steps):
        if key not in entity.fields or (entity.key, key) in self._open:
            return
        self._note(entity, key, steps)
        if entity.fields[key].expr:
            self._open.append((entity.key, key))
            self.part(entity, entity.fields[key].expr, steps)
            self._open.pop()

    def _up(self, entity, via, key, steps):
        for field in via.split("."):
            if field not in entity.fields or not isinstance(entity.fields[field].kind, Reference):
                return
            self._note(entity, field, steps)
            steps = (*steps, (False, entity.key, field))
            entity = self.entities[entity.fields[field].kind.entity]
        self._field(entity, key, steps)

    def _children(self, entity, part, steps):
        child, via = self.entities[part["child"]], part["via"]
        if via in child.fields:
            steps = (*steps, (True, entity.key, via))
            self._note(child, via, steps)
            for test in part.get("when", ()):
                self.part(child, test, steps)
            if "field" in part["measure"]:
                self._field(child, part["measure"]["field"], steps)
