"""HTTP/1.1 on the wire: one thread a connection, kept alive between requests."""

import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .problems import Problem
from .routes import Routes, problem_response

LARGEST_BODY = 1024 * 1024
# A body that is too large is still read up to here, so that the sender gets to see the refusal.
LARGEST_DRAINED = 16 * LARGEST_BODY


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port, operations, home):
        self.routes = Routes(operations, home)
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self):
        # The inherited one asks the resolver for this machine's name, which can take seconds.
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

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = _answer

    def _body(self):
        if self.headers.get("Transfer-Encoding"):
            raise Problem(411, "send the body with its Content-Length")
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit() and len(length) <= 18):
            raise Problem(400, "Content-Length is not a number")
        length = int(length)
        if length > LARGEST_BODY:
            left = min(length, LARGEST_DRAINED)
            while left > 0 and self.rfile.read(min(left, 65536)):
                left -= 65536
            raise Problem(413, f"the body may have at most {LARGEST_BODY} bytes")
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
        """What the base class refuses (a bad request line, an unknown method) is a problem document too."""
        self.close_connection = True
        status = code if code in (400, 413) else 405 if code == 501 else 400
        self.command = getattr(self, "command", None) or "GET"
        self._send(problem_response(Problem(status, message or "the request is not well-formed")))
