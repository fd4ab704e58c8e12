"""What the service counts of its answers, for /metrics.

Counted in plain numbers and turned into Prometheus's shapes when asked: its own counters take a lock each, which for a
cached answer is a fifth of the work. Only the event loop counts, so none is needed.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, float("inf"))
_NAMES = [*map(str, _BUCKETS[:-1]), "+Inf"]
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"})


class _Count:
    """What is counted of one kind of answer."""

    __slots__ = ("buckets", "number", "seconds")

    def __init__(self) -> None:
        self.number, self.seconds, self.buckets = 0, 0.0, [0] * len(_BUCKETS)


class Measures(Collector):
    """Counts answers by method, route and status, and times them by route."""

    def __init__(self) -> None:
        self._counts: defaultdict[tuple[str, str, int], _Count] = defaultdict(_Count)
        self._kept = 0

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer and the time that it took. `route` is a template, never an address."""
        count = self._counts[method if method in _METHODS else "other", route, status]
        count.number += 1
        count.seconds += seconds
        count.buckets[bisect_left(_BUCKETS, seconds)] += 1

    def count_kept(self) -> None:
        """Count an answer that the cache gave."""
        self._kept += 1

    def collect(self) -> Iterator[Metric]:
        """Give what was counted in the shapes of Prometheus."""
        answers = CounterMetricFamily("verbatim_requests", "Requests answered.", labels=("method", "route", "status"))
        durations = HistogramMetricFamily("verbatim_request_seconds", "Time to the whole answer.", labels=("route",))
        routes: defaultdict[str, _Count] = defaultdict(_Count)
        for (method, route, status), count in self._counts.items():
            answers.add_metric((method, route, str(status)), count.number)
            routes[route].seconds += count.seconds
            routes[route].buckets = [sum(pair) for pair in zip(routes[route].buckets, count.buckets, strict=True)]
        for route, count in routes.items():
            durations.add_metric((route,), list(zip(_NAMES, accumulate(count.buckets), strict=True)), count.seconds)
        yield from (answers, durations)
        yield CounterMetricFamily("verbatim_cache_hits", "Answers that the cache gave.", value=self._kept)
