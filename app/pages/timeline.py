"""The timeline: where each thing said is drawn, by when it may have been said. Geometry alone, in the drawing's units.

What is known is drawn and no more. A known day is a mark. A date known only as a range is a bar over all of it. Where
the first or the last possible day is not known, the bar runs to the edge and has no end there. Marks that would fall
on each other are put into rows, one above the other.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from app.pages.axis import ticks
from app.tables.quote import PositionRead, SaidRead
from app.tables.words import Basis, Polarity

WIDTH = 800
MARGIN = 18
"""Left free at either side, for marks on the first and the last day."""
ROW = 24
"""Height of a row, and the least width of what is pressed (WCAG 2.2, 2.5.8)."""
HEAD = 26
"""Height of a lane's name above its rows."""
AXIS = 26
GAP = 10
TALL = 340
"""From this height on the axis stands above the lanes too."""
MOST_TICKS = 7
LONGEST_NAME = 90
NAME_HALF = 45
"""Half of what the name of a day takes on the axis, at most."""
_R = 6.5
_EDGE = 4
_CAP = 5
"""Half the height of a bar's end."""

_MANNERS = {Polarity.DENIED: "crossed", Polarity.NOT_SAID: "crossed"}


class Mark(NamedTuple):
    """One thing said, drawn: `shape` is the mark of its stance, `bar` what it may stand anywhere on.

    `at` is its place among what was said on the topic, from 1.
    """

    at: int
    position: PositionRead
    x: float
    y: float
    stance: str
    manner: str
    known: str
    shape: str
    bar: str
    ends: str
    cross: str
    is_unsure: bool


class Lane(NamedTuple):
    """A topic: its name, the line below all its rows, and what was said on it."""

    name: str
    y: float
    foot: float
    marks: Sequence[Mark]


class Line(NamedTuple):
    """A day of the axis, and what it is called there."""

    x: float
    label: str
    anchor: str


class Timeline(NamedTuple):
    """The whole drawing."""

    width: int
    height: float
    top: float
    foot: float
    lines: Sequence[Line]
    lanes: Sequence[Lane]
    is_tall: bool


class Scale(NamedTuple):
    """The days between the drawing's edges, as ordinals."""

    first: int
    last: int

    def x(self, day: int) -> float:
        """Return where a day is."""
        return MARGIN + (day - self.first) * (WIDTH - 2 * MARGIN) / (self.last - self.first)


class _Place(NamedTuple):
    """Where a thing said may stand: the mark, and the ends of its bar; None for an end that is not known."""

    x: float
    left: float | None
    right: float | None
    is_day: bool


class _Said(NamedTuple):
    """One thing said, and where it may stand."""

    at: int
    position: PositionRead
    place: _Place


def draw(topics: Sequence[tuple[str, Sequence[PositionRead]]]) -> Timeline | None:
    """Draw topics, each by its name with what was said on it, in that order; None where no date is known at all."""
    scale = _scale(position.said for _, positions in topics for position in positions)
    if scale is None:
        return None
    drawn = [
        (name, _rows([_Said(at, p, _place(p.said, scale)) for at, p in enumerate(positions, 1)]))
        for name, positions in topics
    ]
    height = sum(HEAD + len(rows) * ROW + GAP for _, rows in drawn)
    top = AXIS if height > TALL else 0
    lanes: list[Lane] = []
    y: float = top
    for name, rows in drawn:
        first, y = y, y + HEAD
        marks: list[Mark] = []
        for row in rows:
            marks += [_mark(said, y + ROW / 2) for said in row]
            y += ROW
        y += GAP
        lanes.append(Lane(name, first, y, sorted(marks, key=lambda mark: mark.at)))
    return Timeline(WIDTH, y + AXIS, top, y, _lines(scale), lanes, bool(top))


def shape_of(stance: str, x: float, y: float, r: float = _R) -> str:
    """Return the outline of a stance's mark around a point: the same signs as in the text."""
    if stance == "supports":
        return _line((x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8))
    if stance == "opposes":
        return _line((x, y + r), (x + r, y - r * 0.8), (x - r, y - r * 0.8))
    if stance == "conditional":
        return _line((x, y - r * 1.15), (x + r * 1.15, y), (x, y + r * 1.15), (x - r * 1.15, y))
    r *= 0.85
    return f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z"


def cross_of(x: float, y: float) -> str:
    """Return two strokes through a mark: it is not said to have been said."""
    r = _R + 2
    return f"M{x - r:.1f} {y - r:.1f}l{2 * r} {2 * r}m0 {-2 * r}l{-2 * r} {2 * r}"


