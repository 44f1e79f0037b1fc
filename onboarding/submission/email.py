"""The email that carries a submission, and the JSON beside it (S26-S29, S44, S46, Q4)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onboarding.checklist.step import Email
from onboarding.submission.facts import Facts, Kept, digest
from onboarding.submission.lines import TITLES, Part
from onboarding.submission.readiness import ReadinessState, Row
from onboarding.submission.text import item, one_line, paragraph, quoted

FORMAT = "privatelink-submission/1"
ANSWERS = {
    ReadinessState.PASS: "yes",
    ReadinessState.ATTESTED: "stated",
    ReadinessState.WARN: "note",
    ReadinessState.SKIPPED: "left out",
    ReadinessState.STALE: "stale",
    ReadinessState.MISSING: "open",
    ReadinessState.FAIL: "no",
}
WHY_KEEP = (
    "Once the name is delegated, our own records at and below it no longer resolve. AWS Certificate Manager reads "
    "this record again at every renewal; without it in your zone, the certificates expire."
)


def letter(facts: Mapping[str, Any], rows: Sequence[Row], by: str = "") -> Email:
    """The mail and its attachment, made of a submission's facts and of how each line stands."""
    read = Facts.load(facts)
    sha = digest(facts)
    return Email(
        key=f"package-{sha[:16]}",
        to="seller_ops",
        subject=f"PrivateLink for {one_line(read.product, 100)} ({one_line(read.product_id, 64)})",
        body="\n".join([*_items(read), *_keep(read), *_checklists(rows), *_process(read), *_end(sha, read, by)]) + "\n",
        attachments={f"submission-{sha[:12]}.json": package(facts, rows)},
    )


def package(facts: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """The same as JSON: the facts with their SHA-256, and the answers to both checklists. Stable byte by byte."""
    whole = {"format": FORMAT, "sha256": digest(facts), "facts": facts, "checklists": [_answer(row) for row in rows]}
    return json.dumps(whole, indent=2, sort_keys=True) + "\n"


def _items(facts: Facts) -> Iterator[str]:
    width = _width(facts)
    yield from ("Dear Seller Operations team,", "", "please enable AWS PrivateLink for our product.")
    yield from item("   Product", facts.product, width)
    yield from item("   Product ID", facts.product_id, width)
    yield from ("", "1. Endpoint services and the accounts that created them")
    for one in facts.regions:
        yield from item(f"   {one.region}", one.service_name, width)
        yield from item("", f"account {one.account}", width)
    yield from ("", "2. User-friendly DNS name", f"   {facts.friendly_name}")
    if facts.servers:
        yield from item("   delegated to", ", ".join(facts.servers), width)
    yield from ("", "3. Account that requested the certificates, and the private DNS name")
    yield f"   account {', '.join(_accounts(facts)) or 'none'}"
    yield f"   private DNS name {facts.private_name or 'not provided'}"
    for one in facts.regions:
        yield from item(f"   {one.region}", one.certificate.arn or "no certificate", width)
    yield ""


def _keep(facts: Facts) -> Iterator[str]:
    if facts.keep:
        yield from keep(facts.keep, facts.friendly_name)


def keep(records: Sequence[Kept], friendly_name: str) -> Iterator[str]:
    """The records that Seller Operations must keep in their zone, and why (Q4)."""
    yield f"Please keep {'this record' if len(records) == 1 else 'these records'} in your zone {friendly_name}:"
    yield from (f"   {one.name}. CNAME {one.value}." for one in records)
    yield from paragraph(WHY_KEEP)
    yield ""


def _checklists(rows: Sequence[Row]) -> Iterator[str]:
    for part in (Part.CREATION, Part.TESTING):
        yield f"{TITLES[part]} (seller guide)"
        for row in rows:
            if row.line.part is part:
                yield from item(f"   {row.code}  {ANSWERS[row.outcome]}", row.words, 19)
                if row.outcome is not ReadinessState.PASS:
                    yield from item("", row.sentence, 19)
        yield ""


def _process(facts: Facts) -> Iterator[str]:
    yield "How we inform buyers of the PrivateLink option and allow their accounts (S46)"
    yield from quoted(facts.process or "not written down")
    yield ""


def _end(sha: str, facts: Facts, by: str) -> Iterator[str]:
    yield from paragraph("The attached JSON holds the same, with the answers for each region. SHA-256 of its facts:")
    yield f"   {sha}"
    yield ""
    yield ", ".join(word for word in (one_line(by, 254), one_line(facts.seller)) if word)


def _answer(row: Row) -> dict[str, Any]:
    return {
        "line": row.code,
        "words": row.words,
        "checklist": str(row.line.part),
        "answer": ANSWERS[row.outcome],
        "regions": [
            {"region": cell.region, "outcome": str(cell.outcome), "sentence": one_line(cell.sentence)}
            for cell in row.cells
        ],
    }


def _accounts(facts: Facts) -> list[str]:
    return sorted({one.certificate.account for one in facts.regions if one.certificate.account})


def _width(facts: Facts) -> int:
    return max([17, *(5 + len(one.region) for one in facts.regions)])
