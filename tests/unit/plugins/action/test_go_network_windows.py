"""go_network on a Windows host: profiles are variables for go_env; what would touch the host is refused."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar
from docsite import returned

from ansible_collections.gopherops.workstation.plugins.action.go_network import ActionModule


def act(**arguments: Any) -> dict[str, Any]:
    task = Task.load({"gopherops.workstation.go_network": arguments, "name": "t"})
    connection = MagicMock()
    connection._shell._IS_WINDOWS = True
    loader = DataLoader()
    action = ActionModule(task, connection, PlayContext(), loader, Templar(loader), None)
    action._execute_module = MagicMock(side_effect=AssertionError("nothing is to run on the host"))
    result = dict(action.run(task_vars={}))
    assert returned.complaints(action.capability, result) == []
    return result


def test_a_profile_is_variables_for_go_env() -> None:
    result = act(
        profile="corporate", goproxy="https://goproxy.example.com", https_proxy="http://proxy.example.com:3128"
    )
    assert result["network"]["variables"]["GOPROXY"] == "https://goproxy.example.com"
    assert result["network"]["environment"]["HTTPS_PROXY"] == "http://proxy.example.com:3128"
    assert (result["changed"], result["changes"]) == (False, [])


def test_there_is_nothing_to_take_back() -> None:
    assert act(state="absent")["changed"] is False


@pytest.mark.parametrize(("option", "where"), [("certificates", "store"), ("credentials", "_netrc")])
def test_what_would_be_written_is_refused(option: str, where: str) -> None:
    text = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"
    given = {"certificates": [text], "credentials": [{"machine": "git.example.com", "password": "x"}]}[option]
    message = act(**{option: given})["msg"]
    assert message.startswith(f"Cannot use option '{option}'")
    assert where in message
