"""Why a request to the API cannot be read, and what to do about it. Programs go by the codes."""

from __future__ import annotations

from typing import ClassVar

from domain.refusals import Refusal
from domain.words import _


class RequestRefusal(Refusal):
    """A request that cannot be carried out as it was sent.

    `status` is HTTP's own number for it, `wire_code` the code as programs read it. Facts name a field, a header or a limit, and
    never what was sent.
    """

    status: ClassVar[int] = 400
    title: ClassVar[str]
    wire_code: ClassVar[str]

    code = "request-refused"
    words = _("This request cannot be carried out.")

    def __init_subclass__(cls) -> None:
        """Write the code as it is written on the wire, with low lines."""
        super().__init_subclass__()
        cls.wire_code = cls.code.replace("-", "_")


class BodyUnreadable(RequestRefusal):
    """What was sent is no JSON, no UTF-8, or says one thing twice."""

    code = "body-unreadable"
    title = _("The body cannot be read")
    words = _("The body cannot be read: %(problem)s. Send one JSON object in UTF-8, each name in it once.")


class ParameterInvalid(RequestRefusal):
    """A part of the address or a header is not what it should be."""

    code = "parameter-invalid"
    title = _("A parameter is wrong")
    words = _("The parameter %(field)s %(problem)s. Correct it and send the request again.")


class FieldInvalid(RequestRefusal):
    """The body is JSON, and one of its fields is missing, too many or of the wrong kind."""

    code = "field-invalid"
    title = _("A field is wrong")
    words = _("The field %(field)s %(problem)s. Correct it and send the request again.")
    status = 422


class BodyTooLarge(RequestRefusal):
    """Nobody who means well sends so much."""

    code = "body-too-large"
    title = _("The body is too large")
    words = _("The body is larger than %(most)s bytes. Send only what the documentation names.")
    status = 413


class ContentTypeUnsupported(RequestRefusal):
    """What cannot be read should not be guessed at."""

    code = "content-type-unsupported"
    title = _("The content type is not supported")
    words = _("The content type must be %(wanted)s. Set the header Content-Type to it.")
    status = 415


class NotAcceptable(RequestRefusal):
    """The caller wants the answer in a form that it cannot have."""

    code = "not-acceptable"
    title = _("The answer cannot be had in this form")
    words = _("The answer can be had as %(offered)s. Name one of these in the header Accept.")
    status = 406


class NothingHere(RequestRefusal):
    """No such address, or nothing that this caller may see."""

    code = "not-found"
    title = _("Nothing is here")
    words = _("There is nothing at this address for you. Compare it with the documentation.")
    status = 404


class MethodNotAllowed(RequestRefusal):
    """The address is right and the method is not."""

    code = "method-not-allowed"
    title = _("The method is not allowed")
    words = _("This address does not take this method. The header Allow names those it takes.")
    status = 405


class InternalError(RequestRefusal):
    """A fault of ours."""

    code = "internal-error"
    title = _("A fault of ours")
    words = _("Something went wrong here, and it is being looked at. Ask for physical ID meanwhile. Reference: %(reference)s.")
    status = 500
