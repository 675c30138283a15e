"""The yearly cycle: deadlines, required documents, sign-off, and each member's submission to its network."""
