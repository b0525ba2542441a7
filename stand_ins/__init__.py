"""Outside systems, played by us for development and tests."""
