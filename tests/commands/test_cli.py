"""The command line, run as a person runs it: as a process, now and then by the console script itself."""

import http.client
import json
import re
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from app import __version__
from app.cli import COMMANDS
from app.tables import SCHEMA
from app.tables.db import Database
from tests.commands.processes import Done, free_port, run, run_script, run_together, serving
from tests.conftest import SEED
from tests.tables.raw import connect, contents

STOP_S = 10
SLUG = "pezeshkian-khamenei-us-talks-2025-03-21"
SMALL = """format: verbatim-record/1
source: {slug: small, title: Small, kind: post, language: en, text: She said yes.}
quotes: [{kind: direct, content: ["yes"]}]
"""


GROUPS = {"keys": ("create", "list", "revoke", "rotate")}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Done]:
    """What the script says when it is asked about itself, by the words it is asked with."""
    nowhere = tmp_path_factory.mktemp("told") / "none.db"
    itself = {words: run_script(*words.split(), database=nowhere) for words in ("--version", "imprt a.yaml")}
    asked = ["--help", *(f"{name} --help" for name in COMMANDS)]
    return itself | {words: run(*words.split(), database=nowhere) for words in asked}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(told: Mapping[str, Done], name: str) -> None:
    done = told[f"{name} --help"]
    assert (done.code, done.err) == (0, "")
    if name not in GROUPS:
        assert f"verbatim {name}" in done.out.partition("Example:")[2]


@pytest.mark.parametrize("name", [f"{group} {name}" for group, names in GROUPS.items() for name in names])
def test_every_command_of_a_group_has_help_with_an_example(name: str, tmp_path: Path) -> None:
    done = run(*name.split(), "--help", database=tmp_path / "none.db")
    assert (done.code, done.err) == (0, "")
    assert f"verbatim {name}" in done.out.partition("Example:")[2]


def test_the_help_lists_every_command_and_names_the_setting_for_the_database(told: Mapping[str, Done]) -> None:
    done = told["--help"]
    assert (done.code, done.err) == (0, "")
    assert [name for name in COMMANDS if f"\n  {name} " not in done.out] == []
    assert "VERBATIM_DATABASE_URL" in done.out
    assert "verbatim migrate" in done.out.partition("Example:")[2]


def test_no_summary_of_a_command_is_cut_on_a_terminal_of_80_columns(tmp_path: Path) -> None:
    done = run("--help", database=tmp_path / "none.db", COLUMNS="80")
    summaries = done.out.partition("Commands:\n")[2].splitlines()
    assert len(summaries) == len(COMMANDS)
    assert [line for line in summaries if not line.endswith(".") or line.endswith("...")] == []


def test_the_version_is_the_packages(told: Mapping[str, Done]) -> None:
    assert told["--version"] == Done(0, f"{__version__}\n", "")


def test_a_mistyped_command_names_the_nearest(told: Mapping[str, Done]) -> None:
    done = told["imprt a.yaml"]
    assert (done.code, done.out) == (2, "")
    assert "No such command 'imprt'. Did you mean 'import'?" in done.err


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("VERBATIM_CACHE_MB", "much", "VERBATIM_CACHE_MB=much"),
        (
            "VERBATIM_PUBLIC_URL",
            "foo",
            "VERBATIM_PUBLIC_URL=foo: it is not an address such as https://quotes.example. See",
        ),
        ("VERBATIM_DATABASE_URL", "postgresql://user:secret@host/db", "such as sqlite:///verbatim.db."),
    ],
    ids=["a number that is none", "an address that is none", "a database that is not SQLite"],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, setting: str, value: str, said: str) -> None:
    done = run("migrate", given=None, cwd=tmp_path, database=tmp_path / "none.db", **{setting: value})

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("verbatim: VERBATIM_")
    assert said in done.err
    assert "secret" not in done.err
    assert done.err.count("\n") == 1


def test_a_setting_that_is_none_is_named_once_with_the_one_that_is_meant(seeded: Database) -> None:
    odd = {"VERBATIM_DATABSE_URL": "sqlite:///other.db", "VERBATIM_DB": "x", "VERBATIM_SERVICE_PORT": "80"}
    with serving("--prepare", database=seeded.path, **odd) as server:
        said = server.stop(signal.SIGTERM).err

    passed_over = "verbatim: There is no setting {}, which is passed over: {}\n"
    assert said.startswith(
        passed_over.format("VERBATIM_DATABSE_URL", "did you mean VERBATIM_DATABASE_URL?")
        + passed_over.format("VERBATIM_DB", "docs/settings.md lists them.")
        + "Verbatim  http"
    )


