"""The one way of Agno messages through the engine."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headroom_agno.pricing import billed_as, shows_images_beside_blocks
from headroom_agno.views import bytes_of, has_pictures, request_of
from headroom_agno.writing import write_back
from headroom_core.image import policy_of

if TYPE_CHECKING:
    from agno.models.base import Model
    from agno.models.message import Message

    from headroom_agno.runs import Runs
    from headroom_core.image import Door, Policy

__all__ = ["compress_for", "pictures_digest"]

_log = logging.getLogger("headroom")


def compress_for(
    model: Model, messages: list[Message], *, door: Door, runs: Runs, options: Mapping[str, Any]
) -> list[Message]:
    """Return the messages that `model` should send instead of `messages`: the same list when nothing changes.

    Args:
        model: The model that will send them.
        messages: The conversation; never modified.
        door: The engine with its totals.
        runs: Where the savings of each run are noted.
        options: The other arguments of the call: `tools`, `response_format`, `run_response`.
    """
    try:
        return _compressed(model, messages, door, runs, options)
    except Exception as error:  # noqa: BLE001 - a request must reach the model whatever happens here
        _log.warning("images sent as they were: %s in the Agno adapter", type(error).__name__)
        return messages


def pictures_digest(messages: Sequence[Message], signature: str) -> str | None:
    """Return a digest of all images and of how they are compressed; None where there are no images.

    Agno's own cache key reads the words alone, so that two pictures under one question would share an answer.
    """
    digest = hashlib.sha256(signature.encode())
    found = False
    for index, message in enumerate(messages):
        for image in message.images or ():
            found = True
            data = bytes_of(image)
            name = None if data is not None else [image.url, str(image.filepath), image.id]
            digest.update(json.dumps([index, image.detail, name]).encode())
            digest.update(hashlib.sha256(data or b"").digest())
    return digest.hexdigest() if found else None


def _compressed(
    model: Model, messages: list[Message], door: Door, runs: Runs, options: Mapping[str, Any]
) -> list[Message]:
    if not has_pictures(messages):
        return messages
    provider, name = billed_as(model)
    run = options.get("run_response")
    request = request_of(messages, model, tools=options.get("tools"), response_format=options.get("response_format"))
    result = door.run(request, provider=provider, model=name, policy=_policy_of(run)).result
    runs.note(getattr(run, "run_id", None), result)
    return write_back(messages, result, beside_blocks=shows_images_beside_blocks(model))


def _policy_of(run: object) -> Policy | None:
    """Return the policy that a run asks for with `metadata={"headroom": {"policy": "off"}}`, if it asks for one."""
    metadata = getattr(run, "metadata", None)
    return policy_of(metadata.get("headroom")) if isinstance(metadata, Mapping) else None
