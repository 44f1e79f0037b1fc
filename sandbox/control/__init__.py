"""The control page of the simulated world, `/_sandbox/`: HTML for people, JSON for tests."""
