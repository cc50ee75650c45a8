"""Results to JSON and back without rounding: what is read equals what was written, bit for bit.

Numbers are written in the shortest form that reads back the same. JSON has no infinity, so an infinite limit is written
as the object {"number": "infinite"}.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import inf
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from reckon.prevalence.captures import BadCaptures

T = TypeVar("T")

INFINITE = {"number": "infinite"}
MINUS_INFINITE = {"number": "minus infinite"}


def to_json(result: object, indent: int | None = None) -> str:
    """A result (any frozen dataclass of this package) as JSON text. Raises ValueError for what is not a number."""
    return json.dumps(plain(result), indent=indent, allow_nan=False, ensure_ascii=False)


def from_json(kind: type[T], text: str) -> T:
    """The result of this class that `to_json` wrote. Raises BadCaptures when the text is not one."""
    try:
        found: T = rebuilt(kind, json.loads(text))
        return found
    except (KeyError, TypeError, ValueError) as error:
        raise BadCaptures("This is not a stored result, or it was changed after it was written.") from error


def plain(value: object) -> Any:
    """A result as mappings, lists, texts and numbers."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if isinstance(value, float) and value in (inf, -inf):
        return INFINITE if value > 0 else MINUS_INFINITE
    return value


def rebuilt(kind: Any, value: Any) -> Any:
    """The value of this type from what `plain` made of it. Raises TypeError or KeyError when it does not fit."""
    if value in (INFINITE, MINUS_INFINITE):
        return inf if value == INFINITE else -inf
    if is_dataclass(kind):
        return _record(kind, value)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return rebuilt(_chosen(parts, value), value)
    if origin is tuple:
        inner = parts[:1] * len(value) if parts[-1] is Ellipsis else parts
        return tuple(rebuilt(one, item) for one, item in zip(inner, value, strict=True))
    if origin is not None and isinstance(value, dict):
        return {key: rebuilt(parts[1], item) for key, item in value.items()}
    return _simple(kind, value)


def _record(kind: Any, value: Any) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise TypeError(f"{kind.__name__} has other fields")
    return kind(**{name: rebuilt(hint, value[name]) for name, hint in hints.items()})


def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _chosen(parts: tuple[Any, ...], value: Any) -> Any:
    """The member of a union that the value is: the record with these fields, or the simple type."""
    for part in parts:
        if is_dataclass(part) and isinstance(value, dict) and value.keys() == _hints(part).keys():
            return part
        if (part is NoneType and value is None) or (isinstance(part, type) and type(value) is part):
            return part
        if get_origin(part) is not None and isinstance(value, dict | list):
            return part
    raise TypeError("no such member of the union")


def _simple(kind: Any, value: Any) -> Any:
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise TypeError("not one of the values allowed")
        return value
    if kind is float and type(value) is int:
        return float(value)
    if kind is NoneType and value is None:
        return None
    if type(value) is not kind:
        raise TypeError(f"expected {kind}")
    return value
