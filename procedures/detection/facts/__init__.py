"""Facts that a rule is about: papers that run out, birthdays, events of a life, yearly campaigns.

A fact has the annotations `anchor`, `cycle` and `due_on`. `anchor` is the key of the paper, the
event, or (birthdays and campaigns) the party; `cycle` is the paper's term, 0, the age or the year.
"""

from __future__ import annotations

from procedures.detection.facts.due import facts_due, same_cycle
from procedures.detection.facts.paths import FactPath, Facts, ScannedRule

__all__ = ["FactPath", "Facts", "ScannedRule", "facts_due", "same_cycle"]
