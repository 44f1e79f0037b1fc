"""The rules of the review desk: who decides on a submission, on which version, and what follows from it (S25-S31).

Each rule is one transaction, safe to send twice, and gives what the engine has to do next and a sentence for whoever
pressed. `Blocked` says why it cannot be done now, PermissionDenied that it is not theirs to do.
"""

from onboarding.review.decisions import acknowledge, confirm_live, hand_over, send_back, verify
from onboarding.review.talk import answer, ask, note

__all__ = ["acknowledge", "answer", "ask", "confirm_live", "hand_over", "note", "send_back", "verify"]
