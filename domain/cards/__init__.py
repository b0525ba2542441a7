"""The ID card: what its code says, how it is opened, and what a till may learn from it."""
