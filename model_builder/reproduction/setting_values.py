"""Values of settings as TOML has them: read into the types and ranges of the plans, and written."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from model_builder.audio.augmentation import AugmentationPlan
from model_builder.audio.augmentation_groups import GROUPS
from model_builder.errors import UserError
from model_builder.training.config import TrainingPlan

Plan = TypeVar("Plan", TrainingPlan, AugmentationPlan)

TYPE_OF_OPTIONAL = {"teacher": "", "patience": 0, "head_learning_rate": 0.0, "noise_folder": "", "noise_floor_snr_db": 0.0}
"""Settings that may be none: left out of the file or, to take back what the plan has, an empty text; with a value of their type."""


def table_of(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A table of a document; empty where it has none. Raises UserError for a value in its place."""
    table = content.get(name, {})
    if not isinstance(table, Mapping):
        raise UserError(f"{name} is {table!r}; write [{name}] with settings below")
    return table


def names_of(value: Any, where: str) -> list[str]:
    """A list of texts. Raises UserError for anything else."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise UserError(f"{where} is {value!r}; give a list of {', '.join(GROUPS)}")
    return value


def changed(plan: Plan, changes: Mapping[str, Any], where: str) -> Plan:
    """`plan` with other values of its fields, as TOML has them. Raises UserError naming the first that is unknown or cannot be."""
    known = {each.name: each for each in fields(plan) if each.name != "augmentation"}
    taken = {}
    for name, value in changes.items():
        if name not in known:
            raise UserError(f"unknown setting {where}.{name}; known are {', '.join(known)}")
        taken[name] = _typed(getattr(plan, name), value, name, f"{where}.{name}")
        require_range(taken[name], name, f"{where}.{name}")
    return replace(plan, **taken)


LARGEST = 1e9
RANGES = {
    "batch_clips": (1, LARGEST),
    "patience": (1, LARGEST),
    "renditions": (1, LARGEST),
    "teachers": (1, LARGEST),
    "teacher_epochs": (1, LARGEST),
    "encoder_epochs": (0, LARGEST),
    "front_end_epochs": (1, LARGEST),
    "validation_share": (0, 0.9),
    "averaging": (0, 0.9999),
    "class_weight_beta": (0, 0.99999),
    "crop_s": (0.1, 60),
    "rendition_crop_s": (0.1, 60),
}
"""Both ends included. Other numbers of `TrainingPlan` are 0 or more, probabilities 0 to 1, and other ranges of the augmentation finite."""


def require_range(value: Any, name: str, where: str) -> None:
    """Raises UserError for a number out of its range, TOML's nan and inf among them, and for a range that ends before it starts."""
    numbers = value if isinstance(value, tuple) else (value,) if isinstance(value, int | float) else ()
    is_of_training = name in TrainingPlan.__dataclass_fields__
    otherwise = (0, LARGEST) if is_of_training else (0, 1) if name.endswith("_probability") else (-LARGEST, LARGEST)
    low, high = RANGES.get(name, otherwise)
    if not all(low <= number <= high for number in numbers):
        raise UserError(f"{where} is {value!r}; give {'numbers' if len(numbers) > 1 else 'a number'} from {low:g} to {high:g}")
    if len(numbers) > 1 and numbers[0] > numbers[1]:
        raise UserError(f"{where} is {value!r}; give the lowest first")


CHOICES = {"loss": ("adaptive-focal", "cross-entropy"), "precision": ("float32", "bf16")}


def _typed(standard: Any, value: Any, name: str, where: str) -> Any:
    """`value` in the type of `standard`, the setting as it is; an integer counts as a number."""
    is_optional = name in TYPE_OF_OPTIONAL and not isinstance(standard, tuple)  # the augmentation has a range of floors by the same name
    if is_optional and value == "":
        return None
    expected = TYPE_OF_OPTIONAL[name] if is_optional else standard
    if isinstance(expected, tuple):
        is_pair = isinstance(value, list) and len(value) == len(expected)
        if is_pair and all(isinstance(each, int | float) and not isinstance(each, bool) for each in value):
            return tuple(type(like)(each) for like, each in zip(expected, value, strict=True))
    elif isinstance(expected, float) and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif type(value) is type(expected) and value in CHOICES.get(name, (value,)):
        return value
    wanted = " or ".join(CHOICES[name]) if name in CHOICES else f"a value like {expected!r}"
    raise UserError(f"{where} is {value!r}; give {wanted}")


def as_toml(content: Mapping[str, Any]) -> str:
    """Numbers, texts, booleans, lists of them, and tables of those: all that settings have.

    >>> print(as_toml({"a": 1.0, "b": {"c": [1, 2], "d e": {"f": "x"}}}))
    a = 1.0
    <BLANKLINE>
    [b]
    c = [1, 2]
    <BLANKLINE>
    [b."d e"]
    f = "x"
    <BLANKLINE>
    """
    return "\n".join(_toml_lines(content, ())).lstrip("\n") + "\n"


def _toml_lines(content: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    values = {name: value for name, value in content.items() if not isinstance(value, Mapping)}
    lines = ["", f"[{'.'.join(map(_toml_key, path))}]"] if path and (values or not content) else []
    lines += [f"{_toml_key(name)} = {_toml_value(value)}" for name, value in values.items()]
    for name, value in content.items():
        if isinstance(value, Mapping):
            lines += _toml_lines(value, (*path, name))
    return lines


def _toml_key(name: str) -> str:
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else _toml_value(name)


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in escaped) + '"'
    return repr(value)
