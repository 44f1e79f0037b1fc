"""Which regions an account has enabled and their zones, read live within two seconds, or the sentence why not."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from cachetools import TTLCache

from onboarding.aws import sessions
from onboarding.aws.errors import read
from onboarding.aws.gate import ReadsOnly, passing
from sellers import formats
from sellers.models import Connection

PATIENCE = 2.0  # seconds that a page waits for AWS
FRESH = 120.0  # seconds that an answer is used again
MOST = 512  # answers kept


@dataclass(frozen=True)
class Live:
    """`enabled`: region -> whether the account may use it; `zones`: region -> zone ids, of the regions asked for.

    Both are empty where AWS was not asked; `problem` says why.
    """

    enabled: dict[str, bool] = field(default_factory=dict)
    zones: dict[str, list[str]] = field(default_factory=dict)
    problem: str = ""


_kept: TTLCache[tuple[str, str], Any] = TTLCache(MOST, FRESH)
_lock = threading.Lock()


def look(connection: Connection | None, regions: Sequence[str]) -> Live:
    """Ask AWS as the connection's role, read-only: DescribeRegions, and DescribeAvailabilityZones of `regions`."""
    if connection is None:
        return Live(problem="Choose a service connection under AWS access, and the regions of its account show here.")
    if not connection.is_proven:
        return Live(problem=f"{connection} is not proven yet, so its account was not asked. The list is AWS's own.")
    asked: list[str] = ["", *regions[:16]]
    found, why = _answers(connection, asked)
    if "" not in found:
        return Live(problem=why or f"AWS did not answer within {PATIENCE:.0f} seconds. The list is AWS's own.")
    zones = {region: found[region] for region in asked[1:] if region in found}
    lacking = [region for region in asked[1:] if found[""].get(region) and region not in zones]
    return Live(enabled=found[""], zones=zones, problem=why if lacking else "")


def _answers(connection: Connection, asked: Sequence[str]) -> tuple[dict[str, Any], str]:
    found = {name: kept for name in asked if (kept := _known(connection, name)) is not None}
    missing = [name for name in asked if name not in found]
    if not missing:
        return found, ""
    role = sessions.Role(
        arn=connection.role_arn, external_id=connection.external_id, purpose="plc-wizard", read_only=True
    )
    pool = ThreadPoolExecutor(len(missing), thread_name_prefix="wizard")
    jobs = {pool.submit(contextvars.copy_context().run, _kept_answer, connection, role, name): name for name in missing}
    done, _ = wait(jobs, timeout=PATIENCE)
    pool.shutdown(wait=False)  # what comes too late for this page is there for the next
    answers = {jobs[job]: job.result() for job in done}
    why = next((answer for answer in answers.values() if isinstance(answer, str)), "")
    return found | {name: answer for name, answer in answers.items() if not isinstance(answer, str)}, why


def _kept_answer(connection: Connection, role: sessions.Role, region: str) -> Any:
    answer = _ask(role, region)
    if not isinstance(answer, str):
        _keep(connection, region, answer)
    return answer


def _ask(role: sessions.Role, region: str) -> Any:
    """{region: enabled} for region "", else its zone ids; a sentence if AWS refuses."""
    try:
        with passing(ReadsOnly()):
            if not region:
                rows = sessions.door(role, _home(role.arn)).ec2.describe_regions(AllRegions=True)["Regions"]
                return {row["RegionName"]: row["OptInStatus"] != "not-opted-in" for row in rows}
            zones = sessions.door(role, region).ec2.describe_availability_zones()["AvailabilityZones"]
            return sorted(zone["ZoneId"] for zone in zones if zone.get("ZoneType") == "availability-zone")
    except sessions.WrongAccount as error:
        return str(error)
    except (ClientError, BotoCoreError) as error:
        trouble = read(error, "ec2", "DescribeAvailabilityZones" if region else "DescribeRegions")
        place = f" in {region}" if region else ""
        return f"AWS could not be asked{place} ({trouble.code}: {trouble.message}). The list is AWS's own."


def _home(role_arn: str) -> str:
    """A region that every account of the role's partition has."""
    partition = formats.arn_parts(role_arn).partition
    first = next((code for code, region in formats.known_regions().items() if region.partition == partition), "")
    return "us-east-1" if partition == "aws" else first


def _known(connection: Connection, name: str) -> Any:
    with _lock:
        return _kept.get((str(connection.pk), name))


def _keep(connection: Connection, name: str, answer: Any) -> None:
    with _lock:
        _kept[str(connection.pk), name] = answer


def forget() -> None:
    """Ask AWS again next time."""
    with _lock:
        _kept.clear()
