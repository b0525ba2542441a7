"""A post office that delivers nothing: it catches every letter over SMTP and shows it on a page."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from stand_ins.behaviours import Behaviours, Misbehaving
from stand_ins.mail_catcher.letters import Letter, Letters
from stand_ins.mail_catcher.mailbox import Mailbox
from stand_ins.mail_catcher.smtp import Moods, catching

__all__ = ["Letter", "Letters", "Moods", "catching", "mailbox_app"]


def mailbox_app(letters: Letters, moods: Moods) -> ASGIApp:
    """The pages, JSON and control door over letters that `catching` catches."""
    behaviours = Behaviours()
    routes = Mailbox(letters, moods, behaviours).routes()
    return Starlette(routes=routes, middleware=[Middleware(Misbehaving, behaviours=behaviours)])
