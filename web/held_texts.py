"""What the sections of somebody's own data are called; the names themselves stand in `database.own_data.HELD` and in the file."""

from __future__ import annotations

from domain.words import _

SECTIONS = frozenset(
    (
        _("account"),
        _("answers to our questions"),
        _("appeals"),
        _("checks ticked"),
        _("claims on companies"),
        _("codes typed"),
        _("decisions reversed"),
        _("documents sent"),
        _("e-mail addresses"),
        _("eids"),
        _("evidence of employment"),
        _("farewell"),
        _("invitations from you"),
        _("invitations to you"),
        _("letters"),
        _("letters not wanted"),
        _("letters with codes"),
        _("looks of support"),
        _("memberships"),
        _("memberships answered for"),
        _("memberships asked for under another eid"),
        _("memberships that another eid asked for"),
        _("notes of support"),
        _("notices of tasks"),
        _("objections to claims"),
        _("our questions"),
        _("pauses of tasks"),
        _("requests answered"),
        _("requests to join"),
        _("sessions"),
        _("signups"),
        _("signups handed on"),
        _("signups taken over"),
        _("steps taken"),
        _("tasks"),
        _("terms accepted"),
        _("work on tasks"),
    )
)
