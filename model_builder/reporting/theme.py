"""Colours of the report, light and dark. The emotions have the app's; every text reaches a contrast of 4.5, every mark one of 3."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from matplotlib.colors import LinearSegmentedColormap, to_rgb

Colour = str | tuple[float, float, float] | tuple[float, float, float, float]
"""Hexadecimal, or red, green, blue and perhaps opacity, each 0..1."""


@dataclass(frozen=True)
class Theme:
    """Hexadecimal colours. grid: lines that may be overlooked; share_scale: from nothing to everything, for shares in 0..1."""

    name: str
    surface: str
    ink: str
    muted: str
    grid: str
    accent: str
    second: str
    emotions: Mapping[str, str]

    @property
    def share_scale(self) -> LinearSegmentedColormap:
        return LinearSegmentedColormap.from_list(f"share_{self.name}", [self.surface, self.accent])


LIGHT = Theme(
    name="light",
    surface="#ffffff",
    ink="#161d1c",
    muted="#4a5654",
    grid="#d5dedb",
    accent="#006a60",
    second="#9a4a00",
    emotions=MappingProxyType({"angry": "#a82712", "happy": "#966a00", "neutral": "#222b32", "sad": "#0d4480"}),
)
DARK = Theme(
    name="dark",
    surface="#0e1513",
    ink="#dde4e1",
    muted="#a9b5b1",
    grid="#2f3a37",
    accent="#82d5c8",
    second="#f0b37e",
    emotions=MappingProxyType({"angry": "#ff8a70", "happy": "#f2c14e", "neutral": "#e1e8ee", "sad": "#5a9be0"}),
)


def text_on(background: Colour) -> str:
    """Black or white, whichever is easier to read; on any background one of them reaches 4.5."""
    return max(("#000000", "#ffffff"), key=lambda colour: contrast(colour, background))


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two colours, in 1..21. Source: WCAG 2.2, definitions of contrast ratio and relative luminance.

    >>> round(contrast("#000000", "#ffffff"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
