"""``{{ cell|figure }}``: what a cell of a table says, in figures or in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template

from enlace.statistics.national import Compared
from enlace.statistics.queries import Column, cell_text, compared_label

register = template.Library()


@register.filter
def figure(cell: Mapping[str, Any] | None) -> str:
    return cell_text(cell)


@register.filter
def beside(cells: Sequence[Any], columns: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
    """Each cell with the column it stands in."""
    return zip(cells, columns, strict=True)


@register.filter
def compared_with(compared: Compared, column: Column) -> str:
    """The name of what a published figure stands beside."""
    return compared_label(column, compared)
