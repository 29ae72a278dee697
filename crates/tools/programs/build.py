"""Compiles every Python file and imports every module of a package, each kind of failure by its place."""

import ast
import json
import os
import subprocess
import sys
import warnings

import sources

# Imports in a process of its own: what a module does when it is imported is its author's.
IMPORTS = """
import importlib, json, sys, traceback
sys.path.insert(0, sys.argv[1])
failed = []
for module in json.loads(sys.argv[2]):
    try:
        importlib.import_module(module)
    except BaseException as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(sys.argv[1])]
        at = frames[-1] if frames else None
        failed.append([module, at.filename[len(sys.argv[1]) + 1:] if at else "", at.lineno if at else 0,
                       "%s: %s" % (type(error).__name__, error)])
print("\\n" + json.dumps(failed))
"""


def main(argument):
    below = argument["package"]
    problems, modules = [], []
    files = sources.paths(below)
    for path in files:
        text = sources.read(path)
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                compile(text, path, "exec", dont_inherit=True)
            except (SyntaxError, ValueError) as error:
                problems.append(problem(path, getattr(error, "lineno", 0) or 0, "does not compile: %s" % error))
                continue
        for warning in warned:
            problems.append(problem(path, warning.lineno, str(warning.message)))
        module = path[: -len(".py")].replace(os.sep, ".")
        module = module[: -len(".__init__")] if module.endswith(".__init__") else module
        # Importing `__main__` would start the program.
        if not module.endswith("__main__") and all(part.isidentifier() for part in module.split(".")):
            modules.append(module)
    if modules and not problems:
        problems += imports(modules)
    return {"files": len(files), "modules": len(modules), "problems": problems[:200]}


def problem(path, line, message):
    return {"path": path, "line": line, "message": message[:500]}


def imports(modules):
    try:
        ended = subprocess.run(
            [sys.executable, "-B", "-c", IMPORTS, sources.ROOT, json.dumps(modules)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
        )
        failed = json.loads(ended.stdout.decode("utf-8", "replace").strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        return [problem("", 0, "importing the modules took longer than 60 seconds: does one start the program?")]
    except (ValueError, IndexError):
        said = ended.stderr.decode("utf-8", "replace").strip()[-400:]
        return [problem("", 0, "importing the modules ended the process with code %s: %s" % (ended.returncode, said))]
    return [problem(path, line, "`%s` cannot be imported: %s" % (module, why)) for module, path, line, why in failed]
