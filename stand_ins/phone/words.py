"""What the app on the phone says, in both languages."""

from __future__ import annotations

WORDS = {
    "nb": {
        "other": "en",
        "other_language": "English",
        "title": "ID-kort",
        "whose": "Hvem sin telefon?",
        "note": "Dette er en utprøving. Menneskene er oppdiktet; koden og sjekken er ekte.",
        "others": "En annens telefon",
        "no_card": "Det er ikke noe ID-kort på denne telefonen ennå.",
        "enrol": "Hent ID-kort med BankID",
        "what": "Hva vil du vise?",
        "show": "Vis ID",
        "again": "Vis ny kode",
        "back": "Tilbake",
        "code": "Koden din",
        "code_picture": "QR-kode",
        "hold": "La kassen skanne koden. Den varer i et halvt minutt og kan brukes én gang.",
        "text": "Uten skanner: koden som tekst",
        "waiting": "Venter på at noen skanner …",
        "look": "Se om noen har skannet",
        "expired": "Koden er utløpt",
        "expired_note": "Ingen skannet den. Ingenting er vist.",
        "scanned": "Skannet av",
        "shown": "Dette ble vist:",
        "match": "Samme tall i kassen?",
        "match_note": "Hvis ikke, er det noe galt. Si fra.",
        "log": "Min logg",
        "log_note": "Bare denne telefonen kan lese loggen.",
        "log_empty": "Ingen har sjekket kortet ennå.",
        "refused": "Det gikk ikke",
        "no_answer": "Får ikke kontakt nå. Prøv igjen om litt, eller bruk fysisk legitimasjon.",
        "blocked": "ID-kortet kan ikke brukes. Hent et nytt.",
    },
    "en": {
        "other": "nb",
        "other_language": "Norsk",
        "title": "ID card",
        "whose": "Whose phone?",
        "note": "This is for trying things out. The people are invented; the code and the check are real.",
        "others": "Somebody else's phone",
        "no_card": "There is no ID card on this phone yet.",
        "enrol": "Get the ID card with BankID",
        "what": "What will you show?",
        "show": "Show ID",
        "again": "Show a new code",
        "back": "Back",
        "code": "Your code",
        "code_picture": "QR code",
        "hold": "Let the till scan the code. It lasts half a minute and can be used once.",
        "text": "Without a scanner: the code as text",
        "waiting": "Waiting for somebody to scan …",
        "look": "See whether somebody has scanned",
        "expired": "The code has expired",
        "expired_note": "Nobody scanned it. Nothing was shown.",
        "scanned": "Scanned by",
        "shown": "This was shown:",
        "match": "The same number at the till?",
        "match_note": "If not, something is wrong. Say so.",
        "log": "My log",
        "log_note": "Only this phone can read the log.",
        "log_empty": "Nobody has checked the card yet.",
        "refused": "That did not work",
        "no_answer": "Nobody answers now. Try again in a moment, or use physical identification.",
        "blocked": "The ID card cannot be used. Get a new one.",
    },
}

MODES = {
    "age": {"nb": ("Alder", "Bildet ditt, og om du er gammel nok"), "en": ("Age", "Your picture, and whether you are old enough")},
    "standard": {"nb": ("Navn", "Alder, bilde og navn"), "en": ("Name", "Age, picture and name")},
    "full": {
        "nb": ("Full ID", "Også fødselsnummer og dokument, til dem som har lov til å be om det"),
        "en": ("Full ID", "Also the national identity number and the document, for those who may ask for it"),
    },
}

CLAIMS = {
    "portrait": {"nb": "bildet ditt", "en": "your picture"},
    "given_name": {"nb": "fornavn", "en": "given name"},
    "family_name": {"nb": "etternavn", "en": "family name"},
    "age": {"nb": "alder", "en": "age"},
    "birthdate": {"nb": "fødselsdato", "en": "date of birth"},
    "national_id": {"nb": "fødselsnummer", "en": "national identity number"},
    "document_number": {"nb": "dokumentnummer", "en": "document number"},
    "document_type": {"nb": "dokumenttype", "en": "kind of document"},
}
OLDER = {"nb": "om du er over {} år", "en": "whether you are over {}"}


def shown(names: list[str], language: str) -> list[str]:
    """Say in words what a till was told; a name that the app does not know is said as it is."""
    return [
        OLDER[language].format(name.removeprefix("age_over_")) if name.startswith("age_over_") else CLAIMS.get(name, {}).get(language, name)
        for name in names
    ]
