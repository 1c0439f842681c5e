"""What tokens cost in dollars, by the table of the package genai-prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from headroom_core.errors import InvalidOption, MissingExtra
from headroom_core.tokens.catalogue import resolve
from headroom_core.tokens.names import known_provider, read_name

__all__ = ["Price", "dollars"]

_HOST_IDS = {"azure": "azure", "bedrock": "aws", "vertex": "google"}
_MAKER_IDS = {"xai": "x-ai", "amazon": "aws", "qwen": "alibaba", "moonshot": "moonshotai", "zai": "zai"}


@dataclass(frozen=True, slots=True)
class Price:
    """What a number of input tokens costs.

    Attributes:
        dollars: The amount in US dollars.
        tokens: The tokens that were priced.
        cached: Whether they were priced as read from the provider's prompt cache.
        model: The model that the price table took the name for.
        provider: The provider whose price it is, as the table calls it.
        source: The price table and its version.
    """

    dollars: Decimal
    tokens: int
    cached: bool
    model: str
    provider: str
    source: str


def dollars(
    model: str,
    tokens: int,
    *,
    cached: bool = False,
    provider: str | None = None,
    at: datetime | None = None,
) -> Price | None:
    """Price input tokens; None when the table does not know the model. Nothing is fetched.

    Args:
        model: The model's name as people write it.
        tokens: Input tokens, at least 0.
        cached: The tokens are read from the provider's prompt cache.
        provider: Who serves the model, where its name does not say.
        at: The moment whose prices count; None is now.

    Raises:
        InvalidOption: `tokens` is not a whole number of at least 0.
        MissingExtra: genai-prices is not installed.
    """
    if isinstance(tokens, bool) or not isinstance(tokens, int) or tokens < 0:
        raise InvalidOption(f"tokens must be a whole number from 0 on, got {tokens!r}")
    try:
        from genai_prices import Usage, __version__, calc_price
    except ImportError as missing:
        raise MissingExtra("pricing tokens in dollars", "prices", package="genai-prices") from missing

    usage = Usage(input_tokens=tokens, cache_read_tokens=tokens if cached else 0)
    for name, table in _look_ups(model, provider):
        try:
            found = calc_price(usage, name, provider_id=table, genai_request_timestamp=at)
        except LookupError:
            continue
        source = f"genai-prices {__version__}"
        return Price(found.input_price, tokens, cached, found.model.id, found.provider.id, source)
    return None


def _look_ups(model: str, provider: str | None) -> Iterator[tuple[str, str | None]]:
    """Names to try, each under the host that serves it, then under its maker."""
    name = read_name(model)
    profile = resolve(model, provider=provider)
    maker = (
        name.provider or known_provider(provider)[0] or (profile.provider if profile.provider != "unknown" else None)
    )
    tables = [_HOST_IDS.get(profile.host or ""), _MAKER_IDS.get(maker or "", maker)]
    for table in tables:
        if table is not None:
            # The last part as written comes first: on Bedrock a region is part of the name, and of the price.
            for spelling in dict.fromkeys((model.strip().lower().split("/")[-1], name.model, *name.spellings)):
                yield spelling, table
    if maker is None:
        yield name.model, None
