"""`python3 -m service`: serve on 127.0.0.1:$PORT until SIGTERM or Ctrl-C."""

import os
import signal
import sys
from pathlib import Path

from . import model
from .operations import Operations
from .schema import Schema
from .server import Server
from .store import Store


def main():
    # A signal ends the main thread's wait at once; SystemExit carries the exit code 0.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    home = Path(__file__).resolve().parent.parent
    data = Path(os.environ.get("DATA_DIR") or home / "data")
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        sys.exit("PORT is not a number")
    schema = Schema(model)
    store = Store(data, schema)
    try:
        try:
            server = Server(port, Operations(schema, store), home)
        except (OSError, OverflowError) as error:
            sys.exit(f"cannot listen on port {port}: {error}")
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()
    finally:
        # Waits for a change that is being written; signals are of no more use now.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        store.close()


if __name__ == "__main__":
    main()
