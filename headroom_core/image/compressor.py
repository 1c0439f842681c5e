"""The documented face of the engine: compress the images of a request, and ask what that saved."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from headroom_core import formats
from headroom_core.blocks import ImageBlock, Query, Shape
from headroom_core.errors import ImageError, InvalidOption
from headroom_core.image.case import Tools, kept
from headroom_core.image.engine import Engine
from headroom_core.image.memo import Memo
from headroom_core.image.outcome import Outcome
from headroom_core.image.pixels import Decoded
from headroom_core.image.policy import Policy
from headroom_core.image.probe import Probe
from headroom_core.image.result import Compressed, CompressionResult
from headroom_core.image.router import DefaultRouter, Router, Siglip
from headroom_core.image.router.registry import default_siglip, identity_of
from headroom_core.image.signals import Signals, glancer_at_hand, measure
from headroom_core.image.target import Target
from headroom_core.tokens import Catalogue

if TYPE_CHECKING:
    from headroom_core.image.reading import Reader

__all__ = ["ImageCompressor", "compress_images"]

_log = logging.getLogger("headroom")

Device = Literal["auto", "cpu", "cuda", "mps"]
_SHAPE_OF = {"anthropic": Shape.ANTHROPIC, "google": Shape.GEMINI}
_DEVICES = ("auto", "cpu", "cuda", "mps")


class ImageCompressor:
    """Compresses the images of requests to vision language models.

    One compressor serves any number of threads: `run` returns each caller its own result. `last_result`, `last_savings`
    are a convenience for one caller at a time.

    >>> with ImageCompressor(model="gpt-4o") as compressor:
    ...     compressor.compress([{"role": "user", "content": "Hello!"}])
    [{'role': 'user', 'content': 'Hello!'}]
    """

    def __init__(
        self,
        model_id: str | None = None,
        use_siglip: bool = True,
        device: Device = "auto",
        *,
        model: str | None = None,
        policy: Policy | str = Policy.BALANCED,
        router: Router | None = None,
        memo_bytes: int = 64 * 2**20,
        pre_resize: bool = False,
        read_text: bool | Reader = True,
        catalogue: Catalogue | None = None,
    ) -> None:
        """Configure a compressor; nothing is loaded before it is needed.

        Args:
            model_id: A trained router to read questions with: a local folder or a hub name. None takes what ships here.
            use_siglip: Let SigLIP's scores join the measured signals where its weights are at hand.
            device: Where such models run.
            model: The model that requests go to, unless a call says otherwise. It decides prices and settings.
            policy: What may be given up: `off`, `observe`, `safe`, `balanced` or `aggressive`.
            router: What reads the question, in place of the built-in one.
            memo_bytes: How much of earlier results to remember. 0 remembers nothing and gives the same answers.
            pre_resize: Send a picture that stays at the size that the model sees of it anyway, where that saves at
                least half of its bytes. Tokens stay the same, so this is off by default.
            read_text: Let a text reader write out or find words in a picture, where one is installed (extra `ocr`, or
                Tesseract), and its detector tell whether there is text where measuring leaves that open, in some 35 ms.
                Reading a page takes 0.3 to 3 s of one core, once per picture. A reader of your own takes the place of
                the installed ones, and then no detector is asked.
            catalogue: Models and aliases beside the built-in ones.

        Raises:
            InvalidOption: An argument is not one of those named above.
        """
        if device not in _DEVICES:
            raise InvalidOption(f"device={device!r} is not known; choose one of {', '.join(map(repr, _DEVICES))}")
        self.model_id, self.use_siglip, self.device = model_id, use_siglip, device
        self.model = model
        self.policy = Policy.named(policy)
        self.catalogue = catalogue
        self._siglip = default_siglip(device) if use_siglip else None
        self._read_text = read_text
        tools = Tools(
            Memo[Any](memo_bytes),
            look=partial(_seen, self._siglip, _detected if read_text is True else None),
            reader=_reader_of(read_text),
            pre_resize=pre_resize,
        )
        self._engine = Engine(DefaultRouter(model_id, device=device) if router is None else router, tools)
        self._lock = threading.Lock()
        self._last: CompressionResult | None = None
        self._saved = 0

    def compress(self, messages: Any, provider: str | None = "openai", *, model: str | None = None) -> Any:
        """Return `messages` with smaller images.

        Args:
            messages: A list of messages or a whole request body, in the wire shape of OpenAI (Chat Completions,
                Responses), Anthropic, Google Gemini or any mixture. It is never changed.
            provider: Who bills: `openai`, `anthropic`, `google`, ... Without a model only moves that are not worse on
                any current model of the provider are made.
            model: The model that the request goes to.

        Returns:
            A request in the same shape; the very same object if nothing changed.
        """
        return self.run(messages, provider, model=model).messages

    def run(
        self,
        messages: Any,
        provider: str | None = "openai",
        *,
        model: str | None = None,
        policy: Policy | str | None = None,
        dry_run: bool = False,
        translated: bool = False,
        attach: bool = True,
    ) -> Compressed:
        """Compress, and account for every image.

        Args:
            messages: As for `compress`.
            provider: As for `compress`.
            model: As for `compress`. Without one, the compressor's own model, else the `model` of a request body.
            policy: What may be given up in this call, in place of the compressor's policy.
            dry_run: Report what would be done, and return the request as it is.
            attach: Attach an image that was made small to a later question that may need more of it. Without, such
                a conversation has the small form alone.
            translated: A gateway carries the request from OpenAI's shape into the provider's, `detail` included.

        Returns:
            The request and its result. Content never raises: an image that cannot be read stays, with a reason.

        Raises:
            InvalidOption: There is no such policy.
        """
        chosen = self.policy if policy is None else Policy.named(policy)
        try:
            name = model or self.model or _named_model(messages)
            target = Target.of(name, provider, catalogue=self.catalogue, translated=translated)
            compressed = self._engine.run(messages, target, chosen, dry_run=dry_run, attach=attach)
        except Exception:  # noqa: BLE001
            # Whatever is wrong with the request, the provider shall say it: it goes out as it came.
            _log.exception("a request could not be read and stays as it is")
            compressed = Compressed(messages, CompressionResult())
        self._remember(compressed)
        return compressed

    def outcome_of(
        self, data: bytes, query: Query, *, provider: str | None = None, model: str | None = None
    ) -> Outcome:
        """Decide on one picture that is in no request; `replacement` of the outcome is what to send in its place.

        Args:
            data: The bytes of the image file.
            query: What is asked about it.
            provider: Who bills; told by the model if that is given.
            model: The model that it goes to. Without one, the compressor's own.
        """
        target = Target.of(model or self.model, provider, catalogue=self.catalogue)
        shape = _SHAPE_OF.get(target.counting.provider, Shape.OPENAI_CHAT)
        block = ImageBlock(place=(), shape=shape, turn=0, query=query, payload=data)
        if self.policy is Policy.OFF:
            return kept(block, target, "policy 'off' looks at no image")
        outcome = self._engine.outcome(block, target, self.policy)
        return replace(outcome, replacement=None) if self.policy is Policy.OBSERVE else outcome

    def has_images(self, messages: Any) -> bool:
        """Whether the request holds an image, in any shape that is known."""
        return bool(formats.find(messages))

    @property
    def last_result(self) -> CompressionResult | None:
        """The result of the latest call, or None before any."""
        return self._last

    @property
    def last_savings(self) -> float:
        """Share of the image tokens that the latest call saved, in percent; 0.0 before any."""
        return self._last.savings_percent if self._last else 0.0

    @property
    def total_tokens_saved(self) -> int:
        """Tokens saved by all calls so far."""
        return self._saved

    def signature(self) -> str:
        """Return a stable text of everything that answers depend on, for cache keys. Loads the router."""
        seen = self._siglip.model_id if self._siglip is not None and self._siglip.is_at_hand() else None
        router, pre_resize = identity_of(self._engine.router), self._engine.tools.pre_resize
        reads, glancer = _identity_of_reader(self._read_text), glancer_at_hand()
        looks = glancer.identity if glancer is not None else None
        return f"headroom({self.policy.value},{self.model},{router},{seen},{looks},{reads},{pre_resize})"

    def warm(self) -> str:
        """Load now what the first request would load, and download a hub `model_id` that is not at hand.

        A request itself never waits for the network. A hub that does not answer within 2 s is not asked again.

        Returns:
            The identity of the router that reads questions from now on.
        """
        if (glancer := glancer_at_hand()) is not None:
            glancer.load()
        reader = self._engine.router
        return reader.warm() if isinstance(reader, DefaultRouter) else identity_of(reader)

    def close(self) -> None:
        """Release what was loaded and remembered. The compressor stays usable."""
        self._engine.tools.memo.clear()
        if isinstance(self._engine.router, DefaultRouter):
            self._engine.router.close()
        if self._siglip is not None:
            self._siglip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[partial[ImageCompressor], tuple[()]]:
        """Pickle the configuration: another process gets an engine of its own, with nothing remembered."""
        options: dict[str, Any] = {"model": self.model, "policy": self.policy, "catalogue": self.catalogue}
        engine = self._engine
        options.update(
            router=None if isinstance(engine.router, DefaultRouter) else engine.router,
            memo_bytes=engine.tools.memo.max_bytes,
            pre_resize=engine.tools.pre_resize,
            read_text=self._read_text,
        )
        return partial(type(self), self.model_id, self.use_siglip, self.device, **options), ()

    def _remember(self, compressed: Compressed) -> None:
        saved = compressed.result.tokens_sent_less
        with self._lock:
            self._last = compressed.result
            self._saved += saved

    def _get_router(self) -> Probe:
        """Return the documented probe, whose `classify` says how one image and question would be routed."""
        return Probe(self._engine.router, self._siglip)

    def _extract_image_data(self, messages: Any) -> bytes | None:
        """Return the bytes of the first inline image of the request that can be read, or None."""
        for block in formats.find(messages):
            try:
                if block.payload is not None:
                    return formats.payload_bytes(block)
            except ImageError:
                continue
        return None


def compress_images(messages: Any, provider: str | None = "openai", *, model: str | None = None, **options: Any) -> Any:
    """Return `messages` with smaller images, by a compressor made for this call.

    Args:
        messages: As for `ImageCompressor.compress`.
        provider: As for `ImageCompressor.compress`.
        model: The model that the request goes to.
        options: Options of `ImageCompressor`.
    """
    # Not closed: the router is shared by the whole process, and the next call would load it again.
    return ImageCompressor(**options).compress(messages, provider, model=model)


def _named_model(messages: Any) -> str | None:
    model = messages.get("model") if isinstance(messages, dict) else None
    return model if isinstance(model, str) else None


def _reader_of(read_text: bool | Reader) -> Callable[[], Reader | None] | None:
    if isinstance(read_text, bool):
        return _installed_reader if read_text else None
    return lambda: read_text


def _installed_reader() -> Reader | None:
    from headroom_core.image.reading import reader_at_hand

    return reader_at_hand()


def _identity_of_reader(read_text: bool | Reader) -> str | None:
    if isinstance(read_text, bool):
        from headroom_core.image.reading import reader_identity

        return reader_identity() if read_text else None
    return read_text.name


def _detected(picture: Decoded) -> float | None:
    """What RapidOCR's detector says of the text in a picture, or None where it is not installed or fails."""
    from headroom_core.image.reading import detector_at_hand

    detector = detector_at_hand()
    return None if detector is None else detector(picture)


def _seen(siglip: Siglip | None, detect: Callable[[Decoded], float | None] | None, picture: Decoded) -> Signals:
    """What a picture shows: as measured, with its text as SigLIP sees it where that is at hand and sees more.

    Where the measurement is not sure of text, `detect` is asked.
    """
    measured = measure(picture, glance=glancer_at_hand(), detect=detect)
    seen = siglip.score(picture) if siglip is not None else None
    return measured if seen is None else replace(measured, has_text=max(measured.has_text, seen.has_text))
