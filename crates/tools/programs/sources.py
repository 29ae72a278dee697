"""The Python files of the deliverable that a program is about."""

import os

ROOT = os.getcwd()


def paths(below, ending=".py"):
    """Paths below a folder (or one file), sorted; what begins with a dot is not the deliverable's."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), ROOT)
            if path.endswith(ending) and (not below or path == below or path.startswith(below.rstrip("/") + "/")):
                found.append(path)
    return found


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace", newline="") as file:
        return file.read()
