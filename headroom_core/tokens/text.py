"""How many tokens a text costs: exactly where a tokenizer's file is at hand, else a careful estimate."""

from __future__ import annotations

import re
from base64 import b64decode
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from math import ceil
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from headroom_core.tokens.catalogue import resolve
from headroom_core.tokens.counts import Exactness

if TYPE_CHECKING:
    from tiktoken import Encoding

__all__ = ["TextCount", "text_tokens"]


@dataclass(frozen=True, slots=True)
class TextCount:
    """What a text costs.

    Attributes:
        tokens: Tokens of the text alone.
        exactness: `exact` with the model's own tokenizer, `approx` for the estimate, which errs high.
        how: The tokenizer or the estimate, in words.
    """

    tokens: int
    exactness: Exactness
    how: str


def text_tokens(
    model: str | None, text: str, *, provider: str | None = None, cache_dir: str | PathLike[str] | None = None
) -> TextCount:
    """Count the tokens of a text. Nothing is ever fetched.

    Exact for OpenAI's models up to GPT-5 when tiktoken is installed and the file of the encoding lies in `cache_dir`
    (a directory as tiktoken fills it, `TIKTOKEN_CACHE_DIR`) or in the installed package litellm, which brings them.
    Otherwise an estimate from the kinds of characters, which errs high.

    Args:
        model: The model's name as people write it.
        text: The text.
        provider: Who serves the model, where its name does not say.
        cache_dir: Where tiktoken's files lie.

    >>> text_tokens("claude-opus-5-5", "Is there a dog?").exactness.value
    'approx'
    """
    profile = resolve(model, provider=provider)
    encoding = _encoding_of(profile.model or profile.name) if profile.provider == "openai" else None
    if encoding is not None:
        tokenizer = _tokenizer(encoding, None if cache_dir is None else str(Path(cache_dir)))
        if tokenizer is not None:
            return TextCount(len(tokenizer.encode_ordinary(text)), Exactness.EXACT, f"tiktoken, {encoding}")
    column = 0 if encoding == "o200k_base" else 1
    tokens = _estimate(text, column)
    if profile.provider != "openai":
        tokens = ceil(tokens * _OTHER_TOKENIZERS)
    return TextCount(tokens, Exactness.APPROX, "estimate by kinds of characters, erring high")


# The estimate. Weights are tokens per character, measured with o200k_base and with cl100k_base (the dearer of the two
# stands in the second column) on paragraphs of prose in each script, and rounded up by a fifth or more.

_OTHER_TOKENIZERS = 1.35
"""Other makers publish no tokenizer; Anthropic names up to 1.35 times the tokens of before for its newest (2026)."""

_LONG_RUN = 16
_PART = re.compile(r" ?[0-9]+|[A-Z]?[a-z]+|[A-Z]+|[ \t]+|[\r\n]+|[\x00-\x7f]|[^\x00-\x7f]")
_PIECE = re.compile(rf"[A-Za-z0-9+/_=-]{{{_LONG_RUN},}}|{_PART.pattern}")
_ENCODED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])|[0-9a-fA-F-]+$")
"""Long runs that look like base64, keys or hexadecimal digits."""
_PER_ENCODED = 0.8
_VOWEL = re.compile(r"[aeiouyAEIOUY]")
_SPARSE_VOWELS = 5

_SCRIPTS: tuple[tuple[int, float, float], ...] = (
    (0x00A0, 2.0, 2.0),  # Latin-1 signs: at most their bytes
    (0x00C0, 1.0, 1.0),  # Latin letters with marks
    (0x0250, 2.0, 2.0),
    (0x0370, 0.65, 1.3),  # Greek, Cyrillic
    (0x0530, 1.2, 2.8),  # Armenian
    (0x0590, 0.6, 1.4),  # Hebrew, Arabic
    (0x0700, 3.0, 3.0),
    (0x0900, 0.6, 1.8),  # Devanagari, Bengali
    (0x0A00, 0.8, 2.6),  # the other scripts of India
    (0x0E00, 0.6, 1.3),  # Thai
    (0x0E80, 3.0, 3.0),
    (0x10A0, 0.8, 2.8),  # Georgian
    (0x1100, 3.0, 3.0),
    (0x1E00, 1.2, 3.0),  # Vietnamese letters
    (0x1F00, 3.0, 3.0),
    (0x3000, 1.2, 1.5),  # CJK signs
    (0x3040, 0.9, 1.4),  # kana
    (0x3100, 3.0, 3.0),
    (0x4E00, 1.2, 1.8),  # ideographs
    (0xA000, 3.0, 3.0),
    (0xAC00, 0.9, 1.6),  # hangul
    (0xD7B0, 3.0, 3.0),
    (0xFF00, 1.2, 1.5),  # full width
    (0xFFF0, 3.0, 3.0),
    (0x10000, 4.0, 4.0),
)
"""First code point of a block, tokens per character in o200k_base, and in the dearer of the two encodings."""
_FIRSTS = tuple(block[0] for block in _SCRIPTS)


