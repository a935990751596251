"""What is said of preferred trucks that nothing distinguishes, or that skip what is not there."""

import pytest

OLD = "    patience: 5 h\n"
YARD = "stages:\n  yard: {time: 1 min}\n"


@pytest.mark.parametrize(
    ("words", "at", "path", "found", "expected", "hint"),
    [
        ("{share: 0.1}", "{share", "", "neither", "a `priority` or `skips`", "write e.g. priority"),
        ("{priority: -1}", "preferred", ".share", "no `share`", "`share`", ""),
        ("{share: 10%, priority: -1}", "10%", ".share", "`10%`", "a number", "write 0.1"),
        ("{share: 0.1, skips: gaet}", "gaet", ".skips", "`gaet`", "the name of a stage",
         "did you mean `gate`?"),
        ("{share: 0.1, skips: [gate, inspection, release]}", "[gate", ".skips",
         "every stage of it", "a stage of the route of tea that is left to pass", ""),
    ],
)  # fmt: skip
def test_faults(says, words, at, path, found, expected, hint):
    path = f"traffic.tea.preferred{path}"
    says(OLD, f"{OLD}    preferred: {words}\n", at, path, found, expected, hint)


def test_a_stage_of_another_route(faults):
    words = "{share: 0.1, skips: [gate, yard]}"
    (only,) = faults(("stages:\n", YARD), (OLD, f"{OLD}    preferred: {words}\n"))
    assert (only.path, only.found) == ("traffic.tea.preferred.skips[1]", "`yard`")
    assert only.expected == "a stage of the route of tea"
    assert only.hint == "it passes gate, inspection, release"
