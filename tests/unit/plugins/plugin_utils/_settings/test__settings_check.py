# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about settings before any machine is touched, by the shipped tables."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._check import Checker
from ansible_collections.gopherops.workstation.plugins.plugin_utils._settings._tables import table

CHECKER = Checker(table("vscode_go_settings"), table("gopls_settings"))


def problems(settings: dict[str, Any], kind: str = "user") -> list[str]:
    return CHECKER.problems(settings, [kind])


@pytest.mark.parametrize(
    "settings",
    [
        {"go.toolsManagement.checkForUpdates": "off", "go.toolsManagement.autoUpdate": False},
        {"go.alternateTools": {"gopls": "/g", "customFormatter": "x"}, "go.toolsEnvVars": {}},
        {"go.goroot": None, "go.testFlags": None, "go.testFlags > x": 1},
        {"gopls": {"ui.semanticTokens": True, "build.buildFlags": ["-tags=x"]}},
        {"gopls": {"ui.documentation.linksInHover": "gopls"}},
        {"gopls > formatting.gofumpt": True},
        {"editor.fontSize": "not ours to judge", "gofmt.x": 1},
    ],
)
def test_right_settings(settings: dict[str, Any]) -> None:
    assert problems(settings) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"go.goplsArgs": []}, "go.goplsArgs never existed and does nothing; use go.languageServerFlags"),
        ({"go.useGoProxyToCheckForToolUpdates": True}, "use go.toolsManagement.checkForUpdates"),
        ({"go.docsTool": "gogetdoc"}, "removed from the Go extension after v0.39.1"),
        ({"go.alternateTools": {"gocode": "/x"}}, "go.alternateTools > gocode was removed"),
        ({"go.alternateTools > gocode": "/x"}, "go.alternateTools > gocode was removed"),
        ({"go.lintToool": "revive"}, "no setting of the Go extension"),
        ({"go.buildOnSave": "off"}, "go.buildOnSave is deprecated: Enable the Go language server"),
        ({"go.useLanguageServer": "true"}, "is string, but must be boolean"),
        ({"go.useLanguageServer": 1}, "is integer, but must be boolean"),
        ({"go.testFlags": "-v"}, "is string, but must be array or null"),
        ({"go.toolsManagement.checkForUpdates": False}, "is boolean, but must be string"),
        ({"go.toolsManagement.checkForUpdates": "never"}, "must be one of 'proxy', 'local', 'off'"),
        ({"gopls": {"formatting.gofumpts": True}}, "gopls > formatting.gofumpts is no setting of gopls"),
        ({"gopls": {"gofumpt": "yes"}}, "gopls > gofumpt is string, but must be boolean"),
        ({"gopls": {"ui.completion.matcher": "fuzzy"}}, "must be one of"),
        ({"gopls": {"build.experimentalWorkspaceModule": True}}, "was removed from gopls after gopls/v0.11.0"),
        ({"gopls": {"fuzzyMatching": True}}, "is deprecated; use matcher"),
        ({"gopls": {"ui.noSemanticString": True}}, "is deprecated: use SemanticTokenTypes"),
        ({"gopls": {"gofumpt": True, "formatting.gofumpt": False}}, "are the same setting"),
        ({"gopls": []}, "gopls is array, but must be object"),
    ],
)
def test_wrong_settings(settings: dict[str, Any], said: str) -> None:
    assert len(found := problems(settings)) == 1
    assert said in found[0]


def test_scope_is_named() -> None:
    rule = {"type": ["string"], "scope": "machine"}
    checker = Checker({"settings": {"go.x": rule}, "removed": {}, "invented": {}}, table("gopls_settings"))
    assert checker.problems({"go.x": "a"}, ["workspace"]) == [
        "go.x has the scope machine and is ignored in a workspace"
    ]
    assert checker.problems({"go.x": "a"}, ["user", "machine"]) == []


def test_every_default_of_the_extension_passes() -> None:
    """The tables agree with themselves: no enum without its own first value."""
    for key, rule in table("vscode_go_settings")["settings"].items():
        for value in rule.get("enum", []):
            assert not [text for text in problems({key: value}) if "deprecated" not in text], key


def test_obsolete_paths_have_a_sentence_each() -> None:
    obsolete = CHECKER.obsolete()
    assert len(obsolete) > 20
    assert {"go.goplsArgs", "go.alternateTools > gocode", "gopls > experimentalWorkspaceModule"} <= set(obsolete)
    assert not set(obsolete) & set(table("vscode_go_settings")["settings"])
