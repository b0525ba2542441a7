"""The holder's phone, with the app that shows the card: written from the description of the format, sharing nothing with the portal."""
