# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: from the modules' results to the one screen that a person reads at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

Results = dict[str, Any]
MARKS = {"ok": "green", "changed": "yellow", "failed": "red", "would change": "yellow", "not run": "cyan"}


@dataclass(frozen=True)
class Line:
    """One capability: what happened to it and what it is now."""

    state: str  # a key of MARKS
    name: str
    text: str  # further lines of one capability have no name


@dataclass(frozen=True)
class Verdict:
    """What a run did to one host, or in check mode would do."""

    host: str
    developer: str
    scope: str
    planning: bool
    passed: bool | None
    lines: list[Line]
    planned: list[dict[str, str]]
    to_do: list[str]
    failure: str

    def as_dict(self) -> dict[str, Any]:
        """For machines: the JSON report and the task's result."""
        return asdict(self)


SOURCES = {
    "archive": "the official archive",
    "proxy": "the Go module proxy",
    "pypi": "PyPI",
    "local": "a local archive",
}
# What a person asks after; the report file holds every step.
TELLING_STEPS = {
    "build": "build",
    "test": "test",
    "initialize": "gopls start",
    "diagnostics": "diagnostics",
    "definition": "definition",
    "completion": "completion",
}


def _sdk(result: Results) -> Iterator[str]:
    sdk = result["sdk"]
    source = f", from {SOURCES.get(sdk['source'], sdk['source'])}" if sdk.get("source") else ""
    proof = f"; {sdk['proof']}" if sdk.get("proof") else ""
    yield f"{sdk['version']} in {sdk['goroot']}{source}{proof}"


def _env(result: Results) -> Iterator[str]:
    env = result["env"]
    count = len(env.get("shell_files", []))
    yield f"{env['file']}; PATH by {count} shell file{'' if count == 1 else 's'}"


def _caches(result: Results) -> Iterator[str]:
    places = result["places"]
    broken = [place["path"] for place in places if place.get("writable") is False]
    if broken:
        yield f"not writable: {', '.join(broken)}"
        return
    repaired = sum(place.get("repaired") or 0 for place in places)
    yield f"{len(places)} places, all writable" + (f"; {repaired} entries repaired" if repaired else "")


def _tools(result: Results) -> Iterator[str]:
    for tool in result["tools"]:
        built = f", built with Go {tool['go_version']}" if tool.get("go_version") else ""
        yield f"{tool['name']} {tool['version']} in {tool['path']}{built}"


def _vscode(result: Results) -> Iterator[str]:
    for entry in result["files"]:
        yield f"{entry['product']}: {entry['path']}"


def _proof(result: Results) -> str:
    functional = result.get("functional") or {}
    failed = [step for step in functional.get("steps", []) if not step["ok"]]
    if failed:
        return f"{failed[0]['name']} failed: {failed[0].get('detail', '')}"
    seconds = {step["name"]: step["seconds"] for step in functional.get("steps", [])}
    told = ", ".join(f"{words} {seconds[step]:.2f}" for step, words in TELLING_STEPS.items() if step in seconds)
    return f"build, test and gopls' answers in {functional.get('seconds', 0):.1f} s (seconds: {told})"


def _network(result: Results) -> Iterator[str]:
    network = result["network"]
    count = len(network.get("certificates") or [])
    yield f"profile {network['profile']}" + (f"; {count} own authorities" if count else "")


def _system(result: Results) -> Iterator[str]:
    for change in result["changes"]:
        yield f"{change['path']}: {change['what']}"


# In order of the run. What only some machines ask for is left out where it did not run.
OPTIONAL = {"system", "go_network"}
CAPABILITIES: list[tuple[str, str, Callable[[Results], Iterator[str]]]] = [
    ("system", "system", _system),
    ("go_network", "network", _network),
    ("go_sdk", "Go", _sdk),
    ("go_env", "environment", _env),
    ("go_caches", "caches", _caches),
    ("go_tools", "tools", _tools),
    ("vscode", "editor", _vscode),
]


