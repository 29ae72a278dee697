"""Records in SQLite: one table an entity, one column a field that is kept."""

import sqlite3
import threading
from contextlib import contextmanager


class Record:
    """One record: its id (None while it is not yet stored) and the values of its kept fields."""

    __slots__ = ("entity", "id", "values", "computed")

    def __init__(self, entity, id, values):
        self.entity = entity
        self.id = id
        self.values = values
        # Computed values that this request has worked out already.
        self.computed = {}


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def table(entity):
    # The prefix keeps clear of the names that SQLite has reserved for itself.
    return quoted("records_" + entity.key)


class Store:
    """The database. One connection, and one request at a time uses it: what a request reads and writes is one step."""

    def __init__(self, folder, schema):
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(
            str(folder / "service.db"), isolation_level=None, check_same_thread=False, timeout=10
        )
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.create_function("casefold", 1, lambda text: None if text is None else str(text).casefold())
        with self.changing():
            for entity in schema.entities.values():
                self._prepare(entity, schema)

    def _prepare(self, entity, schema):
        """Creates the table, or adds the columns of fields that an older version did not have."""
        name = table(entity)
        self._db.execute(f"CREATE TABLE IF NOT EXISTS {name} (id INTEGER PRIMARY KEY AUTOINCREMENT)")
        present = {row[1] for row in self._db.execute(f"PRAGMA table_info({name})")}
        for field in entity.kept():
            if field.key not in present:
                self._db.execute(f"ALTER TABLE {name} ADD COLUMN {quoted(field.key)} {field.kind.sql}")
        unique = {rule["fields"][0] for rule in schema.rules(entity, "unique")}
        for field in entity.kept():
            if hasattr(field.kind, "entity") or field.key in unique:
                index = quoted(f"by_{entity.key}.{field.key}")
                self._db.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {name} ({quoted(field.key)})")

    @contextmanager
    def _step(self, begin):
        with self._lock:
            self._db.execute(begin)
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def reading(self):
        """Everything read inside is of one moment."""
        return self._step("BEGIN")

    def changing(self):
        """Nobody else writes between the first check and the last write inside."""
        return self._step("BEGIN IMMEDIATE")

    def close(self):
        """Waits for the request that is under way. The lock is kept: no other request gets its turn any more."""
        self._lock.acquire()
        self._db.close()

    def get(self, entity, id):
        found = self.find(entity, {"id": id})
        return found[0] if found else None

    def find(self, entity, equal=None, ignore_case=False):
        """All records in which these kept fields (or `id`) have these values, by id; None means no value."""
        kept = entity.kept()
        kinds = {field.key: field.kind for field in kept}
        columns = ", ".join(["id"] + [quoted(field.key) for field in kept])
        sql = f"SELECT {columns} FROM {table(entity)}"
        tests, arguments = [], []
        for key, value in (equal or {}).items():
            if ignore_case and isinstance(value, str):
                tests.append(f"casefold({quoted(key)}) = ?")
                arguments.append(value.casefold())
            else:
                tests.append(f"{quoted(key)} IS ?")
                arguments.append(value if key == "id" or value is None else kinds[key].save(value))
        if tests:
            sql += " WHERE " + " AND ".join(tests)
        found = []
        for row in self._db.execute(sql + " ORDER BY id", arguments):
            values = {
                field.key: None if kept_value is None else field.kind.load(kept_value)
                for field, kept_value in zip(kept, row[1:])
            }
            found.append(Record(entity, row[0], values))
        return found

    def insert(self, record):
        names, values = self._columns(record)
        if not names:
            cursor = self._db.execute(f"INSERT INTO {table(record.entity)} DEFAULT VALUES")
        else:
            marks = ", ".join("?" * len(names))
            sql = "INSERT INTO {} ({}) VALUES ({})".format(table(record.entity), ", ".join(names), marks)
            cursor = self._db.execute(sql, values)
        record.id = cursor.lastrowid

    def update(self, record):
        names, values = self._columns(record)
        if names:
            sets = ", ".join(f"{name} = ?" for name in names)
            self._db.execute(f"UPDATE {table(record.entity)} SET {sets} WHERE id = ?", values + [record.id])

    def delete(self, record):
        self._db.execute(f"DELETE FROM {table(record.entity)} WHERE id = ?", [record.id])

    @staticmethod
    def _columns(record):
        names, values = [], []
        for field in record.entity.kept():
            value = record.values.get(field.key)
            names.append(quoted(field.key))
            values.append(None if value is None else field.kind.save(value))
        return names, values
