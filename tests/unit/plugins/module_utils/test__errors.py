"""One sentence for every failure: what, why, what to do."""

from __future__ import annotations

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError


@pytest.mark.parametrize(
    ("cause", "advice", "message"),
    [
        ("it is a float", "Quote it", "Cannot read version '1.2': it is a float. Quote it."),
        ("it is a float", "", "Cannot read version '1.2': it is a float."),
        ("Is it there?", "Look!", "Cannot read version '1.2': Is it there? Look!"),
    ],
)
def test_the_message_is_one_or_two_whole_sentences(cause: str, advice: str, message: str) -> None:
    assert str(WorkstationError("read", "version", "1.2", cause, advice)) == message


def test_details_are_keys_of_the_failure_but_never_hide_the_failure_itself() -> None:
    failure = WorkstationError("run", "tool", "go", "exit status 2", rc=2, failed=False).as_failure()
    assert failure == {"failed": True, "msg": "Cannot run tool 'go': exit status 2.", "rc": 2}
