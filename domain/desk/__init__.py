"""The rules of the support desk: its hours and deadlines, what comes first, what the evidence says, and who may decide."""
