"""Forms: what a page posts, read once it is proved that a page of ours posts it.

A browser sends the key's cookie along with nothing that another site begins (SameSite=Strict), and says besides which
page a request comes from. Both are held here, as a form of another site could be filled in to write in a reader's name.
"""

from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from app.api.answers import base_url
from app.api.bodies import read_bytes
from app.errors import Forbidden, Invalid
from app.pages.addresses import Asked

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 1_000
_OURS = frozenset({"same-origin", "none"})
"""What Sec-Fetch-Site says of a form of ours; `none` of what the reader began, such as sending one again."""


async def posted(request: Request) -> Asked:
    """Return the fields that a page of ours posted, without the empty ones; a line ends with a line feed.

    Raises Forbidden for a form of another site, Invalid for what is no form, and as `read_bytes` does.
    """
    _prove_ours(request)
    body = await read_bytes(request, FORM)
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS, separator="&"
        )
    except UnicodeDecodeError as error:
        raise Invalid("The form is not percent-encoded UTF-8.") from error
    except ValueError as error:
        raise Invalid(f"The form has more than {MOST_FIELDS:,} fields.") from error
    # A browser ends the lines of a text box with CR LF, whatever was pasted (HTML, 4.10.22.4).
    return Asked(tuple((name, value.replace("\r\n", "\n")) for name, value in pairs if value))


def _prove_ours(request: Request) -> None:
    """Raise Forbidden unless the browser says that a page of ours sends this: old ones say it by `Origin` alone."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        is_ours = site in _OURS
    else:
        ours = {request.headers.get("host", ""), urlsplit(base_url(request)).netloc}
        is_ours = origin is not None and urlsplit(origin).netloc in ours - {""}
    if not is_ours:
        where = (origin or site or "nowhere known")[:200]
        raise Forbidden(f"A form is taken from a page of this service only; this one comes from {where}.")
