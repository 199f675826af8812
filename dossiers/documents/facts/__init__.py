"""What stands on each paper of a dossier: JSON values for the templates in `typst/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import translation

from dossiers.documents.facts.frame import Paper, framed
from dossiers.documents.facts.letters import condolence, congratulation
from dossiers.documents.facts.notices import apology, stop
from dossiers.documents.facts.receipts import fee_receipt, receipt, refusal, supplement
from dossiers.documents.facts.results import result
from dossiers.documents.facts.tracking import control
from dossiers.enums import FormKind

__all__ = ["TEMPLATES", "Paper", "facts_of", "framed"]

TEMPLATES: Mapping[FormKind, str] = {
    FormKind.RECEIPT: "receipt",
    FormKind.SUPPLEMENT: "supplement",
    FormKind.REFUSAL: "refusal",
    FormKind.APOLOGY: "apology",
    FormKind.STOP: "stop",
    FormKind.CONTROL: "control",
    FormKind.LOG: "log",
    FormKind.RESULT: "result",
    FormKind.CONGRATULATION: "congratulation",
    FormKind.CONDOLENCE: "condolence",
    FormKind.FEE_RECEIPT: "fee_receipt",
}
_OWN: Mapping[FormKind, Callable[[Paper], dict[str, Any]]] = {
    FormKind.RECEIPT: receipt,
    FormKind.SUPPLEMENT: supplement,
    FormKind.REFUSAL: refusal,
    FormKind.APOLOGY: apology,
    FormKind.STOP: stop,
    FormKind.CONTROL: control,
    FormKind.RESULT: result,
    FormKind.CONGRATULATION: congratulation,
    FormKind.CONDOLENCE: condolence,
    FormKind.FEE_RECEIPT: fee_receipt,
}


def facts_of(paper: Paper) -> dict[str, Any]:
    """Return everything that stands on a paper of a dossier, in Vietnamese."""
    with translation.override("vi"):
        return framed(paper) | _OWN[paper.kind](paper)
