"""What a till says to whoever works at it, in both languages."""

from __future__ import annotations

NO_ANSWER = {
    "nb": "Sjekken svarer ikke nå. Be om fysisk legitimasjon.",
    "en": "The check does not answer now. Ask for physical identification.",
}
NOTHING_SCANNED = {"nb": "Ingenting ble skannet. Prøv igjen.", "en": "Nothing was scanned. Try again."}

WORDS = {
    "nb": {
        "other": "en",
        "other_language": "English",
        "tills": "Hvilken kasse?",
        "tills_note": "Dette er en utprøving. Kassene spør den ekte kortsjekken; butikkene og menneskene er oppdiktet.",
        "no_tills": "Det er ingen kasser ennå. Last siden på nytt om litt.",
        "test_tills": "Kasser under utvikling",
        "test_note": "De bruker sandkassen, og kjenner bare testpersoner.",
        "all_tills": "Alle kassene",
        "purpose": "Hva gjelder det?",
        "scan": "Skann koden på kundens telefon",
        "scan_hint": "Markøren står klar. Skanneren skriver koden og trykker Enter selv.",
        "check": "Sjekk",
        "next": "Neste kunde",
        "old_enough": "Over %s år",
        "too_young": "Under %s år",
        "facts": "Dette har kunden vist",
        "not_verified": "Ikke bekreftet",
        "compare": "Er dette personen foran deg? Bildet avgjør.",
        "no_portrait": "Sjekken ga ikke noe bilde. Du kan ikke vite at telefonen er kundens egen.",
        "refuse": "Ikke gammel nok.",
        "match": "Samme tall på kundens telefon?",
        "match_note": "Hvis ikke, er det en annens kode.",
        "gone": "Forsvinner av seg selv om %s sekunder.",
        "test_persons": "Testpersoner",
        "mode": "Viser",
        "show": "Vis kode",
        "shown_by": "Koden til %s står i feltet. Trykk Sjekk, eller skann den.",
        "no_code": "Sandkassen ga ingen kode nå.",
        "portrait": "Bildet av kunden",
    },
    "en": {
        "other": "nb",
        "other_language": "Norsk",
        "tills": "Which till?",
        "tills_note": "This is for trying things out. The tills ask the real card check; the shops and the people are invented.",
        "no_tills": "There are no tills yet. Load the page again in a moment.",
        "test_tills": "Tills in development",
        "test_note": "They use the sandbox, and know test persons only.",
        "all_tills": "All tills",
        "purpose": "What is it for?",
        "scan": "Scan the code on the customer's phone",
        "scan_hint": "The cursor is ready. The scanner types the code and presses Enter itself.",
        "check": "Check",
        "next": "Next customer",
        "old_enough": "Over %s",
        "too_young": "Under %s",
        "facts": "This is what the customer has shown",
        "not_verified": "Not verified",
        "compare": "Is this the person in front of you? The picture decides.",
        "no_portrait": "The check gave no picture. You cannot know that the phone is the customer's own.",
        "refuse": "Not old enough.",
        "match": "The same number on the customer's phone?",
        "match_note": "If not, it is somebody else's code.",
        "gone": "Disappears by itself in %s seconds.",
        "test_persons": "Test persons",
        "mode": "Shows",
        "show": "Show a code",
        "shown_by": "The code of %s stands in the field. Press Check, or scan it.",
        "no_code": "The sandbox gave no code now.",
        "portrait": "The customer's picture",
    },
}

# A till names its purposes in its cashiers' words; a purpose without any is called by its code.
PURPOSES = {
    "alcohol_18": {"nb": "Øl og vin", "en": "Beer and wine"},
    "alcohol_20": {"nb": "Brennevin", "en": "Spirits"},
    "tobacco_18": {"nb": "Tobakk og snus", "en": "Tobacco and snus"},
    "energy_drink_16": {"nb": "Energidrikk", "en": "Energy drinks"},
    "otc_medicine_18": {"nb": "Reseptfri medisin", "en": "Over-the-counter medicine"},
    "fireworks_18": {"nb": "Fyrverkeri", "en": "Fireworks"},
    "venue_entry_18": {"nb": "Slippe inn, 18 år", "en": "Let in, 18"},
    "venue_entry_20": {"nb": "Slippe inn, 20 år", "en": "Let in, 20"},
    "venue_entry_23": {"nb": "Slippe inn, 23 år", "en": "Let in, 23"},
    "parcel_pickup": {"nb": "Hente pakke", "en": "Parcel pickup"},
    "id_check_full": {"nb": "Full ID-sjekk", "en": "Full ID check"},
}

FACTS = {
    "given_name": {"nb": "Fornavn", "en": "Given name"},
    "family_name": {"nb": "Etternavn", "en": "Family name"},
    "birthdate": {"nb": "Fødselsdato", "en": "Date of birth"},
    "national_id": {"nb": "Fødselsnummer", "en": "National identity number"},
    "document_number": {"nb": "Dokumentnummer", "en": "Document number"},
    "document_type": {"nb": "Dokument", "en": "Document"},
}

MODES = {
    "age": {"nb": "Bare alder", "en": "Age only"},
    "standard": {"nb": "Navn og alder", "en": "Name and age"},
    "full": {"nb": "Full ID", "en": "Full ID"},
}
