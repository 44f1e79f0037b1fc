"""Template tags of the checklist."""
