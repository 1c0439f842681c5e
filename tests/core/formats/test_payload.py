"""Reading base64 and data URLs."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.blocks import ImageBlock, Query, Shape
from headroom_core.errors import ImageTooLarge, UnreadablePayload
from headroom_core.formats import payload_bytes, payload_head
from headroom_core.formats.payload import PAYLOAD_LIMIT
from tests.core.strategies import png

IMAGE = png(31, 17, 2)
B64 = base64.b64encode(IMAGE).decode()
WRAPPED = "\r\n".join(B64[i : i + 76] for i in range(0, len(B64), 76))


def block(payload, shape=Shape.OPENAI_CHAT):
    return ImageBlock(place=(0,), shape=shape, turn=0, query=Query(), payload=payload)


READABLE = {
    "plain data URL": f"data:image/png;base64,{B64}",
    "upper case": f"DATA:IMAGE/PNG;BASE64,{B64}",
    "charset": f"data:image/png;charset=utf-8;base64,{B64}",
    "name": f"data:image/png;name=a.png;base64,{B64}",
    "no type": f"data:;base64,{B64}",
    "no type and no semicolon before base64's": f"data:image/png; base64 ,{B64}".replace("; base64 ", ";base64 "),
    "space after the comma": f"data:image/png;base64, {B64}",
    "space around all": f" \n data:image/png;base64,{B64} \n",
    "RFC 2045 lines": f"data:image/png;base64,{WRAPPED}\r\n",
    "no padding": f"data:image/png;base64,{B64.rstrip('=')}",
    "URL-safe": f"data:image/png;base64,{B64.replace('+', '-').replace('/', '_')}",
    "bare base64": B64,
    "bare lines": WRAPPED,
}
UNREADABLE = {
    "no comma": ("data:image/png;base64", "no comma"),
    "nothing at all": ("data:", "no comma"),
    "percent-encoded": ("data:image/png,%89PNG", "not base64"),
    "empty": ("data:image/png;base64,", "empty"),
    "only white space": (" \n", "empty"),
    "junk": (f"data:image/png;base64,!!!!{B64}", "not base64"),
    "one character": ("data:image/png;base64,A", "not base64"),
    "not ASCII": ("data:image/png;base64,☃☃", "ASCII"),
    "NUL": (f"{B64[:40]}\0{B64[40:]}", "not base64"),
    "inner space": (f"{B64[:40]} {B64[40:]}", "not base64"),
    "padding inside": (f"{B64[:40]}=={B64[40:]}", "not base64"),
    "too much padding": ("AAA==", "not base64"),
    "two alphabets": ("ab+/-_AA", "two base64 alphabets"),
    "lone surrogate": ("AAAA\ud800", "ASCII"),
}


@pytest.mark.parametrize("payload", READABLE.values(), ids=READABLE.keys())
def test_a_readable_payload_is_decoded_whole_and_by_its_head(payload):
    assert payload_bytes(block(payload)) == IMAGE
    for n in (1, 2, 3, 12, 64, 100_000):
        assert payload_head(block(payload), n) == IMAGE[:n]


@pytest.mark.parametrize(("payload", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_odd_payload_is_refused_with_its_reason(payload, reason):
    with pytest.raises(UnreadablePayload, match=reason):
        payload_bytes(block(payload))


def test_raw_bytes_pass_as_they_are():
    assert payload_bytes(block(IMAGE, Shape.BEDROCK)) is IMAGE
    assert payload_head(block(IMAGE, Shape.BEDROCK), 4) == b"\x89PNG"


def test_a_data_url_is_no_payload_where_the_provider_takes_bare_base64():
    with pytest.raises(UnreadablePayload, match="not base64"):
        payload_bytes(block(f"data:image/png;base64,{B64}", Shape.ANTHROPIC))


def test_an_image_elsewhere_has_no_payload():
    with pytest.raises(UnreadablePayload, match="URL or a file id"):
        payload_bytes(block(None))
    with pytest.raises(UnreadablePayload, match="URL or a file id"):
        payload_head(block(None), 4)


def test_the_limit_counts_decoded_bytes():
    exact = "A" * (PAYLOAD_LIMIT // 3 * 4) + "AAA="[: 0 if PAYLOAD_LIMIT % 3 == 0 else 4]
    within = base64.b64encode(bytes(PAYLOAD_LIMIT)).decode()
    assert len(exact) == len(within)
    assert len(payload_bytes(block(within))) == PAYLOAD_LIMIT
    assert len(payload_bytes(block(f"data:;base64,{within.rstrip('=')}"))) == PAYLOAD_LIMIT
    with pytest.raises(ImageTooLarge, match=str(PAYLOAD_LIMIT + 1)):
        payload_bytes(block(base64.b64encode(bytes(PAYLOAD_LIMIT + 1)).decode()))
    with pytest.raises(ImageTooLarge):
        payload_bytes(block(bytes(PAYLOAD_LIMIT + 1)))
    with pytest.raises(ImageTooLarge, match="characters"):
        payload_bytes(block("!" * 60_000_000))


@given(st.binary(min_size=1, max_size=300), st.integers(1, 200), st.integers(4, 80), st.booleans())
@settings(deadline=None)
def test_the_head_is_the_beginning_of_the_whole(data, n, width, safe):
    text = (base64.urlsafe_b64encode if safe else base64.b64encode)(data).decode()
    text = "\n".join(text[i : i + width] for i in range(0, len(text), width))
    assert payload_bytes(block(text)) == data
    assert payload_head(block(text), n) == data[:n]


@given(st.text(max_size=80))
@settings(deadline=None)
def test_no_text_raises_anything_else(text):
    for shape in Shape:
        for read in (payload_bytes, lambda b: payload_head(b, 16)):
            with suppress(UnreadablePayload):
                assert isinstance(read(block(text, shape)), bytes)