def _lines(packages: list[str], results: dict[str, Results], planning: bool) -> Iterator[Line]:
    changed = "would change" if planning else "changed"
    if packages:
        yield Line(changed, "packages", ", ".join(packages))
    for key, name, describe in CAPABILITIES:
        result = results.get(key) or {}
        if not result or result.get("skipped"):
            if key not in OPTIONAL:
                yield Line("not run", name, "")
        elif result.get("failed"):
            yield Line("failed", name, str(result.get("msg", "")))
        else:
            state = changed if result.get("changed") else "ok"
            texts = list(describe(result)) or ["nothing asked for"]
            yield Line(state, name, texts[0])
            yield from (Line(state, "", text) for text in texts[1:])


def _proof_line(result: Results, planning: bool) -> tuple[bool | None, Line]:
    functional = result.get("functional") or {}
    if functional.get("passed") is None:
        why = "in check mode nothing is proved" if planning else str(functional.get("reason") or "it did not run")
        return None, Line("not run", "proof", why)
    passed = bool(functional["passed"])
    return passed, Line("ok" if passed else "failed", "proof", _proof(result))


def _to_do(results: dict[str, Results]) -> list[str]:
    chores = []
    if (results.get("go_env") or {}).get("env", {}).get("new_terminal"):
        chores.append("Open a new terminal: the PATH of this one is still the old one.")
    if (results.get("vscode") or {}).get("changed") or (results.get("go_env") or {}).get("changed"):
        chores.append("Quit the editor fully (all windows) and start it again.")
    for finding in (results.get("go_doctor") or {}).get("findings", []):
        if finding.get("verdict", "fail") == "fail" and finding.get("severity") in ("error", "warning"):
            chores.append(f"{finding['id']} {finding['title']}: {finding.get('remedy', '')}")
    return chores


def summarise(
    *,
    host: str,
    developer: str,
    scope: str,
    packages: list[str],
    results: dict[str, Results],
    failure: str,
    planning: bool,
) -> Verdict:
    """One host's verdict; ``results`` are the registered results by capability, missing ones did not run."""
    passed, proof = _proof_line(results.get("go_doctor") or {}, planning)
    planned = [{"path": name, "act": "install", "what": "system package"} for name in packages]
    for key, _name, _describe in CAPABILITIES:
        planned.extend((results.get(key) or {}).get("changes") or [])
    return Verdict(
        host=host,
        developer=developer,
        scope=scope,
        planning=planning,
        passed=False if failure and not planning else passed,
        lines=[*_lines(packages, results, planning), proof],
        planned=planned,
        to_do=[] if planning else _to_do(results),
        failure=failure,
    )


def _conclusion(verdict: Verdict) -> tuple[str, str]:
    if verdict.failure:
        return f"FAILED: {verdict.failure}", "red"
    if verdict.planning:
        count = len({entry["path"] for entry in verdict.planned})
        return ("Nothing would change." if not count else f"{count} paths would change."), "cyan"
    if verdict.passed:
        return "This machine works for Go.", "green"
    return "Not proved: the functional check did not pass.", "red"


def render(verdict: Verdict, *, brief: bool) -> Iterator[tuple[str, str | None]]:
    """Lines of text with their colour; ``brief`` is one line a host, for runs on many hosts."""
    conclusion, color = _conclusion(verdict)
    if brief:
        states = ", ".join(f"{line.name} {line.state}" for line in verdict.lines if line.name and line.state != "ok")
        yield f"{verdict.host}: {conclusion}{f' ({states})' if states else ''}", color
        return
    title = "Plan" if verdict.planning else "Verdict"
    yield "", None
    yield f"{title} for {verdict.developer} on {verdict.host} (scope {verdict.scope})", None
    for line in verdict.lines:
        state = line.state if line.name else ""
        yield f"  {state:<12} {line.name:<12} {line.text}".rstrip(), MARKS[line.state]
    for entry in verdict.planned if verdict.planning else []:
        yield f"    {entry['act']:<8} {entry['path']}  ({entry['what']})", None
    if verdict.to_do:
        yield "To do by hand:", None
        for chore in verdict.to_do:
            yield f"  - {chore}", None
    yield conclusion, color
