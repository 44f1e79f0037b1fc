"""What public DNS says, asked from inside the process: certificates and private DNS names are proved by it."""

from __future__ import annotations

from sandbox.dns.names import normal
from sandbox.dns.records import plain
from sandbox.dns.walk import recurse
from sandbox.state import state_lock


def resolve(name: str, rtype: str) -> list[str]:
    """The values that a resolver finds; empty if there are none or if the name cannot be resolved.

    TXT values come without quotes, names in lower case without final dot. Aliases are followed, except for
    CNAME itself.
    """
    with state_lock:
        reply = recurse(normal(name), rtype)
    return [plain(rtype, value) for one in reply.answer if one.type == rtype for value in one.values]
