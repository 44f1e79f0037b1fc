"""Where a path of a spec, such as "regions.us-east-1.network.cidr" or "buyers[2].alias", stands in its YAML text."""

from collections.abc import Iterator

import yaml

MERGE = "tag:yaml.org,2002:merge"


def line_of(text: str, path: str) -> int:
    """The line of the path, counted from 1; of what it would stand in if it's missing. 0 without a path or a tree."""
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return 0
    line = 0
    while path and node is not None:
        found = next(((mark, value, rest) for mark, value, rest in _below(node, path)), None)
        if found is None:
            break
        mark, node, path = found
        line = mark.line + 1
    return line


def _below(node: yaml.Node, path: str) -> Iterator[tuple[yaml.Mark, yaml.Node, str]]:
    """What the path's first part names in a node: where it stands, its node, and the rest of the path."""
    if isinstance(node, yaml.SequenceNode) and path.startswith("["):
        place, _, rest = path[1:].partition("]")
        if 0 < int(place) <= len(node.value):
            value = node.value[int(place) - 1]
            yield value.start_mark, value, rest.removeprefix(".")
    elif isinstance(node, yaml.MappingNode):
        pairs = [(key, value) for key, value in node.value if key.tag != MERGE]
        for key, value in sorted(pairs, key=lambda pair: -len(str(pair[0].value))):
            rest = path.removeprefix(str(key.value))
            if rest != path and rest[:1] in ("", ".", "["):
                yield key.start_mark, value, rest.removeprefix(".")
        for merged in _merged(node):
            yield from _below(merged, path)


def _merged(node: yaml.MappingNode) -> Iterator[yaml.Node]:
    for key, value in node.value:
        if key.tag == MERGE:
            yield from value.value if isinstance(value, yaml.SequenceNode) else (value,)
