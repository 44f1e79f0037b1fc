"""The HTTP server under the world: one connection, many requests, bodies of every kind."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from sandbox.server import Server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answers with the method, path, query and body; fails and hangs up when told to."""
    path = environ["PATH_INFO"]
    if path == "/bug":
        raise LookupError("a bug in the application")
    if path == "/cut":
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError
    body: bytes = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Header", environ.get("HTTP_X_TWICE", ""))])
    return [f"{environ['REQUEST_METHOD']} {path} {environ['QUERY_STRING']} ".encode(), body]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    one = Server(("127.0.0.1", 0))
    one.start(echo)
    yield one
    one.shutdown()
    one.server_close()


@pytest.fixture
def client(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    yield connection
    connection.close()


def test_one_connection_serves_every_kind_of_body(client: http.client.HTTPConnection) -> None:
    client.connect()
    first = client.sock
    for body, headers in ((b"abc", {}), (iter([b"a", b"bc"]), {}), (b"abc", {"Expect": "100-continue"})):
        client.request("PUT", "/a%20b?c=d", body=body, headers=headers)
        assert client.getresponse().read() == b"PUT /a b c=d abc"
    client.request("GET", "/")
    assert client.getresponse().read() == b"GET /  "
    assert client.sock is first


def test_an_answer_to_head_has_no_body(client: http.client.HTTPConnection) -> None:
    client.request("HEAD", "/")
    answer = client.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    client.request("GET", "/next")
    assert client.getresponse().read() == b"GET /next  "


def test_a_header_sent_twice_arrives_as_one(client: http.client.HTTPConnection) -> None:
    client.putrequest("GET", "/")
    client.putheader("X-Twice", "one")
    client.putheader("X-Twice", "two")
    client.endheaders()
    assert client.getresponse().headers["X-Header"] == "one,two"


def test_a_bug_is_an_answer_and_the_connection_goes_on(client: http.client.HTTPConnection) -> None:
    client.request("GET", "/bug")
    assert client.getresponse().read() == b"The sandbox has a bug."
    client.request("GET", "/")
    assert client.getresponse().status == 200


def test_a_connection_cut_on_purpose_gives_no_answer(client: http.client.HTTPConnection) -> None:
    client.request("GET", "/cut")
    with pytest.raises(http.client.RemoteDisconnected):
        client.getresponse()


@pytest.mark.parametrize("length", [str(2**40), "-1", "many"])
def test_a_body_without_measure_is_refused(client: http.client.HTTPConnection, length: str) -> None:
    client.putrequest("POST", "/")
    client.putheader("Content-Length", length)
    client.endheaders()
    assert client.getresponse().status == 413
