"""The Hugging Face hub: what its local cache holds, and the one download that a caller asks for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from headroom_core.errors import InvalidOption, RouterUnavailable

__all__ = ["HUB_PATIENCE", "fetch", "forget_failures", "known_device", "local_folder", "torch_device"]

HUB_PATIENCE: Final = 2.0
"""Seconds within which the hub must answer. What fails once is not tried again in this process."""

_DEVICES: Final = ("auto", "cpu", "cuda", "mps")
_WANTED: Final = ("*.json", "*.safetensors", "*.txt", "*.model")
_failures: dict[str, str] = {}
_lock = threading.Lock()


def local_folder(model_id: str) -> Path | None:
    """Return the folder of a model on this machine, or None: the folder named, or the local cache's. Asks no network.

    A folder is what models are loaded from: given a name, `transformers` asks the hub for this and that even where it
    was told to take local files only.
    """
    try:
        if Path(model_id).is_dir():
            return Path(model_id)
        from huggingface_hub import try_to_load_from_cache
        from huggingface_hub.errors import HFValidationError
    except (ImportError, ValueError):
        return None
    try:
        found = try_to_load_from_cache(model_id, "config.json")
    except HFValidationError:
        return None
    return Path(found).parent if isinstance(found, str) else None


def fetch(model_id: str) -> None:
    """Download a model of the hub into the local cache.

    The first question to the hub must be answered within `HUB_PATIENCE`; the download itself takes what it takes.
    `HF_HUB_OFFLINE` and `HF_ENDPOINT` are respected by the hub's own library.

    Raises:
        RouterUnavailable: The hub cannot be reached, has no such model, or its library is not installed.
    """
    with _lock:
        failure = _failures.get(model_id)
    if failure is not None:
        raise RouterUnavailable(failure)
    try:
        _download(model_id)
    except RouterUnavailable as error:
        with _lock:
            _failures[model_id] = str(error)
        raise


def forget_failures() -> None:
    """Let every model be asked for again."""
    with _lock:
        _failures.clear()


def known_device(device: str) -> str:
    """Return the name of a device if it is one.

    Raises:
        InvalidOption: It is not `auto`, `cpu`, `cuda` or `mps`.
    """
    if device not in _DEVICES:
        raise InvalidOption(f"device={device!r} is not known; choose one of {', '.join(map(repr, _DEVICES))}")
    return device


def torch_device(torch: Any, device: str) -> str:
    """Return the device that torch shall compute on: the one named, or for `auto` the fastest that is there."""
    if device != "auto":
        return device
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _download(model_id: str) -> None:
    try:
        from huggingface_hub import HfApi, snapshot_download
        from huggingface_hub.errors import HFValidationError
    except ImportError as error:
        raise RouterUnavailable(f"{model_id!r} needs huggingface_hub, which comes with transformers") from error
    try:
        _within(HUB_PATIENCE, lambda: HfApi().model_info(model_id, timeout=HUB_PATIENCE))
        _within(None, lambda: snapshot_download(model_id, allow_patterns=list(_WANTED), etag_timeout=HUB_PATIENCE))
    except (OSError, HFValidationError) as error:
        raise RouterUnavailable(f"the hub does not give {model_id!r}: {type(error).__name__}") from error
    except RuntimeError as error:
        raise RouterUnavailable(f"the hub cannot be reached for {model_id!r}: {error}") from error


def _within(seconds: float | None, work: Callable[[], object]) -> None:
    """Do `work` in a thread of its own, for at most `seconds`: no time-out of a client covers looking a name up.

    Raises:
        OSError: `work` raised it, or time is up.
        RuntimeError: `work` raised something else: HTTP clients have families of errors of their own.
    """
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    thread = threading.Thread(target=run, name="headroom-hub", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeoutError(f"no answer within {seconds} s")
    if failed:
        error = failed[0]
        raise error if isinstance(error, OSError) else RuntimeError(f"{type(error).__name__}: {error}") from error
