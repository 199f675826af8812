"""The content security policy: strict everywhere, opened under /admin/ by what unfold needs."""

from __future__ import annotations

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

_ADMIN = "/admin/"


class PortalCSPMiddleware(CSPMiddleware):
    """django-csp, with two sources more under /admin/: no inline script there either.

    unfold's Alpine evaluates expressions (`unsafe-eval`) and sets style attributes.
    """

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return django-csp's parts, relaxed for the back-office."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(_ADMIN) and not report_only:
            parts.replace = {
                **(parts.replace or {}),
                "script-src": [SELF, UNSAFE_EVAL],
                "style-src": [SELF, UNSAFE_INLINE],
            }
        return parts
