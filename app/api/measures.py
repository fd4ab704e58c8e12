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
_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"})


class Measures(Collector):
    """Counts answers by method, route and status, and times them by route."""

    def __init__(self) -> None:
        self._answers: defaultdict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(_BUCKETS))
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._kept = 0

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer and the time that it took. `route` is a template, never an address."""
        self._answers[method if method in _METHODS else "other", route, status] += 1
        self._buckets[route][bisect_left(_BUCKETS, seconds)] += 1
        self._seconds[route] += seconds

    def count_kept(self) -> None:
        """Count an answer that the cache gave."""
        self._kept += 1

    def collect(self) -> Iterator[Metric]:
        """Give what was counted in the shapes of Prometheus."""
        answers = CounterMetricFamily("verbatim_requests", "Requests answered.", labels=("method", "route", "status"))
        for (method, route, status), number in self._answers.items():
            answers.add_metric((method, route, str(status)), number)
        yield answers
        durations = HistogramMetricFamily("verbatim_request_seconds", "Time to the whole answer.", labels=("route",))
        for route, counts in self._buckets.items():
            buckets = [
                ("+Inf" if most == _BUCKETS[-1] else str(most), n)
                for most, n in zip(_BUCKETS, accumulate(counts), strict=True)
            ]
            durations.add_metric((route,), buckets, self._seconds[route])
        yield durations
        yield CounterMetricFamily("verbatim_cache_hits", "Answers that the cache gave.", value=self._kept)
