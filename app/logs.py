"""Logs: one JSON object a line on standard output, with nothing formatted that is not written."""

import asyncio
import json
import logging
import sys
import time
from collections import deque
from contextlib import suppress
from functools import lru_cache
from typing import TextIO


class Line(logging.LogRecord):
    """A request's line, its members ready made.

    It leaves out what the logging module finds out about each record, such as who called: that takes longer than a
    cached answer.
    """

    msg, args, exc_info, exc_text, stack_info = "", (), None, None, None
    levelno, levelname = logging.INFO, "INFO"
    pathname = filename = module = "front"
    lineno = 0

    def __init__(self, logger: str, members: str) -> None:
        self.name, self.created = logger, time.time()
        second = int(self.created)
        self.msecs = (self.created - second) * 1000
        stamp = f"{_second(second)}.{int(self.msecs):03}Z"
        self.line = f'{{"time":"{stamp}","level":"info","logger":"{logger}",{members}}}'


class JsonFormatter(logging.Formatter):
    """Writes time (UTC), level, logger and message; a request's line brings its members ready made."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        if isinstance(record, Line):
            return record.line
        stamp = f"{_second(int(record.created))}.{int(record.msecs):03}Z"
        head = f'{{"time":"{stamp}","level":"{record.levelname.lower()}","logger":"{record.name}"'
        members: dict[str, str] = {"message": record.getMessage()}
        if record.exc_info:
            members["exception"] = self.formatException(record.exc_info)
        return f"{head},{json.dumps(members, ensure_ascii=False)[1:]}"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


WAIT_S, MOST = 0.02, 64
"""How long a line may wait for others, and how many wait at most."""


class Lines(logging.Handler):
    """Writes to a stream: in an event loop several lines by one call; elsewhere, and warnings everywhere, at once."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._waiting: deque[str] = deque()

    def handle(self, record: logging.LogRecord) -> bool:
        """Take a record without a lock, as a deque is appended to at once, and without a filter, as there is none."""
        self.emit(record)
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Put the line beside those that wait, the first of which sees to it that they are written."""
        self._waiting.append(self.format(record))
        if record.levelno > logging.INFO or len(self._waiting) >= MOST:
            self.flush()
        elif len(self._waiting) == 1:
            try:
                asyncio.get_running_loop().call_later(WAIT_S, self.flush)
            except RuntimeError:  # there is none in this thread
                self.flush()

    def flush(self) -> None:
        """Write what waits. Where nobody reads any more, it is dropped: a service does not fail over its log."""
        self.acquire()
        try:
            lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if lines:
                with suppress(OSError, ValueError):
                    self._stream.write("\n".join(lines) + "\n")
                    self._stream.flush()
        finally:
            self.release()


def configure(level: str) -> None:
    """Send every log line of the process to standard output as JSON."""
    handler = Lines(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # The front writes a line for each request itself, with the request's name.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
