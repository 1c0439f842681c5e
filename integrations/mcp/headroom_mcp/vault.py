"""Where the originals of compressed images wait to be looked at again, each under an id that nobody can guess."""

from __future__ import annotations

import base64

from mcp.server.mcpserver.exceptions import ToolError

from headroom_core.store import Originals

__all__ = ["Vault"]


class Vault:
    """Originals by image id. An id is worth nothing without the secret of the tenant that it was made for."""

    def __init__(self, originals: Originals | None = None) -> None:
        """Keep them in `originals`, or in a store of its own."""
        self._originals = originals if originals is not None else Originals()

    def keep(self, original: bytes, *, tenant: bytes) -> str | None:
        """Keep the original of an image for a while and return its id; None if it is too large to keep."""
        key = self._originals.put(tenant, original)
        return None if key is None else base64.urlsafe_b64encode(key).decode().rstrip("=")

    def original(self, image_id: str, *, tenant: bytes) -> bytes:
        """Return the bytes that an id stands for.

        Raises:
            ToolError: It is not known, or no longer.
        """
        original = self._originals.get(tenant, _key(image_id))
        if original is None:
            raise ToolError("this image_id is not known (any more): call the tool that gave it again")
        return original


def _key(image_id: str) -> bytes:
    try:
        return base64.b64decode(image_id + "=" * (-len(image_id) % 4), altchars=b"-_", validate=True)
    except ValueError:  # not base64, or not ASCII
        return b""
