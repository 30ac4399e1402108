# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tree is as it says: its map, its limits, its licences, specs beside defaults, no variable unread, no secret."""

from __future__ import annotations

import ast
import fnmatch
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docsite import catalogue

ROOT = catalogue.ROOT
ROLES = sorted(catalogue.roles())
# What keys and tokens look like, wherever they come from. Examples are cut short or say so.
SECRETS = re.compile(
    r"-----BEGIN (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{100}"
    r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{60}|\bxox[abpr]-\d{10}|\bglpat-[\w-]{20}\b"
    r"|\bpypi-AgEI\w{50}|\bAIza[\w-]{35}\b|\bnpm_[A-Za-z0-9]{36}\b"
)
# Lines, documentation and all. What is longer has its reason here, and loses its place when it is long no more.
FILE, FUNCTION = 300, 40
LONGER = {
    "tests/bench/_scale.py:page": "the text of the page that it writes",
    "tests/bench/fleet.py:main": "one measurement, from its laptops to its page",
    "tests/integration/go_doctor/agree.py:client": "one conversation with a language server, message by message",
    "tests/tools/data_doctor.py:policy": "a table of thresholds",
}


def tracked(*patterns: str, new_too: bool = True) -> list[str]:
    others = ["--others", "--exclude-standard"] if new_too else []
    command = ["git", "ls-files", "--cached", *others, "--", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(name for name in done.stdout.split("\n") if name and (ROOT / name).is_file())


def mapped() -> list[str]:
    """The folders of the table in CONTRIBUTING.md; `roles/linux wsl2` stands for two."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found: list[str] = []
    for cell in re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE):
        first, *others = cell.split()
        found += [first, *(f"{Path(first).parent}/{other}" for other in others)]
    return [name.rstrip("/") for name in found]


def test_every_folder_of_the_map_is_there() -> None:
    assert [name for name in mapped() if not list(ROOT.glob(name))] == []


def test_every_folder_is_on_the_map() -> None:
    files = [Path(name) for name in tracked(new_too=False) if not name.startswith((".", "collections/"))]
    deep = [file for file in files if len(file.parts) > 2 and file.parts[0] in ("plugins", "tests", "roles")]
    known = mapped()
    top = {file.parts[0] for file in files if len(file.parts) > 1} - {entry.split("/")[0] for entry in known}
    second = {"/".join(file.parts[:2]) for file in deep}
    assert top == set()
    assert {name for name in second if not any(fnmatch.fnmatch(name, entry) for entry in known)} == set()


def longer(name: str) -> set[str]:
    """The file, if it is too long, and its functions that are, as ``file:function``."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = {name} if len(text.splitlines()) > FILE else set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno is not None:
            found |= {f"{name}:{node.name}"} if node.end_lineno - node.lineno >= FUNCTION else set()
    return found


def test_files_and_functions_are_short_or_have_a_reason() -> None:
    found = {one for name in tracked("*.py") for one in longer(name)}
    assert found - set(LONGER) == set(), "shorten them, or give the reason in LONGER"
    assert set(LONGER) - found == set(), "these are short by now"


def test_every_list_of_tasks_and_every_script_says_why_it_is_there() -> None:
    """In its first lines. Where a file's place says it (defaults, meta, vars, a scenario's converge), it need not."""
    names = tracked("roles/*/tasks", "roles/*/handlers", "playbooks/*.yml", "molecule/*/molecule.yml", "*.sh")
    heads = {name: (ROOT / name).read_text(encoding="utf-8").splitlines()[:2] for name in names}
    assert [name for name, head in heads.items() if not any(re.match(r"# \w", line) for line in head)] == []


def test_every_program_that_is_shipped_says_its_licence() -> None:
    tag = "SPDX-License-" + "Identifier: GPL-3.0-or-later"  # in one piece, `reuse lint` would take this line for one
    wanted = [name for name in tracked("plugins", "roles") if name.endswith((".py", ".ps1", ".psm1"))]
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in wanted}
    heads = {name: "\n".join(text.split("\n")[:5]) for name, text in texts.items() if text}
    assert [name for name, head in heads.items() if tag not in head] == []


def texts_of(role: str, *folders: str) -> str:
    names = [name for folder in folders for name in tracked(f"roles/{role}/{folder}")]
    return "\n".join((ROOT / name).read_text(encoding="utf-8") for name in names)


def defaults(role: str) -> dict[str, Any]:
    file = ROOT / "roles" / role / "defaults" / "main.yml"
    return (catalogue.load(file) or {}) if file.is_file() else {}


@pytest.mark.parametrize("role", ROLES)
def test_defaults_are_those_of_the_spec(role: str) -> None:
    options = catalogue.roles()[role]
    given = defaults(role)
    assert set(given) <= set(options), "defaults that no spec declares"
    plain = {name for name, value in given.items() if "{{" not in f"{value}{options[name].get('default')}"}
    differ = {name for name in plain if "default" in options[name] and given[name] != options[name]["default"]}
    assert differ == set()
    promised = {name for name, option in options.items() if "default" in option}
    assert promised - set(given) == set(), "a default that only the documentation has"


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_is_read(role: str) -> None:
    everywhere = "\n".join(
        (ROOT / name).read_text(encoding="utf-8")
        for name in tracked("playbooks", "roles", "plugins/action", "plugins/plugin_utils")
        if not re.search(r"/(meta|defaults)/", name) and not name.endswith(".md")
    )
    words = set(re.findall(r"\w+", everywhere))
    internal = set(re.findall(r"^(__\w+):", texts_of(role, "vars"), re.MULTILINE))
    counted = {name: len(re.findall(rf"\b{name}\b", everywhere)) for name in internal}
    assert {name for name in catalogue.roles()[role] if name not in words} == set()
    assert {name for name, times in counted.items() if times < 2} == set()


@pytest.mark.parametrize("module", sorted(catalogue.documents()))
def test_a_modules_options_are_documented_as_they_are(module: str) -> None:
    options = catalogue.spec(module)["argument_spec"]
    documented = catalogue.documents()[module]["DOCUMENTATION"]["options"]
    assert set(options) - {"_plan"} == set(documented) - {"_plan"}
    for name in set(documented) - {"_plan"}:
        for key in ("type", "default", "choices", "elements"):
            said, taken = documented[name].get(key), options[name].get(key)
            # A path that the target expands is a plain word on the controller.
            assert (said or None) == (taken or None) or (said, taken) == ("path", "str"), f"{name}.{key}"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_readme_as_galaxy_wants_it(role: str) -> None:
    assert (ROOT / "roles" / role / "README.md").read_text(encoding="utf-8").startswith(f"# Role {role}\n")


def test_no_secret_is_in_the_tree() -> None:
    found = []
    for name in tracked():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        found += [f"{name}: {match[0][:12]}..." for match in SECRETS.finditer(text)]
    assert found == []


@pytest.mark.parametrize("text", ["AKIA" + "Q" * 16, "ghp_" + "a1" * 18, "glpat-" + "x" * 20])
def test_a_secret_would_be_found(text: str) -> None:
    assert SECRETS.search(f"token: {text}\n")
