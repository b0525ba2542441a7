"""Logging in with an electronic ID: OpenID Connect against the broker that speaks for all three, with one adapter each."""

from __future__ import annotations

from collections.abc import Mapping

from domain.clock import Clock
from domain.eid import EidIdentity, EidScheme
from domain.languages import Language
from gateways.eid_claims import ClaimMissing, EidToken, NoBirthDate, identity
from gateways.http import AsyncClient
from gateways.openid_client import Departure, LoginFailed, OpenIdClient, Reason, Return

# How the broker is asked for each eID; each names the level of assurance too.
ACR_VALUES: Mapping[EidScheme, tuple[str, ...]] = {
    EidScheme.NO_BANKID: ("urn:grn:authn:no:bankid",),
    EidScheme.SE_BANKID: ("urn:grn:authn:se:bankid",),
    EidScheme.DK_MITID: ("urn:grn:authn:dk:mitid:substantial",),
}


class Eid:
    """Sends people to their eID, and hears from it who they are."""

    def __init__(  # noqa: PLR0913 - a client is registered with all of these
        self,
        client: AsyncClient,
        clock: Clock,
        *,
        issuer: str,
        client_id: str,
        key: str,
        redirect_uri: str,
        acr_values: Mapping[EidScheme, tuple[str, ...]] = ACR_VALUES,
    ) -> None:
        """Take what the broker knows us by. `key` is our private EC P-256 key as a JWK."""
        self.issuer = issuer
        self._openid = OpenIdClient(client, clock, issuer=issuer, client_id=client_id, key=key, redirect_uri=redirect_uri)
        self._acr_values = acr_values

    async def depart(self, scheme: EidScheme, language: Language, *, hint: str | None = None) -> Departure:
        """Prepare a login. A `hint` says who is expected, which only a stand-in listens to. Raises LoginFailed."""
        wishes = {"acr_values": " ".join(self._acr_values[scheme])} | ({"login_hint": hint} if hint is not None else {})
        return await self._openid.depart("openid profile", language, wishes)

    async def arrive(self, scheme: EidScheme, came: Return, *, nonce: str, code_verifier: str) -> EidIdentity:
        """Hear who came back, given what they set out with. Raises LoginFailed."""
        asked = self._acr_values[scheme]
        token = await self._openid.arrive(EidToken, came, nonce=nonce, code_verifier=code_verifier, acr_values=asked)
        try:
            return identity(scheme, token)
        except NoBirthDate:
            raise LoginFailed(Reason.BIRTH_DATE_MISSING, "the eID tells no birth date") from None
        except ClaimMissing as error:
            raise LoginFailed(Reason.UNAVAILABLE, str(error)) from None
