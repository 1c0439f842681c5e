"""What every test with LiteLLM needs: no network at import, a clean set of callbacks, and the proxy's tests apart."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # LiteLLM fetches its prices from GitHub when it is imported

# The proxy has its own dependencies, which pin what other frameworks need in newer versions: it is tested in an
# environment of its own, made by the session `litellm_proxy` of noxfile.py.
collect_ignore = [] if find_spec("litellm_proxy_extras") and find_spec("fastapi") else ["test_proxy.py"]


_LITELLMS_OWN = (
    "ignore:Item '.*' on TypedDict class '.*' is using the `ReadOnly` qualifier:UserWarning",
    "ignore:Pydantic serializer warnings:UserWarning",
)
"""What LiteLLM's own types make Pydantic warn about."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            for warning in _LITELLMS_OWN:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(autouse=True)
def _clean_litellm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import litellm

    monkeypatch.setattr(litellm, "num_retries", None)
    yield
    litellm.logging_callback_manager._reset_all_callbacks()


@pytest.fixture
def callback():
    """A callback of headroom, registered as its documentation says."""
    import litellm

    from headroom_litellm import HeadroomCallback

    made = HeadroomCallback()
    litellm.callbacks = [made]
    return made
