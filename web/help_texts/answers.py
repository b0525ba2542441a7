"""The questions and answers themselves. English here; the Norwegian stands in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from domain.words import _


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer, paragraph by paragraph, with links as (text, address). Answers of a group stand together."""

    slug: str
    group: str
    question: str
    paragraphs: tuple[str, ...]
    links: tuple[tuple[str, str], ...] = ()


CARD = _("About the ID card")
PRIVACY = _("Privacy and security")
ORDERING = _("Signing up and ordering")
CONTACT = _("Getting hold of us")

ANSWERS = (
    Answer(
        "what-you-need",
        CARD,
        _("What does our business need before we can use the ID card?"),
        (
            _(
                "Two things. Your system, usually the till, has to be connected to our API. "
                "And you need an agreement with BankID BankAxept AS."
            ),
            _("The agreement says what you may use the service for, which details you need for the checks you make, and on what terms."),
        ),
    ),
    Answer(
        "without-a-till",
        CARD,
        _("Can we read the code with a phone or a tablet?"),
        (
            _(
                "Not yet, but soon. We are working on letting your own phone or tablet read "
                "the QR code, so that you need not connect the till."
            ),
            _("Would you like to hear when it is ready? Tell us at %(support_email)s."),
        ),
    ),
    Answer(
        "how-a-check-works",
        CARD,
        _("How does a check work at the till?"),
        (
            _(
                "The customer shows a QR code in the BankID app, and you scan it with a barcode "
                "reader. What you need to see then appears in your till."
            ),
            _("It is taken from the customer's own passport or national ID card. Your agreement decides which details are shown."),
        ),
    ),
    Answer(
        "why-scan",
        CARD,
        _("Why must the customer's code be scanned?"),
        (
            _(
                "Because the scan is the check: the code is held up against BankID's own system, and BankID "
                "vouches that the details belong to the one standing in front of you."
            ),
            _("A screen can be copied or drawn by anybody. The answer from BankID cannot, and that is what keeps false IDs out."),
        ),
    ),
    Answer(
        "can-it-be-forged",
        CARD,
        _("Can the ID card be forged?"),
        (
            _(
                "Not in a way that gets past a scan. Each scan asks BankID whether this is a real "
                "person there, and only then are validated details sent to you."
            ),
            _("So scan every time, also when the customer has already shown you the screen."),
        ),
    ),
    Answer(
        "what-is-stored",
        PRIVACY,
        _("What is stored with us about our customers?"),
        (
            _(
                "Nothing from the passport or the ID card. You get confirmed that it is the right person "
                "and, say, old enough; then the details are deleted on your side."
            ),
            _("You only receive what you need for a check that you are obliged to make, and have agreed to receive."),
            _("The log in the BankID app belongs to the customer. Nobody else can read it."),
        ),
    ),
    Answer(
        "what-we-may-keep",
        PRIVACY,
        _("What may we log and do with the details?"),
        (
            _(
                "You log that a check was made, and no more. The details are for showing at "
                "the till; they may not be used for anything else."
            ),
            _("The agreement with BankID BankAxept AS has the exact rules."),
        ),
    ),
    Answer(
        "privacy-built-in",
        PRIVACY,
        _("How is privacy looked after?"),
        (
            _("It was there from the first drawing. The shop gets an OK and the details in its agreement, and keeps none of them."),
            _("Only the customer owns and sees the log of where the card was shown."),
        ),
    ),
    Answer(
        "encryption",
        PRIVACY,
        _("Who can open the customer's data?"),
        (_("Only the customer, with the BankID app. All details are encrypted until the customer chooses to show them."),),
    ),
    Answer(
        "why-workplace",
        ORDERING,
        _("Why do you ask where I work?"),
        (
            _(
                "What you can order here is for businesses, not for private persons. We ask the first time "
                "you log in, so that we know which business the order comes from."
            ),
        ),
    ),
    Answer(
        "how-employment-is-confirmed",
        ORDERING,
        _("How do you find out that I work there?"),
        (
            _(
                "First a machine looks: are you on the company's certificate of registration in the "
                "Brønnøysund Register Centre? If you are, you are confirmed at once."
            ),
            _("If not, that is quite usual, and a person here looks at it instead. We then get in touch with you."),
        ),
    ),
    Answer(
        "which-eid",
        ORDERING,
        _("Which eIDs can I log in with?"),
        (
            _("Norwegian BankID, Swedish BankID and Danish MitID."),
            _("You need one of these three to use the portal."),
        ),
    ),
    Answer(
        "why-email",
        ORDERING,
        _("Why must I confirm an e-mail address?"),
        (
            _(
                "If you order something later, we write to you there. So everybody who becomes a "
                "user gives an address, and confirms that our e-mails arrive."
            ),
        ),
    ),
    Answer(
        "company-already-exists",
        ORDERING,
        _("It says that our company has a profile already. What now?"),
        (
            _("Then a colleague has been here before you and opened it, and the company has an administrator."),
            _(
                "Ask to join: look the company up, and press the button. "
                "Whoever administers it there lets you in, or sends you an invitation."
            ),
        ),
    ),
    Answer(
        "wrong-address",
        ORDERING,
        _("The company's address is wrong. Where do I change it?"),
        (_("In the Brønnøysund Register Centre. We show what the register has, so when it is corrected there it becomes right here too."),),
        ((_("Go to the Brønnøysund Register Centre"), "https://www.brreg.no/"),),
    ),
    Answer(
        "foreign-company",
        ORDERING,
        _("We have no Norwegian organisation number. Can we order?"),
        (
            _("Yes, with our help. For now only Norwegian companies can open a profile by themselves."),
            _("Write to %(support_email)s, and we will get your order started."),
        ),
    ),
    Answer(
        "your-contact",
        CONTACT,
        _("Who do we talk to?"),
        (
            _("Every company has one person in our sales team who is its contact. You find the name on your company's page."),
            _(
                "Our support team looks after all who use BankID's other services too, and can "
                "answer most things: %(support_phone)s or %(support_email)s."
            ),
        ),
    ),
    Answer(
        "customers-questions",
        CONTACT,
        _("Where do we send customers with questions about their card?"),
        (_("They find the number in their BankID app, under the ID card. Support for the ID card answers at %(support_phone)s."),),
    ),
)
