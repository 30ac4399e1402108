# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``./dev provision`` with a real ansible-playbook and a playbook of one task: plan first, question, run, status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dev import arguments, plan, provision
from dev.errors import DevError
from dev.lock import locked
from dev.secret import password_option
from dev.venvs import Venv

# Predicts and then writes one file; its report has the form of gopherops.workstation.verdict's.
PLAYBOOK = """\
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.copy: {dest: "{{ target }}", content: "new\\n", mode: "0644"}
      register: r
    - ansible.builtin.copy:
        dest: "{{ golang_dev_report_file }}"
        mode: "0600"
        content: "{{ {'planned': [{'path': target, 'act': 'replace', 'what': 'a test'}] if r.changed else [],
                      'passed': (none if ansible_check_mode else (passes | bool)), 'failure': ''} | to_json }}"
      check_mode: false
    - ansible.builtin.fail: {msg: "Cannot do it"}
      when: breaks is defined
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with that playbook; the file it writes is ``target``."""
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "golang_dev.yml").write_text(PLAYBOOK)
    monkeypatch.setattr(provision, "ROOT", tmp_path)
    monkeypatch.setattr(provision, "CACHE", tmp_path / ".cache")
    monkeypatch.setattr(provision, "ensure", lambda kind: Venv(Path(sys.prefix)))
    return tmp_path / "target"


def words(target: Path, *more: str) -> list[str]:
    return ["-e", json.dumps({"target": str(target), "passes": True}), *more]


