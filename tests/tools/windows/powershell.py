"""PowerShell as text: what a module's options are, what must not be written, and whether it parses."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any

FORBIDDEN = {
    "setx cuts values at 1024 characters": r"\bsetx\b",
    "Path would be baked": r"SetEnvironmentVariable\(\s*['\"]path\b",
    "reports false errors on large trees, use [IO.Directory]::Delete": r"\b(Remove-Item|ri|rd|rmdir)\b.*-r(ec\w*)?\b",
    "[ ] in a path would be a pattern, use -LiteralPath": (
        r"\b(Get|Set|Test|Remove|Copy|Move|Rename|Clear|Add|Resolve)-(Item|ItemProperty|ChildItem|Content|Path|Acl)\b"
        r"(?!.*-LiteralPath)"
    ),
    "[ ] in the path of a hash would be a pattern, use -LiteralPath": r"\bGet-FileHash\b(?!.*-LiteralPath)",
    "goes nowhere over WinRM": r"\bWrite-Host\b",
    "runs text as code": r"\b(Invoke-Expression|iex)\b",
    "costs a second and a compiler": r"\bAdd-Type\s+-(TypeDefinition|MemberDefinition|Path)\b",
    "PowerShell 5.1 has no ??": r"\?\?",
    "PowerShell 5.1 has no ?.": r"\?\.",
    "PowerShell 5.1 has no ternary": r" \? [^|]* : ",
    "PowerShell 5.1 has no && and ||": r"&&|\|\|",
    "PowerShell 5.1 has no -Parallel": r"-Parallel\b",
    "PowerShell 5.1 writes a BOM": r"-Encoding\s+utf8",
    ".NET Framework has no Move that overwrites": r"::Move\([^()]*,[^()]*,[^()]*\)",
    "nobody checks certificates then": r"ServerCertificateValidationCallback|-SkipCertificateCheck",
}
ALIASES = frozenset(
    re.findall(
        r"\S+",
        """% ? ac cat cd chdir clc clear cls copy cp curl cvpa del diff dir echo epal erase fc fhx fl foreach ft fw gal
        gc gci gcm gdr gi gl gm gp gps group gsv gu gv history iex ii ipmo iwr kill ls man md measure mi mount move mp
        mv ni nv oh popd ps pushd pwd rd ren ri rm rmdir rni rv sajb sal sasv saps sc select set sl sleep sort sp spps
        start sv tee type wget where write""",
    )
)


def code(text: str) -> str:
    """The text without comments, line for line."""
    text = re.sub(r"<#.*?#>", lambda match: "\n" * match.group().count("\n"), text, flags=re.DOTALL)
    return "\n".join("" if line.lstrip().startswith("#") else line for line in text.splitlines())


def faults(text: str) -> list[str]:
    """``line: why`` of everything that must not be written."""
    found = []
    for number, line in enumerate(code(text).splitlines(), 1):
        for why, pattern in FORBIDDEN.items():
            if re.search(pattern, line, re.IGNORECASE):
                found.append(f"{number}: {why}")
        # A word that begins a command: at the start, after a pipe, a brace, a parenthesis or "=".
        for word in re.findall(r"(?:^|[|;{(=])\s*([\w%?]+)(?=\s|$)(?!\s*=)", line):
            if word.lower() in ALIASES and not re.match(r"\s*foreach\s*\(", line):
                found.append(f"{number}: {word} is an alias")
    return found


def parse_errors(text: str) -> list[str]:
    """What the grammar of tree-sitter does not understand; raises ImportError where it is not installed."""
    tree_sitter = importlib.import_module("tree_sitter")
    grammar = importlib.import_module("tree_sitter_powershell")
    root = tree_sitter.Parser(tree_sitter.Language(grammar.language())).parse(text.encode()).root_node

    def errors(node: Any) -> Iterator[str]:
        if node.type == "ERROR" or node.is_missing:
            yield f"line {node.start_point[0] + 1}: {node.text.decode()[:60]!r}"
        for child in node.children:
            yield from errors(child)

    return list(errors(root))


def read_hashtable(text: str) -> dict[str, Any]:
    """A PowerShell hashtable of words, strings, numbers, $true/$false, @() and comma lists."""
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
        return int(token) if token.isdigit() else token[1:-1].replace("''", "'")

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


def module_spec(script: str) -> dict[str, Any]:
    """``$spec`` of a module."""
    return read_hashtable(script[script.index("$spec = @{") + len("$spec = ") :])
