"""A threaded WSGI server that keeps HTTP/1.1 connections open, as AWS does and boto3 expects.

Werkzeug's own closes each connection after one answer, which costs a client a TCP handshake a call. Here the
whole body is read before the application runs and the whole answer is sent at once, so that a connection can
serve again.
"""

from __future__ import annotations

import http.server
import io
import socketserver
import sys
import threading
import traceback
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

MAX_BODY = 64 * 2**20


class Server(socketserver.ThreadingTCPServer):
    """Listens at once; `start` answers, one thread a connection. OSError if the port is taken."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], app: WSGIApplication | None = None) -> None:
        super().__init__(address, Handler)
        self.app = app

    @property
    def port(self) -> int:
        """The port bound, also when port 0 was asked for."""
        return int(self.server_address[1])

    def start(self, app: WSGIApplication) -> None:
        """Serves the application in a thread of its own. Connections made before are answered now."""
        self.app = app
        threading.Thread(target=self.serve_forever, name="http", daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or that an ordered fault cut off, is no news; all else is."""
        if not isinstance(sys.exception(), OSError):
            traceback.print_exc()


class Handler(http.server.BaseHTTPRequestHandler):
    """The requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    # Without it the kernel holds back the end of an answer for 40 ms.
    disable_nagle_algorithm = True
    # Idle connections of clients that are gone must not keep a thread for ever.
    timeout = 300
    server: Server

    def __getattr__(self, name: str) -> Any:
        # http.server looks for do_GET, do_POST ...; the application decides on the method.
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the world keeps a log of AWS calls of its own."""

    def answer(self) -> None:
        """Runs the application for one request and sends what it gives."""
        body = self._body()
        if body is None:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        status, headers, content = self._run(self._environ(body))
        lines = [f"{self.protocol_version} {status}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in headers if name.lower() not in ("connection", "date")]
        if not any(name.lower() == "content-length" for name, _ in headers):
            lines.append(f"Content-Length: {len(content)}")
        if self.close_connection:
            lines.append("Connection: close")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        self.wfile.write(head if self.command == "HEAD" else head + content)

    def _run(self, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None, /) -> Any:
            started[:] = [(status, headers)]
            return None

        if self.server.app is None:
            raise RuntimeError("The server was not started: call start(app) first.")
        try:
            chunks: Iterable[bytes] = self.server.app(environ, start_response)
            content = b"".join(chunks)
        except OSError:
            raise  # the connection was cut, on purpose or not: nobody is there to be answered
        except Exception:
            traceback.print_exc()
            return "500 Internal Server Error", [("Content-Type", "text/plain")], b"The sandbox has a bug."
        return *started[0], content

    def _body(self) -> bytes | None:
        """The whole body; None if it is longer than 64 MiB."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            return None
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | None:
        parts: list[bytes] = []
        total = 0
        while size := int(self.rfile.readline(100).split(b";")[0], 16):
            total += size
            if total > MAX_BODY:
                self.close_connection = True
                return None
            parts.append(self.rfile.read(size))
            self.rfile.readline(10)
        while self.rfile.readline(65_537).strip():
            pass
        return b"".join(parts)

    def _environ(self, body: bytes) -> WSGIEnvironment:
        path, _, query = self.path.partition("?")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "RAW_URI": self.path,
            "REQUEST_URI": self.path,
            "SERVER_NAME": str(self.server.server_address[0]),
            "SERVER_PORT": str(self.server.port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_PORT": str(self.client_address[1]),
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            # Ordered faults cut the connection itself.
            "werkzeug.socket": self.connection,
        }
        for name, value in self.headers.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            if key not in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ
