"""What the login page says, in both languages."""

from __future__ import annotations

WORDS = {
    "nb": {
        "title": "Hvem vil du være?",
        "note": "Dette er en utprøving. Menneskene er oppdiktet, og ingen ekte eID er i bruk.",
        "cancel": "Avbryt",
        "expire": "La innloggingen gå ut på tid",
        "other": "en",
        "other_language": "English",
    },
    "en": {
        "title": "Who would you like to be?",
        "note": "This is for trying things out. The people are invented, and no real eID is involved.",
        "cancel": "Cancel",
        "expire": "Let the login time out",
        "other": "nb",
        "other_language": "Norsk",
    },
}
