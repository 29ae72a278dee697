"""Which lines of the deliverable its tests execute."""

import tempfile

import sources
import traced


def main(argument):
    with tempfile.TemporaryDirectory() as folder:
        end, said, _ = traced.run_tests(sources.ROOT, argument["tests"], argument["seconds"], traced=folder)
        seen = traced.executed(folder)
    files, total, hit = [], 0, 0
    for path in sources.paths(argument["below"]):
        if path.startswith(argument["tests"].rstrip("/") + "/"):
            continue
        try:
            lines, functions = traced.executable(sources.read(path), path)
        except (SyntaxError, ValueError):
            continue
        done = seen.get(path, set()) & lines
        total, hit = total + len(lines), hit + len(done)
        files.append({
            "path": path,
            "lines": len(lines),
            "executed": len(done),
            "percent": percent(len(done), len(lines)),
            "missing": ranges(sorted(lines - done), lines)[:40],
            "never_called": [name for name, line, own in sorted(functions, key=lambda one: one[1]) if own and not own & done][:40],
        })
    files.sort(key=lambda one: (one["percent"], one["path"]))
    return {"tests": end, "said": said if end != "ok" else "", "percent": percent(hit, total), "lines": total,
            "executed": hit, "files": files[:100]}


def percent(part, whole):
    return round(100.0 * part / whole, 1) if whole else 100.0


def ranges(missing, lines):
    """`3-7`, `9`: lines between which nothing was executed stand together."""
    found, order = [], sorted(lines)
    position = {line: at for at, line in enumerate(order)}
    for line in missing:
        if found and position[line] == position[found[-1][1]] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return ["%d" % first if first == last else "%d-%d" % (first, last) for first, last in found]
