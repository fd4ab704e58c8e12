"""Verify: one claim, or a whole draft with every quotation in it marked by what the record says of it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.verify import verified
from app.errors import Fault, Invalid, TooSlow
from app.pages.addresses import Asked, asked_of, read
from app.pages.forms import posted
from app.pages.rendering import page
from app.tables.claim import MOST_CHARACTERS, MOST_CLAIMS, Claim, Standing, VerdictRead, VerifyFilter, standing
from app.tables.words import Polarity
from app.text.anchor import Span
from app.text.drafts import quotations
from app.text.verdict import Verdict

router = APIRouter(include_in_schema=False)
MOST_OF_DRAFT = 500_000
"""Characters of a draft: as many marks as that holds at most are read in two seconds."""
LONGEST_LINK = 4_000
"""Characters of an address: a longer claim is answered where it was posted, and cannot be linked."""
FEWEST_WORDS = 4
"""A text with one quotation of so many words is a draft that quotes; with a shorter one it is a claim."""
_CLOSING = frozenset("”\"“’'‘»«›‹」』｣")
"""What ends a quotation: its verdict stands behind it."""
_FIELDS = ("text", "speaker", "source")
_LABELS = {
    Verdict.VERBATIM: "verbatim",
    Verdict.NORMALISED: "the same words",
    Verdict.FRAGMENT: "part of a quote",
    Verdict.ELIDED: "cut where it is marked",
    Verdict.ALTERED: "words differ",
    Verdict.MERGED: "quotes run together",
    Verdict.MISATTRIBUTED: "somebody else’s words",
    Verdict.NOT_SAID: "not said, or denied",
    Verdict.UNATTESTED: "not on the record",
}


class Checked(NamedTuple):
    """A claim, and what the record says of it; where it could not be asked, `fault` says why."""

    number: int
    words: str
    verdict: VerdictRead | None
    fault: str = ""

    @property
    def tone(self) -> str:
        """How good it is, as a class of the style sheet."""
        if self.verdict is None or self.verdict.verdict is Verdict.UNATTESTED:
            return "none"
        return {Standing.OK: "good", Standing.CARE: "warn", Standing.NO: "bad"}[standing(self.verdict)]

    @property
    def symbol(self) -> str:
        """The same as a sign, so that no colour tells it alone."""
        return {"good": "✓", "warn": "!", "bad": "✗", "none": "?"}[self.tone]

    @property
    def label(self) -> str:
        """The verdict in few words."""
        if self.verdict is None:
            return "not checked"
        found, stands = self.verdict.verdict, standing(self.verdict)
        if not self.verdict.matches or found in (Verdict.MISATTRIBUTED, Verdict.NOT_SAID, Verdict.MERGED):
            return _LABELS[found]
        best = self.verdict.matches[0]
        if stands is Standing.NO and found is not Verdict.ALTERED:
            if best.paraphrase_of:
                return "the reporter’s words"
            if best.quote.polarity in (Polarity.DENIED, Polarity.NOT_SAID):
                return _LABELS[Verdict.NOT_SAID]
            return "the cut may change the meaning"
        return _LABELS[found] + (": read it first" if stands is Standing.CARE else "")


class Run(NamedTuple):
    """A run of a draft: the innermost quotation in which it stands, and those that end with it."""

    words: str
    inside: Checked | None
    ends: Sequence[Checked]


class Draft(NamedTuple):
    """A draft with what it quotes. `quoted` counts its quotations, of which the first are checked."""

    runs: Sequence[Run]
    checked: Sequence[Checked]
    quoted: int

    def counted(self, *standings: Standing) -> int:
        """Return how many stand so."""
        return sum(one.verdict is not None and standing(one.verdict) in standings for one in self.checked)

    @property
    def missing(self) -> int:
        """How many are not on the record in the speaker's own words."""
        return self.counted(Standing.NO)

    @property
    def doubtful(self) -> int:
        """How many are to be read with care."""
        return self.counted(Standing.CARE)


@router.get("/verify")
async def show_verify(request: Request) -> Response:
    asked = asked_of(request)
    if not asked.pairs:
        return _shown(request, asked)
    try:
        wanted = read(VerifyFilter, asked)
        return _shown(request, asked, one=await _one(request, wanted))
    except Invalid as error:
        return _refused(request, asked, error)


@router.post("/verify")
async def verify_posted(request: Request) -> Response:
    asked = await posted(request)
    fields = Asked(asked.without("as"))
    try:
        text = _text(fields)
        spans = await answers.in_thread(request, lambda _: list(quotations(text)))
        chosen = asked.values("as")
        if "draft" in chosen or ("claim" not in chosen and is_draft(text, spans)):
            wanted = read(VerifyFilter, Asked((("text", "…"), *fields.without("text"))))
            return _shown(request, fields, draft=await _draft(request, text, spans, wanted))
        wanted = read(VerifyFilter, fields)
        link = f"verify?{urlencode(fields.pairs)}"
        if len(link) <= LONGEST_LINK:
            return Response(status_code=303, headers={"Location": link, "Cache-Control": "no-store"})
        return _shown(request, fields, one=await _one(request, wanted))
    except Invalid as error:
        return _refused(request, fields, error)


