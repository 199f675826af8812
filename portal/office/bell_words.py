"""What each task that happens by itself does, in the words of the first page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TASKS: Mapping[str, Promise] = {
    "procedures.scan_today": _("the scan of the day"),
    "procedures.read_fact_changes": _("changed facts to suggestions"),
    "procedures.scan_resumed_rules": _("the scan of rules let go on"),
    "procedures.run_rehearsals": _("rehearsals of rules"),
    "citizens.seal_views": _("the seal of the log of views"),
    "citizens.run_batches": _("imports of registers"),
    "citizens.forget_tries": _("tries to sign in forgotten"),
    "dossiers.answer_replies": _("answers to replies"),
    "dossiers.scan_uploads": _("the virus scan of papers"),
    "dossiers.make_forms": _("receipts and signed results"),
    "dossiers.exchange_with_partners": _("the exchange with the national portal"),
    "dossiers.file_next_steps": _("the next procedure of a bundle"),
    "dossiers.sweep_files": _("files of nobody removed"),
    "dossiers.decide_automatically": _("automatic decisions"),
    "dossiers.remove_drafts": _("old drafts removed"),
    "dossiers.sweep_uploads": _("papers filed with nothing removed"),
    "dossiers.warn_before_limits": _("warnings before a limit"),
    "notifications.forget_number_codes": _("codes to numbers forgotten"),
    "reporting.count_this_week": _("the count of the week"),
    "reporting.fold_events": _("the figures of the map"),
    "reporting.count_moved": _("due dates moved by the calendar"),
    "reporting.keep_figures": _("published figures kept"),
    "reporting.make_reports": _("reports of weeks and months"),
}


def task_name(task: str) -> str:
    """Return what the task does in words; its name where it has none yet."""
    return str(TASKS.get(task, task))
