"""Would the answers be filed as they stand? Every question at fault is told at once."""

from __future__ import annotations

from dossiers.services.freeze_form import AnswersRefusedError, freeze_form
from procedures.prefill import Form
from procedures.prefill.asking import MissingForm


def check_answers(*, asked: MissingForm, form: Form) -> bool:
    """Return whether `form` could be filed with the answers to `asked`; writes nothing.

    What is wrong is laid beside its question, both what the question itself refuses and what the
    services would.
    """
    is_valid = asked.is_valid()
    try:
        freeze_form(form=form, answers=asked.answers)
    except AnswersRefusedError as refused:
        asked.lay_beside(refused.faults)
        return False
    return is_valid
