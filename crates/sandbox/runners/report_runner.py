"""Runs `main` of a program with an argument and reports what it returns.

Started by the referee as `python -c <channel.py and this text> PROGRAM ARGUMENT`.
"""

REPORT_BYTES = 128 << 10


def run_program():
    send = open_report()
    program, argument = sys.argv[1:3]
    leave, length = os._exit, len
    argument = json.loads(argument)
    with open(program, encoding="utf-8") as file:
        source = file.read()
    # What lies beside the program can be imported; what lies in the workspace only if the program asks for it.
    sys.path[:0] = [os.path.dirname(program)]
    sys.argv[1:] = []
    names = {"__name__": "program", "__file__": program, "__builtins__": __builtins__}
    exec(compile(source, program, "exec"), names)
    report = names["main"](argument)
    size = length(json.dumps(report))
    if size > REPORT_BYTES:
        print("the report has %d bytes; %d is the most" % (size, REPORT_BYTES), file=sys.stderr, flush=True)
        leave(1)
    send(report)
    # Not by a return: a thread that was left running must not hold the process.
    leave(0)


run_program()
