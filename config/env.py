"""Readers of the environment that fail with a sentence. Pure: they take values, settings.py takes the place."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

EXAMPLE_SECRET_KEY = "change-me-this-is-the-example-key"  # noqa: S105  the value of .env.example, refused


def secret_key(value: str, *, debug: bool) -> str:
    """The signing key. Only DEBUG may go without one; the example of the documentation never counts."""
    if value and value != EXAMPLE_SECRET_KEY:
        return value
    if debug:
        return "only-for-debug-" + EXAMPLE_SECRET_KEY
    raise ImproperlyConfigured(
        "SECRET_KEY is missing or still the example. Set it to 50 random characters, for instance from "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`, or name a file in SECRET_KEY_FILE."
    )


def allowed_hosts(values: list[str]) -> list[str]:
    """The host names we answer to; `*` would let a forged Host header into links and mail."""
    if any(host.strip() in {"*", "."} for host in values):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name each host. Replace * by the names that people type.")
    return [host.strip() for host in values if host.strip()]


def is_loopback(host: str) -> bool:
    """Whether a host name or address stays on this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def aws_endpoint(url: str, *, allowed: bool) -> str:
    """The endpoint that replaces AWS, or "" for AWS itself. Off loopback it needs an explicit yes."""
    if not url:
        return ""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(
            "AWS_ENDPOINT_URL is not a URL. Write it like http://127.0.0.1:5000, or leave it out to use AWS."
        )
    if not is_loopback(parts.hostname) and not allowed:
        raise ImproperlyConfigured(
            f"AWS_ENDPOINT_URL points to {parts.hostname}, not to this machine. "
            "Set ALLOW_AWS_ENDPOINT_URL=1 if requests with your sellers' sessions may go there."
        )
    return url


def port(value: str) -> int:
    """The port of the web server."""
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 65535:
        return int(value)
    raise ImproperlyConfigured("PORT is not a number from 1 to 65535. Set it to a free port, for instance 8000.")


def count(name: str, value: str, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    if value.isascii() and value.isdigit() and least <= int(value) <= most:
        return int(value)
    raise ImproperlyConfigured(f"{name} is not a whole number from {least} to {most}. Correct it or leave it out.")


def choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """One of the given words, in capitals."""
    if value.upper() in allowed:
        return value.upper()
    raise ImproperlyConfigured(f"{name} is not one of {', '.join(allowed)}. Correct it or leave it out.")


def resolvers(values: list[str]) -> list[tuple[str, int]]:
    """(address, port) of DNS resolvers, each written `address` or `address:port` (IPv6 in brackets with a port)."""
    found = []
    for value in values:
        host, _, number = value.rpartition(":") if value.count(":") == 1 or "]:" in value else (value, "", "53")
        try:
            ip_address(host.strip("[]"))
        except ValueError as error:
            raise ImproperlyConfigured(
                f"DNS_RESOLVERS holds {value!r}, which is not an address. Write addresses, separated by commas."
            ) from error
        found.append((host.strip("[]"), count("DNS_RESOLVERS port", number, least=1, most=65535)))
    return found


def database(config: dict[str, Any], *, debug: bool, pool: int) -> dict[str, Any]:
    """Django's database settings from a parsed URL: SQLite with a write-ahead log, or PostgreSQL with a pool.

    SQLite begins each transaction as a writer, so that a read that turns into a write cannot fail half-way.
    """
    engine = str(config.get("ENGINE", ""))
    if engine.endswith("sqlite3"):
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        return {**config, "OPTIONS": options}
    if not engine.endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")
    if debug:
        raise ImproperlyConfigured("DEBUG shows data of sellers on error pages. Switch it off to use PostgreSQL.")
    options = {**config.get("OPTIONS", {})}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {**config, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
