"""Pure: which items may move, given the checklist's needs and everybody's state. Standard library only.

A node is (slug, region); region is "" for an item over the account or the product. A region step needs the same
region's items and the product's; a product step needs all regions'. What is not in the states (does not apply)
counts as met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

Node = tuple[str, str]
Needs = Mapping[str, tuple[str, ...]]
States = Mapping[Node, str]

MET = frozenset({"done", "skipped", "not_needed"})
DOWN = frozenset({"undone", "not_needed"})


def needed(node: Node, needs: Needs, states: States) -> Iterator[Node]:
    """The nodes that this one directly stands on."""
    slug, region = node
    for need in needs.get(slug, ()):
        if region:
            yield from (other for other in ((need, ""), (need, region)) if other in states)
        else:
            yield from (other for other in states if other[0] == need)


def missing(node: Node, needs: Needs, states: States) -> list[Node]:
    """What this node still waits for; empty when it may start."""
    return [other for other in needed(node, needs, states) if states[other] not in MET]


def ready(needs: Needs, states: States) -> list[Node]:
    """The nodes that are to do and may start now."""
    return [node for node, state in states.items() if state == "todo" and not missing(node, needs, states)]


def holding(node: Node, needs: Needs, states: States) -> list[Node]:
    """On the way down: the nodes that stand on this one and are not undone yet."""
    return [other for other, state in states.items() if state not in DOWN and node in set(needed(other, needs, states))]


def ready_down(needs: Needs, states: States, going: Iterable[Node]) -> list[Node]:
    """Of the nodes that are going down, those on which nothing stands any more.

    Only what goes down too can hold: a product item that stays up does not stop a region's teardown.
    """
    falling = set(going)
    inside = {node: state for node, state in states.items() if node in falling}
    return [n for n in falling if states[n] == "undoing" and not holding(n, needs, {**inside, n: states[n]})]


def until(slug: str, needs: Needs) -> set[str]:
    """The slugs that lead to this one, itself included (`onboard --until`)."""
    found: set[str] = set()
    todo = [slug]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += needs.get(one, ())
    return found
