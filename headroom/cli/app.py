"""The commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headroom import __version__
from headroom.cli import compress as compress_command
from headroom.cli import request as request_command
from headroom.cli import tokens as tokens_command
from headroom.cli.job import Job
from headroom_core.errors import InvalidOption

__all__ = ["app"]

app = typer.Typer(
    name="headroom",
    help="Send vision models the cheapest picture that still answers the question.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Paths = Annotated[list[Path] | None, typer.Argument(help="Image files, or folders of them.", show_default=False)]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"headroom {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Send vision models the cheapest picture that still answers the question."""


@app.command()
def tokens(
    paths: Paths = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", "-m", help="Model to count for; repeat for several.", show_default=False),
    ] = None,
    size: Annotated[
        list[str] | None,
        typer.Option("--size", help="Count for a size such as 1024x768 instead of a file.", show_default=False),
    ] = None,
    detail: Annotated[
        str | None, typer.Option(help="The provider's own setting: low, high, original, ...", show_default=False)
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(help="Who serves the model; alone: every current model of that provider.", show_default=False),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Ask the provider's free counting endpoint too, with your key.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what pictures cost: pure arithmetic, no key, no network (but for --verify)."""
    models, files = model or [], paths or []
    if verify:
        from headroom.cli import verify as verify_command  # the HTTP client is for those who ask

        if size:
            raise InvalidOption("--verify sends pictures, so it needs files in place of --size")
        code = verify_command.run(files, models=models, detail=detail, provider=provider, as_json=as_json)
    else:
        code = tokens_command.run(
            files, models=models, sizes=size or [], detail=detail, provider=provider, as_json=as_json
        )
    raise typer.Exit(code)


@app.command()
def compress(  # noqa: PLR0913, PLR0917 - each is an option of the command
    paths: Paths = None,
    question: Annotated[str, typer.Option("--question", "-q", help="What will be asked about the pictures.")] = "",
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The model that they go to.", show_default=False)
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="openai, anthropic or google, when the model is not known.", show_default=False)
    ] = None,
    policy: Annotated[str, typer.Option(help="What may be given up: safe, balanced, aggressive, off.")] = "balanced",
    read_text: Annotated[
        bool,
        typer.Option(
            "--read-text/--no-read-text",
            help="Let an installed text reader read pictures: a page may then go as its text.",
        ),
    ] = True,
    request: Annotated[
        Path | None,
        typer.Option(
            "--request",
            help="A whole request body, or a batch file (.jsonl), in place of pictures; - reads the input stream.",
            show_default=False,
            allow_dash=True,
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Folder to write what is sent to; with --request the file to write.",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            help="Write a page that shows what the model gets of every picture: report.html", show_default=False
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide and report; write nothing else.")] = False,
    as_json: Json = False,
) -> None:
    """Show, per picture, what would be sent, why, and the tokens before and after."""
    job = Job(question=question, model=model, provider=provider, policy=policy, read_text=read_text)
    if request is None:
        target = None if dry_run else to
        raise typer.Exit(compress_command.run(paths or [], job, folder=target, report=report, as_json=as_json))
    if paths or question:
        raise InvalidOption("--request holds its own pictures and questions; leave PATHS and --question out")
    errand = request_command.Errand(request, to=to, report=report, dry_run=dry_run, as_json=as_json)
    raise typer.Exit(request_command.run(errand, job))
