"""The timeline's geometry: a day is a day, a range a range, and nothing hides anything."""

import re
from datetime import date
from itertools import combinations

import pytest

from app.pages import timeline
from app.pages.axis import ticks
from app.pages.timeline import MARGIN, MOST_TICKS, ROW, WIDTH, Mark
from app.tables.quote import PositionRead, SaidRead
from app.tables.source import SourceRef
from app.tables.words import Basis, Polarity, QuoteKind, Stance, Status


def position(
    earliest: str | None = None,
    latest: str | None = None,
    *,
    edtf: str | None = None,
    basis: Basis = Basis.STATED,
    stance: Stance | None = None,
    polarity: Polarity = Polarity.ASSERTED,
) -> PositionRead:
    return PositionRead(
        id="0" * 16,
        url="/v1/quotes/x",
        text="Words.",
        kind=QuoteKind.DIRECT,
        polarity=polarity,
        status=Status.PUBLISHED,
        said=SaidRead(
            edtf=edtf,
            earliest=date.fromisoformat(earliest) if earliest else None,
            latest=date.fromisoformat(latest) if latest else None,
            basis=basis,
            as_printed=None,
            note=None,
        ),
        stance=stance,
        proposition="It is so." if stance else None,
        source=SourceRef(slug="s", title="S", publisher=None, published=None),
    )


def marks(*positions: PositionRead) -> list[Mark]:
    drawing = timeline.draw([("A topic", positions)])
    assert drawing is not None
    return list(drawing.lanes[0].marks)


YEAR = (position("2024-01-01", "2024-01-01"), position("2024-12-31", "2024-12-31"))


def test_a_known_day_is_a_mark_without_a_bar_and_days_are_in_their_order() -> None:
    first, last, amid = marks(*YEAR, position("2024-07-01", "2024-07-01"))
    assert MARGIN < first.x < amid.x < last.x < WIDTH - MARGIN
    assert abs(amid.x - (first.x + last.x) / 2) < 2
    assert {mark.bar for mark in (first, last, amid)} == {""}


