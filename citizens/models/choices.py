"""What a person agreed to, with proof, and what a person asked to be done with their data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import (
    ConsentPurpose,
    ConsentSource,
    ContactChannel,
    DataRequestKind,
    DataRequestState,
)
from citizens.models.accounts import User
from citizens.models.parties import Citizen
from citizens.models.places import Agency
from portal.common.crypto import seal_text, unseal_text
from portal.common.models import Versioned, public_id, recorded_at

PURPOSES = [
    (ConsentPurpose.SERVICE_OFFERS, _("Offers of services")),
    (ConsentPurpose.SURVEYS, _("Questions about satisfaction")),
    (ConsentPurpose.RESEARCH, _("Statistics and research")),
]
CONSENT_CHANNELS = [
    ("", _("Everywhere")),
    (ContactChannel.APP, _("Mobile app")),
    (ContactChannel.PUSH, _("Browser notice")),
    (ContactChannel.ZALO, _("Zalo")),
    (ContactChannel.EMAIL, _("E-mail")),
    (ContactChannel.SMS, _("SMS")),
]
SOURCES = [
    (ConsentSource.WEB, _("On the portal")),
    (ConsentSource.COUNTER, _("At the counter")),
    (ConsentSource.SMS, _("By SMS")),
]
REQUEST_KINDS = [
    (DataRequestKind.ACCESS, _("See my data")),
    (DataRequestKind.COPY, _("Get a copy of my data")),
    (DataRequestKind.CORRECT, _("Correct my data")),
    (DataRequestKind.RESTRICT, _("Restrict the use of my data")),
    (DataRequestKind.OBJECT, _("Object to the use of my data")),
    (DataRequestKind.WITHDRAW, _("Withdraw my consent")),
]
REQUEST_STATES = [
    (DataRequestState.RECEIVED, _("Received")),
    (DataRequestState.ANSWERED, _("Answered, being carried out")),
    (DataRequestState.DONE, _("Done")),
    (DataRequestState.REFUSED, _("Refused")),
    (DataRequestState.CANCELLED, _("Taken back")),
]


class Consent(models.Model):
    """One statement of a person for a purpose and channel ("" = all); the latest one holds.

    Append-only. `text_key`, `text_version` and `text_sha256` prove which words were shown, in
    `language`. Silence is not consent (Luật 91/2025/QH15): no row means no.
    """

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=16, choices=PURPOSES)
    channel = models.CharField(
        _("channel"), max_length=8, choices=CONSENT_CHANNELS, blank=True, default=""
    )
    is_given = models.BooleanField(_("agreed"))
    text_key = models.CharField(max_length=40)
    text_version = models.PositiveSmallIntegerField()
    text_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=5)
    source = models.CharField(_("where"), max_length=8, choices=SOURCES)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["citizen", "purpose"], name="consent_of_citizen")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel or '*'} {self.is_given}"


class DataRequest(Versioned):
    """A data subject's request with its two clocks: to be answered, and to be carried out, by.

    Both due dates are civil dates, counted when it was received (Luật 91/2025/QH15, NĐ 356/2025:
    2 working days to answer; 10, 15 or 20 days to act; one extension of at most 15 days).
    """

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="data_requests")
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=REQUEST_KINDS)
    body_enc = models.BinaryField(editable=False)
    answer_enc = models.BinaryField(null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=REQUEST_STATES, default=DataRequestState.RECEIVED
    )
    owner = models.ForeignKey(
        Agency, models.PROTECT, related_name="data_requests", verbose_name=_("agency")
    )
    received_on = models.DateField(_("received on"))
    answer_due_on = models.DateField(_("answer due on"))
    act_due_on = models.DateField(_("to be done by"))
    is_extended = models.BooleanField(_("extended"), default=False)
    extension_reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    handled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = recorded_at()
    public_id = public_id()

    class Meta:
        verbose_name = _("data-subject request")
        verbose_name_plural = _("data-subject requests")
        ordering = ["-received_on", "-pk"]
        indexes = [
            models.Index(
                fields=["owner", "answer_due_on"],
                name="data_request_waiting",
                condition=Q(finished_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    def seal(self, column: str, text: str) -> bytes:
        """Return text encrypted for `body_enc` or `answer_enc` of this request."""
        return seal_text(
            text, table="citizens_datarequest", column=column, identity=self.public_id.bytes
        )

    def unseal(self, column: str) -> str:
        """Return `body_enc` or `answer_enc` in clear, "" where there is none; log who reads it."""
        sealed = getattr(self, column)
        if sealed is None:
            return ""
        return unseal_text(
            sealed, table="citizens_datarequest", column=column, identity=self.public_id.bytes
        )
