"""`/verify/` for printed papers: by the QR's address, and by the PDF itself."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.web.access import public
from portal.web.limits import Limit, address_of
from portal.web.presenters.verifying_forms import Answer, CheckedForm, check_file, check_form

FORMS = Limit("verify-form", most=60, seconds=600)
FILES = Limit("verify-file", most=15, seconds=600)
ALL_FILES = Limit("verify-file-all", most=60, seconds=60)
LARGEST = 2_000_000  # bytes; a paper of ours has about a twentieth
_EVERYBODY = "everybody"


@public
@never_cache
@require_safe
def verify_form(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether a paper is ours and stands; this is where its QR leads."""
    return _limited(request, FORMS) or _page(
        request, checked=check_form(code.replace("-", "")), status=200
    )


@public
@never_cache
@require_POST
def verify_file(request: HttpRequest) -> HttpResponse:
    """Say whether a PDF is exactly what was issued; it is read and forgotten."""
    refused = _limited(request, FILES) or _limited(request, ALL_FILES, key=_EVERYBODY)
    if refused is not None:
        return refused
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.size:
        return _page(request, is_missing=True, status=400)
    if file.size > LARGEST:
        return _page(request, is_large=True, status=413)
    return _page(request, checked=check_file(file.read()), status=200)


def _limited(request: HttpRequest, limit: Limit, *, key: str = "") -> HttpResponse | None:
    too_many = limit.passed(key or address_of(request))
    if too_many is None:
        return None
    answer = _page(request, must_wait=True, status=too_many.status_code)
    answer["Retry-After"] = too_many["Retry-After"]
    return answer


def _page(
    request: HttpRequest,
    *,
    status: int,
    checked: CheckedForm | None = None,
    must_wait: bool = False,
    is_missing: bool = False,
    is_large: bool = False,
) -> HttpResponse:
    shown = {
        "checked": checked,
        "answers": Answer,
        "must_wait": must_wait,
        "is_missing": is_missing,
        "is_large": is_large,
    }
    return render(request, "web/verify_form.html", shown, status=status)
