"""What a user may say about rules: thresholds, severities and what to ignore, and what is refused."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor import _registry
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import ERROR, Rule, rule
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._policy import (
    defaults,
    ignored,
    policy,
    severities,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._texts import host_of, proxies

TODAY = datetime.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"gopls_min": "v1"}, "Cannot use policy 'gopls_min': there is no such threshold. Known are: cache_in_memory"),
        ({"offline": "yes"}, "Cannot use policy 'offline': 'yes' is no bool. The default is False"),
        ({"offline": 1}, "1 is no bool"),
        ({"gogc_minimum": True}, "True is no int"),
        ({"gogc_minimum": "25"}, "'25' is no int"),
        ({"gopls_minimum": 25}, "25 is no str"),
        ({"internal_hosts": "corp.example"}, "'corp.example' is no list"),
        ({"os_floors": []}, r"\[\] is no dict"),
    ],
)
def test_thresholds_that_make_no_sense_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(WorkstationError, match=words):
        policy(changes)


def test_thresholds_are_changed_and_the_rest_stays() -> None:
    changed = policy({"offline": True, "gogc_minimum": 10.5, "os_floors": {}, "internal_hosts": ["x"]})
    assert (changed["offline"], changed["gogc_minimum"], changed["os_floors"], changed["internal_hosts"]) == (
        True,
        10.5,
        {},
        ["x"],
    )
    assert changed["open_files"] == defaults()["open_files"]
    assert defaults()["offline"] is False


def test_severities_are_those_that_there_are_for_rules_that_there_are() -> None:
    assert severities({"GD001": "info"}, {"GD001"}) == {"GD001": "info"}
    with pytest.raises(
        WorkstationError, match=r"Cannot use severity 'fatal': GD001 cannot have it\. Choose one of: error"
    ):
        severities({"GD001": "fatal"}, {"GD001"})
    with pytest.raises(WorkstationError, match="Cannot use rule 'GD999': there is no such rule"):
        severities({"GD999": "info"}, {"GD001"})


@pytest.mark.parametrize(
    ("until", "counts"), [(None, True), ("2026-11-21", True), ("2026-11-22", True), ("2026-11-20", False)]
)
def test_what_is_ignored_until_a_day_is_ignored_on_it_and_no_longer(until: str | None, counts: bool) -> None:
    entry = {"id": "GD001", "reason": "known", "until": until}
    expected = {"GD001": "known" + (f" (until {until})" if until else "")}
    assert ignored([entry], {"GD001"}, TODAY) == (expected if counts else {})


def test_a_date_that_is_none_and_an_unknown_rule_are_refused() -> None:
    with pytest.raises(
        WorkstationError, match=r"Cannot ignore rule 'GD001': 'soon' is no date\. Write it as '2027-01-31'"
    ):
        ignored([{"id": "GD001", "reason": "x", "until": "soon"}], {"GD001"}, TODAY)
    with pytest.raises(WorkstationError, match="there is no such rule"):
        ignored([{"id": "GD9", "reason": "x"}], {"GD001"}, TODAY)


def test_two_rules_of_one_id_stop_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor.rules import (  # noqa: PLC0415
        wsl,
    )

    @rule("GD001", "A second one", ERROR, needs=(), cause="x", remedy="y")
    def twice(_facts: Any, _policy: Any) -> None:
        return None

    assert isinstance(twice, Rule)
    monkeypatch.setattr(wsl, "twice", twice, raising=False)
    with pytest.raises(ValueError, match="two rules have the id GD001"):
        _registry.rules.__wrapped__()


def test_an_address_that_cannot_be_read_has_no_host() -> None:
    assert host_of("https://[::1") == ""
    assert host_of("https://u:p@Proxy.example:8080/x") == "proxy.example"
    assert proxies("https://a|direct , off") == [("https://a", "|"), ("direct", ","), ("off", "")]
