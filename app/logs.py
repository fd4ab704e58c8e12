"""Logs: one JSON object a line on standard output, with nothing formatted that is not written."""

import json
import logging
import sys
import time


class JsonFormatter(logging.Formatter):
    """Writes time (UTC), level, logger and message; a request's line brings its members ready made."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        head = (
            f'{{"time":"{stamp}.{int(record.msecs):03d}Z","level":"{record.levelname.lower()}","logger":"{record.name}"'
        )
        line = getattr(record, "line", None)
        if line is not None:
            return f"{head},{line}}}"
        members: dict[str, str] = {"message": record.getMessage()}
        if record.exc_info:
            members["exception"] = self.formatException(record.exc_info)
        return f"{head},{json.dumps(members, ensure_ascii=False)[1:]}"


def configure(level: str) -> None:
    """Send every log line of the process to standard output as JSON."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # The front writes a line for each request itself, with the request's name.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