def _line(*points: tuple[float, float]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _scale(dates: Iterable[SaidRead]) -> Scale | None:
    """Return the days to draw: all that are known, and some room around them."""
    known = [day.toordinal() for said in dates for day in (said.earliest, said.latest) if day is not None]
    if not known:
        return None
    first, last = min(known), max(known)
    room = max(3, (last - first) // 25)
    return Scale(max(first - room, date.min.toordinal()), min(last + room, date.max.toordinal()))


def _place(said: SaidRead, scale: Scale) -> _Place:
    """Return where it may stand. The mark is on the day, amid a range, or at the one end that is known."""
    left = None if said.earliest is None else scale.x(said.earliest.toordinal())
    right = None if said.latest is None else scale.x(said.latest.toordinal())
    if left is not None and right is not None:
        return _Place((left + right) / 2, left, right, said.earliest == said.latest)
    x = left if left is not None else right if right is not None else WIDTH / 2
    return _Place(x, left, right, False)


def _lines(scale: Scale) -> list[Line]:
    """Return the lines of the calendar, the names of which stay within the drawing."""
    found: list[Line] = []
    for tick in ticks(scale.first, scale.last, MOST_TICKS):
        x = scale.x(tick.day)
        anchor = "start" if x < NAME_HALF else "end" if x > WIDTH - NAME_HALF else "middle"
        found.append(Line(x, tick.label, anchor))
    return found


def _rows(every: Sequence[_Said]) -> list[list[_Said]]:
    """Put each into the first row in which nothing covers it."""
    rows: list[list[_Said]] = []
    taken: list[list[tuple[float, float]]] = []
    for said in every:
        left, right = _extent(said.place)
        for row, spans in zip(rows, taken, strict=True):
            if all(right <= low or left >= high for low, high in spans):
                row.append(said)
                spans.append((left, right))
                break
        else:
            rows.append([said])
            taken.append([(left, right)])
    return rows


def _extent(place: _Place) -> tuple[float, float]:
    """Return from where to where nothing else may stand in the row."""
    half = ROW / 2
    left = 0.0 if place.left is None else min(place.left, place.x - half)
    right = float(WIDTH) if place.right is None else max(place.right, place.x + half)
    return left, right


def _mark(drawn: _Said, y: float) -> Mark:
    at, position, place = drawn
    said, polarity = position.said, position.polarity
    stance = position.stance.value if position.stance else "none"
    manner = "asserted" if polarity is Polarity.ASSERTED else _MANNERS.get(polarity, "hollow")
    return Mark(
        at=at,
        position=position,
        x=place.x,
        y=y,
        stance=stance,
        manner=manner,
        known=_known(said),
        shape=shape_of(stance, place.x, y),
        bar="" if place.is_day else _bar(place, y),
        ends="" if place.is_day else _ends(place, y),
        cross=cross_of(place.x, y) if manner == "crossed" else "",
        is_unsure=(place.is_day and said.basis is Basis.INFERRED) or (said.edtf or "").endswith(("?", "~", "%")),
    )


def _known(said: SaidRead) -> str:
    """Return how a date is known, as the bar's line tells it."""
    if said.basis is Basis.UNKNOWN:
        return "unknown"
    return "inferred" if said.basis is Basis.INFERRED else "told"


def _bar(place: _Place, y: float) -> str:
    """Return the line over all the days on which it may have been said, to the edge where it has no end."""
    left, right = _reach(place)
    return f"M{left:.1f} {y:.1f}H{right:.1f}"


def _ends(place: _Place, y: float) -> str:
    """Return the ends of the bar; where it has none, an arrow goes on."""
    left, right = _reach(place)
    first = _arrow(left, y, _CAP) if place.left is None else _end(left, y)
    return first + (_arrow(right, y, -_CAP) if place.right is None else _end(right, y))


def _reach(place: _Place) -> tuple[float, float]:
    return (_EDGE if place.left is None else place.left, WIDTH - _EDGE if place.right is None else place.right)


def _end(x: float, y: float) -> str:
    return f"M{x:.1f} {y - _CAP:.1f}v{2 * _CAP}"


def _arrow(x: float, y: float, inward: float) -> str:
    return f"M{x + inward:.1f} {y - _CAP:.1f}L{x:.1f} {y:.1f}L{x + inward:.1f} {y + _CAP:.1f}"


class Sample(NamedTuple):
    """A sign of the drawing, and what it tells."""

    label: str
    stance: str = "none"
    manner: str = "asserted"
    known: str = "told"
    shape: str = ""
    bar: str = ""
    ends: str = ""
    cross: str = ""
    is_unsure: bool = False


def legend(drawing: Timeline) -> list[Sample]:
    """Return the signs that the drawing has, each with its meaning."""
    marks = [mark for lane in drawing.lanes for mark in lane.marks]
    stances, manners = {mark.stance for mark in marks}, {mark.manner for mark in marks}
    dot = shape_of("none", _X, _Y)
    bar, closed, opened = f"M4 {_Y}H36", _end(4, _Y) + _end(36, _Y), _arrow(4, _Y, _CAP) + _end(36, _Y)
    samples = [
        Sample(label, stance=stance, shape=shape_of(stance, _X, _Y))
        for stance, label in _STANCES.items()
        if stance in stances
    ]
    if "crossed" in manners:
        samples.append(Sample("not said, or denied", manner="crossed", shape=dot, cross=cross_of(_X, _Y)))
    if "hollow" in manners:
        samples.append(Sample("only alleged, or a hypothesis", manner="hollow", shape=dot))
    bars = [mark for mark in marks if mark.bar]
    if any(mark.position.said.earliest and mark.position.said.latest for mark in bars):
        samples.append(Sample("on some day of these", bar=bar, ends=closed))
    if any(not (mark.position.said.earliest and mark.position.said.latest) for mark in bars):
        samples.append(Sample("first or last possible day not known", bar=bar, ends=opened))
    if any(mark.known == "inferred" for mark in bars):
        samples.append(Sample("concluded from the context", known="inferred", bar=bar, ends=closed))
    if any(mark.known == "unknown" for mark in bars):
        samples.append(Sample("no date is printed", known="unknown", bar=bar, ends=opened))
    if any(mark.is_unsure for mark in marks):
        samples.append(Sample("the date is not sure", is_unsure=True))
    return samples


_X, _Y = 20, 12
_STANCES = {
    "supports": "supports",
    "conditional": "conditional",
    "opposes": "opposes",
    "neutral": "neutral",
    "none": "no stance",
}
