"""Fills the demo by running the product itself, once its first page answers: `python -m demo.seed`."""

from __future__ import annotations


def seed() -> None:
    """Makes the demo's people, connections and products through the product's own commands."""


if __name__ == "__main__":
    seed()
