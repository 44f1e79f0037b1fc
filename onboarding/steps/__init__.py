"""The steps: one item of the checklist a file, discovered by `onboarding.checklist.registry`."""
