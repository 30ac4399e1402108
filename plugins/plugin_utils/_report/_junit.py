# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: JUnit XML, a suite for each host and a case for each rule."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._model import (
    FAIL,
    SKIPPED,
    UNKNOWN,
    Verdict,
)
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._clean import clean
from ansible_collections.gopherops.workstation.plugins.plugin_utils._report._examined import Examined


def as_junit(hosts: Sequence[Examined]) -> str:
    top = ElementTree.Element("testsuites", name="go_doctor")
    for host in hosts:
        _suite(top, host)
    ElementTree.indent(top)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + ElementTree.tostring(top, encoding="unicode") + "\n"


def _suite(top: ElementTree.Element, host: Examined) -> None:
    suite = ElementTree.SubElement(top, "testsuite", name=clean(host.host), timestamp=host.when)
    for verdict in host.verdicts:
        _case(suite, verdict)
    for step in host.functional.get("steps") or []:
        case = _element(suite, "functional", clean(step.get("name")))
        case.set("time", f"{_seconds(step.get('seconds')):.3f}")
        if not step.get("ok"):
            ElementTree.SubElement(case, "failure", message=clean(step.get("detail")))
    if not host.functional.get("steps"):
        words = f"{host.proof}: {host.functional.get('reason') or 'it did not run'}"
        ElementTree.SubElement(_element(suite, "functional", "check"), "skipped", message=clean(words))
    counts = {
        name: len(suite.findall(f"testcase/{tag}")) for name, tag in (("failures", "failure"), ("skipped", "skipped"))
    }
    for name, number in {"tests": len(suite.findall("testcase")), "errors": 0, **counts}.items():
        suite.set(name, str(number))


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _element(suite: ElementTree.Element, group: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=f"go_doctor.{group}", name=name)


def _case(suite: ElementTree.Element, one: Verdict) -> None:
    case = _element(suite, one.severity, f"{one.id} {one.name}")
    explained = one.ignored or (f"consequence of {one.suppressed_by}" if one.suppressed_by else "")
    if one.verdict == FAIL and not explained and one.severity != "info":
        failure = ElementTree.SubElement(case, "failure", message=clean(one.title), type=one.severity)
        failure.text = "\n".join(clean(line) for line in (*one.evidence, one.cause, one.remedy, one.command) if line)
    elif one.verdict in (UNKNOWN, SKIPPED) or one.verdict == FAIL:
        words = explained or one.reason or "; ".join(one.evidence)
        ElementTree.SubElement(case, "skipped", message=clean(f"{one.verdict}: {words}"))
