"""Which values of a procedure are still to be confirmed, in words; they are kept by their paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from procedures.definition.parts import english_label

_WORDS: Mapping[str, Any] = {
    "boundary_free": gettext_lazy("Whether it may be filed at any office"),
    "channels": gettext_lazy("The ways of filing"),
    "code": gettext_lazy("The code of the procedure"),
    "code_kind": gettext_lazy("The kind of its code"),
    "competent_agency": gettext_lazy("The agency that decides"),
    "competent_agency.name_vi": gettext_lazy("The name of the agency that decides"),
    "components": gettext_lazy("The papers of the dossier"),
    "credential": gettext_lazy("The paper that is granted"),
    "credential.after_expiry": gettext_lazy("What holds once the paper has expired"),
    "credential.renew_window": gettext_lazy("When the paper can be renewed"),
    "credential.renew_window.open_days_before": gettext_lazy(
        "How many days before its end the paper can be renewed"
    ),
    "credential.renew_window.remind_days": gettext_lazy(
        "How many days before its end people are reminded"
    ),
    "credential.validity": gettext_lazy("How long the paper is valid"),
    "credential.validity.legacy_classes": gettext_lazy(
        "How long papers of the old classes are valid"
    ),
    "decision": gettext_lazy("The decision that made the procedure public"),
    "domain_vi": gettext_lazy("The field that it belongs to"),
    "effective_to": gettext_lazy("The last day on which it holds"),
    "exemptions": gettext_lazy("Who is exempt"),
    "fees": gettext_lazy("The fees"),
    "fees.basis": gettext_lazy("The legal basis of the fees"),
    "filed_for": gettext_lazy("At which age it is filed for somebody"),
    "form": gettext_lazy("The form"),
    "form.legal": gettext_lazy("The legal basis of the form"),
    "form_fields": gettext_lazy("The questions of the form"),
    "legal_basis": gettext_lazy("The legal basis"),
    "level": gettext_lazy("At which level it is decided"),
    "links": gettext_lazy("The procedures that are linked with it"),
    "name_en": gettext_lazy("The English name"),
    "name_vi": gettext_lazy("The name"),
    "notes": gettext_lazy("The notes"),
    "processing": gettext_lazy("The time limit"),
    "processing.biometric_visit_required": gettext_lazy(
        "Whether the person has to come for photograph and fingerprints"
    ),
    "processing.days": gettext_lazy("The days of the time limit"),
    "processing.supplement_notice_working_days": gettext_lazy(
        "Within how many working days missing papers are asked for"
    ),
    "processing.verification_extra_working_days": gettext_lazy(
        "How many working days a verification adds"
    ),
    "reception_vi": gettext_lazy("Where it is received"),
    "replaces": gettext_lazy("The procedures that it takes the place of"),
    "result": gettext_lazy("The result"),
    "result.code": gettext_lazy("The code of the result's form"),
    "review_on": gettext_lazy("When it is looked at again"),
    "trigger": gettext_lazy("The occasion on which people are told"),
    "trigger.period": gettext_lazy("The time of the year in which people are told"),
    "trigger.remind_after_days": gettext_lazy(
        "How many days after the occasion people are reminded"
    ),
    "trigger.statutory_deadline_days": gettext_lazy(
        "Within how many days after the occasion the law wants it filed"
    ),
}
_OF_PAPERS: Mapping[str, Any] = {
    "": gettext_lazy("The paper “%(name)s”"),
    "originals": gettext_lazy("How many originals of “%(name)s”"),
    "copies": gettext_lazy("How many copies of “%(name)s”"),
    "required": gettext_lazy("Whether “%(name)s” must be there"),
}
_OF_QUESTIONS: Mapping[str, Any] = {
    "": gettext_lazy("The question “%(name)s”"),
    "choices_vi": gettext_lazy("The choices of the question “%(name)s”"),
    "prefill": gettext_lazy("Where the answer to “%(name)s” is taken from"),
    "required": gettext_lazy("Whether “%(name)s” must be answered"),
}


def told_paths(definition: Mapping[str, Any]) -> list[str]:
    """Return what of a stored version is to be confirmed, a phrase each, none twice.

    A path that nobody has words for is said to be one of the part that it begins with.
    """
    phrases = (_told(path, definition) for path in definition.get("unverified", ()))
    return list(dict.fromkeys(phrases))


def _told(path: str, definition: Mapping[str, Any]) -> str:
    if path in _WORDS:
        return str(_WORDS[path])
    part, _dot, rest = path.partition(".")
    name, _dot, detail = rest.partition(".")
    for sentence in _sentences(part, detail):
        if said := _name_in(definition, part, name):
            return str(sentence) % {"name": said}
    known = path
    while known and known not in _WORDS:
        known = known.rpartition(".")[0]
    if not known:
        return _("Something else: “%(path)s”") % {"path": path}
    return _("%(part)s: “%(path)s”") % {
        "part": _WORDS[known],
        "path": path.removeprefix(known).lstrip("."),
    }


def _sentences(part: str, detail: str) -> Iterator[Any]:
    """Yield how a detail of a paper or of a question is said; nothing for other parts."""
    of_part = {"components": _OF_PAPERS, "form_fields": _OF_QUESTIONS}.get(part, {})
    if detail in of_part:
        yield of_part[detail]


def _name_in(definition: Mapping[str, Any], part: str, name: str) -> str:
    """Return what people call the paper or question, "" where the version has none of that key."""
    if part == "components":
        papers = {one["code"]: one["name_vi"] for one in definition.get(part, ())}
        return str(papers.get(name, ""))
    questions = {one["name"]: one["label_vi"] for one in definition.get(part, ())}
    if name in questions and get_language() == "en":
        return english_label(name)
    return str(questions.get(name, ""))
