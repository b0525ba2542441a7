"""Other people's systems, one file each."""
