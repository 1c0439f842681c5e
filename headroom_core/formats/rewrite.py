"""Putting replacements in the places of images, sharing everything else with the caller's request."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar, cast

from headroom_core.blocks import Picture, Place, Replacement
from headroom_core.errors import InvalidOption
from headroom_core.formats.shapes import Reading, read
from headroom_core.formats.walk import Spot, rows, spots, stands_alone, takes_setting
from headroom_core.formats.writing import MARKERS, NAMES, picture_block, text_block

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["edited", "replace"]

R = TypeVar("R")


def replace(request: R, replacements: Mapping[Place, Replacement]) -> R:
    """Put replacements in the places of images.

    The caller's objects are never changed: what holds a replaced block is copied, everything else is the same object.
    Unknown keys and the order of keys survive. Text takes the image's place and role. Where one block becomes
    several, `cache_control` and `prompt_cache_breakpoint` go to the last of them.

    Args:
        request: What `find` was given.
        replacements: What takes the place of each image, by `ImageBlock.place`.

    Returns:
        The new request; the same object when nothing changes.

    Raises:
        InvalidOption: A place holds no image, or cannot take what is given for it.
    """
    edits: dict[Place, list[Any]] = {}
    missing = set(replacements)
    for spot in _spots_at(request, replacements):
        if spot.place not in missing or (reading := read(spot.node)) is None:
            continue
        missing.remove(spot.place)
        written = _write(spot, reading, replacements[spot.place])
        if len(written) != 1 or written[0] is not spot.node:
            edits[spot.place] = written
    if missing:
        raise InvalidOption(f"no image stands at {min(missing, key=repr)!r}")
    return edited(request, edits)


def edited(request: R, edits: Mapping[Place, list[Any]]) -> R:
    """Put lists of elements in the places of single ones; the value of a key is a list of one. The rest is shared."""
    return cast("R", _edited(request, _tree(edits))) if edits else request


def _spots_at(request: object, places: Mapping[Place, Replacement]) -> list[Spot]:
    """List the elements of those messages that hold one of the places."""
    if not places:
        return []
    beginnings = {place[:end] for place in places for end in range(len(place) + 1)}
    return [spot for row in rows(request) if row.place in beginnings for spot in spots(row)]


def _write(spot: Spot, reading: Reading, replacement: Replacement) -> list[Any]:
    """Write the blocks that take the place of one block."""
    parts = replacement.parts
    if not parts:
        raise InvalidOption(f"nothing is given for the image at {spot.place!r}")
    if stands_alone(spot, reading.shape) and not (len(parts) == 1 and isinstance(parts[0], Picture)):
        raise InvalidOption(f"only one picture can stand at {spot.place!r}")
    pictures = [index for index, part in enumerate(parts) if isinstance(part, Picture)]
    return [
        _write_part(spot, reading, replacement, index, named=not pictures or index == pictures[0])
        for index in range(len(parts))
    ]


def _write_part(spot: Spot, reading: Reading, replacement: Replacement, index: int, *, named: bool) -> Any:
    part, last = replacement.parts[index], index == len(replacement.parts) - 1
    block = spot.node
    dropped = (*(() if last else MARKERS), *(() if named else NAMES))
    if isinstance(part, Picture):
        if part.setting is not None and not takes_setting(spot, reading):
            raise InvalidOption(f"the image at {spot.place!r} has no setting, so {part.setting!r} cannot be written")
        if any(key in block for key in dropped):
            block = {key: value for key, value in block.items() if key not in dropped}
        return picture_block(block, reading, part)
    among_typed = len(spot.place) > 1 and spot.place[-2] == "content"
    text = text_block(block, reading.shape, part.text, among_typed=among_typed)
    return {**text, **({key: block[key] for key in MARKERS if key in block} if last else {})}


_Tree = dict[str | int, Any]


def _tree(edits: Mapping[Place, list[Any]]) -> _Tree:
    """Arrange edits by the path that leads to them."""
    root: _Tree = {}
    for place, written in edits.items():
        node = root
        for key in place[:-1]:
            node = node.setdefault(key, {})
        node[place[-1]] = written
    return root


def _edited(node: Any, tree: _Tree) -> Any:
    """Copy what the edits touch. Places are a dozen keys deep at most."""
    if isinstance(node, dict):
        out = copy.copy(node)
        for key, edit in tree.items():
            out[key] = edit[0] if isinstance(edit, list) else _edited(node[key], edit)
        return out
    items = list(node)
    for index in sorted(cast("dict[int, Any]", tree), reverse=True):
        edit = tree[index]
        items[index : index + 1] = edit if isinstance(edit, list) else [_edited(node[index], edit)]
    return tuple(items) if isinstance(node, tuple) else items
