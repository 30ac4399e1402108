"""The PowerShell half as far as it can be checked without PowerShell: spec and documentation are the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

PLUGINS = Path(__file__).resolve().parents[4] / "plugins"
SCRIPT = (PLUGINS / "modules" / "win_go_env.ps1").read_text(encoding="utf-8")
ENGINE = (PLUGINS / "module_utils" / "_GoEnv.psm1").read_text(encoding="utf-8")
SIDECAR = yaml.safe_load((PLUGINS / "modules" / "win_go_env.yml").read_text(encoding="utf-8"))


def read_hashtable(text: str) -> dict[str, Any]:
    """A PowerShell hashtable of words, strings, $true/$false, @() and comma lists."""
    tokens = re.findall(r"'(?:[^']|'')*'|@\{|@\(\)|[}=,]|\$\w+|\w+|\n", text)
    place = 0

    def value() -> Any:
        nonlocal place
        token = tokens[place]
        place += 1
        if token == "@{":
            return table()
        if token == "@()":
            return []
        if token.startswith("$"):
            return {"$true": True, "$false": False}[token]
        return token[1:-1].replace("''", "'")

    def table() -> dict[str, Any]:
        nonlocal place
        found: dict[str, Any] = {}
        while True:
            while tokens[place] == "\n":
                place += 1
            if tokens[place] == "}":
                place += 1
                return found
            name = tokens[place]
            assert tokens[place + 1] == "=", tokens[place : place + 3]
            place += 2
            items = [value()]
            while tokens[place] == ",":
                place += 1
                items.append(value())
            found[name] = items if len(items) > 1 else items[0]

    assert tokens[0] == "@{"
    return dict(value())


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


def test_spec_and_sidecar_say_the_same_in_the_same_order() -> None:
    spec = read_hashtable(SCRIPT[SCRIPT.index("$spec = @{") + len("$spec = ") :])
    assert spec["supports_check_mode"] is True
    ours, theirs = without_no_log(spec["options"]), documented(SIDECAR["DOCUMENTATION"]["options"])
    assert ours == theirs
    assert list(ours) == list(theirs)


def test_what_powershell_5_1_does_not_have_is_not_used() -> None:
    for text in (SCRIPT, ENGINE):
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        for newer in (r"\?\?", r"\?\.", r"-Parallel", r"Legacy", r"\bAdd-Type\b", r" \? .* : ", r"-Encoding utf8"):
            assert not re.search(newer, code), newer
        assert not re.search(r"(Get|Set|Test)-(Item|Content|Path|Acl)\b(?!.*-LiteralPath)", code)
        assert max(map(len, text.splitlines())) <= 160


def test_the_engine_exports_what_the_script_calls_and_has_help() -> None:
    functions = re.findall(r"^Function (\S+) \{", ENGINE, re.MULTILINE)
    exported = re.findall(r"^        '(\S+)'", ENGINE[ENGINE.index("$export") :], re.MULTILINE)
    called = set(re.findall(r"\b\w+-Gopherops\w+", SCRIPT))
    assert called <= set(exported) <= set(functions)
    assert ENGINE.count(".SYNOPSIS") == len(functions)
    assert SCRIPT.count("{") == SCRIPT.count("}")
    assert ENGINE.count("{") == ENGINE.count("}")
