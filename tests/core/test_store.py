"""Originals: kept by content, per tenant, for a time, within a number of bytes."""

from __future__ import annotations

import hashlib
import hmac
import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headroom_core.errors import InvalidOption
from headroom_core.store import Originals

ANNA, BERT = b"a" * 32, b"b" * 32


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def put(store: Originals, tenant: bytes, content: bytes, **options: bytes) -> bytes:
    key = store.put(tenant, content, **options)
    assert key is not None
    return key


def test_what_was_put_is_got_again() -> None:
    store = Originals()
    key = put(store, ANNA, b"picture")
    assert store.get(ANNA, key) == b"picture"
    assert len(store) == 1
    assert store.held_bytes == 7


def test_the_key_is_a_full_hmac_of_params_and_bytes_under_the_tenants_secret() -> None:
    expected = hmac.new(ANNA, (1).to_bytes(8, "big") + b"p" + b"picture", hashlib.sha256).digest()
    assert put(Originals(), ANNA, b"picture", params=b"p") == expected
    assert len(expected) == 32


@given(
    st.tuples(st.binary(min_size=1, max_size=8), st.binary(max_size=8), st.binary(max_size=8)),
    st.tuples(st.binary(min_size=1, max_size=8), st.binary(max_size=8), st.binary(max_size=8)),
)
@settings(deadline=None)
def test_keys_differ_wherever_tenant_params_or_bytes_differ(
    one: tuple[bytes, bytes, bytes], other: tuple[bytes, bytes, bytes]
) -> None:
    # HMAC pads keys with zeros, so secrets that differ by those alone are one secret.
    same_tenant = one[0].rstrip(b"\0") == other[0].rstrip(b"\0")
    keys = [put(Originals(), tenant, content, params=params) for tenant, params, content in (one, other)]
    assert (keys[0] == keys[1]) == (same_tenant and one[1:] == other[1:])


def test_another_tenant_never_hits_even_with_the_key_in_hand() -> None:
    store = Originals()
    key = put(store, ANNA, b"picture")
    assert store.get(BERT, key) is None
    assert put(store, BERT, b"picture") != key
    assert store.get(ANNA, key) == b"picture"


def test_a_flipped_byte_is_a_miss() -> None:
    store = Originals()
    key = put(store, ANNA, b"picture")
    store._kept[key] = replace(store._kept[key], content=b"Picture")
    assert store.get(ANNA, key) is None


@pytest.mark.parametrize("key", [b"", b"short", bytes(32), b"x" * 64])
def test_an_unknown_key_is_a_miss(key: bytes) -> None:
    assert Originals().get(ANNA, key) is None


def test_an_original_expires_and_its_bytes_are_given_back() -> None:
    clock = Clock()
    store = Originals(ttl=60, clock=clock)
    key = put(store, ANNA, b"picture")
    clock.now = 59.9
    assert store.get(ANNA, key) == b"picture"
    clock.now = 60.0
    assert store.get(ANNA, key) is None
    assert (len(store), store.held_bytes) == (0, 0)


def test_putting_again_renews_the_time_and_counts_the_bytes_once() -> None:
    clock = Clock()
    store = Originals(ttl=60, clock=clock)
    key = put(store, ANNA, b"picture")
    clock.now = 50.0
    assert put(store, ANNA, b"picture") == key
    clock.now = 100.0
    assert store.get(ANNA, key) == b"picture"
    assert store.held_bytes == 7


def test_what_expired_goes_when_something_new_comes() -> None:
    clock = Clock()
    store = Originals(ttl=60, clock=clock)
    put(store, ANNA, b"old")
    clock.now = 61.0
    put(store, ANNA, b"newer")
    assert (len(store), store.held_bytes) == (1, 5)


def test_the_least_recently_used_goes_first() -> None:
    store = Originals(10)
    first, second = put(store, ANNA, b"11111"), put(store, ANNA, b"22222")
    assert store.get(ANNA, first) == b"11111"
    third = put(store, ANNA, b"333")
    assert [store.get(ANNA, key) for key in (first, second, third)] == [b"11111", None, b"333"]


def test_more_than_the_store_holds_is_not_kept_and_drops_nothing() -> None:
    store = Originals(10)
    key = put(store, ANNA, b"12345")
    assert store.put(ANNA, b"x" * 11) is None
    assert store.get(ANNA, key) == b"12345"


@given(st.lists(st.binary(max_size=40), max_size=30), st.integers(0, 100))
@settings(deadline=None)
def test_the_bound_on_bytes_holds_whatever_is_put(contents: list[bytes], bound: int) -> None:
    store = Originals(bound)
    for content in contents:
        key = store.put(ANNA, content)
        assert (key is None) == (len(content) > bound)
        assert key is None or store.get(ANNA, key) == content
        assert store.held_bytes == sum(len(kept.content) for kept in store._kept.values()) <= bound


def test_clear_forgets_everything() -> None:
    store = Originals()
    key = put(store, ANNA, b"picture")
    store.clear()
    assert store.get(ANNA, key) is None
    assert (len(store), store.held_bytes) == (0, 0)


def test_threads_share_one_store() -> None:
    store = Originals(4096)
    wrong: list[bytes] = []

    def work(seed: int) -> None:
        for number in range(200):
            content = bytes([seed, number % 50]) * 20
            key = put(store, ANNA, content)
            if store.get(ANNA, key) not in (content, None):
                wrong.append(content)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert store.held_bytes == sum(len(kept.content) for kept in store._kept.values()) <= 4096


def test_a_representation_shows_no_content() -> None:
    store = Originals()
    key = put(store, ANNA, b"secret pixels")
    assert "secret" not in repr(store._kept[key])


@pytest.mark.parametrize("options", [{"max_bytes": -1}, {"ttl": -1.0}])
def test_negative_limits_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(InvalidOption, match="0 or more"):
        Originals(**options)


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(InvalidOption, match="secret"):
        Originals().put(b"", b"picture")