def is_draft(text: str, spans: Sequence[Span]) -> bool:
    """Tell whether a text quotes, rather than is itself what is said to have been said."""
    if len(text) > MOST_CHARACTERS:
        return True
    outer = _outer(spans)
    if len(outer) != 1:
        return bool(outer)
    ((start, end),) = outer
    around = text[:start] + text[end:]
    return any(map(str.isalnum, around)) and len(text[start:end].split()) >= FEWEST_WORDS


def _outer(spans: Sequence[Span]) -> list[Span]:
    """Return those that stand in no other one."""
    outer: list[Span] = []
    for span in spans:
        if not outer or span.start >= outer[-1].end:
            outer.append(span)
    return outer


def _text(fields: Asked) -> str:
    text = "".join(fields.values("text")[:1])
    if not text.strip():
        raise Invalid.of(Fault("Paste the words to check.", parameter="text"))
    if len(text) > MOST_OF_DRAFT:
        detail = f"A draft has at most {MOST_OF_DRAFT:,} characters, and this one {len(text):,}: paste it in parts."
        raise Invalid.of(Fault(detail, parameter="text"))
    return text


async def _one(request: Request, wanted: VerifyFilter) -> Checked:
    if not wanted.text.strip():
        raise Invalid.of(Fault("Paste the words to check.", parameter="text"))
    return Checked(1, wanted.text, await _verdict(request, wanted.text, wanted))


async def _draft(request: Request, text: str, spans: Sequence[Span], wanted: VerifyFilter) -> Draft:
    checked = [
        await _quotation(request, number, text[span.start : span.end], wanted)
        for number, span in enumerate(spans[:MOST_CLAIMS], 1)
    ]
    return Draft(_runs(text, spans, checked), checked, len(spans))


async def _quotation(request: Request, number: int, words: str, wanted: VerifyFilter) -> Checked:
    if len(words) > MOST_CHARACTERS:
        return Checked(number, words, None, f"It has more than {MOST_CHARACTERS:,} characters.")
    try:
        return Checked(number, words, await _verdict(request, words, wanted))
    except TooSlow as error:
        return Checked(number, words, None, error.detail)


async def _verdict(request: Request, words: str, wanted: VerifyFilter) -> VerdictRead:
    claim = Claim(text=words, speaker=wanted.speaker, source=wanted.source, limit=wanted.limit)
    return VerdictRead.model_validate_json(await verified(request, claim))


def _runs(text: str, spans: Sequence[Span], checked: Sequence[Checked]) -> list[Run]:
    """Return the text cut at every border of a quotation."""
    placed = list(zip(spans, checked, strict=False))
    ending: dict[int, list[Checked]] = {}
    for span, one in placed:
        ending.setdefault(_behind(text, span.end), []).append(one)
    borders = sorted({0, len(text), *ending, *(border for span, _ in placed for border in span)})
    runs: list[Run] = []
    opened: list[tuple[Span, Checked]] = []
    coming = iter(placed)
    following = next(coming, None)
    for start, end in pairwise(borders):
        opened = [(span, one) for span, one in opened if span.end > start]
        while following is not None and following[0].start <= start:
            opened.append(following)
            following = next(coming, None)
        runs.append(Run(text[start:end], opened[-1][1] if opened else None, ending.get(end, ())))
    return runs


def _behind(text: str, end: int) -> int:
    """Return where the marks end that stand behind a quotation."""
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    return end


def _shown(
    request: Request,
    asked: Asked,
    *,
    one: Checked | None = None,
    draft: Draft | None = None,
    faults: Sequence[Fault] = (),
) -> Response:
    text, speaker, source = ("".join(asked.values(name)[:1]) for name in _FIELDS)
    return page(
        request,
        "verify.html",
        status=422 if faults else 200,
        store=draft is None and request.method == "GET",
        asked=asked,
        text=text,
        speaker=speaker,
        source=source,
        one=one,
        draft=draft,
        outer=len(_outer(list(quotations(text)))) if one else 0,
        faults={fault.parameter if fault.parameter in _FIELDS else None: fault.detail for fault in faults},
        most=MOST_CLAIMS,
    )


def _refused(request: Request, asked: Asked, error: Invalid) -> Response:
    """Return the form as it was filled in, with what is wrong where it is wrong."""
    return _shown(request, asked, faults=error.faults or (Fault(error.detail),))
