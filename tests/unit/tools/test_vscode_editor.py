# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor of the tests: what is fetched is what is locked, and what cannot be had is said."""

from __future__ import annotations

import functools
import http.server
import json
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from vscode import editor


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """A registry that serves something else under the right name."""
    packages = json.loads((editor.HERE / "editor" / "package-lock.json").read_text("utf-8"))["packages"]
    folder = tmp_path / "served" / "npm" / "-"
    folder.mkdir(parents=True)
    (folder / f"npm-{packages['node_modules/npm']['version']}.tgz").write_bytes(b"something else")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "served"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_other_bytes_than_the_locked_ones_are_refused(registry: str, tmp_path: Path) -> None:
    with pytest.raises(editor.UnavailableError, match="is not what the lock file names"):
        editor._fetch("npm", registry, tmp_path)
    assert not (tmp_path / "npm").exists()


def test_a_registry_that_is_away_is_a_reason_to_skip(tmp_path: Path) -> None:
    with pytest.raises(editor.UnavailableError, match=r"http://127\.0\.0\.1:9/npm/-/npm-[0-9.]+tgz cannot be fetched"):
        editor._fetch("npm", "http://127.0.0.1:9", tmp_path)


def test_another_system_is_a_reason_to_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(editor.UnavailableError, match="Linux on x86-64 only"):
        editor.install({})


def test_the_stand_in_declares_the_settings_as_golang_go_does(tmp_path: Path) -> None:
    module = tmp_path / "standin" / "node_modules" / "vscode-languageclient" / "node.js"
    module.parent.mkdir(parents=True)
    module.write_text("exports.LanguageClient = class {};\n", "utf-8")
    with zipfile.ZipFile(editor.standin(tmp_path, tmp_path)) as package:
        names = set(package.namelist())
        manifest = json.loads(package.read("extension/package.json"))
    assert {"extension/extension.js", "extension/node_modules/vscode-languageclient/node.js"} <= names
    declared = manifest["contributes"]["configuration"]["properties"]
    assert set(declared) == set(editor.READ)
    assert declared["go.alternateTools"] == {"type": ["object"], "scope": "resource"}
