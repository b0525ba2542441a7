"""What an eID tells."""

from __future__ import annotations

from datetime import date

from domain.eid import EidIdentity, EidScheme
from domain.names import PersonName


def test_an_identity_does_not_show_in_logs() -> None:
    """Whoever logs a value by accident logs no person."""
    identity = EidIdentity(EidScheme.NO_BANKID, "https://eid.example", "9578-5999-4", PersonName("Nora", "Lie"), date(1990, 2, 28), "NO")

    assert repr(identity) == "EidIdentity(scheme=<EidScheme.NO_BANKID: 'no-bankid'>, issuer='https://eid.example', country='NO')"
