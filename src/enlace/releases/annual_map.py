"""The map of the annual report as one SVG without text, for the page and for the PDF: it must be readable in grey."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from enlace.base.charts import project

NAMESPACE = "http://www.w3.org/2000/svg"
WIDTH = 640.0
INK, GROUND = "#3c4647", "#ffffff"
SHADES = {"0": "#ffffff", "1": "#dcebe8", "2": "#b1d1cd", "3": "#79aeab", "4": "#3c7f80", "5": "#0a4849"}
PATTERNS = {"suppressed": "url(#annual-suppressed)", "missing": "url(#annual-missing)"}


def drawn(features: Mapping[str, Any], shades: Mapping[str, str], alt: str) -> Element:
    """The states in their shades, from a GeoJSON FeatureCollection; one without a shade is missing."""
    paths, height = project(features, WIDTH)
    size = {"width": f"{WIDTH:g}", "height": f"{height:g}", "viewBox": f"0 0 {WIDTH:g} {height:g}"}
    picture = Element("svg", {"xmlns": NAMESPACE, **size, "class": "map", "role": "img", "aria-label": alt})
    _patterns(picture, "")
    for code, path in paths.items():
        shade = shades.get(code, "missing")
        fill = SHADES.get(shade) or PATTERNS.get(shade, GROUND)
        SubElement(picture, "path", {"d": path, "fill": fill, "stroke": INK, "stroke-width": "0.6"})
    return picture


def swatch(shade: str) -> Element:
    """A square of the legend. It stands beside a map, whose patterns it uses; alone it brings its own."""
    picture = Element("svg", {"xmlns": NAMESPACE, "viewBox": "0 0 24 16", "aria-hidden": "true"})
    _patterns(picture, f"-{shade}")
    fill = SHADES.get(shade) or PATTERNS[shade].replace(")", f"-{shade})")
    SubElement(picture, "rect", {"x": "0.5", "y": "0.5", "width": "23", "height": "15", "fill": fill, "stroke": INK})
    return picture


def as_text(picture: Element) -> str:
    return tostring(picture, encoding="unicode")


def _patterns(picture: Element, suffix: str) -> None:
    """Stripes for what is withheld, dots for what is missing."""
    defs = SubElement(picture, "defs")
    tile = {"width": "8", "height": "8", "patternUnits": "userSpaceOnUse"}
    stripes = {"id": f"annual-suppressed{suffix}", **tile, "patternTransform": "rotate(45)"}
    hatch = SubElement(defs, "pattern", stripes)
    SubElement(hatch, "rect", {"width": "8", "height": "8", "fill": GROUND})
    SubElement(hatch, "rect", {"width": "2", "height": "8", "fill": INK})
    dots = SubElement(defs, "pattern", {"id": f"annual-missing{suffix}", **tile})
    SubElement(dots, "rect", {"width": "8", "height": "8", "fill": GROUND})
    SubElement(dots, "circle", {"cx": "4", "cy": "4", "r": "1.2", "fill": INK})
