"""The engine of headroom: it decides which form of a picture a vision model needs, and writes it into the request.

Import from the parts: `headroom_core.image` (the compressor), `headroom_core.tokens` (what pictures cost),
`headroom_core.formats` (where pictures stand in a request), `headroom_core.errors`.
"""