def test_without_a_terminal_and_without_yes_it_prints_the_list_and_changes_nothing(
    machine: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    machine.write_text("old\n")
    with open(os.devnull, encoding="utf-8") as nowhere:
        monkeypatch.setattr(sys, "stdin", nowhere)
        status = provision.provision(words(machine))
    out, err = capfd.readouterr()
    assert status == 2
    assert f"replace  {machine}  a test" in out
    assert "Already there:" in out
    assert "Nothing was changed: there is no terminal to ask on. Run it again with --yes." in err
    assert "TASK" not in out, "the check pass is not shown"
    assert machine.read_text() == "old\n"


def test_yes_prints_the_list_and_acts_and_the_second_run_has_nothing_to_do(
    machine: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert provision.provision(words(machine, "--yes")) == 0
    out, _err = capfd.readouterr()
    assert out.index("New:") < out.index("TASK"), "the list comes before the first change"
    assert machine.read_text() == "new\n"
    # Nothing to change is nothing to ask.
    assert provision.provision(words(machine)) == 0
    assert "Nothing to change" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("answer", "status", "content"), [("y", 0, "new\n"), ("", 2, None), ("n", 2, None), (EOFError, 2, None)]
)
def test_the_question(
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str | type[EOFError],
    status: int,
    content: str | None,
) -> None:
    def ask(prompt: str) -> str:
        assert prompt == "Go on? [y/N] "
        if isinstance(answer, str):
            return answer
        raise answer

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", ask)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert provision.provision(words(machine)) == status
    assert (machine.read_text() if machine.exists() else None) == content


def test_check_is_the_first_pass_only(machine: Path) -> None:
    assert provision.provision(words(machine, "--check")) == 0
    assert not machine.exists()


def test_only_the_proof_makes_it_a_success(machine: Path) -> None:
    given = ["-e", json.dumps({"target": str(machine), "passes": False}), "--yes"]
    assert provision.provision(given) == 1


def test_a_check_pass_that_fails_is_shown_and_nothing_is_changed(
    machine: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DevError, match="Cannot look at this machine: ansible-playbook ended with status 2"):
        provision.provision(words(machine, "--yes", "-e", "breaks=1"))
    assert "Cannot do it" in capfd.readouterr().out
    assert not machine.exists()


def test_a_second_run_beside_the_first_is_refused(machine: Path) -> None:
    busy = pytest.raises(DevError, match=f"another ./dev .process {os.getpid()}. is doing it")
    with locked(machine.parent / ".cache" / "provision.lock", "x", wait=False), busy:
        provision.provision(words(machine, "--yes"))
    assert not machine.exists()


def test_a_missing_sudo_password_is_said_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sudo").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "sudo").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(DevError, match=r"sudo wants a password.*-K") as caught:
        provision.provision(["-e", "golang_dev_scope=machine"])
    assert caught.value.status == 2


def test_the_password_goes_through_a_pipe_and_leaves_nothing() -> None:
    with password_option("s3cret") as option:
        path = Path(option[0].partition("=")[2])
        assert path.is_fifo()
        assert path.stat().st_mode & 0o077 == 0
        read = subprocess.run(["cat", path], capture_output=True, text=True, check=True, timeout=120).stdout
    assert read == "s3cret\n"
    assert not path.parent.exists()


def test_a_password_that_nobody_reads_hangs_nothing() -> None:
    with password_option("s3cret") as option:
        path = Path(option[0].partition("=")[2])
    assert not path.exists()


def test_ansible_reads_the_password_from_the_pipe(machine: Path) -> None:
    """Ansible's own reader on the real pipe: it fails at a password file that it cannot read to its end."""
    given = arguments.read(words(machine), "provision")
    playbook = machine.parent / "playbooks" / "golang_dev.yml"
    runner = provision.Runner(Venv(Path(sys.prefix)), playbook, given, "s3cret")
    assert runner.run("--check", show=False).report == plan.Report(
        (plan.Planned(str(machine), "replace", "a test"),), False, ""
    )


def changes(*acts: str) -> tuple[plan.Planned, ...]:
    return tuple(plan.Planned(f"/home/anna/{act}", act, f"what {act}") for act in acts)


def test_the_list_is_worst_first_and_what_exists_stands_on_top() -> None:
    listed = changes("create", "edit", "install", "replace", "remove", "unheard-of")
    there = {"/home/anna/edit", "/home/anna/replace", "/home/anna/remove", "/home/anna/unheard-of"}
    lines = plan.plan_lines(listed, there.__contains__, "/home/anna")
    acts = [line.split()[0] for line in lines if line.startswith("  ")]
    assert acts == ["remove", "replace", "unheard-of", "edit", "install", "create"]
    assert lines[0] == "This run will touch 6 paths on this machine."
    assert lines.index("Already there:") < lines.index("  edit     ~/edit        what edit") < lines.index("New:")


def test_several_changes_of_one_path_stand_below_each_other_and_count_once() -> None:
    edits = tuple(
        plan.Planned("/etc/s.json", act, what) for act, what in (("edit", "a"), ("replace", "b"), ("edit", "c"))
    )
    lines = plan.plan_lines(edits, lambda path: True, "/root")
    assert lines[0] == "This run will touch 1 path on this machine."
    assert [line.split() for line in lines[2:]] == [["replace", "/etc/s.json", "b"], ["a"], ["c"]]


def test_a_change_named_twice_is_listed_once() -> None:
    lines = plan.plan_lines((*changes("edit"), *changes("edit")), lambda _: True, "/root")
    assert len([line for line in lines if "edit" in line]) == 1


def test_a_report_that_is_no_json_is_an_error_and_none_is_none(tmp_path: Path) -> None:
    assert plan.read_report(tmp_path / "none") is None
    (tmp_path / "half").write_text('{"planned": [')
    with pytest.raises(DevError, match="Cannot read report"):
        plan.read_report(tmp_path / "half")


@pytest.mark.parametrize(
    ("status", "output", "show", "judged"),
    [
        (0, "", False, True),
        (2, "The doctor found trouble: GD002 GOROOT points nowhere.", False, True),
        (2, "Cannot gather facts", False, False),
        (2, "", True, True),
        (4, "", True, False),
    ],
)
def test_trouble_is_told_from_a_doctor_that_could_not_look(status: int, output: str, show: bool, judged: bool) -> None:
    assert provision.healthy_or_ill(provision.Pass(status, None, output), show=show) is judged


RUN = """
PLAY [Examine Go development machines] *****

TASK [Look, judge and prove] ***************
included: gopherops.workstation.go_doctor for localhost

TASK [gopherops.workstation.go_doctor : Look, judge and prove] ****
localhost: 1 error; Go and gopls work (0.8 s)

ERROR GD002 GOROOT points nowhere
      found  /old/go is not there
ok: [localhost]

TASK [gopherops.workstation.go_doctor : Fail where that is asked for] ****
[ERROR]: Task failed: Action failed: The doctor found trouble: GD002 GOROOT points nowhere.
fatal: [localhost]: FAILED! => {"changed": false}

PLAY RECAP *****
localhost                  : ok=3    changed=0
"""


def test_only_the_doctor_speaks() -> None:
    assert provision.judgement(RUN).splitlines() == [
        "localhost: 1 error; Go and gopls work (0.8 s)",
        "",
        "ERROR GD002 GOROOT points nowhere",
        "      found  /old/go is not there",
    ]


def test_what_is_not_understood_is_shown_whole() -> None:
    assert provision.judgement("The doctor found trouble\n") == "The doctor found trouble\n"


def test_the_tasks_that_speak_are_there() -> None:
    texts = "".join(
        file.read_text() for file in (Path(__file__).parents[3] / "roles" / "go_doctor" / "tasks").glob("*.yml")
    )
    for name in ("Look, judge and prove", "Say what it changes", "Say why it could not"):
        assert f"- name: {name}\n" in texts
        assert provision.TELLS.match(f"TASK [gopherops.workstation.go_doctor : {name}] ***")
