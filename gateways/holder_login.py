"""The holder's app logs people in by itself and shows us what the eIDs' broker told it: whose word that is, we check here."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.clock import Clock
from domain.eid import EidScheme
from gateways.eid import ACR_VALUES
from gateways.http import AsyncClient
from gateways.id_token import Expected, IdToken, NotBelieved, believed
from gateways.openid import OpenIdProvider, ProviderUnavailable

__all__ = ["HolderLogin", "NotBelieved", "ProviderUnavailable"]


@dataclass(slots=True)
class HolderLogin:
    """Believes the ID tokens that a broker has made for the holder's app. Cards are for those with a Norwegian eID."""

    client: AsyncClient
    issuer: str
    client_id: str
    clock: Clock
    _provider: OpenIdProvider = field(init=False)

    def __post_init__(self) -> None:
        self._provider = OpenIdProvider(self.client, self.issuer, self.clock)

    async def subject(self, id_token: str, *, nonce: str) -> str:
        """Say by which pairwise subject the broker knows who logged in, given what the app had tied the login to.

        Raises NotBelieved, and ProviderUnavailable.
        """
        claims = await self._provider.signed_claims(id_token)
        expected = Expected(self.issuer, self.client_id, nonce, ACR_VALUES[EidScheme.NO_BANKID], self.clock.now())
        return believed(IdToken, claims, expected).sub
