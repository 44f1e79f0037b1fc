"""Names for what AWS has yet to give: shell variables, such as `$VPC`, in the place of ids that no thing has yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ANY = re.compile(r"\$([A-Z][A-Z0-9_]*)", re.ASCII)


@dataclass
class Variables:
    """The variables of one dry run. `lookups` holds the command that reads one from AWS ("" for one that a command of
    the plan sets); `made` the place of the thing whose ID a variable stands for: (slug, region, kind, key).
    """

    many: bool = False  # several regions: the names tell which
    lookups: dict[str, str] = field(default_factory=dict)
    made: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)

    def of(self, kind: str, key: str, slug: str, region: str) -> str:
        """The variable for the id of a thing that is to be made; the same one for the same thing."""
        place = (slug, region, kind, key)
        base = self.named(kind if key in kind else f"{kind} {key}", region)
        name, number = base, 1
        while self.made.get(name, place) != place:
            number += 1
            name = f"{base}_{number}"
        self.made[name] = place
        self.lookups.setdefault(name, "")
        return f"${name}"

    def read(self, words: str, region: str, command: str) -> str:
        """The variable for a value that a command reads from AWS."""
        name = self.named(words, region)
        self.lookups[name] = command
        return f"${name}"

    def within(self, text: str) -> list[str]:
        """The names of ours that a text holds, each once, in order."""
        return [name for name in dict.fromkeys(ANY.findall(text)) if name in self.lookups]

    def needed(self, text: str) -> list[str]:
        """The look-ups that must come before a command, as `NAME=$(command)`; those that a look-up needs first."""
        found: dict[str, str] = {}
        for name in self.within(text):
            if command := self.lookups[name]:
                found |= dict.fromkeys(self.needed(command), "")
                found[f"{name}=$({command})"] = ""
        return list(found)

    def named(self, words: str, region: str) -> str:
        """The variable's name for some words, without the dollar."""
        plain = re.sub(r"^(\w+) \1", r"\1", ANY.sub("", words))  # "subnet subnet-use1-az1" says it twice
        kept = [plain, region if self.many else ""]
        name = re.sub(r"[^A-Z0-9]+", "_", " ".join(kept).upper()).strip("_")
        return name if name[:1].isalpha() else f"X_{name}"
