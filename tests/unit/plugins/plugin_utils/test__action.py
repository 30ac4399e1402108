"""What every action plugin has in common: whose home `~` is, and which half runs."""

from __future__ import annotations

from typing import Any, ClassVar
from unittest.mock import MagicMock

import pytest

from ansible_collections.gopherops.workstation.plugins.plugin_utils._action import WorkstationAction


class Sample(WorkstationAction):
    capability: ClassVar[str] = "sample"
    spec: ClassVar[dict[str, Any]] = {
        "argument_spec": {"root": {"type": "path"}, "name": {"type": "str"}, "size": {"type": "int"}}
    }


def sent(arguments: dict[str, Any], *, windows: bool = False, diff: bool = False) -> tuple[dict[str, Any], MagicMock]:
    action = Sample(
        MagicMock(args=arguments, async_val=0, check_mode=False, diff=diff), MagicMock(), *[MagicMock()] * 4
    )
    action._connection._shell._IS_WINDOWS = windows
    action._execute_module = run = MagicMock(return_value={"changed": False, "diff": {"prepared": "x"}})
    return action.run(task_vars={}), run


def test_a_home_is_the_targets_not_the_controllers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/controller")
    _, run = sent({"root": "~/sdk", "name": "~", "size": "3"})
    assert run.call_args.kwargs["module_args"] == {"root": "~/sdk", "name": "~", "size": 3}


def test_a_capability_without_a_windows_half_says_so_in_one_sentence() -> None:
    result, run = sent({"name": "x"}, windows=True)
    assert result["failed"]
    assert result["msg"].startswith("Cannot run module 'sample': its Windows half is not part of this release.")
    run.assert_not_called()


def test_options_that_were_not_given_do_not_travel() -> None:
    _, run = sent({"name": "x"})
    assert run.call_args.kwargs["module_args"] == {"name": "x"}
    assert run.call_args.kwargs["module_name"] == "gopherops.workstation.sample"


def test_the_difference_is_told_only_to_who_asked_for_it() -> None:
    assert "diff" not in sent({"name": "x"})[0]
    assert sent({"name": "x"}, diff=True)[0]["diff"] == {"prepared": "x"}
