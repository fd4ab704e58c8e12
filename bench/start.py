"""How long `verbatim serve` takes from the start of its process to its first answer.

Beside it, in the same run: a process that only imports FastAPI and SQLModel, and a bare FastAPI app under uvicorn. Each
is started several times in turn; all have their bytecode, as after the first start. The record is the seeded one.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from app.settings import ROOT
from bench.report import Target, heading, shown, table
from bench.servers import FLAGS, HOST, START_S, Server, free_port, stop

RUNS, QUICK_RUNS = 7, 3
IMPORTS = "import the libraries"
BARE = "bare FastAPI app, first answer"
SERVE = "verbatim serve, first answer"
HELLO = """
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
def hello() -> dict[str, str]:
    return {"hello": "world"}
"""


def run(*, quick: bool) -> list[Target]:
    """Measure, print what was found, and return the targets."""
    runs = QUICK_RUNS if quick else RUNS
    heading(f"start: {runs} starts each, from the process to its first answer")
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as name:
        folder = Path(name)
        (folder / "hello.py").write_text(HELLO)
        environment = os.environ | {
            "VERBATIM_DATABASE_URL": f"sqlite:///{folder / 'record.db'}",
            "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
            # Bytecode is kept in the folder: this environment may forbid writing it where it belongs.
            "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for command in ("migrate", "seed"):
            subprocess.run([sys.executable, "-m", "app.cli", command], env=environment, check=True, capture_output=True)
        took: dict[str, list[float]] = {IMPORTS: [], BARE: [], SERVE: []}
        for at in range(runs + 1):
            found = {
                IMPORTS: _imports(environment),
                BARE: _answers([sys.executable, "-m", "uvicorn", "hello:app", *FLAGS], "/", environment),
                SERVE: _answers([sys.executable, "-m", "app.cli", "serve"], "/v1/quotes", environment),
            }
            if at:  # the first round writes the bytecode
                for kind, seconds in found.items():
                    took[kind].append(seconds)
    return _report(took)


def _imports(environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import fastapi, sqlmodel"], env=environment, check=True)
    return time.perf_counter() - begun


def _answers(command: Sequence[str], path: str, environment: dict[str, str]) -> float:
    """Return seconds from the start of the process to the end of its first answer."""
    port = free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - begun < START_S:
            try:
                if Server(HOST, port, process.pid).get(path).status == 200:
                    return time.perf_counter() - begun
            except OSError:
                time.sleep(0.002)
            if process.poll() is not None:
                break
        raise RuntimeError(f"{' '.join(command)} gave no answer.")
    finally:
        stop(process)


def _report(took: dict[str, list[float]]) -> list[Target]:
    imports, bare = (min(took[name]) for name in (IMPORTS, BARE))
    rows = [
        (name, shown(min(found)), shown(median(found)), shown(min(found) / imports), shown(min(found) / bare))
        for name, found in took.items()
    ]
    table(("", "best s", "median s", "x imports", "x bare FastAPI"), rows)
    return [Target("start to the first answer, best", min(took[SERVE]), 1, most=True, unit=" s")]
