"""What every error code of the API means and what to do about it, for those who write programs that meet it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.cards.refusals import (
    AgreementInactive,
    CardBlocked,
    CardExpired,
    CardIncomplete,
    CheckRefusal,
    CheckUnavailable,
    HolderLimited,
    IdempotencyKeyReused,
    InsufficientScope,
    PurposeNotInAgreement,
    QrExpired,
    QrMalformed,
    QrOtherScheme,
    QrUnknown,
    QrUsed,
    RateLimited,
    TerminalUnknown,
    Unauthorized,
)
from domain.holders import CardKnown, CardNotBelieved, CodeRefused, DeviceUnauthorized, LoginNotBelieved, RequestRepeated
from domain.requests import (
    BodyTooLarge,
    BodyUnreadable,
    ContentTypeUnsupported,
    FieldInvalid,
    InternalError,
    MethodNotAllowed,
    NotAcceptable,
    NothingHere,
    ParameterInvalid,
    RequestRefusal,
)
from domain.words import _


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code as programs read it, with HTTP's number. `at_the_till` is what a till shows its user, where there is a check."""

    code: str
    status: int
    title: str
    cause: str
    remedy: str
    at_the_till: str | None = None
    burns: bool = False


def _of(refusal: type[CheckRefusal | RequestRefusal], cause: str, remedy: str) -> Explanation:
    if issubclass(refusal, CheckRefusal):
        return Explanation(refusal.wire_code, refusal.status, refusal.title, cause, remedy, refusal.till_words, refusal.burns)
    return Explanation(refusal.wire_code, refusal.status, refusal.title, cause, remedy)