def test_a_folder_that_is_not_there_is_not_made_for_a_mistyped_database(tmp_path: Path) -> None:
    path = tmp_path / "dta" / "verbatim.db"
    reason = f"verbatim: There is no folder {path.parent}: make it, or mend VERBATIM_DATABASE_URL.\n"

    assert run("migrate", database=path) == Done(2, "", reason)
    assert run("serve", "--prepare", "--port", str(free_port()), database=path) == Done(2, "", reason)

    assert not path.parent.exists()


def test_a_database_that_serve_does_not_know_is_refused_with_what_mends_it(seeded: Database, tmp_path: Path) -> None:
    """One process each: nothing there, of an older version, of a newer one, of another program, no database."""
    paths = {name: tmp_path / f"{name}.db" for name in ("missing", "older", "newer", "foreign", "broken")}
    seeded.close()
    for name, version in (("older", "0000"), ("newer", "9999")):
        paths[name].write_bytes(seeded.path.read_bytes())
        connection = connect(paths[name])
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.close()
    connection = connect(paths["foreign"])
    connection.execute("CREATE TABLE recipe (name TEXT, steps TEXT)")
    connection.close()
    paths["broken"].write_text("not a database\n" * 100)

    said = {name: run("serve", "--port", str(free_port()), database=path) for name, path in paths.items()}

    assert {name: (done.code, done.out) for name, done in said.items()} == dict.fromkeys(paths, (2, ""))
    assert said["missing"].err == (
        f"verbatim: {paths['missing']} holds no record yet. Make it: verbatim migrate, then verbatim seed.\n"
    )
    assert f"stands at migration 0000; this version needs {SCHEMA}: verbatim migrate.\n" in said["older"].err
    assert "a newer one wrote it. Start that version, or restore an older backup.\n" in said["newer"].err
    assert "is a database of something else: it has a table recipe.\n" in said["foreign"].err
    assert "cannot be read as a database" in said["broken"].err
    assert not paths["missing"].exists()


def test_a_port_that_is_taken_is_named_with_the_remedy(seeded: Database) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = run("serve", "--port", str(port), database=seeded.path)

    assert done.code == 2
    assert done.err.startswith(f"verbatim: Port {port} of 127.0.0.1 cannot be listened on (Address already in use)")
    assert f"verbatim serve --port {port + 1}" in done.err
    assert done.err.count("\n") == 1


WRONG = {
    "a host that is none": (
        ["--host", "300.1.1.1"],
        {},
        "verbatim: 300.1.1.1 is not an address of this machine: give one",
    ),
    "a host of another machine": (["--host", "192.0.2.1"], {}, "verbatim: 192.0.2.1 is not an address of this machine"),
    "a host that is no name": (["--host", "a..b"], {}, "verbatim: a..b is not an address of this machine"),
    "a port in letters": (["--port", "abc"], {}, "abc is not a whole number from 1 to 65535."),
    "a port of the environment": ([], {"UVICORN_PORT": "80a"}, "80a is not a whole number from 1 to 65535."),
    "a port beyond all": (["--port", "65536"], {}, "65536 is not a whole number from 1 to 65535."),
    "no port": (["--port", "0"], {}, "0 is not a whole number from 1 to 65535."),
    "workers in words": ([], {"WEB_CONCURRENCY": "many"}, "many is not a whole number from 1 to 64."),
}


@pytest.mark.parametrize(("words", "environment", "said"), WRONG.values(), ids=WRONG)
def test_a_host_or_a_port_that_is_none_is_named_with_its_value(
    seeded: Database, words: list[str], environment: dict[str, str], said: str
) -> None:
    done = run("serve", *words, given=None, cwd=None, database=seeded.path, **environment)

    assert done.code in (1, 2)
    assert said in done.err
    assert "--port 8001" not in done.err
    assert "Traceback" not in done.err


def test_serve_greets_answers_and_stops_when_it_is_told_to(seeded: Database) -> None:
    with serving(database=seeded.path) as server:
        port = int(server.base.rsplit(":", 1)[1])
        assert server.greeting == (
            f"Verbatim  {server.base}\nAPI docs  {server.base}/docs\nTry       curl '{server.base}/v1/quotes?limit=1'\n"
        )
        assert json.loads(server.get("/v1/quotes?limit=1"))["total"] > 30
        assert b"<html" in server.get("/docs").lower()
        # A client that keeps its connection does not keep the server.
        client = http.client.HTTPConnection("127.0.0.1", port)
        client.request("GET", "/livez")
        client.getresponse().read()

        asked = time.monotonic()
        done = server.stop(signal.SIGTERM)
        took_s = time.monotonic() - asked
        client.close()

    assert (done.code, done.err) == (0, server.greeting)
    assert took_s < STOP_S
    logged = [json.loads(line) for line in done.out.splitlines()]
    assert "/v1/quotes" in json.dumps(logged)
    with socket.create_server(("127.0.0.1", port)):
        pass  # the port is free again; create_server takes one whose last connections still fade, as serve does


