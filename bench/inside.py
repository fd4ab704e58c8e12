"""Asks the application in process, without a network between, for what an answer costs the processor."""

from time import process_time

from starlette.types import ASGIApp, Message, Scope


async def cost_ms(app: ASGIApp, path: str, query: str = "", *, accept: str = "*/*") -> float:
    """Return the milliseconds of processor time, of all threads, that an answer takes.

    Raises RuntimeError for one that is not 200, as an error costs less than an answer.
    """
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"accept", accept.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    begun = process_time()
    await app(scope, receive, send)
    took = (process_time() - begun) * 1000
    if statuses != [200]:
        raise RuntimeError(f"{path}?{query} is answered with {statuses}.")
    return took
