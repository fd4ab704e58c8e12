"""`python -m bench.kill [ROUNDS]`: kill the server in the middle of writes, again and again, and look what is left.

Eight clients put speakers on the record, each under an Idempotency-Key; the server is killed (SIGKILL) at a random
moment and started anew on the same file. Then every write that was acknowledged has to be there, each that was not has
to be there whole or not at all, and to be one speaker once it is sent again; the history may have no gap, and
`verbatim check` has to pass. A killed process is not a loss of power, which is what `synchronous = FULL` is for.
"""

import argparse
import http.client
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from app.settings import ROOT
from bench.servers import HOST, free_port, wait

CLIENTS = 8
ROUNDS = 50
LONGEST_S = 0.5
"""The server is killed at most so long after its first answer."""
PATIENCE_S = 60
COMMAND = (sys.executable, "-m", "app.cli")


class Write(NamedTuple):
    """A speaker to put on the record; its slug is its Idempotency-Key too."""

    slug: str

    @property
    def names(self) -> list[str]:
        return [f"{self.slug} {spelling}" for spelling in ("", "the First", "of Killing")]

    @property
    def entry(self) -> dict[str, object]:
        told = f"All that is known of {self.slug}. " * 20
        names = [{"name": name.strip(), "printed": False} for name in self.names]
        return {"slug": self.slug, "name": self.slug, "kind": "person", "description": told.strip(), "names": names}


class Counted(NamedTuple):
    """What the rounds came to: writes by what became of them, changes of the record, and all that is wrong."""

    rounds: int
    acknowledged: int
    unanswered: int
    there: int
    replayed: int
    made: int
    changes: int
    wrong: Sequence[str]

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds: {self.acknowledged:,} writes acknowledged; {self.unanswered} sent and not "
            f"answered, {self.there} of them on the record and {self.unanswered - self.there} not; sent again, "
            f"{self.replayed} got the kept answer and {self.made} were written. {self.changes:,} changes. "
            f"{len(self.wrong)} wrong."
        )


