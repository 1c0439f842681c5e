"""Loopback stand-ins for the provider APIs: they record what arrives on the wire and answer in the provider's shape.

Point a client at `provider.url` (Anthropic, Gemini, Bedrock) or `provider.url + "/v1"` (OpenAI), call it, then read
`provider.requests`. Answers follow fixed rules (see `answers`), so a test can say what comes back.
"""

from tests.providers.recorder import Recorded, standard
from tests.providers.server import ProviderServer

__all__ = ["ProviderServer", "Recorded", "standard"]
