"""The demo: the product and a simulated AWS as one process tree, `python -m demo`."""
