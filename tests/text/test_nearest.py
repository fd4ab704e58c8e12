import pytest

from app.text.nearest import nearest

KNOWN = ["speaker", "topic", "said_from", "said_to", "source", "ali-khamenei", "masoud-pezeshkian"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("speaker", "speaker"),
        ("speeker", "speaker"),
        ("speakers", "speaker"),
        ("topics", "topic"),
        ("saidfrom", "said_from"),
        ("said_too", "said_to"),
        ("ali-khamenehi", "ali-khamenei"),
        ("masud-pezeshkian", "masoud-pezeshkian"),
        ("sort", None),
        ("leader", None),
        ("colour", None),
        ("", None),
        ("🙂", None),
        ("speaker" * 10_000, None),
    ],
)
def test_the_nearest_known_name_is_found_where_one_is_near(name: str, expected: str | None) -> None:
    assert nearest(name, KNOWN) == expected


def test_nothing_is_near_where_nothing_is_known() -> None:
    assert nearest("speaker", []) is None


def test_a_name_that_is_known_is_its_own_nearest_though_others_come_before() -> None:
    assert nearest("said_to", iter(["said_top", "said_to"])) == "said_to"


def test_a_long_name_that_is_known_is_its_own_nearest_too() -> None:
    """Only the beginning of a name is compared, and another one may have the very same."""
    long = "a" * 110

    assert nearest(long, ["a" * 100, long]) == long
