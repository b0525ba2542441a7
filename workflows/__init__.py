"""The long conversations, one file per promise."""