def test_serve_stops_on_ctrl_c_too(seeded: Database) -> None:
    with serving(database=seeded.path) as server:
        done = server.stop(signal.SIGINT)

    assert (done.code, done.err) == (0, server.greeting)


def test_several_processes_serve_and_stop_together(seeded: Database) -> None:
    with serving("--workers", "2", database=seeded.path) as server:
        assert json.loads(server.get("/v1/quotes?limit=1"))["total"] > 30
        done = server.stop(signal.SIGTERM)

    assert done.code == 0
    assert "Traceback" not in done.err + done.out


def test_prepare_migrates_and_seeds_once_and_changes_nothing_the_second_time(tmp_path: Path, seeded: Database) -> None:
    path = tmp_path / "new.db"
    with serving("--prepare", database=path) as server:
        assert json.loads(server.get("/v1/quotes?limit=1"))["total"] > 30
        server.stop(signal.SIGTERM)
    first = contents(path)

    with serving(database=path, VERBATIM_PREPARE="true") as server:
        assert json.loads(server.get("/v1/sources"))["total"] == 1
        done = server.stop(signal.SIGTERM)

    assert contents(path) == first
    assert {name: len(rows) for name, rows in first.items()} == {
        name: len(rows) for name, rows in contents(seeded.path).items()
    }
    assert done.err == server.greeting


