"""Notices: people are told when it is their turn, when something failed and when something came to its end.

What they are told is derived from the events that stand with every change, so nothing in the engine waits for it and a
killed worker loses none: whoever sweeps next finds the event and tells of it, once.
"""

from onboarding.notices.send import send_notices

__all__ = ["send_notices"]
