"""Reports of weeks and months: counted, set as PDF and XLSX, kept, and told to the heads."""

from __future__ import annotations
