"""Icons, pills, times and guide lines, as every template writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template import Context, Template

from onboarding.pages.common.states import Mark
from onboarding.pages.common.times import moment


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ('{% icon "bell" %}', '<svg class="i" aria-hidden="true"><use href="/static/icons.svg#bell"/></svg>'),
        ("{% icon mark.icon mark.spins %}", 'class="i i-spin"'),
        ("{% mark mark %}", '<span class="pill s-work"><svg'),
        ("{% mark mark %}", "Waiting for &lt;b&gt;</span>"),
        ("{% mark nothing %}", ""),
        ('{% pill "s-you" "bell" "A <i>B</i>" %}', "A <i>B</i></span>"),
        ('{% pill "s-you" "bell" typed %}', "A &lt;i&gt;B&lt;/i&gt;</span>"),
        ("{% time at %}", 'title="2026-01-02 03:04:05 UTC"'),
        ("{% time nothing %}", ""),
        ("{% guide lines %}", 'title="From the seller guide: A &quot;rule&quot;"><svg'),
        ("{% guide nothing %}", ""),
    ],
)
def test_a_tag_draws_its_part_escaped_and_nothing_where_there_is_none(source: str, wanted: str) -> None:
    shown = Template(source).render(
        Context(
            {
                "mark": Mark("Waiting for", "s-work", "loader-2", more="<b>"),
                "nothing": None,
                "typed": "A <i>B</i>",
                "at": moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
                "lines": [("S1", 'A "rule"')],
            }
        )
    )
    assert wanted in shown
    assert bool(wanted) == bool(shown)
