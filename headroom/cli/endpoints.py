"""The providers' free endpoints that count the tokens of a request, asked over the network."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from headroom_core.errors import HeadroomError, InvalidOption

__all__ = ["ENDPOINTS", "CountingFailed", "Endpoint", "counted_image"]

_TIMEOUT_SECONDS: Final = 60.0
_MOST_BYTES: Final = 1_000_000
_WORDS: Final = "What is this?"


class CountingFailed(HeadroomError):
    """A provider did not say what a request costs; the message says why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A provider's counting endpoint.

    Attributes:
        keys: Environment variables that may hold the user's key, as the provider's own SDK reads them.
        base: Environment variable that may hold another base URL, as the SDK reads it.
        home: The base URL without one.
    """

    keys: tuple[str, ...]
    base: str
    home: str


ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    # platform.claude.com/docs/en/api/messages-count-tokens, read 2026-11-21
    "anthropic": Endpoint(("ANTHROPIC_API_KEY",), "ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
    # platform.openai.com/docs/api-reference/responses/input-tokens, read 2026-11-21
    "openai": Endpoint(("OPENAI_API_KEY",), "OPENAI_BASE_URL", "https://api.openai.com/v1"),
    # ai.google.dev/api/tokens, `models.countTokens`, read 2026-11-21
    "google": Endpoint(
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"), "GOOGLE_GEMINI_BASE_URL", "https://generativelanguage.googleapis.com"
    ),
}


def counted_image(provider: str, model: str, data: bytes, media_type: str, setting: str | None) -> int:
    """Ask a provider what an image costs: a request with it, less the same request without it.

    Args:
        provider: One of `ENDPOINTS`.
        model: The model's name as the provider knows it.
        data: The bytes of the image.
        media_type: Their type, e.g. `image/png`.
        setting: The provider's own setting, or None.

    Raises:
        InvalidOption: There is no key, or the base URL is not to be trusted with it.
        CountingFailed: The provider refuses, or cannot be reached.
    """
    endpoint = ENDPOINTS[provider]
    key = next((os.environ[name] for name in endpoint.keys if os.environ.get(name)), None)
    if key is None:
        raise InvalidOption(f"--verify asks {provider} with your key: set {' or '.join(endpoint.keys)}")
    base = _trusted(os.environ.get(endpoint.base) or endpoint.home, endpoint.base)
    encoded = base64.b64encode(data).decode()
    ask = {"anthropic": _ask_anthropic, "openai": _ask_openai, "google": _ask_google}[provider]
    return ask(base, key, model, (media_type, encoded, setting)) - ask(base, key, model, None)


_Image = tuple[str, str, str | None]


def _ask_anthropic(base: str, key: str, model: str, image: _Image | None) -> int:
    blocks: list[dict[str, Any]] = [{"type": "text", "text": _WORDS}]
    if image:
        blocks.insert(0, {"type": "image", "source": {"type": "base64", "media_type": image[0], "data": image[1]}})
    body = {"model": model, "messages": [{"role": "user", "content": blocks}]}
    headers = {"x-api-key": key, "anthropic-version": "2023-06-01"}
    return _asked(f"{base}/v1/messages/count_tokens", headers, body, "input_tokens")


def _ask_openai(base: str, key: str, model: str, image: _Image | None) -> int:
    blocks: list[dict[str, Any]] = [{"type": "input_text", "text": _WORDS}]
    if image:
        detail = {"detail": image[2]} if image[2] else {}
        blocks.insert(0, {"type": "input_image", "image_url": f"data:{image[0]};base64,{image[1]}", **detail})
    body = {"model": model, "input": [{"role": "user", "content": blocks}]}
    return _asked(f"{base}/responses/input_tokens", {"Authorization": f"Bearer {key}"}, body, "input_tokens")


def _ask_google(base: str, key: str, model: str, image: _Image | None) -> int:
    parts: list[dict[str, Any]] = [{"text": _WORDS}]
    request: dict[str, Any] = {"model": f"models/{model}", "contents": [{"role": "user", "parts": parts}]}
    if image:
        parts.insert(0, {"inlineData": {"mimeType": image[0], "data": image[1]}})
        request.update(_resolution(image[2], parts[0]))
    url = f"{base}/v1beta/models/{quote(model, safe='')}:countTokens"
    return _asked(url, {"x-goog-api-key": key}, {"generateContentRequest": request}, "totalTokens")


def _resolution(setting: str | None, part: dict[str, Any]) -> dict[str, Any]:
    """Choose a media resolution: for the whole request, which every model takes; the highest exists for a part alone.

    ai.google.dev/gemini-api/docs/media-resolution, read 2026-11-21.
    """
    if setting is None:
        return {}
    level = f"MEDIA_RESOLUTION_{setting.upper()}"
    if setting == "ultra_high":
        part["mediaResolution"] = {"level": level}
        return {}
    return {"generationConfig": {"mediaResolution": level}}


def _asked(url: str, headers: dict[str, str], body: dict[str, Any], answer: str) -> int:
    request = Request(  # noqa: S310 - `_trusted` has checked the scheme
        url, json.dumps(body).encode(), {"content-type": "application/json", "user-agent": "headroom", **headers}
    )
    try:
        with _opener(url).open(request, timeout=_TIMEOUT_SECONDS) as reply:
            said = json.loads(reply.read(_MOST_BYTES))
    except HTTPError as error:
        with error:
            raise CountingFailed(f"{_host(url)} answers {error.code}: {_complaint(error)}") from error
    except (URLError, TimeoutError, OSError, HTTPException) as error:
        raise CountingFailed(f"{_host(url)} cannot be reached: {getattr(error, 'reason', None) or error}") from error
    except ValueError as error:
        raise CountingFailed(f"{_host(url)} does not answer in JSON") from error
    count = said.get(answer) if isinstance(said, dict) else None
    if not isinstance(count, int):
        raise CountingFailed(f"{_host(url)} does not say {answer!r}")
    return count


def _complaint(error: HTTPError) -> str:
    """The provider's own words, in one short line."""
    raw = error.read(_MOST_BYTES)
    try:
        words = json.loads(raw)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        words = error.reason
    return " ".join(str(words).split())[:300]


def _trusted(url: str, name: str) -> str:
    """Check that a key may be sent there: over TLS, or to this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise InvalidOption(f"{name}={url!r} is neither https nor on this machine; the key is not sent there")
    return url.rstrip("/")


def _is_loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


class _StayHere(HTTPRedirectHandler):
    """Follows no redirect: it could carry the key to another host."""

    def redirect_request(self, *_: object) -> None:
        return None


def _opener(url: str) -> OpenerDirector:
    handlers: list[Any] = [_StayHere()]
    if _is_loopback(urlsplit(url).hostname):
        handlers.append(ProxyHandler({}))  # no proxy knows this machine by that name
    return build_opener(*handlers)
