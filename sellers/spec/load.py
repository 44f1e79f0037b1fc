"""From YAML to a spec, with all problems at once; and the schema that editors check it with."""

from collections.abc import Hashable
from functools import cache
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sellers.formats import quoted
from sellers.spec import rules
from sellers.spec.facts import BuyerFacts, OnboardSpec
from sellers.spec.lines import MERGE
from sellers.spec.problems import Problem, SpecErrors, from_pydantic

LARGEST = 262_144


class _OnceLoader(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML itself would drop the first one silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key for key, _ in node.value if key.tag != MERGE]
        for place, key in enumerate(keys):
            if (first := next((one for one in keys[:place] if one.value == key.value), None)) is not None:
                sentence = f"{quoted(key.value)} is already on line {first.start_mark.line + 1}. Remove one of them."
                raise SpecErrors([Problem("", sentence, key.start_mark.line + 1)])
        return super().construct_mapping(node, deep=deep)


def load(text: str) -> OnboardSpec:
    """The spec in a YAML text; SpecErrors with every problem in it, and its line."""
    if len(text) > LARGEST:
        raise SpecErrors(
            [Problem("", f"The file is larger than {LARGEST // 1024} KiB. Check that it's the right one.")]
        )
    try:
        data = yaml.load(text, Loader=_OnceLoader)  # noqa: S506  a SafeLoader, and stricter
    except yaml.MarkedYAMLError as error:
        sentence = f"We couldn't read this as YAML: {error.problem}. Check the quotes, brackets, and indentation."
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SpecErrors([Problem("", sentence, line)]) from error
    except SpecErrors:
        raise
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SpecErrors(
            [Problem("", "We couldn't read this file as YAML. For an example, see docs/command-line.md.")]
        ) from error
    try:
        return load_data(data)
    except SpecErrors as errors:
        raise errors.in_file(text) from None


def load_data(data: object) -> OnboardSpec:
    """The spec in plain data, as parsed from YAML or built by a form; SpecErrors with every problem in it."""
    if not isinstance(data, dict):
        raise SpecErrors(
            [Problem("", "A spec is a set of keys. Start with seller, product, connections, and regions.")]
        )
    problems = rules.broken(data)
    spec: OnboardSpec | None = None
    try:
        spec = OnboardSpec.model_validate(data)
    except ValidationError as error:
        problems = [*from_pydantic(error, _keys()), *problems]
    if problems or spec is None:
        raise SpecErrors(list(dict.fromkeys(problems)))
    return spec


@cache
def _keys() -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {("buyers", "*"): list(BuyerFacts.model_fields)}
    _collect(OnboardSpec, (), found)
    return found


def _collect(model: type[BaseModel], path: tuple[str, ...], found: dict[tuple[str, ...], list[str]]) -> None:
    found[path] = list(model.model_fields)
    for name, field in model.model_fields.items():
        for inner in _models(field):
            _collect(inner, (*path, name, *(["*"] if name == "regions" else [])), found)


def _models(field: FieldInfo) -> list[type[BaseModel]]:
    kinds = [field.annotation, *get_args(field.annotation)]
    kinds += [inner for kind in kinds for inner in get_args(kind)]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not BuyerFacts]


def json_schema() -> dict[str, Any]:
    """The JSON schema of a spec; it knows shapes and words, the formats and rules between fields are ours."""
    schema = OnboardSpec.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
