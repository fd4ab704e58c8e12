"""Every error the record raises on purpose, each with the HTTP status that it becomes.

    VerbatimError
    ├── Moved             308  it has another name now
    ├── BadRequest        400  the request cannot be read at all
    ├── Unauthorized      401  a key is needed, or the one given is not good
    ├── Forbidden         403  the key may not do this
    ├── NotFound          404  nothing of that name
    ├── WrongMethod       405  the address does not take this method
    ├── NotAcceptable     406  it is served in no media type that the client takes
    ├── Gone              410  it was there and has been withdrawn
    ├── RequestTimeout    408  the request comes too slowly
    ├── Conflict          409  the record already holds something that excludes it
    ├── Stale             412  it has changed since the client read it
    ├── TooLarge          413  the request is longer than the service reads
    ├── Untyped           415  the body is of a media type that is not read here
    ├── Invalid           422  a value is wrong; `errors` names each one
    │   ├── NotInText          the words do not stand in the text
    │   └── RecordRefused      a record file is wrong, at a line
    ├── Unconditional     428  a write must say which version it changes
    ├── TooMany           429  more than the service takes in a while
    ├── HeadTooLarge      431  there are more headers than the service reads
    ├── SchemaUnknown     503  the database is not of this version
    ├── TooSlow           503  it takes longer than the service gives it
    ├── Unavailable       503  the database does not answer
    ├── Overloaded        503  more connections than the service takes
    └── Full              507  there is no room to write

A bug is none of these and stays a bug. The docstrings are published: the page of problems shows them to clients.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """One wrong value: where it stands (a query or path parameter, or a JSON pointer) and what is wrong."""

    detail: str
    parameter: str | None = None
    pointer: str | None = None


class Limit(NamedTuple):
    """A limit as an answer tells it: `most` in `window_s` seconds, of which `left` are left until `wait_s` from now."""

    name: str
    most: int
    window_s: int
    left: int
    wait_s: int


class VerbatimError(Exception):
    """The service failed, and has logged how. Nothing is wrong with the request."""

    status = 500
    title = "Internal error"
    type = "internal-error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Moved(VerbatimError):
    """It was renamed, or merged into another: `Location` says where it is."""

    status = 308
    title = "Moved"
    type = "moved"

    def __init__(self, detail: str, *, slug: str, to: str) -> None:
        super().__init__(detail)
        self.slug, self.to = slug, to


class BadRequest(VerbatimError):
    """The request cannot be read at all."""

    status = 400
    title = "Bad request"
    type = "bad-request"


class Unauthorized(VerbatimError):
    """What was asked for needs a key, or the key given is not known, has expired or was revoked."""

    status = 401
    title = "A key is needed"
    type = "unauthorized"

    def __init__(self, detail: str, *, limit: Limit | None = None) -> None:
        super().__init__(detail)
        self.limit = limit


class Forbidden(VerbatimError):
    """The key is good, and may not do this; `detail` tells the scope that may."""

    status = 403
    title = "Not allowed to this key"
    type = "forbidden"


class NotFound(VerbatimError):
    """There is nothing of that name."""

    status = 404
    title = "Not found"
    type = "not-found"


class WrongMethod(VerbatimError):
    """The address does not take this method; `Allow` lists those it takes."""

    status = 405
    title = "Method not allowed"
    type = "method-not-allowed"


class NotAcceptable(VerbatimError):
    """It is served in none of the media types that `Accept` takes; `detail` lists those there are."""

    status = 406
    title = "Not acceptable"
    type = "not-acceptable"


class RequestTimeout(VerbatimError):
    """The request comes too slowly: its body was not there in time. Send it again, at once."""

    status = 408
    title = "Too slow in coming"
    type = "request-timeout"


class Gone(VerbatimError):
    """It was there and has been withdrawn. The problem tells the `reason`, the day it was `withdrawn`, and in
    `successor` what to read in its place; null where there is none."""

    status = 410
    title = "Withdrawn"
    type = "gone"

    def __init__(
        self, detail: str, *, reason: str | None = None, withdrawn: str | None = None, successor: str | None = None
    ) -> None:
        super().__init__(detail)
        self.reason, self.withdrawn, self.successor = reason, withdrawn, successor


class Conflict(VerbatimError):
    """The record already holds something that excludes it."""

    status = 409
    title = "Conflict"
    type = "conflict"


class Stale(VerbatimError):
    """It has changed since the client read it: read it again. The problem tells the `version` and `etag` of now."""

    status = 412
    title = "Changed since it was read"
    type = "stale"

    def __init__(self, detail: str, *, version: int, etag: str) -> None:
        super().__init__(detail)
        self.version, self.etag = version, etag


class TooLarge(VerbatimError):
    """The request is longer than the service reads."""

    status = 413
    title = "Too large"
    type = "too-large"


class Untyped(VerbatimError):
    """The body is of a media type that is not read here; `detail` names the one to send."""

    status = 415
    title = "Media type not read here"
    type = "untyped"


class Invalid(VerbatimError):
    """A value is wrong; `errors` names each one."""

    status = 422
    title = "Invalid value"
    type = "invalid"

    def __init__(self, detail: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(detail)
        self.faults = faults

    @classmethod
    def of(cls, *faults: Fault, many: str = "values are wrong") -> "Invalid":
        """Return the error of these faults: with one its detail, with more how many there are."""
        return cls(faults[0].detail if len(faults) == 1 else f"{len(faults)} {many}.", faults)


class NotInText(Invalid):
    """The words do not stand in the text."""

    title = "Not in the text"
    type = "not-in-text"


class RecordRefused(Invalid):
    """A record file is wrong; `detail` tells the line and the reason, `line` the line, `errors` where it stands."""

    title = "Record file refused"
    type = "record-refused"

    def __init__(self, reason: str, *, line: int, name: str, pointer: str = "") -> None:
        super().__init__(f"{name}, line {line}: {reason}", (Fault(reason, pointer=pointer),))
        self.reason, self.line, self.name = reason, line, name


class Unconditional(VerbatimError):
    """A write must say which version it changes: send If-Match with the ETag that a GET gave."""

    status = 428
    title = "If-Match is missing"
    type = "unconditional"


class TooMany(VerbatimError):
    """More than the service takes in a while; `Retry-After` tells the seconds to wait."""

    status = 429
    title = "Too many requests"
    type = "too-many"

    def __init__(self, detail: str, *, limit: Limit) -> None:
        super().__init__(detail)
        self.limit = limit


class HeadTooLarge(VerbatimError):
    """The request's first line and headers are more than the service reads."""

    status = 431
    title = "Too many headers"
    type = "head-too-large"


class SchemaUnknown(VerbatimError):
    """The database is not of this version; `detail` tells which command mends it."""

    status = 503
    title = "The database is not of this version"
    type = "schema-unknown"


class TooSlow(VerbatimError):
    """Something asked for takes longer than the service gives it."""

    status = 503
    title = "Too slow"
    type = "too-slow"


class Unavailable(VerbatimError):
    """The database does not answer, or not in time. Try again."""

    status = 503
    title = "The database does not answer"
    type = "unavailable"


class Overloaded(VerbatimError):
    """There are more connections than the service takes. Try again."""

    status = 503
    title = "Too many connections"
    type = "overloaded"


class Full(VerbatimError):
    """There is no room to write. Nothing was written; make room, and send it again."""

    status = 507
    title = "No room to write"
    type = "full"
