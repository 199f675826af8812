"""What came out of a dossier on paper, as its owner sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from citizens.models import Citizen
from dossiers.documents.facts.frame import spelled_code
from dossiers.enums import FormKind, Status
from dossiers.models import Dossier, IssuedForm
from dossiers.payments.fees import due_payment
from dossiers.selectors.issued_forms import Standing, forms_for_people, revoked_on, standing_of
from portal.common import clock


@dataclass(frozen=True)
class IssuedPaper:
    """One line of templates/web/parts/dossier_issued.html."""

    title: str
    number: str
    issued_on: date | None
    kilobytes: int
    code: str
    url: str
    is_replaced: bool
    is_result: bool
    revoked_on: date | None


@dataclass(frozen=True)
class PapersOut:
    """What came out, newest first; `result_is_coming` while the signed result is being made.

    `may_receive`: the result is there, and nobody has handed it over.
    """

    papers: list[IssuedPaper]
    result_is_coming: bool
    may_receive: bool = False
    waits_for_fee: bool = False

    @property
    def has_receipt(self) -> bool:
        """Whether the receipt is among them, so that no second one is offered."""
        return any(paper.number.endswith("/TNHS") for paper in self.papers)

    def __bool__(self) -> bool:
        return bool(self.papers) or self.result_is_coming or self.waits_for_fee


def papers_out(dossier: Dossier, reader: Citizen, *, is_helping: bool) -> PapersOut:
    """Return what came out of a dossier for this reader, who may have filed it as a helper."""
    now = clock.now()
    forms = list(forms_for_people(dossier=dossier, reader=reader, is_helping=is_helping))
    is_decided = hasattr(dossier, "result") and not is_helping
    waits_for_fee = is_decided and due_payment(dossier) is not None
    has_result = any(form.kind == FormKind.RESULT for form in forms)
    return PapersOut(
        papers=[_line(dossier, form, now) for form in forms],
        result_is_coming=is_decided and not has_result and not waits_for_fee,
        waits_for_fee=waits_for_fee,
        may_receive=has_result and dossier.status == Status.DONE,
    )


def download_of(dossier: Dossier, paper: str) -> str:
    """Return the address that downloads a paper, "" for none."""
    if not paper:
        return ""
    return reverse("web:issued", args=[dossier.public_id, paper]) + "?keep"


def _line(dossier: Dossier, form: IssuedForm, now: datetime) -> IssuedPaper:
    document, form.dossier = form.document, dossier  # one dossier is read once for all its papers
    return IssuedPaper(
        title=document.title_vi,
        number=document.number,
        issued_on=document.issued_on,
        kilobytes=-(-document.size // 1024),
        code=spelled_code(form.verify_code),
        url=reverse("web:issued", args=[dossier.public_id, document.public_id]),
        is_replaced=form.kind != FormKind.RESULT
        and standing_of(form, now=now) == Standing.REPLACED,
        is_result=form.kind == FormKind.RESULT,
        revoked_on=revoked_on(form),
    )
