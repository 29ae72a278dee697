"""The model as the engine uses it: entities with their fields, and the rules that are in force."""

from . import reach
from .values import KINDS


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
            if self._fields_exist(rule):
                for looking in reach.of(rule, self.entities):
                    self._looking.setdefault(looking.target, []).append(looking)
        self._cascading = {
            (rule["entity"], rule["field"])
            for rule in model.RULES
            if rule["kind"] == "cascade" and self._fields_exist(rule)
        }
        self._order = {rule["id"]: position for position, rule in enumerate(model.RULES)}

    def _fields_exist(self, rule):
        """A rule about a field that is not recorded (any more) has nothing to say."""
        return "field" not in rule or rule["field"] in self.entities[rule["entity"]].fields

    def rules(self, entity, *kinds):
        """The rules of these kinds about an entity, in the model's order."""
        found = [rule for kind in kinds for rule in self._rules.get((entity.key, kind), ())]
        return sorted(found, key=lambda rule: self._order[rule["id"]])

    def looking_at(self, entity):
        """What rules about other records look at of records of this entity."""
        return self._looking.get(entity.key, ())

    def cascades(self, entity, field):
        """Whether records are deleted together with the one that this field of theirs refers to."""
        return (entity.key, field.key) in self._cascading

    def referrers(self, entity):
        """(entity, field) of every kept reference to this entity."""
        for other in self.entities.values():
            for field in other.kept():
                if getattr(field.kind, "entity", None) == entity.key:
                    yield other, field
