"""What a model may name as an image: a file in an allowed directory, a data URL, or base64."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mcp.server.mcpserver.exceptions import ToolError

from headroom_core.blocks import ImageBlock, Query, Shape
from headroom_core.errors import ImageError
from headroom_core.formats import payload_bytes
from headroom_mcp.files import AllowedFiles, FileRefused, is_image

__all__ = ["Sources"]

_URL: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:")  # two letters at least: one is a Windows drive
_HEADS: Final = ("iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR")  # base64 of how PNG, JPEG, GIF and WebP open
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_\s-]+(?:={1,2}\s*)?")  # one way to match each character: no backtracking


class Sources:
    """Turns the `source` of a tool call into bytes. Nothing is ever fetched from a URL."""

    def __init__(self, allow: Sequence[str | Path] = ()) -> None:
        """Allow the files below the directories `allow`; none by default.

        Raises:
            InvalidOption: One of them is not a directory.
        """
        self._files = AllowedFiles(allow) if allow else None

    def read(self, source: str) -> bytes:
        """Return the bytes of an image.

        Raises:
            ToolError: The source cannot be read; the message tells the model what it can do.
        """
        if source[:5].lower() == "data:" or _looks_like_base64(source):
            return _decoded(source)
        if _URL.match(source):
            raise ToolError("URLs are not opened: give a path inside the allowed directories, a data URL or base64")
        return self._file(source)

    def _file(self, path: str) -> bytes:
        if self._files is None:
            raise ToolError(
                "files are off: give a data URL or base64, or ask the user to start headroom-mcp with --allow DIRECTORY"
            )
        try:
            return self._files.read(path)
        except FileRefused as refused:
            raise ToolError(f"{refused}; give the absolute path") from None


def _looks_like_base64(source: str) -> bool:
    return source.lstrip().startswith(_HEADS) and len(source) > 40 and _BASE64.fullmatch(source) is not None


def _decoded(source: str) -> bytes:
    block = ImageBlock(place=(), shape=Shape.LANGCHAIN, turn=0, query=Query(), payload=source)
    try:
        content = payload_bytes(block)
    except ImageError as error:
        raise ToolError(f"the image cannot be read: {error}") from None
    if not is_image(content):
        raise ToolError("these bytes are no PNG, JPEG, GIF or WebP")
    return content
