"""Notes each line of the deliverable that is executed, in every Python process that tests start.

Found by its name when Python starts with this folder on `PYTHONPATH`. A line is written down the first time it is executed, so
that a process that is killed has told all.
"""

import os
import sys
import threading

ROOT, OUT = os.environ.get("TRACED_ROOT"), os.environ.get("TRACED_OUT")


def install():
    channel = os.open(os.path.join(OUT, "%d.lines" % os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    left = {}

    def lines_of(code):
        return {line for _, _, line in code.co_lines() if line}

    def entered(frame, event, _):
        code = frame.f_code
        if not code.co_filename.startswith(ROOT):
            return None
        if code not in left:
            left[code] = lines_of(code)
            note(code, code.co_firstlineno)
        return stepped if left[code] else None

    def stepped(frame, event, _):
        if event == "line":
            note(frame.f_code, frame.f_lineno)
        return stepped

    def note(code, line):
        if line in left[code]:
            left[code].discard(line)
            os.write(channel, ("%s\t%d\n" % (code.co_filename, line)).encode("utf-8"))

    threading.settrace(entered)
    sys.settrace(entered)


if ROOT and OUT:
    install()
