"""How the parts of a rule are called on the officials' pages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citizens.models.credentials import EVENT_KINDS
from procedures.enums import Addressee, SubjectKind, WindowShape

Words = Mapping[str, Any]

LABELS: Words = MappingProxyType(
    {
        "credential_kind": _("Paper that it watches"),
        "ages": _("Ages"),
        "events": _("Events"),
        "deadline_days": _("To be done within (days after the event)"),
        "after_days": _("Told again (days after the event)"),
        "period": _("Period of each year"),
        "identity_kind": _("Paper that changes at the age"),
        "skip_if_issued_within_years": _("Not for papers issued within (years before)"),
        "lead_days": _("Told (days before the due date)"),
        "open_days_before": _("Opens (days before the due date)"),
        "grace_days": _("Still told after the due date (days)"),
        "window.shape": _("When to file"),
        "window.days": _("Days of that limit"),
        "subject": _("Whom it is about"),
        "address": _("Who is told"),
        "units": _("Pilot: only in these communes"),
        "conditions": _("Conditions"),
        "suggests_likely": _("Also whoever lacks one fact only"),
        "topic": _("Text of the messages"),
        "paper_vi": _("Short name"),
        "paper_en": _("Short name (English)"),
        "reason_vi": _("Why people are told"),
        "reason_en": _("Why people are told (English)"),
        "consequence_vi": _("If it is missed"),
        "consequence_en": _("If it is missed (English)"),
        "legal_basis": _("Legal basis"),
        "owner": _("Agency that answers for the rule"),
        "last_day": _("Last day on which it holds"),
    }
)
HELPS: Words = MappingProxyType(
    {
        "lead_days": _("Counted back from the due date; 0 is that very day."),
        "open_days_before": _("From then on the person sees it among their matters."),
        "after_days": _("None: told at once, as soon as the event is known."),
        "deadline_days": _("The law's limit, else as long as the offer helps."),
        "period": _("First and last day; it is due on the last."),
        "grace_days": _("0: nothing is told once the day is past."),
        "window.days": _("Empty where the days are only recommended."),
        "units": _("None chosen: everywhere."),
        "suggests_likely": _("They are told too, and asked for the fact that is missing."),
        "topic": _("What is sent is written under “Texts of messages”."),
        "reason_vi": _("One or two sentences, as the citizen reads them."),
        "legal_basis": _("One provision a line, as it is cited."),
        "owner": _("None: the agency that decides what the rule offers."),
        "last_day": _("Empty: until the next version begins."),
        "skip_if_issued_within_years": _("A card issued that shortly before stays good."),
    }
)
WINDOWS: Words = MappingProxyType(
    {
        WindowShape.NO_LATER_THAN: _("No later than so many days before the due date"),
        WindowShape.ONLY_WITHIN: _("Only within the last days before the due date"),
        WindowShape.RECOMMENDED: _("At any time; the days only recommend"),
    }
)
SUBJECTS: Words = MappingProxyType(
    {
        SubjectKind.CITIZEN: pgettext_lazy("subject", "A person"),
        SubjectKind.ORGANISATION: pgettext_lazy("subject", "An organisation"),
        SubjectKind.HOUSEHOLD: pgettext_lazy("subject", "A household"),
    }
)
ADDRESSEES: Words = MappingProxyType(
    {
        Addressee.HOLDER: _("The person (of a minor: a parent or guardian)"),
        Addressee.PARENTS: _("The parents whom the event names"),
        Addressee.GUARDIAN: _("A parent or guardian"),
        Addressee.HOUSEHOLD_HEAD: _("The head of the household"),
        Addressee.REPRESENTATIVE: _("Who represents the organisation"),
        Addressee.FAMILY: _("The family of the deceased"),
    }
)
EVENTS: Words = MappingProxyType({str(kind): label for kind, label in EVENT_KINDS})
