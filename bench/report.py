"""What the measures print: tables of figures and ratios, and whether each target is met."""

from collections.abc import Sequence
from typing import NamedTuple


class Target(NamedTuple):
    """A figure that shall be at least, or with `most` at most, the bound."""

    what: str
    found: float
    bound: float
    most: bool = False
    unit: str = ""

    @property
    def is_met(self) -> bool:
        return self.found <= self.bound if self.most else self.found >= self.bound

    def __str__(self) -> str:
        sign = "<=" if self.most else ">="
        verdict = "met" if self.is_met else "MISSED"
        return f"  {verdict:6}  {self.what}: {shown(self.found)}{self.unit} ({sign} {self.bound:g}{self.unit})"


def heading(title: str) -> None:
    """Print a heading."""
    print(f"\n== {title}", flush=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their columns, the first column to the left and the others to the right."""
    widths = [max(len(row[at]) for row in (columns, *rows)) for at in range(len(columns))]
    for row in (columns, *rows):
        cells = [
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  " + "  ".join(cells), flush=True)


def targets(found: Sequence[Target]) -> None:
    """Print the targets, one a line."""
    for target in found:
        print(target, flush=True)


def shown(number: float) -> str:
    """Write a number with three significant digits, thousands apart."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}" if number < 10 else f"{number:.1f}"
