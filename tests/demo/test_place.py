"""Where a demo keeps its things, and its fresh database."""

import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from demo import database, place
from demo.people import PEOPLE
from demo.place import Place, free_port, port_taken
from demo.processes import environment, ports
from demo.tree import ROOT

pytestmark = pytest.mark.process

MAKE_AND_DIE = "import os; from pathlib import Path; from demo.place import Place; p = Place(Path({var!r}));"
TELL = "print(p.folder, p.sockets, flush=True); os.kill(os.getpid(), 9)"


def test_a_folder_lives_as_long_as_its_run(tmp_path: Path) -> None:
    one, two = Place(tmp_path), Place(tmp_path)
    assert one.folder != two.folder
    assert one.folder.exists()
    one.close()
    assert not one.folder.exists()
    assert not one.sockets.exists()
    assert two.folder.exists()
    two.close()


def test_the_folder_of_a_killed_run_is_removed_by_the_next(tmp_path: Path) -> None:
    script = MAKE_AND_DIE.format(var=str(tmp_path)) + TELL
    died = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    left = [Path(word) for word in died.stdout.split()]
    assert len(left) == 2
    assert all(path.exists() for path in left)

    Place(tmp_path).close()

    assert not any(path.exists() for path in left)


def test_a_fresh_database_has_all_tables_and_the_people_and_nothing_else(tmp_path: Path) -> None:
    place = Place(tmp_path)
    target = place.folder / "db.sqlite3"
    database.fresh(target, environment(place, ports(8000)))
    with sqlite3.connect(target) as made:
        emails = {email for (email,) in made.execute("SELECT email FROM sellers_user")}
        products = made.execute("SELECT count(*) FROM sellers_product").fetchone()
        journal = made.execute("PRAGMA integrity_check").fetchone()
    assert emails == {person.email for person in PEOPLE}
    assert (products, journal) == ((0,), ("ok",))

    # The second comes from the same template.
    (template,) = tmp_path.glob("empty-*.sqlite3")
    stamp = template.stat().st_mtime_ns
    database.fresh(place.folder / "second.sqlite3", environment(place, ports(8000)))
    assert template.stat().st_mtime_ns == stamp
    place.close()


def test_nothing_of_the_callers_aws_or_settings_reaches_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "HUB_PRINCIPAL_ARN", "DEBUG", "SECRET_KEY_FILE"):
        monkeypatch.setenv(name, "the caller's")
    monkeypatch.setenv("DATABASE_URL", "postgres://production.example.com/real")
    place = Place(tmp_path)

    told = environment(place, ports(8000))

    assert "the caller's" not in told.values()
    assert told["DATABASE_URL"] == f"sqlite:///{place.folder / 'db.sqlite3'}"
    assert told["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert told["AWS_CONFIG_FILE"] == os.devnull
    place.close()


def test_a_free_port_is_none_that_the_system_gives_away() -> None:
    """Between its choice and the start of the process that listens there, others open connections and listen."""
    given = [free_port() for _ in range(50)]
    assert min(given) > 1_024
    assert max(given) < 32_768  # where Linux begins unless an operator says otherwise; the other systems begin above
    assert len(set(given)) > 40
    assert not port_taken(free_port())


def test_a_port_in_use_is_none_that_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(place, "OURS", [port] * 999 + [port - 1, port + 1])
        assert free_port() in (port - 1, port + 1)
