"""Words that the writing guide avoids do not come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import words


@pytest.mark.process
def test_no_avoided_word_is_left() -> None:
    assert list(words.found()) == []


def test_what_a_person_reads_is_searched_and_code_is_not(tmp_path: Path) -> None:
    page, code = tmp_path / "page.html", tmp_path / "code.py"
    page.write_text('<p title="anew">Copy it anew.</p>{# anew #}<code>{{ anew }}</code>')
    code.write_text('"""Set anew."""\n# anew\nSAID = "Copy it anew."\nSLUG = "rehearsal"\n')
    assert [hit for _, _, hit in words.hits(page)] == ["anew"]
    assert [(line, hit) for line, _, hit in words.hits(code)] == [(3, "anew")]
