"""Settings: a wrong environment ends the start with a sentence; the safe way is the default."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
GOOD = {"SECRET_KEY": "k" * 60, "DATABASE_URL": "sqlite:///unused.sqlite3"}
SHOW = """
import json, django
from django.conf import settings
django.setup()
names = ("ALLOWED_HOSTS", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECRET_KEY", "PORT")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def start(**environment: str) -> "subprocess.CompletedProcess[str]":
    """Start the project in a process of its own and print some settings."""
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={**path, "DJANGO_SETTINGS_MODULE": "config.settings", **GOOD, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "", "SECRET_KEY is missing"),
        ("SECRET_KEY", env.EXAMPLE_SECRET_KEY, "still the example"),
        ("ALLOWED_HOSTS", "a.example,*", "must name each host"),
        ("AWS_ENDPOINT_URL", "http://aws.example", "ALLOW_AWS_ENDPOINT_URL=1"),
        ("AWS_ENDPOINT_URL", "aws.example", "is not a URL"),
        ("PORT", "http", "PORT is not a number"),
        ("DATABASE_URL", "mysql://x/y", "must begin with"),
        ("DATABASE_POOL", "many", "DATABASE_POOL is not"),
        ("DNS_RESOLVERS", "1.1.1.1,dns.example", "not an address"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is not one of"),
    ],
)
def test_a_wrong_value_ends_the_start_with_a_sentence(name: str, value: str, words: str) -> None:
    ended = start(**{name: value})
    assert ended.returncode != 0
    assert words in ended.stderr


def test_a_secret_is_read_from_a_file_and_https_hardens_cookies(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("f" * 60)
    environment = {key: value for key, value in GOOD.items() if key != "SECRET_KEY"}
    shown = subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={
            **environment,
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY_FILE": str(secret),
            "PUBLIC_URL": "https://onboarding.example",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found = json.loads(shown.stdout)
    assert found["SECRET_KEY"] == "f" * 60
    assert found["SESSION_COOKIE_NAME"] == "__Host-session"
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000


def test_djangos_own_deployment_check_is_clean() -> None:
    path = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    ended = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            **path,
            "SECRET_KEY": "".join(chr(48 + n) for n in range(60)),
            "PUBLIC_URL": "https://x.example",
            "SELLER_OPS_EMAIL": "ops@x.example",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    ("url", "allowed", "good"),
    [
        ("http://127.0.0.1:5000", False, True),
        ("http://[::1]:5000", False, True),
        ("http://localhost:5000", False, True),
        ("http://sandbox:5000", True, True),
        ("http://sandbox:5000", False, False),
        ("http://localhost.evil.example", False, False),
        ("http://127.0.0.1.evil.example", False, False),
        ("http://10.0.0.1", False, False),
        ("file:///etc/passwd", True, False),
        ("", False, True),
    ],
)
def test_another_aws_off_this_machine_needs_a_yes(url: str, allowed: bool, good: bool) -> None:
    if good:
        assert env.aws_endpoint(url, allowed=allowed) == url
    else:
        with pytest.raises(ImproperlyConfigured):
            env.aws_endpoint(url, allowed=allowed)


def test_postgresql_gets_a_pool_and_no_debug() -> None:
    config = {"ENGINE": "django.db.backends.postgresql", "NAME": "x"}
    made = env.database(config, debug=False, pool=8)
    assert made["CONN_MAX_AGE"] == 0
    assert made["OPTIONS"]["pool"]["max_size"] == 8
    assert "pool" not in env.database(config, debug=False, pool=0)["OPTIONS"]
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        env.database(config, debug=True, pool=8)


def test_sqlite_begins_as_a_writer_and_syncs() -> None:
    options = env.database({"ENGINE": "django.db.backends.sqlite3"}, debug=True, pool=8)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_only_debug_goes_without_a_secret() -> None:
    assert env.secret_key("", debug=True)
    found = env.resolvers(["1.1.1.1", "127.0.0.1:5353", "[::1]:53", "::1"])
    assert found == [("1.1.1.1", 53), ("127.0.0.1", 5353), ("::1", 53), ("::1", 53)]
