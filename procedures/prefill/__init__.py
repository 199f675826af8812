"""The form built when it is opened: each value with its source and as-of date. Private engine room.

Other rooms use what stands here; nothing is stored by it.
"""

from __future__ import annotations

from procedures.prefill.form import Filled, Form, PaperStatus, prefill_form
from procedures.prefill.together import Together, prefill_offer, prefill_together

__all__ = [
    "Filled",
    "Form",
    "PaperStatus",
    "Together",
    "prefill_form",
    "prefill_offer",
    "prefill_together",
]
