from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages for citizens and the public: views, template tags, the frame around them."""

    name = "portal.web"
    label = "web"
