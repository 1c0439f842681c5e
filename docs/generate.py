"""Fill in the tables of the documentation, and the README's example, from what the engine says and does.

    python docs/generate.py            write the tables
    python docs/generate.py --check    fail if a page is not up to date

A table stands between `<!-- generated: name -->` and `<!-- /generated -->`; what is around it is written by hand.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from importlib import import_module
from inspect import getdoc, getsource
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from headroom_core.image.limits import LIMITS
from headroom_core.image.policy import THRESHOLDS, Thresholds
from headroom_core.tokens import (
    VisionProfile,
    image_tokens,
    resolve,
    rows_anthropic,
    rows_google,
    rows_open,
    rows_openai,
)
from headroom_core.tokens.rules import Rule

DOCS = Path(__file__).parent
PLACE = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- /generated -->)", re.DOTALL)

MAKERS = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "google": "Google",
    "mistral": "Mistral",
    "xai": "xAI",
    "amazon": "Amazon",
    "meta": "Meta",
    "qwen": "Alibaba Qwen",
    "zai": "Z.ai",
    "moonshot": "Moonshot",
    "deepseek": "DeepSeek",
    "cohere": "Cohere",
}
ROWS: tuple[VisionProfile, ...] = tuple(
    row
    for row in (*rows_openai.ROWS, *rows_anthropic.ROWS, *rows_google.ROWS, *rows_open.ROWS)
    if not row.name.startswith("_")
)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = (f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))
    return "\n".join(lines)


def code(*words: object) -> str:
    return ", ".join(f"`{word}`" for word in words) or "–"


def models() -> str:
    """A table for each maker: models, rule, settings, how sure, source and day; limits beside it where they differ."""
    return "\n\n".join(f"### {maker}\n\n{_of_maker(provider)}" for provider, maker in MAKERS.items())


def _of_maker(provider: str) -> str:
    rows = [row for row in ROWS if row.provider == provider]
    shared = {limits(row) for row in rows}
    head = ("models", "rule", "settings", "exactness", "source", "as of")
    cells = [(names(row), written(row.rule), settings(row), row.exactness.value, row.source, row.as_of) for row in rows]
    if len(shared) == 1:
        most = shared.pop()
        return table(head, cells) + (f"\n\nLimits: {most}." if most else "")
    return table((*head, "limits"), [(*cell, limits(row)) for cell, row in zip(cells, rows, strict=True)])


def names(row: VisionProfile) -> str:
    listed = code(row.name, *row.models)
    return listed if row.current else f"{listed} (older)"


def written(rule: Rule) -> str:
    """The rule with its parameters."""
    said = (_parameter(field.name, getattr(rule, field.name)) for field in fields(rule))  # type: ignore[arg-type]
    return f"`{rule.name}`: {'; '.join(words for words in said if words)}"


def _parameter(name: str, value: object) -> str:
    match value:
        case int():
            return f"{name} {value}"
        case str():
            return f"{name} `{value}`"
        case ((str(), int(), _), *_):  # detail levels: edge and patch budget
            levels = (f"`{word}` {edge} px" + (f", {most} patches" if most else "") for word, edge, most in value)
            return "; ".join(levels)
        case ((str(), int()), *_):  # media resolutions
            return "; ".join(f"`{word}` {tokens}" for word, tokens in value)
        case ((int(), int(), int()), *_):  # published sizes
            return "; ".join(f"{width} x {height} {tokens}" for width, height, tokens in value)
    return ""


def settings(row: VisionProfile) -> str:
    if not row.settings:
        return "–"
    cheaper = [word for word in row.settings if row.count(2048, 2048, word).tokens < row.count(2048, 2048).tokens]
    saves = f"{code(*cheaper)} cheaper at 2048 x 2048" if cheaper else "none cheaper at 2048 x 2048"
    return f"`{row.setting_scope}`: {code(*row.settings)}; {saves}"


def limits(row: VisionProfile) -> str:
    most = row.limits
    said = (
        (most.image_bytes, "{:,.0f} MB an image in base64", 1e6),
        (most.request_bytes, "{:,.0f} MB a request", 1e6),
        (most.side, "{:,.0f} px a side", 1),
        (most.patches, "{:,.0f} patches", 1),
        (most.images, "{:,.0f} images", 1),
    )
    parts = [words.format(value / unit) for value, words, unit in said if value is not None]
    if most.many_images is not None:
        parts.append(f"{most.many_images_side:,} px a side among more than {most.many_images} images")
    return "; ".join(parts)


def rules() -> str:
    """What each rule says, by the first sentence of its own documentation."""
    kinds = {row.rule.name: type(row.rule) for row in ROWS}
    return "\n".join(f"* `{name}`: {(getdoc(kind) or '').partition(chr(10))[0]}" for name, kind in kinds.items())


def _holding(figures: tuple[int, ...], count: Callable[[str], tuple[int, ...]], rows: Sequence[VisionProfile]) -> str:
    holds = [name for row in rows for name in (row.name, *row.models) if count(row.name) == figures]
    return code(*holds) if holds else "no model"


def classic() -> str:
    """The figures that everybody quotes: where they hold, and what is billed where they do not."""
    return table(("figure", "holds on", "elsewhere"), list(_classic_lines()))


def _classic_lines() -> Iterator[tuple[str, str, str]]:
    openai = [row for row in ROWS if row.provider == "openai" and row.settings]
    billed = [(row.name, _high_and_low(row.name)) for row in openai if row.current]
    yield (
        "OpenAI, 1024 x 1024: 765 high, 85 low",
        _holding((765, 85), _high_and_low, openai),
        "; ".join(f"`{name}` {high:,} and {low:,}" for name, (high, low) in billed if (high, low) != (765, 85)),
    )
    claude = [row for row in ROWS if row.provider == "anthropic"]
    yield (
        "Anthropic, width x height / 750: 1024 x 1024 1,398, 512 x 512 349",
        _holding((1398, 349), _squares(1024, 512), claude),
        "; ".join("`{}` {:,} and {:,}".format(row.name, *_squares(1024, 512)(row.name)) for row in claude),
    )
    gemini = [row for row in ROWS if row.name.startswith("gemini")]
    for side, tokens in ((1536, 1032), (768, 258)):
        yield (
            f"Gemini, {side} x {side}: {tokens:,} ({tokens // 258} tiles)".replace("1 tiles", "1 tile"),
            _holding((tokens,), _squares(side), gemini),
            "; ".join(f"`{row.name}` {one:,}" for row in gemini if (one := _squares(side)(row.name)[0]) != tokens),
        )


def _high_and_low(model: str) -> tuple[int, ...]:
    return tuple(image_tokens(model, 1024, 1024, detail=word).tokens for word in ("high", "low"))


def _squares(*sides: int) -> Callable[[str], tuple[int, ...]]:
    return lambda model: tuple(image_tokens(model, side, side).tokens for side in sides)


def policies() -> str:
    """The thresholds of each policy."""
    meaning = dict(re.findall(r"^ {4}(\w+): (.+?)$", getdoc(Thresholds) or "", re.MULTILINE))
    head = ("threshold", *(f"`{policy.value}`" for policy in THRESHOLDS), "meaning")
    rows = [
        (f"`{one.name}`", *(shown(getattr(those, one.name)) for those in THRESHOLDS.values()), meaning[one.name])
        for one in fields(Thresholds)
    ]
    return table(head, rows)


PARTS: dict[str, tuple[str, ...]] = {
    "Reading the question": ("router.needs",),
    "A whole request": ("engine", "later", "again", "repeats", "decide"),
    "Parts of a picture": ("regions.plan", "regions.geometry", "regions.anchors", "regions.rows"),
    "Text in place of a picture": ("reading.gate", "reading.transcribe", "reading.script", "reading.leftover"),
}
"""The modules whose constants hold for every policy, by what they decide."""


def constants() -> str:
    """The numbers that no policy changes, with what stands below each of them in the code."""
    return "\n\n".join(f"### {part}\n\n{_of_modules(modules)}" for part, modules in PARTS.items())


def _of_modules(modules: Sequence[str]) -> str:
    rows = [row for module in modules for row in _constants_of(import_module(f"headroom_core.image.{module}"))]
    return table(("constant", "value", "meaning"), rows)


def _constants_of(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """The public numbers of a module that have a text below them."""
    for line, below in pairwise(ast.parse(getsource(module)).body):
        match line, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as meaning)):
                value = getattr(module, name)
                if name.isupper() and not name.startswith("_") and isinstance(value, int | float):
                    yield f"`{name}`", f"{value:,g}" if value < 1e6 else f"{value:,}", " ".join(meaning.split())


EXAMPLE = ("examples/images", "-q", "What is the mood of this picture?", "--model", "gpt-6-astra")
EXAMPLE_ROWS = ("chart.png", "page.png", "photo.jpg")


def example() -> str:
    """What the command prints at 80 columns: some of its rows, and the total."""
    command = [sys.executable, "-m", "headroom", "compress", *EXAMPLE]
    environment = {**os.environ, "COLUMNS": "80"}
    ran = subprocess.run(
        command, cwd=DOCS.parent, env=environment, capture_output=True, encoding="utf-8", check=True, timeout=300
    )
    *head, body = ran.stdout.partition("┤\n")
    table_lines, _, total = body.partition("╰")
    rows = re.split(r"^(?=│ \S)", table_lines, flags=re.MULTILINE)
    kept = [row for row in rows if row.startswith(tuple(f"│ {name}" for name in EXAMPLE_ROWS))]
    printed = "".join([*head, "...\n", *kept, "...\n", total.partition("\n")[2]])
    typed = shlex.join(EXAMPLE).replace("'", '"')
    return f"```console\n$ headroom compress {typed}\n{printed}```"


def shown(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value:g}"  # type: ignore[str-format]


def reading() -> str:
    """The limits within which the engine reads an image at all."""
    return table(
        ("an image beyond any of these is left alone", "limit"),
        [
            ("bytes of the file", f"{LIMITS.max_bytes // 2**20} MB"),
            ("pixels", f"{LIMITS.max_pixels / 1e6:g} million"),
            ("pixels of a WebP", f"{LIMITS.max_webp_pixels / 1e6:g} million"),
            ("longest side", f"{LIMITS.max_side:,} px"),
        ],
    )


def names_read() -> str:
    """What names as people write them lead to."""
    spelled = (
        "gpt-4o-2026-01-01",
        "azure/gpt-5.4-mini",
        "ft:gpt-4o-2024-08-06:acme::7p4l",
        "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "vertex_ai/claude-opus-5-5@20260801",
        "openrouter/google/gemini-3.8-flash",
        "models/gemini-2.5-pro",
        "us.amazon.nova-pro-v1:0",
        "gpt-6-luna",
        "our-own-deployment",
    )
    rows = [
        (f"`{name}`", f"`{row.name}`", "yes" if row.assumed else "no") for name in spelled if (row := resolve(name))
    ]
    return table(("written", "row", "assumed"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "classic": classic,
    "constants": constants,
    "example": example,
    "models": models,
    "names": names_read,
    "policies": policies,
    "reading": reading,
    "rules": rules,
}


def filled(text: str) -> str:
    """The text of a page with every table as it is today."""
    return PLACE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a page is not up to date")
    check = parser.parse_args().check
    stale = []
    for page in (DOCS.parent / "README.md", *sorted(DOCS.rglob("*.md"))):
        text = page.read_text(encoding="utf-8") if page.exists() else ""
        if (new := filled(text)) != text:
            stale.append(page.relative_to(DOCS.parent).as_posix())
            if not check:
                page.write_text(new, encoding="utf-8")
    if stale and check:
        print(f"not up to date: {', '.join(stale)}; run python docs/generate.py", file=sys.stderr)
        return 1
    print("written: " + ", ".join(stale) if stale else "up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
