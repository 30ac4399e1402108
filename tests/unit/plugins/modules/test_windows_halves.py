"""The PowerShell halves as far as they can be checked without PowerShell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from windows import powershell

ROOT = Path(__file__).resolve().parents[4]
PLUGINS = ROOT / "plugins"
MODULES = sorted((PLUGINS / "modules").glob("win_*.ps1"))
UTILITIES = sorted((PLUGINS / "module_utils").glob("*.psm1"))
SCRIPTS = sorted((ROOT / "playbooks" / "files").glob("*.ps1"))
EVERY = [pytest.param(path, id=path.name) for path in (*MODULES, *UTILITIES, *SCRIPTS)]


def documented(options: dict[str, Any]) -> dict[str, Any]:
    found = {}
    for name, option in options.items():
        found[name] = {
            key: option[key] for key in ("type", "elements", "required", "default", "choices") if key in option
        }
        if "suboptions" in option:
            found[name]["options"] = documented(option["suboptions"])
    return found


def without_no_log(options: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {
            key: without_no_log(value) if key == "options" else value
            for key, value in option.items()
            if key != "no_log"
        }
        for name, option in options.items()
    }


def exports(name: str) -> set[str]:
    text = (PLUGINS / "module_utils" / f"{name}.psm1").read_text(encoding="utf-8")
    return set(re.findall(r"^        '(\S+)'", text[text.index("$export") :], re.MULTILINE))


def required(script: str) -> list[str]:
    """Names of the utilities that a script loads."""
    return re.findall(r"^#AnsibleRequires -PowerShell \.\.module_utils\.(\w+)$", script, re.MULTILINE)


def called(text: str) -> set[str]:
    return set(re.findall(r"\b\w+-Gopherops\w+", powershell.code(text)))


def defined(text: str) -> set[str]:
    return set(re.findall(r"^Function (\S+) \{", text, re.MULTILINE))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_spec_and_sidecar_say_the_same_in_the_same_order(path: Path) -> None:
    spec = powershell.module_spec(path.read_text(encoding="utf-8"))
    sidecar = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))["DOCUMENTATION"]
    assert spec["supports_check_mode"] is True
    ours, theirs = without_no_log(spec["options"]), documented(sidecar["options"])
    assert ours == theirs
    assert list(ours) == list(theirs)
    assert sidecar["module"] == path.stem


@pytest.mark.parametrize("path", EVERY)
def test_nothing_is_used_that_must_not_be(path: Path) -> None:
    text = path.read_text(encoding="ascii")
    assert powershell.faults(text) == []
    assert max(map(len, text.splitlines())) <= 160
    assert "\r" not in text and "\t" not in text


@pytest.mark.parametrize("path", EVERY)
def test_it_parses(path: Path) -> None:
    pytest.importorskip("tree_sitter_powershell", reason="tree-sitter-powershell is not installed")
    assert powershell.parse_errors(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_is_called_is_loaded_and_what_is_loaded_is_called(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    names = required(script)
    texts = {name: (PLUGINS / "module_utils" / f"{name}.psm1").read_text(encoding="utf-8") for name in names}
    loaded = {function for name in names for function in exports(name)}
    assert called(script) <= loaded | defined(script)
    for name, text in texts.items():
        # A utility's functions see what the other utilities of the same module export.
        assert called(text) <= loaded | defined(text), name
        others = [script, *(other for key, other in texts.items() if key != name)]
        assert any(exports(name) & called(other) for other in others), f"{name} is loaded for nothing"
    assert "$module.ExitJson()" in script


@pytest.mark.parametrize("path", UTILITIES, ids=lambda path: path.stem)
def test_every_function_has_help_and_every_export_a_user(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(".SYNOPSIS") == len(defined(text))
    assert exports(path.stem) <= defined(text)
    others = {name for other in (*MODULES, *UTILITIES) if other != path for name in called(other.read_text("utf-8"))}
    assert exports(path.stem) <= others


@pytest.mark.parametrize(
    "line",
    [
        "setx PATH $path",
        "[Environment]::SetEnvironmentVariable('Path', $path, 'User')",
        "Remove-Item -LiteralPath $tree -Recurse -Force",
        "Get-Content $path",
        "if (Test-Path -Path $path) {",
        "Get-FileHash $path",
        "Write-Host 'done'",
        "$a = $b ?? $c",
        "$a = $b ? 1 : 2",
        "$null = gci -LiteralPath $x",
        "$x | % { $_ }",
        "$x | where { $_ }",
        "cp $a $b",
        "Set-Content -LiteralPath $x -Encoding utf8",
        "[IO.File]::Move($a, $b, $true)",
    ],
)
def test_the_check_finds_what_it_is_for(line: str) -> None:
    assert powershell.faults(line)


@pytest.mark.parametrize(
    "line",
    [
        "# Get-Content $path",
        "foreach ($one in $many) {",
        "$values | ForEach-Object { $_ }",
        "if (Test-Path -LiteralPath $path -PathType Leaf) {",
        "$select = 1",
        "type = 'str'",
        "[IO.File]::Move($a, $b)",
    ],
)
def test_the_check_lets_pass_what_is_right(line: str) -> None:
    assert powershell.faults(line) == []


def test_a_fault_of_syntax_is_found() -> None:
    pytest.importorskip("tree_sitter_powershell", reason="tree-sitter-powershell is not installed")
    assert powershell.parse_errors("if ($a { 1 }")
    assert powershell.parse_errors("if ($a) { 1 }") == []


def patterns_of_names() -> list[str]:
    fetch = (PLUGINS / "module_utils" / "_Fetch.psm1").read_text(encoding="utf-8")
    return [re.findall(rf"\${name} = '(.*)'$", fetch, re.MULTILINE)[0] for name in ("unsafe", "device")]


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "go/../../evil",
        "/etc/passwd",
        "go//x",
        "go/./x",
        "C:/Windows/x",
        "go\\..\\..\\x",
        "go/x.exe:stream",
        "go/src.",
        "go/src /x",
        "go/NUL",
        "go/aux.go",
        "go/lib/Com1.txt",
        "go/a\x00b",
        "go/what?",
    ],
)
def test_hostile_names_in_a_zip_are_refused(name: str) -> None:
    assert any(re.search(pattern, name.rstrip("/")) for pattern in patterns_of_names())


@pytest.mark.parametrize(
    "name",
    [
        "go/",
        "go/VERSION",
        "go/src/cmd/go/testdata/mod/example.com_v1.0.0.txt",
        "golang.org/toolchain@v0.0.1-go1.27.4.windows-amd64/src/_go.mod",
        "go/src/console/x.go",
        "go/.gitattributes",
        "go/src/internal/com10/x",
    ],
)
def test_names_of_go_are_not(name: str) -> None:
    assert not any(re.search(pattern, name.rstrip("/")) for pattern in patterns_of_names())