def _estimate(text: str, column: int) -> int:
    total = 0.0
    for piece in _PIECE.findall(text):
        if not piece.isascii():
            total += _SCRIPTS[max(0, bisect_right(_FIRSTS, ord(piece)) - 1)][1 + column]
        elif len(piece) < _LONG_RUN:
            total += _run_tokens(piece)
        elif _ENCODED.match(piece):
            total += len(piece) * _PER_ENCODED
        else:
            total += sum(_run_tokens(part) for part in _PART.findall(piece))
    return ceil(total)


def _run_tokens(piece: str) -> int:
    """Tokens of an ASCII run: a blank before a word is free, but not before a number; three digits go together."""
    if piece == " ":
        return 0
    if piece[-1].isdigit():
        return -(-len(piece.strip()) // 3) + piece.startswith(" ")
    if not piece.isalpha():
        return 1
    if len(_VOWEL.findall(piece)) * _SPARSE_VOWELS < len(piece) and len(piece) > 1:
        return -(-len(piece) * 3 // 4)
    return -(-len(piece) // 4)


# The exact count. Names, patterns and digests of the files are those of tiktoken (tiktoken_ext/openai_public.py, 0.14).

_O200K = re.compile(r"gpt-4o|gpt-4[.-][15]|chatgpt-4o|gpt-5|o[134](?:-|$)")
_CL100K = re.compile(r"gpt-4(?:-|$)|gpt-3[.-]?5")


@dataclass(frozen=True, slots=True)
class _EncodingFile:
    name: str
    digest: str
    pattern: str


_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_ENCODINGS = {
    "o200k_base": _EncodingFile(
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        "|".join(
            (
                rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{_CONTRACTION}",
                rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{_CONTRACTION}",
                r"\p{N}{1,3}",
                r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
                r"\s*[\r\n]+",
                r"\s+(?!\S)",
                r"\s+",
            )
        ),
    ),
    "cl100k_base": _EncodingFile(
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|"
        r"\s+(?!\S)|\s",
    ),
}


def _encoding_of(model: str) -> str | None:
    """The encoding of a model of OpenAI, None where it is not known."""
    if _O200K.match(model):
        return "o200k_base"
    return "cl100k_base" if _CL100K.match(model) else None


@lru_cache(maxsize=8)
def _tokenizer(name: str, cache_dir: str | None) -> Encoding | None:
    """The tokenizer, read from a file at hand; None without tiktoken or without the file."""
    try:
        from tiktoken import Encoding
    except ImportError:
        return None
    wanted = _ENCODINGS[name]
    content = _content(wanted, cache_dir)
    if content is None:
        return None
    ranks = {b64decode(token): int(rank) for token, rank in (line.split() for line in content.splitlines() if line)}
    return Encoding(name, pat_str=wanted.pattern, mergeable_ranks=ranks, special_tokens={})


def _content(wanted: _EncodingFile, cache_dir: str | None) -> bytes | None:
    for folder in _folders(cache_dir):
        try:
            content = (folder / wanted.name).read_bytes()
        except OSError:
            continue
        if sha256(content).hexdigest() == wanted.digest:
            return content
    return None


def _folders(cache_dir: str | None) -> list[Path]:
    folders = [] if cache_dir is None else [Path(cache_dir)]
    litellm = find_spec("litellm")
    if litellm is not None and litellm.submodule_search_locations:
        folders.append(Path(litellm.submodule_search_locations[0], "litellm_core_utils", "tokenizers"))
    return folders
