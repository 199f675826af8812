"""The forecast itself: features, model, baseline, spreading, capacity. Pure: no Django, no clock.

Weeks are ISO weeks, named by the Monday with which they begin (civil dates of Viet Nam).
"""

from __future__ import annotations
