"""Which records are deleted together."""


def deleted_with(record, schema, store):
    """The record and all that go with it, each once: those that refer to one of them by a field that a rule names."""
    found = [record]
    known = {(record.entity.key, record.id)}
    # The list grows while it is gone through: what goes with the record may take others with it.
    for one in found:
        for entity, field in schema.referrers(one.entity):
            if schema.cascades(entity, field):
                for child in store.find(entity, {field.key: one.id}):
                    if (entity.key, child.id) not in known:
                        known.add((entity.key, child.id))
                        found.append(child)
    return found


def in_use(records, schema, store):
    """For each reference from a record that stays to one of these: (record, entity that refers to it, its field)."""
    known = {(record.entity.key, record.id) for record in records}
    for record in records:
        for entity, field in schema.referrers(record.entity):
            if any((entity.key, other.id) not in known for other in store.find(entity, {field.key: record.id})):
                yield record, entity, field
