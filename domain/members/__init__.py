"""Who acts for a company here: roles, invitations, requests to join, and the rule that somebody always administers it."""
