"""What Zalo holds for us: approved templates, and the tokens with which we may use them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.enums import ZaloApproval
from notifications.models.texts import Topic
from notifications.rules.wording import CHECK_CODE
from notifications.rules.zalo import ParameterFault, parameter_problems
from portal.common.crypto import seal_text, unseal_text

APPROVALS = [
    (ZaloApproval.PENDING, _("Waiting for approval")),
    (ZaloApproval.APPROVED, _("Approved")),
    (ZaloApproval.REFUSED, _("Refused or stopped")),
]
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
_FAULTS = {
    ParameterFault.NONE: _("A template has at least one parameter."),
    ParameterFault.FORM: _("%(name)s: a value and a kind are needed."),
    ParameterFault.VALUE: _("%(name)s: the topic has no value “%(value)s”."),
    ParameterFault.KIND: _("%(name)s: there is no kind “%(value)s”."),
}
_TOKENS = "notifications_zalotoken"


class ZaloTemplate(models.Model):
    """The wording of a topic that lies with Zalo (ZNS): we give its number and its parameters.

    `parameters`: name in the template → {"value": a parameter of the topic, "kind": one of
    ZaloKind}. A topic without an approved one goes by its next channel.
    """

    topic = models.ForeignKey(
        Topic, models.PROTECT, related_name="zalo_templates", verbose_name=_("topic")
    )
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="vi")
    template_id = models.CharField(_("number of the template"), max_length=40)
    state = models.CharField(
        _("state"), max_length=10, choices=APPROVALS, default=ZaloApproval.PENDING
    )
    parameters = models.JSONField(_("parameters"), default=dict)
    note = models.CharField(_("note"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("Zalo template")
        verbose_name_plural = _("Zalo templates")
        ordering = ["topic", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "language"],
                name="zalo_template_once",
                violation_error_message=_("This topic has a template in this language already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} {self.language} {self.template_id}"

    def clean(self) -> None:
        """Refuse parameters that name no value of the topic, or no kind."""
        allowed = {*self.topic.params, CHECK_CODE} if self.topic_id else set()
        problems = [
            _FAULTS[fault] % {"name": name, "value": value}
            for fault, name, value in parameter_problems(self.parameters, allowed=allowed)
        ]
        if problems:
            raise ValidationError({"parameters": problems})


class ZaloToken(models.Model):
    """The tokens of one app. The refresh token works once: whoever renews holds `renewing_until`.

    `generation` fences the write-back. `begun_with` is a digest of the token that an operator
    entered; another one is taken up only after `refused_at`, when the chain from the first broke.
    """

    app_id = models.CharField(max_length=40, unique=True)
    access_enc = models.BinaryField(null=True, editable=False)
    refresh_enc = models.BinaryField(editable=False)
    expires_at = models.DateTimeField(null=True)
    renewing_until = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    generation = models.PositiveIntegerField(default=1, db_default=1)
    begun_with = models.BinaryField(max_length=32, editable=False)

    class Meta:
        verbose_name = _("Zalo token")
        verbose_name_plural = _("Zalo tokens")

    def __str__(self) -> str:
        return f"{self.app_id} #{self.generation}"

    def seal(self, column: str, token: str) -> bytes:
        """Return a token sealed for one of the two columns of this row."""
        return seal_text(token, table=_TOKENS, column=column, identity=self.app_id.encode())

    @property
    def access(self) -> str:
        """The access token in clear, "" before the first renewal; never log it."""
        return "" if self.access_enc is None else self._opened("access_enc")

    @property
    def refresh(self) -> str:
        """The refresh token in clear; never log it."""
        return self._opened("refresh_enc")

    def _opened(self, column: str) -> str:
        sealed = getattr(self, column)
        return unseal_text(sealed, table=_TOKENS, column=column, identity=self.app_id.encode())
