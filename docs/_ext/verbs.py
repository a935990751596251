"""The verbs of the command line in Markdown: what ``--help`` prints; nothing about Sphinx."""

from collections.abc import Iterator

import click

from portsim.cli.main import cli

__all__ = ["command_line"]

_WIDTH = 96


def command_line() -> str:
    """A section for each verb, with its help as the terminal shows it."""
    return "\n".join(_told(cli, "portsim", None))


def _told(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        # Said once for the program, it holds for all its verbs.
        help_option_names=list(cli.context_settings["help_option_names"]),
    )
    path = context.command_path
    yield from (f"## {path}", "", "```text", command.get_help(context).rstrip(), "```", "")
    if isinstance(command, click.Group):
        for word in command.list_commands(context):
            inner = command.get_command(context, word)
            if inner is not None and not inner.hidden:
                yield from _told(inner, word, context)
