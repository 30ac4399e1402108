"""go_sdk with delivery from the controller: what one run learned of the network holds for all its releases."""

from __future__ import annotations

import pathlib
from typing import Any
from unittest.mock import MagicMock

import pytest

from ansible_collections.gopherops.workstation.plugins.action.go_sdk import ActionModule
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk import _network
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release


def test_a_host_that_does_not_answer_is_asked_once(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def connect(host: str, port: int, _timeout: float) -> str:
        asked.append(f"{host}:{port}")
        return "does not answer"

    monkeypatch.setattr(_network, "_connect", connect)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("NO_PROXY", "*")
    options: dict[str, Any] = {
        "url_username": None,
        "url_password": None,
        "ca_path": None,
        "connect_timeout": 1,
        "stall_timeout": 1,
    }
    source = {"name": "mirror", "type": "proxy", "url": "http://mirror.invalid"}
    bring = ActionModule(*[MagicMock()] * 6)._bringer(options, {"sources": [source]})
    for version in ("1.26.11", "1.27.4"):
        with pytest.raises(WorkstationError, match=r"mirror\.invalid:80 does not answer"):
            bring(Release(version, "linux-amd64", h1="h1:x"))
    assert asked == ["mirror.invalid:80"]
