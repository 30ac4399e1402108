# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The harness counts what really ran, gives a reason for every skip, and goes on where a campaign was stopped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dev import bench, deep, images, system, testing
from dev.environ import without_shims
from dev.errors import DevError
from dev.gates._context import Gate
from dev.gates.registry import GATES
from dev.gates.sanity import counted
from dev.outcome import Outcome, from_junit, summary
from dev.venvs import Venv

TESTS = """\
import pytest
def test_good(): pass
def test_bad(): assert 1 == 2
@pytest.mark.skip(reason="no such machine")
def test_away(): pass
@pytest.fixture
def broken(): raise OSError("no disk")
def test_error(broken): pass
"""


def test_the_counts_are_those_of_pytest(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--junitxml={tmp_path}/r.xml",
        str(tmp_path),
    ]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    outcome = from_junit(tmp_path / "r.xml", "unit")
    assert outcome.passed == 1
    assert sorted(outcome.failures) == ["test_it::test_bad", "test_it::test_error"]
    assert outcome.skips == ["test_it::test_away: no such machine"]


def test_a_pytest_that_wrote_nothing_is_a_failure(tmp_path: Path) -> None:
    assert from_junit(tmp_path / "none.xml", "unit").failures == ["unit: pytest wrote no report"]


def test_the_last_line_is_the_sum_and_skips_and_failures_are_named() -> None:
    lines = summary({"a": Outcome(3, ["a: x"], ["a: y: why"], 61.4), "b": Outcome(2, seconds=1)})
    assert lines[-1] == "5 passed, 1 failed, 1 skipped"
    assert "skipped  a: y: why" in lines
    assert "failed   a: x" in lines
    assert "a        61 s  failed (3 passed, 1 failed, 1 skipped)" in lines


def test_sanity_counts_its_tests() -> None:
    output = (
        'Running sanity test "action-plugin-docs"\nRunning sanity test "compile" on Python 3.13\n'
        'Running sanity test "pep8"\nERROR: Found 1 pep8 issue(s) which need to be resolved:\n'
        "WARNING: Skipping sanity test 'pslint' because pwsh is missing\n"
        "FATAL: The 1 sanity test(s) listed below (out of 3) failed. See error output above for details.\npep8\n"
    )
    outcome = counted(output, 1)
    assert (outcome.passed, outcome.failures) == (2, ["sanity: pep8"])
    assert len(outcome.skips) == 1
    assert counted("FATAL: no python\n", 1).failures == ["sanity: ansible-test"]


def gate(name: str) -> Gate:
    return Gate(name, "", lambda context: Outcome())


def test_names_behind_a_gate_are_its_parts() -> None:
    gates = [gate("lint"), gate("molecule"), gate("unit")]
    chosen = testing.choose(["molecule", "default", "go_sdk", "unit"], gates)
    assert [(one.name, parts) for one, parts in chosen] == [("molecule", ["default", "go_sdk"]), ("unit", [])]
    assert [one.name for one, _parts in testing.choose([], gates)] == ["lint", "molecule", "unit"]
    with pytest.raises(DevError, match="Cannot run gate 'lnt'"):
        testing.choose(["lnt"], gates)


def test_an_unknown_option_is_refused() -> None:
    assert testing.parse(["unit", "-k", "x or y", "--install-deps"]) == testing.Options(["unit"], True, False, "x or y")
    with pytest.raises(DevError, match="Cannot read '--instal-deps'"):
        testing.parse(["--instal-deps"])


def test_missing_packages_are_named_in_one_line_and_not_installed_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert system.missing(["ssh-keygen", "ssh", "podman"], lambda name: name == "podman") == ["openssh-client"]
    monkeypatch.setattr(system, "missing", lambda needs: ["podman", "runc"])
    monkeypatch.setattr(system, "install", lambda packages: pytest.fail("installed unasked"))
    with pytest.raises(DevError, match=r"missing system packages: podman runc .*--install-deps") as caught:
        testing.provide(["podman"], install=False)
    assert "\n" not in str(caught.value)


def test_every_program_that_a_gate_needs_is_in_the_table() -> None:
    for one in GATES:
        assert set(one.needs) <= set(system.PACKAGES), one.name


def test_shims_leave_the_path() -> None:
    path = os.pathsep.join(["/root/.pyenv/shims", "/usr/bin", "", "/x/.pyenv/plugins/p/shims/", "/bin"])
    assert without_shims(path) == os.pathsep.join(["/usr/bin", "/bin"])


CAMPAIGN = """\
import pathlib, sys
here = pathlib.Path(__file__).parent
if sys.argv[1] == "list":
    print(*range(45), sep="\\n")
else:
    with (here / "log").open("a") as log:
        for case in sys.argv[2:]:
            if case == "30" and not (here / "go").exists():
                sys.exit("killed")
            log.write(case + "\\n")
            print("fail 7 seven" if case == "7" else "skip 8 eight" if case == "8" else f"ok {case}")
"""


def test_a_campaign_goes_on_where_it_was_and_does_failures_again(tmp_path: Path) -> None:
    file = tmp_path / "c.py"
    file.write_text(CAMPAIGN)
    venv, env, state = Venv(Path(sys.prefix)), dict(os.environ), tmp_path / "state"

    first = deep.run("c", file, venv, env, state)
    assert first.passed == 30 + 5 - 2
    assert first.failures[0] == "c: 7: seven"
    assert [line.split(":")[1].strip() for line in first.failures[1:]] == [str(n) for n in range(30, 40)]
    assert first.skips == ["c: 8: eight"]

    (tmp_path / "go").touch()
    (tmp_path / "log").unlink()
    second = deep.run("c", file, venv, env, state)
    assert (second.passed, second.failures) == (43, ["c: 7: seven"])
    assert (tmp_path / "log").read_text().split() == ["7", *map(str, range(30, 40))]

    file.write_text(CAMPAIGN + "# changed\n")
    (tmp_path / "log").unlink()
    deep.run("c", file, venv, env, state)
    assert len((tmp_path / "log").read_text().split()) == 45, "results of another campaign do not count"


def test_a_campaign_ends_with_how_each_group_of_cases_ended() -> None:
    results = {"kill/install/0": "ok", "kill/install/1": "fail it is torn", "control": "ok"}
    assert deep.table(results) == ["kill/install  1 of 2 ok", "control       1 of 1 ok"]


def test_a_campaign_shows_the_figures_of_its_cases() -> None:
    results = {"a": "ok 96.1 % of branches", "b": "ok", "c": "ok killed", "d": "fail 12.0 % of branches"}
    assert deep.figures(results) == ["a: 96.1 % of branches"]


@pytest.mark.parametrize(
    ("line", "over"),
    [("noop 2.9 3", False), ("noop 3.1 3", True), ("noop 9 -", False), ("some words here", None), ("a b", None)],
)
def test_a_figure_over_its_limit_is_seen(line: str, over: bool | None) -> None:
    assert bench.over(line) is over


@pytest.mark.parametrize(
    ("script", "status"), [("echo a 1 2", 0), ("echo a 3 2", 1), ("true", 1), ("echo a 1 2; exit 3", 1)]
)
def test_a_bench_fails_over_its_limit_without_a_figure_or_by_itself(script: str, status: int) -> None:
    assert bench.measure("b", ["sh", "-c", script], dict(os.environ)) == status


def test_an_images_key_is_its_recipe() -> None:
    image = images.IMAGES["bookworm"]
    same = images.Image(image.name, image.suite, tuple(reversed(image.packages)), image.setup)
    more = images.Image(image.name, image.suite, (*image.packages, "jq"), image.setup)
    assert image.reference == same.reference != more.reference