class Killing:
    """A record in a folder, whose servers are killed."""

    def __init__(self, folder: Path, *, seed: int) -> None:
        self.path, self._log = folder / "verbatim.db", folder / "server.log"
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("VERBATIM_")}
        self._environment |= {"VERBATIM_DATABASE_URL": f"sqlite:///{self.path}", "VERBATIM_LOG_LEVEL": "warning"}
        self._run("migrate")
        self._secret = self._run("keys", "create", "kill", "--scope", "edit").stdout.strip()
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._sent: dict[str, Write] = {}
        self._good: set[str] = set()
        self._answers = dict.fromkeys(("acknowledged", "unanswered", "there", "replayed", "made"), 0)
        self.wrong: list[str] = []

    def run(self, rounds: int) -> Counted:
        """Kill the server so many times and return what came of it."""
        for number in range(1, rounds + 1):
            unanswered = self._kill()
            self._settle(unanswered)
            print(f"  round {number}: {len(self._good):,} speakers, {len(self.wrong)} wrong", flush=True)
        with closing(sqlite3.connect(self.path)) as record:
            (changes,) = record.execute("SELECT count(*) FROM change").fetchone()
        return Counted(rounds=rounds, changes=changes, wrong=self.wrong, **self._answers)

    def _kill(self) -> list[Write]:
        """Serve, write with all clients, and kill the server; return what was sent and not answered."""
        ready, unanswered = threading.Event(), list[Write]()
        with self._serving() as (process, port):
            clients = [threading.Thread(target=self._write, args=(port, ready, unanswered)) for _ in range(CLIENTS)]
            for client in clients:
                client.start()
            if not ready.wait(PATIENCE_S):
                self.wrong.append("nothing was answered")
            time.sleep(self._random.uniform(0, LONGEST_S))
            process.kill()
            for client in clients:
                client.join(PATIENCE_S)
        return unanswered

    def _write(self, port: int, ready: threading.Event, unanswered: list[Write]) -> None:
        """Put one speaker after another on the record until the server does not answer."""
        with closing(http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)) as connection:
            while True:
                with self._lock:
                    write = Write(f"speaker-{len(self._sent) + 1}")
                    self._sent[write.slug] = write
                try:
                    status, _ = self._post(connection, write)
                except (OSError, http.client.HTTPException):
                    with self._lock:
                        unanswered.append(write)
                    return
                with self._lock:
                    self._answers["acknowledged"] += 1
                    self._good.add(write.slug)
                    if status != 201:
                        self.wrong.append(f"{write.slug} was answered {status}")
                ready.set()

    def _settle(self, unanswered: Sequence[Write]) -> None:
        """Serve again, prove what is left of the record, and send again what was not answered."""
        with self._serving() as (_, port):
            there = self.prove()
            for write in unanswered:
                with closing(http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)) as connection:
                    status, replayed = self._post(connection, write)
                if status != 201 or replayed != (write.slug in there):
                    self.wrong.append(f"{write.slug} was answered {status} when sent again, replayed: {replayed}")
                self._answers["unanswered"] += 1
                self._answers["there"] += write.slug in there
                self._answers["replayed" if replayed else "made"] += 1
                self._good.add(write.slug)
            after = self.prove()
            self.wrong += [f"{slug} is there, and was never sent" for slug in sorted(after - self._good)]
        self._run("check")

    def prove(self) -> set[str]:
        """Return the slugs on the record, and note whatever is lost, halved, doubled or without its history."""
        with closing(sqlite3.connect(self.path)) as record:
            names, found, changes = defaultdict(list), defaultdict(list), defaultdict(list)
            for seq, name in record.execute("SELECT speaker, name FROM speaker_name ORDER BY speaker, name"):
                names[seq].append(name)
            for row, _ in record.execute("SELECT rowid, name FROM speaker_fts"):
                found[row // 1_000].append(row)
            for seq, (number, slug, version, before, after) in enumerate(record.execute(_CHANGES), 1):
                changes[slug].append((version, before, after))
                if number != seq:
                    self.wrong.append(f"the history has {number} in the place of {seq}")
            kept = {key for (key,) in record.execute("SELECT key FROM kept_answer")}
            rows = record.execute("SELECT seq, slug, name, description FROM speaker").fetchall()
        there = {slug for _, slug, _, _ in rows}
        self.wrong += [f"{slug} was acknowledged, and is gone" for slug in sorted(self._good - there)]
        self.wrong += [f"{slug} was forgotten by its history" for slug in sorted(there ^ set(changes))]
        for seq, slug, name, description in rows:
            entry = Write(slug).entry
            whole = {"slug": slug, "name": name, "kind": "person", "description": description} | {
                "names": [{"name": name, "printed": False} for name in names[seq]]
            }
            of_history = [
                (version, before, _is_same(json.loads(after), entry)) for version, before, after in changes[slug]
            ]
            if not _is_same(whole, entry) or len(found[seq]) != len(Write(slug).names):
                self.wrong.append(f"{slug} is not whole: {whole}, {len(found[seq])} names to search")
            if of_history != [(1, None, True)] or slug not in kept:
                self.wrong.append(f"{slug} has the history {of_history}, and its answer kept: {slug in kept}")
        return there

    def _post(self, connection: http.client.HTTPConnection, write: Write) -> tuple[int, bool]:
        """Return the status, and whether it was the answer of an earlier time."""
        headers = {
            "Authorization": f"Bearer {self._secret}",
            "Content-Type": "application/json",
            "Idempotency-Key": write.slug,
        }
        connection.request("POST", "/v1/speakers", json.dumps(write.entry), headers)
        answer = connection.getresponse()
        if json.loads(answer.read()).get("slug") != write.slug:
            self.wrong.append(f"{write.slug} was answered with something else")
        return answer.status, answer.getheader("Idempotency-Replayed") == "true"

    @contextmanager
    def _serving(self) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        port = free_port()
        command = [*COMMAND, "serve", "--port", str(port)]
        with self._log.open("ab") as log:
            process = subprocess.Popen(command, env=self._environment, cwd=ROOT, stdout=log, stderr=log)
            try:
                wait(process, port)
                yield process, port
            finally:
                process.kill()
                process.wait(PATIENCE_S)

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*COMMAND, *words], env=self._environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"verbatim {' '.join(words)} left with {done.returncode}: {done.stdout}{done.stderr}")
        return done


def _is_same(one: dict[str, object], other: dict[str, object]) -> bool:
    """Tell whether what the one says is what the other says; the one may say more."""
    return all(_ordered(one.get(name)) == _ordered(value) for name, value in other.items())


def _ordered(value: object) -> object:
    return sorted(str(part["name"]) for part in value) if isinstance(value, list) else value


_CHANGES = "SELECT seq, name, version, before, after FROM change ORDER BY seq"


def main() -> None:
    """Kill as often as the command line says, print what came of it, and leave with 1 when anything is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.kill", description="Kill the server in the middle of writes."
    )
    parser.add_argument("rounds", nargs="?", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which it is killed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counted = Killing(Path(folder), seed=asked.seed).run(asked.rounds)
    print(counted)
    print("\n".join(counted.wrong), end="\n" if counted.wrong else "")
    sys.exit(1 if counted.wrong else 0)


if __name__ == "__main__":
    main()
