"""How the tools describe themselves. Every word here is paid for in every request of the model, so there are few."""

from __future__ import annotations

from typing import Any, Final

from mcp_types import ResourceTemplate, Tool, ToolAnnotations

__all__ = ["IMAGE_URI", "INSTRUCTIONS", "SOURCE", "TEMPLATE", "TOOLS"]

IMAGE_URI: Final = "headroom://image/"

INSTRUCTIONS: Final = (
    "Open images with compress_image, saying in `query` what you want to know; if detail is missing, zoom_image."
)

SOURCE: Final = "file path, data URL or base64"
_MODEL: Final = {"type": "string", "description": "model that sees it"}
_LOOKS: Final = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def _tool(name: str, description: str, properties: dict[str, Any], required: list[str]) -> Tool:
    schema = {"type": "object", "properties": properties, "required": required}
    return Tool(name=name, description=description, input_schema=schema, annotations=_LOOKS)


TOOLS: Final = (
    _tool(
        "compress_image",
        "Look at an image in the cheapest form that still answers the query.",
        {
            "source": {"type": "string", "description": SOURCE},
            "query": {"type": "string", "description": "what you want to know"},
            "model": _MODEL,
        },
        ["source"],
    ),
    _tool(
        "zoom_image",
        "The original of a compressed image, or a part of it at full resolution.",
        {
            "image_id": {"type": "string"},
            "box": {
                "type": "array",
                "items": {"type": "integer"},
                "description": "left, top, right, bottom in pixels of the original",
            },
        },
        ["image_id"],
    ),
    _tool(
        "image_tokens",
        "What an image costs a model.",
        {
            "source": {"type": "string", "description": f"{SOURCE}, or WIDTHxHEIGHT"},
            "model": _MODEL,
        },
        ["source"],
    ),
)

TEMPLATE: Final = ResourceTemplate(
    name="image", uri_template=IMAGE_URI + "{id}", description="The original of a compressed image."
)
