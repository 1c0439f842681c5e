"""Pruned tokenizers in the Hugging Face format, built from the vocabulary of a pretrained encoder."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter

from encoders import Source
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

__all__ = ["pruned"]

SPARE = 700
"""Pieces kept for single characters, of the questions' scripts and of others."""

_BLANK = "\u2581"
_SPECIAL = {"wordpiece": ("[PAD]", "[UNK]", "[CLS]", "[SEP]"), "unigram": ("<pad>", "<unk>", "<s>", "</s>")}
_SCRIPTS = [
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "ARABIC",
    "HEBREW",
    "DEVANAGARI",
    "BENGALI",
    "TAMIL",
    "TELUGU",
    "THAI",
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
    "CJK",
    "GEORGIAN",
    "ARMENIAN",
]
"""Scripts whose single characters are kept: what is written in another is unknown, so that nothing is excluded."""


def pruned(source: Source, texts: list[str], *, size: int) -> tuple[Tokenizer, list[int]]:
    """Return a tokenizer of at most `size` pieces, and the ids that its pieces had in the source.

    Kept are, in this order until `size` is reached: special tokens; the pieces that the texts use most, as long as
    `SPARE` places remain; the most frequent single characters of common scripts, so that no word is lost whole; the
    other pieces that the texts use; the most frequent lower-case pieces of the source.
    """
    whole = _tokenizer(source, range(len(source.pieces)))
    counts: Counter[int] = Counter()
    for encoding in whole.encode_batch(texts, add_special_tokens=False):
        counts.update(encoding.ids)
    index = {piece: at for at, piece in enumerate(source.pieces)}
    kept: dict[int, None] = dict.fromkeys(index[piece] for piece in _SPECIAL[source.kind])
    used = [at for at, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    frequent = [at for at, piece in enumerate(source.pieces) if _is_wanted(piece, source.kind)]
    frequent.sort(key=lambda at: (-source.scores[at], at))
    single = [at for at in frequent[: 4 * size] if len(source.pieces[at].strip(_BLANK + "#")) == 1]
    kept.update(dict.fromkeys([*used[: size - SPARE], *single[:SPARE], *used]))
    for at in frequent:
        if len(kept) >= size:
            break
        kept[at] = None
    ids = list(kept)[:size]
    return _tokenizer(source, ids), ids


def _is_wanted(piece: str, kind: str) -> bool:
    bare = piece.removeprefix(_BLANK) if kind == "unigram" else piece.removeprefix("##")
    if not bare or bare != bare.lower() or bare.startswith(("<", "[unused")):
        return False
    return all(_script(character) for character in bare)


def _script(character: str) -> bool:
    if not character.isalpha() and not unicodedata.category(character).startswith("M"):
        return len(character.encode()) == 1
    return unicodedata.name(character, "").split(" ")[0].split("-")[0] in _SCRIPTS


def _tokenizer(source: Source, ids: object) -> Tokenizer:
    kept = list(ids)  # type: ignore[call-overload]
    pad, unknown, start, end = _SPECIAL[source.kind]
    position = {source.pieces[at]: to for to, at in enumerate(kept)}
    if source.kind == "wordpiece":
        tokenizer = Tokenizer(models.WordPiece(position, unk_token=unknown, max_input_chars_per_word=60))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    else:
        scored = [(source.pieces[at], float(source.scores[at])) for at in kept]
        tokenizer = Tokenizer(models.Unigram(scored, unk_id=position[unknown], byte_fallback=False))
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", special_tokens=[(start, position[start]), (end, position[end])]
    )
    tokenizer.add_special_tokens([pad, unknown, start, end])
    return Tokenizer.from_str(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False))
