"""Damage: what broken disks, foreign programs and attackers make of a good file. The same generator gives the same damage."""

import json
import random
import re
import struct
from copy import deepcopy
from typing import Any

EXTREME_INTEGERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 2**63 - 1, 2**64 - 1)
HOSTILE_WORDS = (
    "", "nan", "inf", "-1", "0", "1e400", "9" * 400, "9" * 5000, "../../../etc/passwd", "/etc/passwd", "/dev/zero", "..", "a\0b", "x" * 300,
    "[" * 5000, '"', "\\", "\N{ARABIC-INDIC DIGIT ONE}", "\N{ZERO WIDTH SPACE}", "_F" * 5000, "NUL", "C:\\x",
)  # fmt: skip
HOSTILE_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, float("nan"), float("inf"), 10**400, 2**63, "", [], {}, [[]], {"": {}}, "../../etc/passwd", "/etc/passwd",
    "x" * 300, "a\0b", "\ud800", ["../x"], 1.5, "1",
)  # fmt: skip


def damaged_bytes(content: bytes, rng: random.Random) -> bytes:
    """One to four cuts, flips, repetitions and extreme integers; every second one near the start, where headers are."""
    damaged = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(max(1, min(len(damaged), 200) if rng.random() < 0.5 else len(damaged)))
        length = rng.choice((1, 2, 4, 8, 100))
        match rng.randrange(6):
            case 0:
                del damaged[at:]
            case 1:
                damaged[at : at + 1] = bytes([rng.randrange(256)])
            case 2:
                size, code = rng.choice(((1, "B"), (2, "H"), (4, "I"), (8, "Q")))
                value = rng.choice(EXTREME_INTEGERS) % 256**size
                damaged[at : at + size] = struct.pack(rng.choice("<>") + code, value)
            case 3:
                del damaged[at : at + length]
            case 4:
                damaged[at:at] = damaged[at : at + length] * rng.randint(1, 20)
            case 5:
                damaged[at : at + length] = rng.randbytes(length)
    return bytes(damaged)


LONG_LINE = 10_000  # characters


def damaged_text(content: bytes, rng: random.Random) -> bytes:
    """Words replaced by hostile ones, lines doubled, swapped and lost; sometimes damage to the bytes."""
    if rng.random() < 0.2:
        return damaged_bytes(content, rng)
    text = content.decode()
    for _ in range(rng.randint(1, 3)):
        if words := list(re.finditer(r"[^\s,\[\]]+", text)):
            word = rng.choice(words)
            text = text[: word.start()] + rng.choice(HOSTILE_WORDS) + text[word.end() :]
        lines = text.splitlines(keepends=True)
        if lines and rng.random() < 0.3:
            line = rng.choice(lines)
            many = line * (50 if len(line) < LONG_LINE else 1)  # three times fifty of a table in one line are more than memory holds
            lines.insert(rng.randrange(len(lines)), rng.choice((line, many, line.rstrip("\n"), "\n")))
            text = "".join(lines)
    return text.encode()


def damaged_json(content: bytes, rng: random.Random) -> bytes:
    """Values of other types and sizes, names lost; sometimes endless nesting, or damage to the text."""
    kind = rng.random()
    if kind < 0.1:
        return damaged_text(content, rng)
    if kind < 0.15:
        return b"[" * 100_000
    document = json.loads(content)
    for _ in range(rng.randint(1, 3)):
        document = _with_damage(document, rng)
    return json.dumps(document).encode()


def _with_damage(value: Any, rng: random.Random) -> Any:
    keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if not keys or rng.random() < 0.1:
        return deepcopy(rng.choice(HOSTILE_VALUES))
    key = rng.choice(keys)
    if rng.random() < 0.1:
        del value[key]
    else:
        value[key] = _with_damage(value[key], rng)
    return value
