"""The model as the engine uses it: entities with their fields, and the rules that are in force."""

from .values import KINDS, Reference

# Rules that hold of stored records at any time, and can look at records that these refer to.
LOOKING = ("compare", "range", "capacity")


def offer_of(rule):
    """The name of what a rule makes the service offer, or None; the `by_rule` lists of the model use these names."""
    kind = rule["kind"]
    if kind == "capability":
        return "capability " + rule["action"]
    if kind in ("has_field", "filter", "sort"):
        return kind + " " + rule["field"]
    if kind == "totals":
        return "totals " + ".".join(rule["by"])
    if kind in ("search", "csv"):
        return kind
    return None


class Field:
    def __init__(self, key, spec):
        self.key = key
        self.name = spec["name"]
        self.kind = KINDS[spec["type"]](spec)
        self.read_only = spec.get("read_only", False)
        # The expression of a computed field: such a field is worked out on reading and not kept.
        self.expr = None


class Entity:
    def __init__(self, key, spec, rules):
        self.key = key
        self.name = spec["name"]
        self.path = spec["path"]
        self.workflow = spec.get("workflow")
        own = [rule for rule in rules if rule.get("entity") == key]
        demanded = {offer_of(rule) for rule in own}
        # What stands in `by_rule` is offered only as long as a rule demands it; everything else always is.
        self._withheld = set(spec.get("by_rule", ())) - demanded
        self.fields = {
            name: Field(name, field) for name, field in spec["fields"].items() if self.offers("has_field", name)
        }
        if self.workflow and self.workflow["field"] not in self.fields:
            self.workflow = None
        for rule in own:
            if rule["kind"] == "computed" and rule["field"] in self.fields:
                self.fields[rule["field"]].expr = rule["expr"]

    def offers(self, *what):
        return " ".join(what) not in self._withheld

    def kept(self):
        """The fields that have a column."""
        return [field for field in self.fields.values() if field.expr is None]


def _ways(rule, entity):
    """(reference field, field there) of all that a rule looks at, also by way of computed fields."""
    found = []
    # What is added up over children is theirs.
    open_ = [{"field": rule["field"]}, rule["to"], *rule.get("when", ())] if rule["kind"] == "compare" else []
    if rule["kind"] == "range":
        open_ = [{"field": rule["field"]}]
    elif rule["kind"] == "capacity":
        open_ = [rule["limit"]]
    seen = set()
    while open_:
        part = open_.pop()
        key = part.get("field")
        if part.get("child"):
            part = {"to": part["to"]} if "to" in part else {}
        elif part.get("via"):
            found.append((part["via"], key))
        elif key in entity.fields and key not in seen:
            seen.add(key)
            open_ += [entity.fields[key].expr] if entity.fields[key].expr else []
        for inner in part.values():
            open_ += [one for one in (inner if isinstance(inner, list) else [inner]) if isinstance(one, dict)]
    return found


class Schema:
    def __init__(self, model):
        self.entities = {key: Entity(key, spec, model.RULES) for key, spec in model.ENTITIES.items()}
        self.by_path = {entity.path: entity for entity in self.entities.values()}
        self._rules = {}
        for rule in model.RULES:
            # A capacity rule binds two entities: the children and the parent with its limit.
            for key in {rule.get("entity"), rule.get("parent"), rule.get("child")} - {None}:
                if self._fields_exist(rule):
                    self._rules.setdefault((key, rule["kind"]), []).append(rule)
        self._looking = {}
        for rule in model.RULES:
            if rule["kind"] in LOOKING and not rule.get("on_create") and self._fields_exist(rule):
                self._look(rule, self.entities[rule["parent"] if rule["kind"] == "capacity" else rule["entity"]])
        self._order = {rule["id"]: position for position, rule in enumerate(model.RULES)}

    def _look(self, rule, owner):
        """Notes what a rule about records of `owner` looks at of records that they refer to."""
        ways = {}
        for via, key in _ways(rule, owner):
            if via in owner.fields and isinstance(owner.fields[via].kind, Reference):
                ways.setdefault(via, []).append(key)
        for via, keys in ways.items():
            self._looking.setdefault(owner.fields[via].kind.entity, []).append((rule, owner, via, keys))

    def _fields_exist(self, rule):
        """A rule about a field that is not recorded (any more) has nothing to say."""
        return "field" not in rule or rule["field"] in self.entities[rule["entity"]].fields

    def rules(self, entity, *kinds):
        """The rules of these kinds about an entity, in the model's order."""
        found = [rule for kind in kinds for rule in self._rules.get((entity.key, kind), ())]
        return sorted(found, key=lambda rule: self._order[rule["id"]])

    def looking_at(self, entity):
        """(rule, entity, reference field, fields) of every rule about records that refer to this entity, with what of it
        the rule looks at."""
        return self._looking.get(entity.key, ())

    def referrers(self, entity):
        """(entity, field) of every kept reference to this entity."""
        for other in self.entities.values():
            for field in other.kept():
                if getattr(field.kind, "entity", None) == entity.key:
                    yield other, field
