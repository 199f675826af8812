"""Addresses of the citizens' and public pages; the gallery only outside production."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter

from notifications.enums import Channel
from portal.web.hooks import chat as chat_hook
from portal.web.hooks import inbound, payments, receipts
from portal.web.origins import OriginToken
from portal.web.views import (
    afterwards,
    app,
    automatic,
    burdens,
    calendar,
    call_back,
    cases,
    chat,
    choices,
    data_copy,
    data_requests,
    demo_bank,
    devices,
    dossiers,
    drafts,
    enforcement,
    feedback,
    filing,
    goals,
    hearing,
    help,
    helping,
    home,
    issued,
    kept_figures,
    listening,
    looks,
    matters,
    my_data,
    openness,
    overdue,
    paper_files,
    phone_answer,
    phones,
    procedures,
    quality,
    queue,
    records,
    service_scores,
    simplifications,
    slips,
    stopped,
    suggestions,
    tracking,
    unit_figures,
    verify,
    verify_forms,
    why,
    wishes,
)


class MonthInPath:
    """A month in an address, "2026-11", as its first day."""

    regex = "20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        """Return its first day."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        """Return how an address names it."""
        return f"{value:%Y-%m}"


class PhoneToken:
    """The name of a demo phone in an address: 32 bytes in hexadecimal."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """Return the text."""
        return value

    def to_url(self, value: str) -> str:
        """Return the text."""
        return value


class CalendarToken(PhoneToken):
    """The secret of a calendar's or a kiosk's address: 32 bytes in base64 for addresses."""

    regex = "[A-Za-z0-9_-]{43}"


class NoticeText(PhoneToken):
    """What the QR of a signed paper ends in; whether it is one is for the page to say."""

    regex = "[0-9]~[A-Za-z0-9~._-]{1,250}"


class FormCode(PhoneToken):
    """The code of a printed paper, in groups of five letters and digits."""

    regex = "[2-9A-Z]{5}(-[2-9A-Z]{5}){3}"


class PathToken(PhoneToken):
    """The secret of the addresses that gateways call which cannot sign: 20 bytes in hexadecimal."""

    regex = "[0-9a-f]{40}"


class GatewayChannel:
    """A channel that a gateway serves; the inbox has none."""

    regex = "app|push|zalo|email|sms"

    def to_python(self, value: str) -> Channel:
        """Return the channel."""
        return Channel(value)

    def to_url(self, value: str) -> str:
        """Return its name."""
        return str(value)


class SoundEnding(PhoneToken):
    """How the address of a sound ends."""

    regex = "mp3|ogg|m4a"


class ChatPlatform(PhoneToken):
    """A chat that people write from."""

    regex = "zalo|messenger"


register_converter(ChatPlatform, "chat")
register_converter(SoundEnding, "sound_ending")
register_converter(PhoneToken, "phone")
register_converter(CalendarToken, "calendar")
register_converter(OriginToken, "origin")
register_converter(GatewayChannel, "gateway")
register_converter(NoticeText, "notice")
register_converter(FormCode, "form_code")
register_converter(MonthInPath, "month")
register_converter(PathToken, "path_token")

pages: list[URLPattern] = [
    path("", home.home, name="home"),
    path("my/", matters.matters, name="matters"),
    path("my/lists/<slug:rule>/<uuid:party>/", matters.pile, name="pile"),
    path("my/suggestions/<uuid:public_id>/", suggestions.suggestion, name="suggestion"),
    path("my/suggestions/<uuid:public_id>/why/", suggestions.why, name="suggestion_why"),
    path("my/suggestions/<uuid:public_id>/draft/", suggestions.draft, name="suggestion_draft"),
    path("my/suggestions/<uuid:public_id>/snooze/", suggestions.snooze, name="snooze"),
    path("my/suggestions/<uuid:public_id>/dismiss/", suggestions.dismiss, name="dismiss"),
    path("my/suggestions/<uuid:public_id>/restore/", suggestions.restore, name="restore"),
    path("my/wishes/", wishes.wishes, name="wishes"),
    path("my/wishes/<slug:rule>/", wishes.wish, name="wish"),
    path("procedures/anywhere/", openness.filed_anywhere, name="anywhere"),
    path("procedures/anywhere.csv", openness.filed_anywhere_file, name="anywhere_file"),
    path("roadmap/", openness.roadmap, name="roadmap"),
    path("map/", enforcement.enforcement_map, name="map"),
    path("map/meanings/", enforcement.meanings, name="map_meanings"),
    path("map/reported/", enforcement.reported, name="map_reported"),
    path("map/figures.csv", enforcement.figures_file, name="map_figures"),
    path("map/rows.csv", enforcement.rows_file, name="map_rows"),
    path("map/quality/", quality.quality_index, name="quality"),
    path("map/quality.csv", quality.quality_file, name="quality_file"),
    path("map/feedback/", feedback.feedback, name="feedback"),
    path("map/feedback/sent/", feedback.feedback_sent, name="feedback_sent"),
    path("map/feedback/look/", feedback.feedback_look, name="feedback_look"),
    path("map/burdens/", burdens.burdens_page, name="burdens"),
    path("map/burdens.csv", burdens.burdens_file, name="burdens_file"),
    path("map/services/", service_scores.services_page, name="service_scores"),
    path("map/services.csv", service_scores.services_file, name="service_scores_file"),
    path("map/simplifications/", simplifications.simplifications_page, name="simplifications"),
    path(
        "map/simplifications.csv",
        simplifications.simplifications_file,
        name="simplifications_file",
    ),
    path("map/goals/", goals.goals_page, name="goals"),
    path("map/goals.csv", goals.goals_file, name="goals_file"),
    path("map/overdue/", overdue.overdue, name="overdue"),
    path("map/overdue.csv", overdue.overdue_file, name="overdue_file"),
    path("map/kept/", kept_figures.kept_months, name="map_kept"),
    path("map/kept/<month:month>/<int:version>/", kept_figures.kept_month, name="map_kept_month"),
    path(
        "map/kept/<month:month>/<int:version>/rows.csv",
        kept_figures.rows_file,
        name="map_kept_rows",
    ),
    path(
        "map/kept/<month:month>/<int:version>/figures.csv",
        kept_figures.figures_file,
        name="map_kept_figures",
    ),
    path(
        "map/kept/<month:month>/<int:version>/changes.csv",
        kept_figures.changes_file,
        name="map_kept_changes",
    ),
    path("map/<slug:code>/", unit_figures.unit_figures, name="map_unit"),
    path("map/<slug:code>/days.csv", unit_figures.days_file, name="map_unit_days"),
    path("map/<slug:code>/late.csv", unit_figures.late_file, name="map_unit_late"),
    path("procedures/", procedures.procedures, name="procedures"),
    path("procedures/<slug:key>/", procedures.procedure, name="procedure"),
    path("my/needs/<slug:key>/", procedures.need, name="need"),
    path("my/procedures/<slug:key>/", filing.begin, name="filing_begin"),
    path("my/procedures/<slug:key>/form/", filing.form, name="filing"),
    path("my/procedures/<slug:key>/draft/", filing.draft, name="filing_draft"),
    path("my/procedures/<slug:key>/check/", filing.check, name="filing_check"),
    path("my/drafts/", drafts.drafts, name="drafts"),
    path("my/drafts/<uuid:public_id>/delete/", drafts.delete, name="draft_delete"),
    path("my/dossiers/", dossiers.dossiers, name="dossiers"),
    path("my/dossiers/<uuid:public_id>/", dossiers.dossier, name="dossier"),
    path("my/dossiers/<uuid:public_id>/slip/", slips.slip, name="slip"),
    path("my/dossiers/<uuid:public_id>/papers/<uuid:paper>.pdf", issued.issued, name="issued"),
    path("my/dossiers/<uuid:public_id>/receive/", issued.receive, name="receive"),
    path("my/dossiers/<uuid:public_id>/withdraw/", dossiers.withdraw, name="withdraw"),
    path("my/dossiers/<uuid:public_id>/rating/", afterwards.rate, name="rate"),
    path("my/dossiers/<uuid:public_id>/saved/", afterwards.saved, name="saved"),
    path("my/cases/<uuid:public_id>/", cases.case, name="case"),
    path("my/cases/<uuid:public_id>/<int:position>/", cases.case_step, name="case_step"),
    path(
        "my/cases/<uuid:public_id>/<int:position>/draft/",
        cases.case_step_draft,
        name="case_step_draft",
    ),
    path("my/cases/<uuid:public_id>/<int:position>/decide/", cases.decide, name="case_decide"),
    path("my/dossiers/<uuid:public_id>/look/", automatic.look, name="dossier_look"),
    path("my/help/", helping.helping, name="helping"),
    path("my/help/<uuid:public_id>/code/", helping.code, name="help_code"),
    path("my/help/<uuid:public_id>/", helping.helped, name="helped"),
    path("my/help/<uuid:public_id>/end/", helping.end, name="help_end"),
    path("my/helpers/", helping.helpers, name="helpers"),
    path("my/helpers/<uuid:public_id>/", helping.answer, name="help_answer"),
    path("my/calendar/", calendar.family_calendar, name="calendar"),
    path("my/calendar/address/", calendar.calendar_address, name="calendar_address"),
    path("my/calendar/lich-gia-dinh.ics", calendar.calendar_download, name="calendar_file"),
    path("calendar/<calendar:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("my/papers/", records.papers, name="papers"),
    path("my/papers/files/", paper_files.repository, name="repository"),
    path("my/papers/files/<uuid:public_id>/", paper_files.paper_file, name="paper_file"),
    path("my/papers/files/<uuid:public_id>/remove/", paper_files.paper_remove, name="paper_remove"),
    path("my/papers/for/<uuid:owner>/<slug:code>/", paper_files.paper_slot, name="paper_slot"),
    path("my/dossiers/<uuid:public_id>/supplement/", paper_files.supplement, name="supplement"),
    path("my/data/", my_data.my_data, name="my_data"),
    path("my/data/<origin:token>/contest/", my_data.contest, name="contest"),
    path("my/why/", why.why_not, name="why_not"),
    path("my/why/<slug:rule>/", why.why, name="why"),
    path("my/inbox/", records.inbox, name="inbox"),
    path("my/inbox/<uuid:public_id>/", records.letter, name="letter"),
    path("my/inbox/<uuid:public_id>/print/", records.letter_print, name="letter_print"),
    path("my/views/", looks.views, name="views"),
    path("my/views/file/", looks.views_file, name="views_file"),
    path("my/choices/", choices.choices, name="choices"),
    path("my/choices/undo/", choices.undo, name="choices_undo"),
    path("my/choices/hearing/", hearing.hearing, name="hearing"),
    path("my/choices/offers/", hearing.offers, name="offers"),
    path("my/choices/devices/", devices.device_on, name="device_on"),
    path("my/choices/devices/<uuid:public_id>/off/", devices.device_off, name="device_off"),
    path("sw.js", app.service_worker, name="service_worker"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("offline/", app.offline, name="offline"),
    path("my/kept/", app.kept, name="kept"),
    path("my/choices/resume/", stopped.resume, name="choices_resume"),
    path("my/choices/number/<uuid:public_id>/", stopped.number_code, name="number_code"),
    path("my/requests/", data_requests.data_requests, name="requests"),
    path("my/requests/new/<slug:kind>/", data_requests.new_request, name="request_new"),
    path("my/requests/<uuid:public_id>/", data_requests.data_request, name="request"),
    path("my/requests/<uuid:public_id>/cancel/", data_requests.cancel, name="request_cancel"),
    path("my/requests/<uuid:public_id>/copy/", data_copy.copy_page, name="request_copy"),
    path("my/requests/<uuid:public_id>/copy.json", data_copy.copy_file, name="request_copy_file"),
    path("help/", help.help_index, name="help"),
    path("help/words/", help.words, name="help_words"),
    path("help/<slug:key>/", help.help_page, name="help_page"),
    path("listen/", listening.programmes, name="programmes"),
    path("listen/feed.xml", listening.feed, name="programme_feed"),
    path("listen/<slug:key>/", listening.programme, name="programme"),
    path("listen/<slug:key>.<sound_ending:ending>", listening.sound, name="programme_sound"),
    path("call-back/", call_back.call_back, name="call_back"),
    path("call-back/noted/", call_back.noted, name="call_back_noted"),
    path("kiosk/<calendar:token>/", queue.kiosk, name="kiosk"),
    path("kiosk/<calendar:token>/<uuid:public_id>/", queue.kiosk_ticket, name="kiosk_ticket"),
    path("queue/<uuid:public_id>/", queue.queue_screen, name="queue_screen"),
    path("track/", tracking.track, name="track"),
    path("verify/", verify.verify, name="verify"),
    path("verify/key/", verify.key, name="verify_key"),
    path("verify/offline/", verify.offline, name="verify_offline"),
    path("verify/file/", verify_forms.verify_file, name="verify_file"),
    path("verify/form/<form_code:code>/", verify_forms.verify_form, name="verify_form"),
    path("verify/<notice:text>/", verify.verify_paper, name="verify_paper"),
    path("receipts/<gateway:channel>/", receipts.signed_receipts, name="receipts"),
    path(
        "receipts/<gateway:channel>/<path_token:token>/",
        receipts.receipts_at_secret_address,
        name="receipts_secret",
    ),
    path("inbound/sms/", inbound.signed_sms, name="inbound_sms"),
    path(
        "inbound/sms/<path_token:token>/",
        inbound.sms_at_secret_address,
        name="inbound_sms_secret",
    ),
    path("inbound/<chat:platform>/", chat_hook.signed_chat, name="inbound_chat"),
    path(
        "inbound/<chat:platform>/<path_token:token>/",
        chat_hook.chat_at_secret_address,
        name="inbound_chat_secret",
    ),
    path("payments/<slug:gateway>/", payments.signed_payment, name="payment_hook"),
    path("demo/bank/<slug:reference>/", demo_bank.demo_bank, name="demo_bank"),
    path("demo/chat/", chat.chat, name="chat"),
    path("my/choices/chat/", chat.link_code, name="chat_link"),
    path("my/choices/chat/<uuid:public_id>/off/", chat.unlink, name="chat_unlink"),
    path("demo/phones/", phones.phones, name="phones"),
    path("demo/phones/<phone:token>/", phones.phone, name="phone"),
    path("demo/phones/<phone:token>/answer/", phone_answer.answer, name="phone_answer"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages, "web"))),
    path("i18n/", include("django.conf.urls.i18n")),
]

if settings.SETTINGS_MODULE != "portal.settings.production":
    urlpatterns.append(path("gallery/", include("portal.web.gallery")))
