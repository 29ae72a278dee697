"""What can be done with records, and in which order a request is decided.

Creating, changing, deleting: (1) is there such a record (404), (2) does the workflow know the change of state (409),
(3) is the stored record, or one that would be deleted with it, frozen or needed (409), (4) roles (403), (5) can every
value be read (422), (6) defaults and stamps, (7) rules about values (422), (8) rules against other records, and those
of records that refer to this one (409). For reading only (1) and (4) apply.
"""

from datetime import datetime, timezone

from . import queries, rules, together, totals
from .change import Change
from .problems import Problem, refuse
from .rules import referrers
from .store import Record
from .values import Invalid, Reference
from .view import View


class Operations:
    def __init__(self, schema, store):
        self.schema = schema
        self.store = store

    def list(self, entity, pairs, role, paged=True):
        """A page of records: (items, page, per_page, total). All of them on one page where not `paged`."""
        with self.store.reading():
            view = self._view()
            self._check_roles("list", entity, None, role, view)
            query = queries.read(entity, self.schema, pairs)
            found = query.ordered(query.matching(view), view)
            page, per_page = query.page, query.per_page
            chosen = found[(page - 1) * per_page : page * per_page] if paged else found
            return [show(record, view) for record in chosen], page, per_page, len(found)

    def totals(self, entity, pairs, role):
        with self.store.reading():
            view = self._view()
            self._check_roles("list", entity, None, role, view)
            by = [value for key, value in pairs if key == "by"]
            if len(by) != 1:
                raise Problem(400, "`by` must name one field to group by", "by")
            group = totals.group(entity, self.schema, by[0])
            query = queries.read(entity, self.schema, [pair for pair in pairs if pair[0] != "by"], listing=False)
            return {"by": by[0], "items": totals.items(entity, group, query.matching(view), view)}

    def read(self, entity, id, role):
        with self.store.reading():
            view = self._view()
            record = self._existing(entity, id)
            self._check_roles("read", entity, record, role, view)
            return show(record, view)

    def create(self, entity, body, role):
        with self.store.changing():
            after = Record(entity, None, {field.key: None for field in entity.kept()})
            change = self._checked("create", entity, None, after, body, role)
            self._write([change], lambda: self.store.insert(after))
            return after.id, show(self.store.get(entity, after.id), self._view())

    def update(self, entity, id, body, role):
        with self.store.changing():
            before = self._existing(entity, id)
            after = Record(entity, id, dict(before.values))
            change = self._checked("update", entity, before, after, body, role)
            self._write([change], lambda: self.store.update(after))
            return show(self.store.get(entity, id), self._view())

    def delete(self, entity, id, role):
        with self.store.changing():
            gone = together.deleted_with(self._existing(entity, id), self.schema, self.store)
            view = self._view()
            changes = [Change("delete", record.entity, record, None, {}, {}, role, view) for record in gone]
            for stage in (rules.FROZEN, rules.KEPT):
                refuse(problem for change in changes for problem in _kept(stage, change, gone[0]))
            for record, other, field in together.in_use(gone, self.schema, self.store):
                what = f"this {entity.name}" if record is gone[0] else _going_along(record)
                raise Problem(409, f"{what} is referred to by the {field.name} of a {other.name}")
            # Who may delete the record may do so with all that go with it.
            refuse(rules.problems(rules.ROLES, changes[0]))
            self._write(changes, lambda: [self.store.delete(record) for record in gone])

    def _write(self, changes, write):
        """Writes what was checked, unless another record that looks at it would no longer fit then."""
        before = self._view()
        onlookers = [referrers.Onlookers(change, before) for change in changes]
        write()
        after = self._view()
        found = [problem for one in onlookers for problem in one.problems(after)]
        # Several records that go may be looked at by the same one.
        refuse({(problem.rule["id"], problem.field, problem.detail): problem for problem in found}.values())

    def _checked(self, action, entity, before, after, body, role):
        """Brings `after` to what would be stored and gives the change, or raises the problem that stands against it."""
        given, invalid = self._read_body(entity, body)
        view = self._view(changed=after)
        change = Change(action, entity, before, after, given, invalid, role, view)
        for stage in (rules.STATE, rules.FROZEN, rules.ROLES):
            refuse(rules.problems(stage, change))
        refuse(invalid.values())
        after.values.update(given)
        if before is None and entity.workflow and after.values[entity.workflow["field"]] is None:
            after.values[entity.workflow["field"]] = entity.workflow["initial"]
        rules.fill(rules.DEFAULTS, change)
        rules.fill(rules.STAMPS, change)
        # What was worked out before the new values counts no longer.
        after.computed.clear()
        change.view = self._view(changed=after)
        for stage in (rules.VALID, rules.CONFLICTS):
            refuse(rules.problems(stage, change))
        return change

    def _read_body(self, entity, body):
        """The values that the request gives, and a problem for every field whose value is none of its type."""
        given, invalid = {}, {}
        for key, raw in body.items():
            field = entity.fields.get(key)
            if key == "id" or (field is not None and (field.read_only or field.expr is not None)):
                invalid[key] = Problem(422, f"`{key}` is set by the service", key)
            elif field is None:
                invalid[key] = Problem(422, f"a {entity.name} has no field `{key}`", key)
            elif raw is None:
                if entity.workflow and key == entity.workflow["field"]:
                    invalid[key] = Problem(422, f"{field.name} cannot be empty", key)
                else:
                    given[key] = None
            else:
                try:
                    given[key] = self._read_value(field, raw)
                except Invalid as expected:
                    invalid[key] = Problem(422, f"{field.name} {expected}", key)
        return given, invalid

    def _read_value(self, field, raw):
        value = field.kind.read(raw)
        if isinstance(field.kind, Reference):
            target = self.schema.entities[field.kind.entity]
            if self.store.get(target, value) is None:
                raise Invalid(f"must be the id of a {target.name}; there is no {value}")
        return value

    def _check_roles(self, action, entity, record, role, view):
        refuse(rules.problems(rules.ROLES, Change(action, entity, record, record, {}, {}, role, view)))

    def _existing(self, entity, id):
        record = self.store.get(entity, id)
        if record is None:
            raise Problem(404, f"there is no {entity.name} {id}")
        return record

    def _view(self, changed=None):
        return View(self.schema, self.store, datetime.now(timezone.utc).replace(microsecond=0), changed)


def _kept(stage, change, asked):
    """What keeps a record from being deleted; of one that goes with the record asked for, which one it is."""
    for problem in rules.problems(stage, change):
        if change.before is not asked:
            problem.detail += f": {_going_along(change.before)} cannot be deleted"
        yield problem


def _going_along(record):
    return f"{record.entity.name} {record.id}, which would be deleted with it,"


def show(record, view):
    """A record as JSON."""
    shown = {"id": record.id}
    for key, field in record.entity.fields.items():
        value = view.value(record, key)
        shown[key] = None if value is None else field.kind.show(value)
    return shown
