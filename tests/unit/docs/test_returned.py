# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What modules return is what their pages and the page for integrators say.

Here the modules of Windows, by the lives of the approved texts; on Linux the examples are held against the same pages.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from approved import FOLDER
from docsite import catalogue, returned

LIVES = sorted(file.stem for file in (FOLDER / "windows").glob("*.json"))
ROWS = re.findall(
    r"^\| `(\w+)` \| (`.*?`) \|", (catalogue.ROOT / "docs/integrators.md").read_text("utf-8"), re.MULTILINE
)


def page(module: str) -> dict[str, Any]:
    entries: dict[str, Any] = catalogue.documents()[module]["RETURN"]
    return entries


def wsl_conf(**other: Any) -> dict[str, Any]:
    """A result with nothing wrong, but for what the test gives."""
    conf = {"path": "/etc/wsl.conf", "sections": {}, "pending_restart": False}
    return {"changed": False, "changes": [{"path": "/x", "act": "edit", "what": ""}], "conf": {**conf, **other}}


def test_a_result_that_is_as_its_page_says() -> None:
    assert returned.complaints("wsl_conf", wsl_conf()) == []
    assert returned.complaints("wsl_conf", {"failed": True, "msg": "Cannot"}) == []


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (wsl_conf(new=1), "conf.new is returned and not documented"),
        (wsl_conf(path=None), "conf.path is null, which its description does not say"),
        (wsl_conf(pending_restart="no"), "conf.pending_restart is a str, documented as bool"),
        ({**wsl_conf(), "extra": 1}, "extra is returned and not documented"),
        ({"changed": False, "changes": []}, "conf is documented and was not returned"),
        ({**wsl_conf(), "changes": [{"path": "/x"}]}, "changes[0].act is documented and was not returned"),
        ({**wsl_conf(), "changes": ["/x"]}, "changes[0] is a str, documented as dict"),
    ],
)
def test_a_result_that_is_not(result: dict[str, Any], said: str) -> None:
    assert said in returned.complaints("wsl_conf", result)


def test_elements_that_a_page_only_shows_have_no_other_keys() -> None:
    [shown] = page("vscode_settings")["files"]["sample"]
    result: dict[str, Any] = {"changed": False, "changes": [], "files": [{**shown, "backup_file": "/x"}]}
    assert returned.complaints("vscode_settings", result) == []
    result["files"][0]["mode"] = "0600"
    assert returned.complaints("vscode_settings", result) == ["files[0] has mode, which its page does not name"]


@pytest.mark.parametrize("module", sorted(catalogue.documents()))
def test_what_a_page_shows_is_what_it_says(module: str) -> None:
    assert returned.samples(module) == []


@pytest.mark.parametrize("module", LIVES)
def test_a_windows_host_returns_what_the_page_says(module: str) -> None:
    life = json.loads((FOLDER / "windows" / f"{module}.json").read_text("utf-8"))
    results = [{key: value for key, value in one.items() if key not in ("asked", "check")} for one in life]
    assert [line for one in results for line in returned.complaints(module, one)] == []
    shows = catalogue.documents()[module]["DOCUMENTATION"].get("attributes", {}).get("diff_mode", {}).get("support")
    assert {"diff" in one for one in results if not one.get("failed")} == {shows != "none"}


@pytest.mark.parametrize(("module", "objects"), ROWS)
def test_what_integrators_are_promised_is_documented(module: str, objects: str) -> None:
    assert {"changes", *re.findall(r"`(\w+)`", objects)} <= page(module).keys()


def test_the_table_for_integrators_is_read() -> None:
    assert {"go_sdk", "go_doctor", "bundle"} <= {module for module, _ in ROWS}
