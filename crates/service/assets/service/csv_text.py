"""Records as CSV (RFC 4180): a header line, then one line a record; values are never altered."""

import csv
import io


def csv_text(entity, items):
    out = io.StringIO()
    writer = csv.writer(out)
    columns = ["id"] + list(entity.fields)
    writer.writerow(columns)
    for item in items:
        writer.writerow([_cell(item[column]) for column in columns])
    return out.getvalue()


def _cell(value):
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value
