"""Exit codes, and the options that verbs share: one word for one thing, on every verb."""

from collections.abc import Callable
from pathlib import Path

import click

from portsim.languages import LANGUAGES, in_english

__all__ = [
    "ANTITHETIC",
    "AUDIT",
    "BAD_INPUT",
    "BEST",
    "CLUSTER",
    "DAY",
    "DONE",
    "DRAWN_BUT",
    "DRAWN_MARKS",
    "DRAWN_ONLY",
    "ENGINE",
    "FAILED",
    "FORCE",
    "INTERRUPTED",
    "JOBS",
    "LANGUAGE",
    "LOGS",
    "LOG_MAP",
    "MAX_REPLICATIONS",
    "OUT",
    "PRECISION",
    "REPLICATIONS",
    "SEED",
    "SELECT",
    "TIMEZONE",
    "UNCERTAIN",
    "UNKEPT",
    "of_a_log",
    "of_a_study",
    "of_draws",
    "of_many_runs",
]

DONE, FAILED, BAD_INPUT, UNKEPT, INTERRUPTED = 0, 1, 2, 3, 130
"""Of `UNKEPT` a search came to its end, and what it found does not keep the promise."""

_ENGINES = click.Choice(["compiled", "simpy"])
REPLICATIONS = click.option(
    "--replications",
    "-n",
    type=click.IntRange(1, 100_000),
    help="How often the period is repeated; the scenario's number if left out.",
)
SEED = click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    help="Root of all luck; the scenario's if left out.",
)
ENGINE = click.option(
    "--engine",
    type=_ENGINES,
    default="compiled",
    show_default=True,
    help="simpy is the reference, compiled the same rules a hundred times faster; the results are "
    "the same.",
)
AUDIT = click.option(
    "--audit",
    type=click.Choice(["default", "full", "none"]),
    default="default",
    show_default=True,
    help="How much of each scenario SimPy runs as well, to compare every entry of the logs: the "
    "warm-up and two weeks of one replication, or all.",
)
CLUSTER = click.option(
    "--cluster",
    metavar="dask|dask://HOST:PORT",
    help="Run on a dask cluster: one started here, or the one at that address.",
)


def _speak(context: click.Context, _: click.Parameter, language: str | None) -> None:
    if language is not None and not context.resilient_parsing:
        from portsim.wording import speaking  # noqa: PLC0415 - babel is slow to load

        context.with_resource(speaking(language))


LANGUAGE = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    callback=_speak,
    expose_value=False,
    help=f"Language: {in_english()}; that of `portsim --lang` if left out.",
)
"""For every verb that prints, draws or writes for people; see `portsim.cli.main`."""
DAY = click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Local day, e.g. 2024-09-21."
)
OUT = click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Result folder; results/<name> if left out.",
)
LOGS = click.option(
    "--logs",
    type=click.Choice(["none", "first", "all"]),
    default="none",
    show_default=True,
    help="Of which replications trucks.parquet and visits.parquet are kept.",
)
LOG_MAP = click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What the columns of the log are, and what its stages and classes are called: a map.yaml "
    "of portsim fit, corrected.",
)
TIMEZONE = click.option("--timezone", metavar="ZONE", help="IANA zone of stamps without an offset.")
FORCE = click.option("--force", is_flag=True, help="Write over results of other inputs.")
JOBS = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 1024),
    help="How many runs go on side by side; as many as there are cores if left out.",
)

PRECISION = click.option(
    "--precision",
    metavar="MEASURE=HALF_WIDTH,...",
    help="Add replications until each interval is so narrow: completed_within_limit=0.005 in the "
    "measure's unit, throughput_per_day=1% of its mean, difference:MEASURE=... for the differences "
    "to the baseline.",
)
MAX_REPLICATIONS = click.option(
    "--max-replications",
    type=click.IntRange(1, 100_000),
    help="Replications at most with --precision or --select; 200 if left out.",
)
ANTITHETIC = click.option(
    "--antithetic",
    is_flag=True,
    help="Mirror the luck of every odd replication in the next one; a pair is one observation.",
)
BEST = click.option(
    "--best",
    metavar="MEASURE",
    help="Measure by which the best scenario is told; completed_within_limit if left out.",
)
SELECT = click.option(
    "--select",
    metavar="delta=NUMBER",
    help="Add replications until the best scenario is selected with 95 % probability, if it is "
    "better than the others by delta or more in the measure of --best.",
)
UNCERTAIN = click.option(
    "--uncertain",
    is_flag=True,
    help="Run each replication also with inputs drawn within their ranges, the same for every "
    "policy, and tell what they do apart from chance; twice as many runs.",
)
DRAWN_MARKS = click.option(
    "--marks",
    metavar="LETTERS",
    help="With --uncertain: draw the inputs that bear these marks; if left out, DE and those whose "
    "range has a shape.",
)
DRAWN_ONLY = click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    help="With --uncertain: draw only inputs whose path matches, e.g. 'resources.*'; may be given "
    "again.",
)
DRAWN_BUT = click.option(
    "--except",
    "but",
    multiple=True,
    metavar="GLOB",
    help="With --uncertain: do not draw inputs whose path matches.",
)


def of_a_log(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which log of a result folder is looked at."""
    for option in (
        click.option("--replication", type=click.IntRange(1), default=1, show_default=True),
        click.option("--scenario", metavar="NAME", help="The baseline, or the first, if left out."),
    ):
        command = option(command)
    return command


def of_a_study(command: Callable[..., None]) -> Callable[..., None]:
    """The options that run and compare share, in the order in which help lists them."""
    for option in (
        *(FORCE, OUT, LOGS, CLUSTER, JOBS),
        *(AUDIT, ENGINE, SEED),
        of_draws,
        *(ANTITHETIC, MAX_REPLICATIONS, PRECISION, REPLICATIONS),
    ):
        command = option(command)
    return command


def of_draws(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what is drawn, in the order in which help lists them."""
    for option in (DRAWN_BUT, DRAWN_ONLY, DRAWN_MARKS, UNCERTAIN):
        command = option(command)
    return command


def of_many_runs(command: Callable[..., None]) -> Callable[..., None]:
    """The options that studies of many scenarios share, in the order in which help lists them."""
    for option in (FORCE, OUT, CLUSTER, JOBS, AUDIT, ENGINE, SEED):
        command = option(command)
    return command