_CARDS = (
    _of(
        QrMalformed,
        _("What the scanner typed is no complete code. The reason says where it stopped fitting: prefix, alphabet, length or checksum."),
        _("Set the scanner to the keyboard layout of the till, switch Caps Lock off and scan again."),
    ),
    _of(
        QrOtherScheme,
        _("The code is well read, and belongs to another service: a payment, a parcel or another ID card."),
        _("Ask the customer to open the ID card. Send codes of other services to those services."),
    ),
    _of(
        QrUnknown,
        _("Nobody has made this code, or it was made long ago. A test client does not know real cards, nor the other way round."),
        _("Ask the customer to make a new code. When all codes are unknown, compare the client's environment with the app's."),
    ),
    _of(
        QrExpired,
        _("A code is good for thirty seconds by our clock."),
        _("Ask the customer to make a new code, and scan it as soon as it is shown."),
    ),
    _of(
        QrUsed,
        _("A code is good for one check. Only the same request, with the same Idempotency-Key and within ten seconds, is answered again."),
        _("Ask the customer to make a new code. To repeat a request after a lost answer, send its Idempotency-Key and body unchanged."),
    ),
    _of(
        CardExpired,
        _("The passport or national ID card behind the ID card is not valid any more."),
        _("Ask for other proof of identity."),
    ),
    _of(
        CardBlocked,
        _("The card has been blocked, for instance because a phone was lost."),
        _("Ask for other proof of identity, and draw no conclusions about the customer."),
    ),
    _of(
        CardIncomplete,
        _("The document behind the card gave no photo, or not in a form that can be shown, and the purpose needs one."),
        _("Ask for other proof of identity."),
    ),
    _of(
        HolderLimited,
        _("The customer's app gave the code keys to fewer details than this purpose asks for."),
        _("Ask the customer to choose “Name” or “Full ID” in the app and to make a new code."),
    ),
    _of(
        PurposeNotInAgreement,
        _("The company's agreement does not name this purpose."),
        _("Compare the purpose with those on the company's page. An administrator can ask for a further one there."),
    ),
    _of(
        InsufficientScope,
        _("Only tills built to Stø's contract meet this: their token's scope says what they may learn, and this token names no data set."),
        _("Get a token with exactly one of the four data sets as its scope. Whoever needs two of them gets two tokens."),
    ),
    _of(
        AgreementInactive,
        _("The company's agreement has not begun, is paused or has ended."),
        _("The company's administrator sees on its page what is missing."),
    ),
    _of(
        TerminalUnknown,
        _("No active terminal of the company has this id. A till built to Stø's contract sends none: then its client has no default one."),
        _("Register the terminal on the company's page, correct the id that the till sends, or choose the client's default terminal."),
    ),
    _of(
        Unauthorized,
        _("There is no access token, it has expired after five minutes, or its client has been closed."),
        _("Get a new token from /oauth2/token and send it as Authorization: Bearer. Keep it for its whole life, and no longer."),
    ),
    _of(
        RateLimited,
        _("The client, the terminal or the address has asked more often than it may."),
        _("Wait as many seconds as Retry-After says, then go on. Get one token and use it until it expires."),
    ),
    _of(
        CheckUnavailable,
        _("Something that a check needs does not answer. Nothing was checked and nothing was shown."),
        _("Ask for physical ID. Try again after as many seconds as Retry-After says; never treat this answer as a check that was passed."),
    ),
    _of(
        IdempotencyKeyReused,
        _("The client has sent this key before, with another body."),
        _("Make a new random key for every new check, and repeat it only to repeat that very check."),
    ),
)
_REQUESTS = (
    _of(
        BodyUnreadable,
        _("The body is not one JSON object in UTF-8, a name in it stands twice, or it holds characters that no text may hold."),
        _("Let a JSON library write the body, in UTF-8 and without a byte order mark."),
    ),
    _of(
        ParameterInvalid,
        _("The answer's errors name it."),
        _("Compare it with the documentation of the address, correct it and send the request again."),
    ),
    _of(
        FieldInvalid,
        _("A field of the body is missing, unknown, or not of the form that the documentation names. The answer's errors name each."),
        _("Correct the fields that are named and send the request again. What was sent is never repeated in the answer."),
    ),
    _of(
        BodyTooLarge,
        _("A till's request is never longer than 16 kB."),
        _("Send only the fields that the documentation names."),
    ),
    _of(
        ContentTypeUnsupported,
        _("The header Content-Type does not name what the address takes, names a character set other than UTF-8, or the body is packed."),
        _("Send JSON as application/json and token requests as application/x-www-form-urlencoded, in UTF-8 and not compressed."),
    ),
    _of(
        NotAcceptable,
        _("The header Accept names no form that the answer can be had in."),
        _("Name one of the forms that the documentation lists."),
    ),
    _of(
        NothingHere,
        _("There is no such address, or what stands there belongs to somebody else: the answer is the same."),
        _("Compare the address with the documentation, and the client with the company."),
    ),
    _of(
        MethodNotAllowed,
        _("The address is right and takes other methods."),
        _("Use one of the methods in the header Allow."),
    ),
    _of(
        InternalError,
        _("Something happened that we had not foreseen. It has been written down under the reference in the answer."),
        _("Ask for physical ID meanwhile. Tell us the reference if it happens again."),
    ),
)
_PHONES = (
    _of(
        DeviceUnauthorized,
        _("The signature is missing, of another key than the card's, older than a minute, or of a request that says something else."),
        _("Sign method, path and body exactly as they are sent, with the time of now and a new jti, and set the phone's clock."),
    ),
    _of(
        RequestRepeated,
        _("Somebody has sent this very request before; it may have been carried out then."),
        _("Look how things stand, then sign a new request with a new jti."),
    ),
    _of(
        LoginNotBelieved,
        _("The ID token is old, was made for another client or another phone, or not by BankID."),
        _("Let the holder log in once more, with the thumbprint of the device key (RFC 7638) as nonce."),
    ),
    _of(
        CardNotBelieved,
        _("The card's signature, its id, its claims or the holder's key do not hold. The detail says which."),
        _("Have the issuer make a new card for this phone, and hand in each of its claims, sealed."),
    ),
    _of(
        CardKnown,
        _("A card is enrolled once, and has a mailbox that no other card has."),
        _("Have the issuer make a new card, and draw a new mailbox id."),
    ),
    _of(
        CodeRefused,
        _("The card has twenty codes that have not expired, its enrolment was undone meanwhile, or the reference exists."),
        _("Wait half a minute, then draw a new code."),
    ),
)
_TOKENS = (
    Explanation(
        "invalid_request",
        400,
        _("The token request cannot be read"),
        _("A field is missing or stands twice, something stands in the address, or the client proves itself in two ways at once."),
        _("Send grant_type=client_credentials as a form in the body, and the client's credentials in one way only."),
    ),
    Explanation(
        "invalid_client",
        401,
        _("The client is not known by these credentials"),
        _(
            "The client does not exist, is closed, or its secret or signature is wrong; which of these is not told. An assertion counts "
            "once, for at most five minutes, with our issuer as its only audience, signed with ES256 or EdDSA by a registered key."
        ),
        _("Compare client, secret and keys with the company's page, make a new jti for each assertion, and set the till's clock."),
    ),
    Explanation(
        "unsupported_grant_type",
        400,
        _("The grant type is not supported"),
        _("Tokens are given to clients in their own name only."),
        _("Send grant_type=client_credentials."),
    ),
    Explanation(
        "invalid_scope",
        400,
        _("The scope is not known"),
        _("A scope was asked for that does not exist."),
        _("Leave scope out, unless the till speaks the contract that has scopes; then name one of those."),
    ),
)

EXPLANATIONS: Mapping[str, Explanation] = {explained.code: explained for explained in (*_CARDS, *_REQUESTS, *_PHONES, *_TOKENS)}
