"""The records as one request sees them: at one moment, with computed fields and ways to referenced records."""

from .expressions import evaluate


class View:
    """`changed` is a record that is about to be stored: whoever refers to it finds it as it would be, and it does not
    count as anybody's child.

    Rules judge a record against the others as they are without it; so a change is compared with what the others
    leave room for, not with what the old version of the same record had taken.
    """

    def __init__(self, schema, store, now, changed=None):
        self.schema = schema
        self.store = store
        self.now = now
        self.today = now.date()
        self._changed = None if changed is None else (changed.entity.key, changed.id)
        self._seen = {} if changed is None or changed.id is None else {self._changed: changed}
        self._under_way = set()

    def value(self, record, key):
        """The value of a field (or `id`); None where it has none."""
        if key == "id":
            return record.id
        field = record.entity.fields.get(key)
        if field is None:
            return None
        if field.expr is None:
            return record.values.get(key)
        if key not in record.computed:
            # A field computed from itself has no value; without this it would never end.
            mark = (record.entity.key, record.id, key)
            if mark in self._under_way:
                return None
            self._under_way.add(mark)
            try:
                found = evaluate(field.expr, record, self)
            finally:
                self._under_way.discard(mark)
            record.computed[key] = None if found is None else field.kind.fit(found)
        return record.computed[key]

    def kind(self, entity, key):
        """The type of a field, or None for `id` and unknown fields."""
        field = entity.fields.get(key)
        return field.kind if field else None

    def target(self, entity, field):
        """The entity that a reference field refers to."""
        return self.schema.entities[entity.fields[field].kind.entity]

    def referenced(self, record, via):
        """The record that a reference field refers to, or several of them one after the other (`a.b`); or None."""
        for field in via.split("."):
            record = self._referenced(record, field)
            if record is None:
                return None
        return record

    def _referenced(self, record, field):
        id = self.value(record, field) if field in record.entity.fields else None
        if id is None:
            return None
        entity = self.target(record.entity, field)
        key = (entity.key, id)
        if key not in self._seen:
            self._seen[key] = self.store.get(entity, id)
        return self._seen[key]

    def children(self, record, child, via):
        """The records of entity `child` whose field `via` refers to this record."""
        entity = self.schema.entities[child]
        if record.id is None or via not in entity.fields:
            return []
        found = self.store.find(entity, {via: record.id})
        return [other for other in found if (other.entity.key, other.id) != self._changed]

    def same(self, record, values, ignore_case=False):
        """The other records of the same entity that have these values."""
        fields = record.entity.fields
        kept = {key: value for key, value in values.items() if fields[key].expr is None}
        computed = {key: value for key, value in values.items() if key not in kept}
        for other in self.store.find(record.entity, kept, ignore_case):
            if other.id != record.id and all(self.value(other, key) == value for key, value in computed.items()):
                yield other
