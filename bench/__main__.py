"""`python -m bench [serving|growth|pages|ingest|start|search|verification] [--quick]`: run one measure, or all.

Of all, growth, pages and search are quick, up to a hundred thousand quotes: a million takes longer than the rest.
"""

import argparse
import time

from bench import growth, ingest, pages, search, serving, start, verification
from bench.report import heading, targets

MEASURES = {
    "serving": serving.run,
    "growth": growth.run,
    "pages": pages.run,
    "ingest": ingest.run,
    "start": start.run,
    "search": search.run,
    "verification": verification.run,
}


def main() -> None:
    """Run the measures that the command line names, and print which targets are met."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("measure", nargs="?", choices=[*MEASURES], help="one of them; all when left out")
    parser.add_argument("--quick", action="store_true", help="smaller records, fewer rounds")
    asked = parser.parse_args()
    begun = time.perf_counter()
    found = []
    for name in [asked.measure] if asked.measure else MEASURES:
        found += MEASURES[name](quick=asked.quick or (name in ("growth", "pages", "search") and not asked.measure))
    heading(f"targets, after {time.perf_counter() - begun:.0f} s")
    targets(found)


if __name__ == "__main__":
    main()
