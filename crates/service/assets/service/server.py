"""HTTP/1.1 on the wire: one thread a connection, kept alive between requests."""

import re
import socket
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .problems import Problem
from .routes import Routes, problem_response

LARGEST_BODY = 1024 * 1024
# A body that is too large is still read up to here, so that the sender gets to see the refusal.
LARGEST_DRAINED = 16 * LARGEST_BODY
LONGEST_LINE = 8 * 1024
CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,8}")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, operations, home):
        self.routes = Routes(operations, home)
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self):
        # The inherited one asks the resolver for this machine's name, which can take seconds.
        # Connections of the run before may linger on the port; nobody listens on it.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address

    def handle_error(self, request, client_address):
        """A connection that breaks off is nobody's error."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A request line without a version is answered with a status line all the same.
    default_request_version = "HTTP/1.0"
    server_version = "service"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60

    def log_message(self, format, *args):
        """Requests are not logged: whoever started the service need not read its output."""

    def _answer(self):
        try:
            body = self._body()
            response = self.server.routes.answer(self.command, self.path, self.headers, body)
        except Problem as problem:
            self.close_connection = True
            response = problem_response(problem)
        except OSError:
            raise
        except Exception:
            traceback.print_exc()
            response = problem_response(Problem(500, "something went wrong in the service; nothing was changed"))
        self._send(response)

    def __getattr__(self, name):
        # The base class looks for a method `do_<METHOD>`; which ones a path has is for the routes to say.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _body(self):
        """The body. Where two readers of these bytes could disagree about its end, nobody reads it."""
        lengths = self.headers.get_all("Content-Length", [])
        codings = self.headers.get_all("Transfer-Encoding", [])
        if self.headers.defects:
            raise Problem(400, "the headers are not well-formed")
        if codings:
            if lengths or [coding.strip().lower() for coding in codings] != ["chunked"]:
                raise Problem(400, "the body must be sent with its Content-Length or in chunks")
            return self._chunks()
        if len(set(lengths)) > 1:
            raise Problem(400, "there are several Content-Lengths")
        length = lengths[0].strip() if lengths else "0"
        if not (length.isascii() and length.isdigit() and len(length) <= 18):
            raise Problem(400, "Content-Length is not a number")
        length = int(length)
        if length > LARGEST_BODY:
            left = min(length, LARGEST_DRAINED)
            while left > 0 and self.rfile.read(min(left, 65536)):
                left -= 65536
            raise _too_large()
        return self._exactly(length)

    def _chunks(self):
        """A body in chunks (RFC 9112, 7.1); what stands behind the last one is skipped."""
        body, seen = b"", 0
        while True:
            size = self._line().split(b";")[0].strip()
            if CHUNK_SIZE.fullmatch(size) is None:
                raise Problem(400, "the size of a chunk is not a number")
            size = int(size, 16)
            seen += size
            if seen > LARGEST_DRAINED:
                raise _too_large()
            if size == 0:
                break
            chunk = self._exactly(size)
            if self._line():
                raise Problem(400, "a chunk is longer than its size")
            if seen <= LARGEST_BODY:
                body += chunk
        while self._line():
            pass
        if seen > LARGEST_BODY:
            raise _too_large()
        return body

    def _line(self):
        line = self.rfile.readline(LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise ConnectionError("the body broke off")
        return line.rstrip(b"\r\n")

    def _exactly(self, length):
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionError("the body broke off")
        return body

    def _send(self, response):
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        if response.status != 204:
            self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def send_error(self, code, message=None, explain=None):
        """What the base class refuses (a bad request line, headers without end) is a problem document too."""
        self.close_connection = True
        status = code if code == 413 else 400
        self.command = getattr(self, "command", None) or "GET"
        self._send(problem_response(Problem(status, message or "the request is not well-formed")))


def _too_large():
    return Problem(413, f"the body may have at most {LARGEST_BODY} bytes")
