"""Clients that send too much, too slowly, or nothing at all: a real server in this process, and raw sockets."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

import pytest
import uvicorn

from app.api import bodies, connection
from app.api.connection import MOST_HEADERS, Connection
from app.main import create_app
from app.settings import Settings
from app.tables.db import Database
from tests.commands.processes import serving
from tests.conftest import url_of

SHORT_S = 0.3
PATIENCE_S = 20


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        assert self.headers["content-type"] == "application/problem+json"
        assert self.headers["connection"] == "close"
        return str(json.loads(self.body)["type"])


def answer(client: socket.socket) -> Answer | None:
    """Read all that comes until the server closes; None when it closes without a word."""
    received = b""
    while part := client.recv(65_536):
        received += part
    if not received:
        return None
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Answer(int(first.split()[1]), headers, body)


@pytest.fixture
def port(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server that waits a short time only."""
    monkeypatch.setattr(connection, "HEAD_S", SHORT_S)
    monkeypatch.setattr(connection, "STALL_S", SHORT_S)
    monkeypatch.setattr(connection, "MOST_OPEN", 20)
    monkeypatch.setattr(bodies, "BODY_S", SHORT_S)
    app = create_app(Settings(database_url=url_of(seeded.path)))
    server = uvicorn.Server(uvicorn.Config(app, http=Connection, ws="none", log_config=None, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # The system keeps little of an answer that is not taken, so that most of it waits in the server.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)) as client:
        yield client


def asked(port: int, *parts: bytes) -> Answer | None:
    with connected(port) as client:
        for part in parts:
            client.sendall(part)
            time.sleep(0.01)
        return answer(client)


GET = b"GET /livez HTTP/1.1\r\nHost: a\r\n"
CLOSE = b"Connection: close\r\n\r\n"
HEADERS = b"".join(b"X-%d: a\r\n" % number for number in range(MOST_HEADERS - 2))
LONG = b"X-Long: " + b"a" * 65_536 + b"\r\n"


def test_a_request_of_the_usual_size_is_answered_whole_or_in_pieces(port: int) -> None:
    for parts in ((GET + CLOSE,), (GET + HEADERS + CLOSE,), (GET, CLOSE), (GET[:9], GET[9:], CLOSE[:-2], CLOSE[-2:])):
        found = asked(port, *parts)
        assert found is not None
        assert (found.status, found.body) == (200, b'{"status":"ok"}')


@pytest.mark.parametrize(
    "parts",
    [
        (GET + HEADERS + b"X-More: a\r\n" + CLOSE,),
        (GET + LONG + CLOSE,),
        (b"GET /livez?" + b"a" * 65_536 + b" HTTP/1.1\r\nHost: a\r\n" + CLOSE,),
        (GET, *[b"X-Part: " + b"a" * 9_000 + b"\r\n"] * 8),
    ],
    ids=["too many", "one too long", "a long address", "in pieces that never end"],
)
def test_a_flood_of_headers_is_a_431_and_the_end(port: int, parts: tuple[bytes, ...]) -> None:
    found = asked(port, *parts)
    assert found is not None
    assert (found.status, found.type) == (431, "/problems#head-too-large")


def test_what_is_no_http_is_a_400_and_the_end(port: int) -> None:
    found = asked(port, b"\x16\x03\x01 hello\r\n\r\n")
    assert found is not None
    assert (found.status, found.type) == (400, "/problems#bad-request")


def test_a_head_that_does_not_end_is_given_up_also_when_it_drips(port: int) -> None:
    began = time.monotonic()
    with connected(port) as client:
        client.sendall(GET)
        client.settimeout(0.05)
        found = None
        while found is None and time.monotonic() - began < PATIENCE_S:
            try:
                client.sendall(b"X")
                found = answer(client)
            except TimeoutError:
                continue
    assert found is not None
    assert (found.status, found.type) == (408, "/problems#request-timeout")
    assert time.monotonic() - began < PATIENCE_S / 2


def test_a_connection_on_which_nothing_is_asked_is_closed(port: int) -> None:
    with connected(port) as client:
        assert answer(client) is None
    with connected(port) as client:  # after a first request too, and blank lines do not keep it
        client.sendall(GET + b"\r\n")
        time.sleep(SHORT_S / 3)
        client.sendall(b"\r\n")
        found = answer(client)
    assert found is not None
    assert found.status == 200


def test_a_body_that_comes_too_slowly_is_given_up(port: int) -> None:
    found = asked(port, b"POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n", b'{"text":')
    assert found is not None
    assert (found.status, found.type) == (408, "/problems#request-timeout")
    assert "The body was not there within" in json.loads(found.body)["detail"]


def test_a_client_that_does_not_take_its_answer_is_given_up(port: int) -> None:
    with closing(socket.socket()) as client:
        client.settimeout(PATIENCE_S)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect(("127.0.0.1", port))
        client.sendall(b"GET /static/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(SHORT_S * 5)
        found = answer(client)
    assert found is not None
    assert len(found.body) < int(found.headers["content-length"])


def test_too_many_connections_are_told_so_and_the_next_ones_are_answered(port: int) -> None:
    began = time.monotonic()
    clients = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) for _ in range(25)]
    answers = [answer(client) for client in clients]
    for client in clients:
        client.close()
    refused = [found for found in answers if found is not None]
    assert time.monotonic() - began < PATIENCE_S
    assert {(found.status, found.type) for found in refused} == {(503, "/problems#overloaded")}
    assert 1 <= len(refused) <= 5
    found = asked(port, GET + CLOSE)
    assert found is not None
    assert found.status == 200


def test_serve_answers_on_such_connections_and_a_client_that_goes_is_no_failure(seeded: Database) -> None:
    with serving(database=seeded.path) as server:
        at = int(server.base.rsplit(":", 1)[1])
        flooded = asked(at, GET + HEADERS + b"X-More: a\r\n" + CLOSE)
        with connected(at) as client:
            client.sendall(b"POST /v1/verify HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
            time.sleep(0.2)
        assert b"ok" in server.get("/livez")
        done = server.stop(15)

    assert flooded is not None
    assert flooded.status == 431
    assert "Traceback" not in done.out + done.err
    assert '"status":500' not in done.out
