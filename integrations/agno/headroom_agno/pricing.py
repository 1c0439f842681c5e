"""The provider and the model name behind an Agno model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from agno.models.base import Model

__all__ = ["billed_as", "shows_images_beside_blocks", "writes_detail"]

_MODELS: Final = "agno.models."
_WRITE_DETAIL: Final = frozenset({"litellm", "openai"})
"""Families whose classes hand `Image.detail` on (agno 2.6 and 3.1, `images_to_message` of `agno.utils`)."""
_BESIDE_BLOCKS: Final = frozenset({"anthropic", "google"})
"""Families whose classes send `Message.images` also where the content is a list of blocks (agno 2.6 and 3.1)."""


def billed_as(model: Model) -> tuple[str | None, str]:
    """Return the provider and the model name that requests of `model` are billed as.

    The provider is told by the class, for `Model.provider` is a text for people that users may set. Claude is
    Anthropic's wherever it is hosted.
    """
    families = tuple(_families(model))
    if "anthropic" in families:
        return "anthropic", model.id
    return (families[0] if families else None), model.id


def writes_detail(model: Model) -> bool:
    """Whether requests of `model` carry `Image.detail`."""
    return not _WRITE_DETAIL.isdisjoint(_families(model))


def shows_images_beside_blocks(model: Model) -> bool:
    """Whether `model` sends the images of a message whose content is a list; other classes leave them out."""
    return not _BESIDE_BLOCKS.isdisjoint(_families(model))


def _families(model: Model) -> Iterator[str]:
    """Yield the packages of Agno that the classes of `model` come from, the user's own class first."""
    for cls in type(model).__mro__:
        module = cls.__module__
        if module.startswith(_MODELS) and module != "agno.models.base":
            yield module.removeprefix(_MODELS).partition(".")[0]
