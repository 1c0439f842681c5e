"""The values that pass between the stages of the engine: where an image stands, and what takes its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["ImageBlock", "Part", "Picture", "Place", "Query", "Replacement", "Shape", "Text"]

Place = tuple[str | int, ...]
"""The keys and indices that lead from the request to a block, e.g. `(0, "content", 1)`."""


class Shape(StrEnum):
    """The wire shapes in which an image block can stand."""

    OPENAI_CHAT = "openai_chat"
    """`{"type": "image_url", "image_url": {"url": ..., "detail": ...} | "..."}`"""
    OPENAI_RESPONSES = "openai_responses"
    """`{"type": "input_image", "image_url": "...", "detail": ...}`"""
    OPENAI_SCREENSHOT = "openai_screenshot"
    """`{"type": "computer_screenshot", "image_url": "..."}`, the output of a computer call"""
    ANTHROPIC = "anthropic"
    """`{"type": "image", "source": {"type": "base64" | "url" | "file", ...}}`"""
    GEMINI = "gemini"
    """`{"inlineData" | "inline_data": {...}}` or `{"fileData" | "file_data": {...}}`"""
    BEDROCK = "bedrock"
    """`{"image": {"format": ..., "source": {"bytes": ...}}}` of the Converse API"""
    LANGCHAIN = "langchain"
    """LangChain's own blocks: `type: image` with `base64` | `url` | `file_id` or `source_type`, Google's `media`"""
    MCP = "mcp"
    """`{"type": "image", "data": ..., "mimeType": ...}` and resource blobs"""


@dataclass(frozen=True, slots=True)
class Query:
    """The words that ask about an image, taken from the image's own turn.

    Attributes:
        text: The user's words of the turn, joined by newlines. For a picture that a tool returned also the words of the
            last user question before it and the call that produced it.
        background: What was said before, in case the turn itself asks for nothing: the instructions of the system and
            the last user question of an earlier turn.
        coordinates: The request works with pixel coordinates (computer use, clicks, boxes), by its tools or items.
        from_tool: The image is the result of a tool call.
        held_by_server: Part of the history is held, or edited, by the server, so that only safe moves are allowed.
        answer: Names and descriptions of the fields that the answer must fill in, by its schema or a forced tool, in
            pieces as short as a question; None where they are too many to read.
    """

    text: str = ""
    coordinates: bool = False
    from_tool: bool = False
    held_by_server: bool = False
    background: str = ""
    answer: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """One image of a request: where it stands, what it carries and who asks about it.

    Attributes:
        place: Path from the request to the block.
        shape: The wire shape of the block.
        turn: Index of the turn the block stands in, from 0.
        query: The words that ask about it.
        payload: The base64 text, the data URL that holds it, or the raw bytes, as found; None for a URL or a file id.
            Not yet decoded.
        media_type: The label that the request gives the image, e.g. `image/png`; None when absent. Not to be trusted.
        url: The URL (or `file:` id) for an image that is not inline.
        setting: The provider's own setting as the caller chose it (`detail`, a media resolution level), else None.
            `auto` counts as no choice.
        alone: The block must stay one image: it cannot become text or several blocks (e.g. a computer screenshot).
        ours: The block, or a note beside it, was written by headroom earlier: leave it alone.
        settable: The provider's own setting can be written on this block.
        from_model: The model itself made the image (it stands in an assistant message, perhaps signed): leave it alone.
        sealed: It stands in an object of an SDK (a pydantic model), which is read and never edited: leave it alone.
    """

    place: Place
    shape: Shape
    turn: int
    query: Query
    payload: str | bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    url: str | None = field(default=None, repr=False)
    setting: str | None = None
    alone: bool = False
    ours: bool = False
    settable: bool = True
    from_model: bool = False
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An image to be written in the place of the old one.

    Attributes:
        data: New image bytes, or None to keep the payload as it stands.
        media_type: The type of `data`, e.g. `image/webp`; None together with `data`.
        setting: The provider's own setting to write (`low`, `original`, a media resolution), or None to leave it.
    """

    data: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    setting: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Text to be written beside or instead of an image."""

    text: str


Part = Picture | Text


@dataclass(frozen=True, slots=True)
class Replacement:
    """What goes in the place of one image block, in order. One picture is the usual case."""

    parts: tuple[Part, ...]