def test_a_range_is_a_bar_over_all_of_it_with_two_ends_and_the_mark_amid() -> None:
    first, last, ranged = marks(*YEAR, position("2024-01-01", "2024-12-31", edtf="2024"))
    left, right = map(float, re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", ranged.bar)[0])
    assert left == pytest.approx(first.x, abs=0.1)
    assert right == pytest.approx(last.x, abs=0.1)
    assert ranged.x == pytest.approx((left + right) / 2, abs=0.1)
    assert ranged.ends.count("v") == 2


@pytest.mark.parametrize(
    ("earliest", "latest", "arrows"),
    [(None, "2024-12-31", 1), ("2024-01-01", None, 1), (None, None, 2)],
    ids=["by", "from", "unknown"],
)
def test_an_end_that_is_not_known_runs_to_the_edge_with_an_arrow(
    earliest: str | None, latest: str | None, arrows: int
) -> None:
    first, last, opened = marks(*YEAR, position(earliest, latest))
    left, right = map(float, re.findall(r"M([\d.]+) [\d.]+H([\d.]+)", opened.bar)[0])
    assert (opened.ends.count("L") // 2, opened.ends.count("v")) == (arrows, 2 - arrows)
    assert left == pytest.approx(first.x, abs=0.1) if earliest else left < first.x - 10
    assert right == pytest.approx(last.x, abs=0.1) if latest else right > last.x + 10


def test_how_the_date_is_known_is_told_by_the_line_and_a_question_mark() -> None:
    told, inferred, unknown, unsure, concluded = marks(
        position("2024-01-01", "2024-12-31", edtf="2024"),
        position("2024-01-01", "2024-12-31", edtf="2024", basis=Basis.INFERRED),
        position(None, "2024-12-31", basis=Basis.UNKNOWN),
        position("2024-05-05", "2024-05-05", edtf="2024-05-05?"),
        position("2024-06-05", "2024-06-05", edtf="2024-06-05", basis=Basis.INFERRED),
    )
    assert [mark.known for mark in (told, inferred, unknown)] == ["told", "inferred", "unknown"]
    assert [mark.is_unsure for mark in (told, inferred, unknown, unsure, concluded)] == [False] * 3 + [True] * 2


def test_marks_of_one_day_are_put_above_each_other_and_cover_nothing() -> None:
    found = marks(*[position("2024-05-05", "2024-05-05")] * 5, *YEAR, position(None, "2024-05-06"))
    assert [mark.at for mark in found] == list(range(1, 9))
    for one, other in combinations(found, 2):
        assert abs(one.y - other.y) >= ROW or abs(one.x - other.x) >= ROW
    assert len({mark.y for mark in found[:5]}) == 5
    assert found[-1].y not in {mark.y for mark in found[:5]}  # its bar would run below the mark of the day before


def test_each_stance_has_a_shape_of_its_own_and_what_is_not_asserted_a_manner() -> None:
    stances = [timeline.shape_of(stance, 0, 0) for stance in ("supports", "opposes", "conditional", "none")]
    assert len(set(stances)) == 4
    found = marks(*(position("2024-05-05", "2024-05-05", polarity=polarity) for polarity in Polarity))
    assert dict(zip(Polarity, (mark.manner for mark in found), strict=True)) == {
        Polarity.ASSERTED: "asserted",
        Polarity.DENIED: "crossed",
        Polarity.NOT_SAID: "crossed",
        Polarity.ALLEGED: "hollow",
        Polarity.HYPOTHETICAL: "hollow",
    }
    assert [bool(mark.cross) for mark in found] == [False, True, True, False, False]


def test_the_legend_tells_of_what_is_drawn_and_of_nothing_else() -> None:
    drawing = timeline.draw([("A topic", [position("2024-05-05", "2024-05-05", stance=Stance.OPPOSES)])])
    assert drawing is not None
    assert [sample.label for sample in timeline.legend(drawing)] == ["opposes"]
    everything = [
        *(position("2024-05-05", "2024-05-05", stance=stance) for stance in (*Stance, None)),
        position("2024-01-01", "2024-12-31", polarity=Polarity.DENIED, basis=Basis.INFERRED),
        position(None, "2024-12-31", polarity=Polarity.ALLEGED, basis=Basis.UNKNOWN),
        position("2024-05-05", "2024-05-05", edtf="2024-05-05~"),
    ]
    drawing = timeline.draw([("A topic", everything)])
    assert drawing is not None
    labels = [sample.label for sample in timeline.legend(drawing)]
    assert len(labels) == len(set(labels)) == 12


def test_nothing_is_drawn_where_no_day_is_known() -> None:
    assert timeline.draw([("A topic", [position()])]) is None
    assert timeline.draw([]) is None


@pytest.mark.parametrize(
    ("first", "last"),
    [("2024-05-05", "2024-05-05"), ("0001-01-01", "0001-01-02"), ("9999-12-31", "9999-12-31"),
     ("0001-01-01", "9999-12-31"), ("2024-02-28", "2024-03-02")],
)  # fmt: skip
def test_everything_drawn_stays_within_the_drawing(first: str, last: str) -> None:
    drawing = timeline.draw([("A topic", [position(first, first), position(last, last), position(first, last)])])
    assert drawing is not None
    assert all(0 <= line.x <= WIDTH for line in drawing.lines)
    assert drawing.lines
    assert all(0 <= mark.x <= WIDTH and 0 < mark.y < drawing.foot < drawing.height for mark in drawing.lanes[0].marks)


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ("2025-03-01", "2025-03-05", ["1 Mar 2025", "2 Mar 2025", "3 Mar 2025", "4 Mar 2025", "5 Mar 2025"]),
        ("2025-03-01", "2025-03-31", ["3 Mar 2025", "10 Mar 2025", "17 Mar 2025", "24 Mar 2025", "31 Mar 2025"]),
        ("2025-01-20", "2025-03-20", ["1 Feb 2025", "15 Feb 2025", "1 Mar 2025", "15 Mar 2025"]),
        ("2024-11-15", "2025-03-15", ["Dec 2024", "Jan 2025", "Feb 2025", "Mar 2025"]),
        ("2015-01-01", "2025-03-21", ["2016", "2018", "2020", "2022", "2024"]),
        ("9998-06-01", "9999-12-31", ["Jul 9998", "Jan 9999", "Jul 9999"]),
    ],
    ids=["days", "Mondays", "half months", "months", "years", "the end of time"],
)
def test_the_axis_has_days_months_or_years_by_how_long_it_is(first: str, last: str, labels: list[str]) -> None:
    between = (date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())
    assert [tick.label for tick in ticks(*between, MOST_TICKS)] == labels


@pytest.mark.parametrize("span", [0, 1, 6, 7, 12, 13, 40, 76, 77, 100, 190, 400, 1_000, 5_000, 100_000, 3_652_058])
def test_the_axis_never_has_too_many_ticks(span: int) -> None:
    for first in (1, 738_000, date.max.toordinal() - span):
        if first >= 1 and first + span <= date.max.toordinal():
            found = ticks(first, first + span, MOST_TICKS)
            assert len(found) <= (MOST_TICKS if span < 2_000 else MOST_TICKS * 3 // 2)
            assert all(first <= tick.day <= first + span for tick in found)
