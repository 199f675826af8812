"""What is asked when a signature is delegated or somebody will be away."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from citizens.enums import Role
from citizens.models import Grant, Official
from dossiers.selectors import holds_office
from portal.common import clock
from procedures.models import ProcedureVersion
from procedures.models.catalogue import in_force

_DECIDING = (Role.CASE_OFFICER, Role.HEAD_OF_UNIT)


def _date_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}))


class _DatedForm(forms.Form):
    """Has a first and a last day; days that are turned round or past are said beside the last."""

    def clean(self) -> dict[str, Any]:
        """Compare the two days with each other and with today."""
        given = super().clean() or self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif last and last < clock.today():
            self.add_error("last", _("The last day is past already."))
        return given


class DelegationForm(_DatedForm):
    """Deputy, field, dates, ceiling and the number of the decision; the holder is who asks.

    Only who works on dossiers or leads may sign, and only in fields that the agency decides.
    """

    deputy = forms.ModelChoiceField(Official.objects.none(), label=_("Who signs for me"))
    domain_vi = forms.ChoiceField(label=_("In which field"), required=False)
    first = _date_field(_("From"))
    last = _date_field(_("To (this day included)"))
    ceiling_count = forms.IntegerField(
        label=_("At most so many decisions (may be left empty)"),
        required=False,
        min_value=1,
        max_value=100_000,
    )
    decision_number = forms.CharField(label=_("Number of the decision"), max_length=60)

    def __init__(self, *args: Any, holder: Official | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deciding = Grant.objects.standing(clock.today()).filter(role__in=_DECIDING)
        able = _colleagues(holder).filter(pk__in=deciding.values("official"))
        _people(self, "deputy").queryset = able
        kind = holder.agency.kind_id if holder else None
        released = ProcedureVersion.objects.filter(
            in_force(clock.today()), definition__competent_agency__key=kind
        )
        names = set(released.values_list("definition__domain_vi", flat=True))
        fields: list[tuple[str, Any]] = [("", _("All fields"))]
        fields += [(name, name) for name in sorted(filter(None, names))]
        cast(forms.ChoiceField, self.fields["domain_vi"]).choices = fields


class AbsenceForm(_DatedForm):
    """Who is away from when to when, who stands in, and why; a head enters it for others too."""

    official = forms.ModelChoiceField(
        Official.objects.none(), label=_("Who is away"), empty_label=None
    )
    cover = forms.ModelChoiceField(Official.objects.none(), label=_("Who stands in"))
    first = _date_field(_("From"))
    last = _date_field(_("To (this day included)"))
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)

    def __init__(self, *args: Any, by: Official | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = _colleagues(by)
        is_head = by is not None and holds_office(official=by, day=clock.today())
        mine = Official.objects.filter(pk=by.pk if by else None).select_related("user")
        people = Official.objects.filter(agency=by.agency_id if by else None)
        absent = people.select_related("user").order_by("user__display_name") if is_head else mine
        _people(self, "official").queryset = absent
        self.fields["official"].initial = by.pk if by else None
        # A head who enters it for somebody else may stand in.
        cover = people.select_related("user") if is_head else colleagues
        _people(self, "cover").queryset = cover


def _colleagues(official: Official | None) -> Any:
    """Return the others of the same agency who still sign in."""
    if official is None:
        return Official.objects.none()
    same = Official.objects.filter(agency=official.agency_id, user__is_active=True)
    here = same.filter(employed__contains=clock.today()).exclude(pk=official.pk)
    return here.select_related("user").order_by("user__display_name")


def _people(form: forms.Form, name: str) -> forms.ModelChoiceField[Official]:
    return cast("forms.ModelChoiceField[Official]", form.fields[name])