def test_without_seed_prepare_leaves_the_record_empty(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    with serving("--prepare", database=path, VERBATIM_SEED="false") as server:
        assert json.loads(server.get("/v1/quotes"))["items"] == []
        server.stop(signal.SIGTERM)

    assert not any(contents(path).values())


def test_migrate_and_seed_twice_change_nothing_the_second_time(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "verbatim.db"
    path.parent.mkdir()

    assert run("migrate", database=path) == Done(0, f"{path}: ran 0001, 0002, 0003, 0004, 0005, 0006, {SCHEMA}\n", "")
    assert run("seed", database=path) == Done(0, f"{SLUG}: 52 quotes added, 0 corrected, 0 unchanged\n", "")
    first = contents(path)
    assert run("migrate", database=path) == Done(0, f"{path}: up to date\n", "")
    assert run("seed", database=path) == Done(
        0, f"{SLUG}: 0 quotes added, 0 corrected, 52 unchanged (nothing to write)\n", ""
    )

    assert contents(path) == first


def test_files_are_imported_by_name_and_from_standard_input(empty: Database, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    empty.close()

    by_name = run("import", "--as", "Ada", "small.yaml", database=empty.path, cwd=tmp_path)
    given = run(
        "import",
        "-",
        database=empty.path,
        given=SMALL.replace("small", "other").replace("She", "He").encode(),
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )

    assert by_name == Done(0, "small: 1 quote added, 0 corrected, 0 unchanged\n", "")
    assert given == Done(0, "other: 1 quote added, 0 corrected, 0 unchanged\n", "")
    signed = {(row[2], row[5]) for row in contents(empty.path)["change"] if row[1] == "source"}
    assert signed == {("small", "Ada"), ("other", "verbatim import")}


def test_what_an_import_writes_beside_quotes_is_told(empty: Database, tmp_path: Path) -> None:
    topic = SMALL.replace("quotes:", "topics: [{slug: assent, label: Asent}]\nquotes:").replace(
        '"yes"]', '"yes"], topics: [{topic: assent}]'
    )
    beside = "1 more change to its source, speakers, topics, notes or links"
    empty.close()
    said = []
    for at, content in enumerate((topic, topic.replace("Asent", "Assent"), topic.replace("Asent", "Assent"))):
        path = tmp_path / f"{at}.yaml"
        path.write_text(content, encoding="utf-8")
        said.append(run("import", path, database=empty.path))

    assert [done.out for done in said] == [
        "small: 1 quote added, 0 corrected, 0 unchanged\n",
        f"small: 0 quotes added, 0 corrected, 1 unchanged; {beside}\n",
        "small: 0 quotes added, 0 corrected, 1 unchanged (nothing to write)\n",
    ]


@pytest.mark.parametrize("name", ["", "  "], ids=["empty", "blank"])
@pytest.mark.parametrize("command", [("import", SEED), ("revise", "a"), ("extract", "--source", "a")])
def test_a_write_is_signed_by_a_name(empty: Database, command: tuple[str, ...], name: str) -> None:
    empty.close()
    done = run(*command, "--as", name, database=empty.path)

    assert (done.code, done.out) == (2, "")
    assert "Invalid value for --as: it is empty: give the name under which the history keeps the writes" in done.err
    assert not any(contents(empty.path).values())


def test_a_text_beside_the_working_directory_is_found_for_standard_input(empty: Database) -> None:
    empty.close()

    done = run("import", "-", database=empty.path, given=SEED.read_bytes(), cwd=SEED.parent)

    assert done == Done(0, f"{SLUG}: 52 quotes added, 0 corrected, 0 unchanged\n", "")


def test_of_several_files_one_that_is_wrong_keeps_all_away(seeded: Database, tmp_path: Path) -> None:
    good, wrong = tmp_path / "good.yaml", tmp_path / "wrong.yaml"
    good.write_text(SMALL, encoding="utf-8")
    wrong.write_text(SMALL.replace("small", "wrong").replace('["yes"]', '["no"]'), encoding="utf-8")
    seeded.close()
    before = contents(seeded.path)

    done = run("import", good, wrong, database=seeded.path)

    assert done == Done(2, "", f"verbatim: {wrong}, line 3: “no” does not stand in the text.\n")
    assert contents(seeded.path) == before


def test_what_cannot_be_read_is_one_line_on_standard_error(empty: Database, tmp_path: Path) -> None:
    empty.close()
    missing = tmp_path / "missing.yaml"

    assert run("import", missing, database=empty.path) == Done(
        2, "", f"verbatim: {missing} cannot be read: No such file or directory.\n"
    )
    assert run("import", "-", database=empty.path, given=b"caf\xe9") == Done(
        2, "", "verbatim: - is not UTF-8 at byte 3.\n"
    )


def test_export_writes_the_same_to_a_file_and_to_standard_output(seeded: Database, tmp_path: Path) -> None:
    seeded.close()
    path = tmp_path / "export.yaml"

    to_file = run("export", "--output", path, database=seeded.path)
    # Record files are UTF-8, whatever the terminal is.
    to_screen = run("export", SLUG, database=seeded.path, PYTHONIOENCODING="ascii")

    assert to_file == Done(0, "", "")
    assert (to_screen.code, to_screen.err) == (0, "")
    assert to_screen.out.encode() == path.read_bytes()
    assert to_screen.out.startswith("---\nformat: verbatim-record/1\nsource:\n  slug: pezeshkian")
    assert sorted(path.name for path in tmp_path.glob("export*")) == ["export.yaml"]


def test_an_export_that_cannot_be_written_is_one_line_on_standard_error(seeded: Database, tmp_path: Path) -> None:
    seeded.close()
    nowhere = tmp_path / "no folder" / "export.yaml"
    there = tmp_path / "there.yaml"
    there.write_text("an earlier export")

    unknown, unwritable = run_together(
        [["export", "nothing", "--output", there], ["export", "--output", nowhere]], database=seeded.path
    )

    assert unknown == Done(2, "", "verbatim: There is no source nothing.\n")
    assert there.read_text() == "an earlier export"
    assert unwritable == Done(2, "", f"verbatim: {nowhere} cannot be written: No such file or directory.\n")


def test_every_command_asks_for_a_record_first(tmp_path: Path) -> None:
    path = tmp_path / "none.db"

    said = run_together(
        [["seed"], ["import", SEED], ["export"], ["verify", "some words"], ["check"]],
        database=path,
    )

    reason = f"verbatim: {path} holds no record yet. Make it: verbatim migrate, then verbatim seed.\n"
    assert said == [Done(2, "", reason)] * 5
    assert not path.exists()


def test_a_check_tells_how_much_it_looked_at(empty: Database) -> None:
    empty.close()
    run("import", "-", database=empty.path, given=SMALL.encode())

    done = run("check", database=empty.path)
    assert (done.code, done.err) == (0, "")
    history, counted = done.out.splitlines()
    assert re.fullmatch(r"history: 2 changes, sealed by [0-9a-f]{64}", history)
    assert counted == "1 source, 1 quote and 1 anchor checked: 0 failed."


def test_what_the_system_or_the_database_refuses_is_one_line_and_exit_2(seeded: Database, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    seeded.close()
    connection = connect(seeded.path)
    connection.execute("DROP TABLE segment")
    connection.close()

    nowhere = run("migrate", database=tmp_path / "a file" / "verbatim.db")
    broken = run("check", database=seeded.path)

    assert (nowhere.code, nowhere.out, nowhere.err.count("\n")) == (2, "", 1)
    assert "a file" in nowhere.err
    assert (broken.code, broken.err.count("\n")) == (2, 1)
    assert "no such table: segment" in broken.err


def test_where_words_differ_the_recorded_ones_are_shown(seeded: Database) -> None:
    done = run("verify", "The only exception is America.", database=seeded.path)
    assert done.code == 1
    assert "Recorded: “The only exception here is America”" in done.out
