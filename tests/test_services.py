"""The real services that other tests stand on."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from tests import services
from tests.services import broker, postgres

pytestmark = [pytest.mark.process, pytest.mark.broker, pytest.mark.postgres]

ROOT = Path(__file__).parent.parent


def answers(url: str) -> bool:
    """Whether the database server is there."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_two_names_are_two_databases_of_one_server() -> None:
    first, second = postgres("plc_services_one"), postgres("plc_services_two")
    with psycopg.connect(first) as one, psycopg.connect(second) as two:
        one.execute("CREATE TABLE only_in_one ()")
        assert one.info.port == two.info.port
        with pytest.raises(psycopg.errors.UndefinedTable):
            two.execute("SELECT * FROM only_in_one")


def test_the_server_ends_with_the_last_test_run() -> None:
    script = "import sys; from tests.services import postgres; print(postgres('x'), flush=True); sys.stdin.read()"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    environment.pop("TEST_DATABASE_URL", None)
    with subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        url = other.stdout.readline().strip()
        psycopg.connect(url).close()
        other.kill()

    deadline = time.monotonic() + 10
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not answers(url)


def test_the_broker_keeps_its_data_over_a_restart_and_forgets_them_when_flushed() -> None:
    with broker() as one:
        one.client.set("key", "value")
        one.stop()
        assert not one.answers()
        one.start()
        assert one.client.get("key") == b"value"
        one.flush()
        assert one.client.get("key") is None


def test_a_paused_broker_answers_again_when_it_goes_on() -> None:
    with broker() as one:
        impatient = one.client
        impatient.connection_pool.connection_kwargs["socket_timeout"] = 0.2
        one.pause()
        with pytest.raises(redis.TimeoutError):
            impatient.ping()
        one.resume()
        assert one.answers()


def test_the_broker_never_evicts_and_leaves_nothing_behind() -> None:
    with broker() as one:
        assert one.client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert one.client.config_get("appendonly") == {"appendonly": "yes"}
        pid, directory = one.pid, one.directory
    assert not directory.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_is_missing_fails_in_the_ci_and_skips_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="No browser"):
        services.missing("No browser.")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="No browser"):
        services.missing("No browser.")
