"""What operators measure, in Prometheus's form. Labels are codes of ours: never an address, a name or a number that somebody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from gateways.brreg import RegisterUnavailable

# A page takes milliseconds, an eID or the register some seconds, a status page watched to its end minutes.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the business stands at one moment, as it is read every now and then."""

    signups_by_stage: Mapping[str, int]
    letters_waiting: int
    longest_waiting: timedelta
    letters_given_up: int
    sessions: int


class Meters:
    """One server process's meters, on a registry of their own."""

    def __init__(self) -> None:
        """Begin at nothing."""
        mine = self.registry = CollectorRegistry()
        answered = ["method", "route", "status"]
        self._requests = Histogram("skranke_http_request_seconds", "Time to answer", answered, registry=mine, buckets=BUCKETS)
        self._logins = Counter("skranke_logins", "Logins by how they ended", ["outcome"], registry=mine)
        self._trouble = Counter("skranke_register_trouble", "Answers of the register that were of no use", ["kind"], registry=mine)
        self._payloads = Counter("skranke_codec_payloads", "Payloads opened or sealed for Temporal's pages", ["way"], registry=mine)
        self._tokens = Counter("skranke_tokens", "Token requests by how they ended", ["outcome"], registry=mine)
        self._checks = Counter("skranke_checks", "Checks of cards by how they ended", ["outcome"], registry=mine)
        self._turned_away = Counter("skranke_checks_turned_away", "Checks refused unread because too many came at once", registry=mine)
        self._signups = Gauge("skranke_signups", "Signups by the stage they are in", ["stage"], registry=mine)
        self._waiting = Gauge("skranke_letters_waiting", "Letters that no mail server has taken yet", registry=mine)
        self._longest = Gauge("skranke_letters_longest_waiting_seconds", "Age of the oldest of those", registry=mine)
        self._given_up = Gauge("skranke_letters_given_up", "Letters that will not arrive", registry=mine)
        self._sessions = Gauge("skranke_sessions", "Browsers that are logged in", registry=mine)
        self._upstreams = Gauge("skranke_upstream_up", "1 while it answers, else 0", ["name"], registry=mine)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer, by the class of its status."""
        self._requests.labels(method, route, f"{status // 100}xx").observe(seconds)

    def login(self, outcome: str) -> None:
        """Count a login by how it ended: `ok`, or the reason why not."""
        self._logins.labels(outcome).inc()

    def token(self, outcome: str) -> None:
        """Count a program's request for a token: `issued`, or the error it was told."""
        self._tokens.labels(outcome).inc()

    def check(self, outcome: str) -> None:
        """Count a check by what its till was told: `ok`, or the refusal's code."""
        self._checks.labels(outcome).inc()

    def turned_away(self) -> None:
        """Count a check for which there was no time."""
        self._turned_away.inc()

    def register_trouble(self, kind: str) -> None:
        """Count an answer of the register that could not be used on a page."""
        self._trouble.labels(kind).inc()

    def payloads(self, way: str, count: int) -> None:
        """Count payloads that were opened or sealed for Temporal's own pages."""
        self._payloads.labels(way).inc(count)

    def upstream(self, name: str, *, up: bool) -> None:
        """Tell whether somebody we depend on answers."""
        self._upstreams.labels(name).set(up)

    def stands(self, figures: Figures) -> None:
        """Show how the business stands now."""
        self._signups.clear()
        for stage, count in figures.signups_by_stage.items():
            self._signups.labels(stage).set(count)
        self._waiting.set(figures.letters_waiting)
        self._longest.set(figures.longest_waiting.total_seconds())
        self._given_up.set(figures.letters_given_up)
        self._sessions.set(figures.sessions)


@contextmanager
def metrics_at(meters: Meters, host: str, port: int) -> Iterator[None]:
    """Let Prometheus read the meters at `http://host:port/metrics` for as long as this lasts: never where the public comes."""
    server, thread = start_http_server(port, host, registry=meters.registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class RegisterTroubleCounter(Interceptor):
    """Counts in a worker, beside Temporal's own metrics, what was wrong with the register's answers."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's own name
        """Stand before every activity."""
        return _CountsTrouble(next)


class _CountsTrouble(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> object:  # noqa: A002 - the SDK's own name
        try:
            return await super().execute_activity(input)
        except RegisterUnavailable as unavailable:
            counter = activity.metric_meter().create_counter("skranke_register_trouble", "Answers of the register that were of no use")
            counter.add(1, {"kind": unavailable.trouble.value})
            raise
