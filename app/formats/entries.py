"""What a record file says of speakers and topics: refused where it contradicts itself."""

from app.errors import Invalid
from app.formats.records import Parsed, Path, Refuse
from app.tables.record import QuoteEntry, RoleEntry, TopicStanceEntry
from app.tables.review import NEEDS_REASON
from app.tables.words import Status
from app.text import dates
from app.text.dates import Bounds


def prove(parsed: Parsed) -> None:
    """Refuse a slug or a name that stands twice, and a role whose days are none or run backward."""
    record = parsed.record
    named = {
        "topics": [topic.slug for topic in record.topics],
        "speakers": [speaker.slug for speaker in record.speakers],
    }
    for listed, slugs in named.items():
        seen: set[str] = set()  # a file may name a hundred thousand
        for at, slug in enumerate(slugs):
            if slug in seen:
                raise parsed.refuse((listed, at, "slug"), f"{slug} stands twice among the {listed}")
            seen.add(slug)
    for at, speaker in enumerate(record.speakers):
        names = [name.name for name in speaker.names]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise parsed.refuse(
                    ("speakers", at, "names", place), f"“{name}” stands twice among the names of {speaker.slug}"
                )
        for place, role in enumerate(speaker.roles):
            _prove_role(parsed, ("speakers", at, "roles", place), role)


def _prove_role(parsed: Parsed, path: Path, role: RoleEntry) -> None:
    held = [bounds(parsed.refuse, (*path, key), edtf) for key, edtf in (("from", role.start), ("to", role.end)) if edtf]
    if len(held) == 2 and held[0].earliest and held[1].latest and held[0].earliest > held[1].latest:
        raise parsed.refuse((*path, "to"), f"the role {role.title} ends ({role.end}) before it begins ({role.start})")


def prove_topics(refuse: Refuse, path: Path, topics: list[TopicStanceEntry]) -> None:
    """Refuse a topic that stands twice with the same stance towards the same proposition."""
    for at, about in enumerate(topics):
        if about in topics[:at]:
            towards = "the same stance" if about.stance else "no stance"
            raise refuse((*path, at), f"the topic {about.topic} stands twice with {towards}")


def prove_review(refuse: Refuse, path: Path, entry: QuoteEntry) -> None:
    """Refuse a status without the reason that it needs, and a reason or a successor that it does not take."""
    needing = " or ".join(status for status in Status if status in NEEDS_REASON)
    if entry.reason is None and entry.status in NEEDS_REASON:
        raise refuse((*path, "status"), f"a quote is {entry.status} for a reason: add it as `reason`")
    if entry.reason is not None and entry.status not in NEEDS_REASON:
        raise refuse((*path, "reason"), f"reason stands with {needing}, not with {entry.status}")
    if entry.successor is not None and entry.status is not Status.WITHDRAWN:
        raise refuse((*path, "successor"), f"successor stands with withdrawn, not with {entry.status}")


def bounds(refuse: Refuse, path: Path, edtf: str) -> Bounds:
    """Return the first and the last possible day. Refuses what is no EDTF."""
    try:
        return dates.bounds(edtf)
    except Invalid as error:
        raise refuse(path, error) from error
