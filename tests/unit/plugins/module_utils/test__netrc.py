"""The netrc editor against Go's grammar, and against Python's own reader."""

from __future__ import annotations

import netrc
import pathlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.gopherops.workstation.plugins.module_utils import _netrc
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._netrc_file import Credentials

FOREIGN = (
    "# kept by hand\n"
    "machine git.example.com\n\tlogin bob\n\tpassword s3cret\n\n"
    "macdef init\n\tcd /pub\n\tmachine not.an.entry login x password y\n\n"
    "default login anonymous password me@example.com\n"
)


def test_new_entry_stands_before_default_and_nothing_else_moves() -> None:
    text = _netrc.edit(FOREIGN, {"goproxy.example.com": ("alice", "t0ken")})
    assert text.replace("machine goproxy.example.com login alice password t0ken\n", "") == FOREIGN
    assert text.index("goproxy") < text.index("default login")
    assert _netrc.read(text, "goproxy.example.com") == ("alice", "t0ken")


def test_entry_over_several_lines_is_replaced_and_comment_stays() -> None:
    text = _netrc.edit(FOREIGN, {"git.example.com": ("bob", "new")})
    assert "s3cret" not in text
    assert text.startswith("# kept by hand\nmachine git.example.com login bob password new\n\nmacdef")


def test_same_login_in_another_layout_is_left_alone() -> None:
    assert _netrc.edit(FOREIGN, {"git.example.com": ("bob", "s3cret")}) == FOREIGN


def test_second_entry_of_the_same_machine_goes() -> None:
    twice = "machine a login x password 1\nmachine b login y password 2\nmachine a login x password 3\n"
    assert _netrc.edit(twice, {"a": ("x", "1")}) == "machine a login x password 1\nmachine b login y password 2\n"


def test_words_inside_macdef_are_no_entry() -> None:
    assert _netrc.machines(FOREIGN) == ["git.example.com"]
    assert _netrc.edit(FOREIGN, {"not.an.entry": None}) == FOREIGN


@pytest.mark.parametrize("password", ["two words", "", "tab\there"])
def test_value_that_netrc_cannot_hold_is_refused(password: str) -> None:
    with pytest.raises(WorkstationError, match="Cannot write credential 'h': its password is empty or holds a space"):
        _netrc.edit("", {"h": ("alice", password)})


WORDS = st.text("abcXYZ019._-/@:#", min_size=1, max_size=12).filter(
    lambda word: (
        not word.startswith("#") and word not in {"machine", "login", "password", "default", "macdef", "account"}
    )
)


@settings(max_examples=300)
@given(
    st.dictionaries(WORDS, st.tuples(WORDS, WORDS), max_size=5),
    WORDS,
    st.tuples(WORDS, WORDS),
    st.sampled_from(["\n", " ", "\n\t"]),
)
def test_twice_is_once_and_absent_after_present_is_the_original(
    there: dict[str, tuple[str, str]], machine: str, entry: tuple[str, str], gap: str
) -> None:
    before = "".join(
        f"machine {name}{gap}login {login}{gap}password {word}\n"
        for name, (login, word) in there.items()
        if name != machine
    )
    after = _netrc.edit(before, {machine: entry})
    assert _netrc.edit(after, {machine: entry}) == after
    assert _netrc.read(after, machine) == entry
    assert _netrc.edit(after, {machine: None}) == before


def test_file_is_private_and_readable_by_pythons_netrc(tmp_path: pathlib.Path) -> None:
    path = tmp_path / ".netrc"
    path.write_text("machine other.example.com login o password p\n")
    path.chmod(0o644)
    entry = {"machine": "goproxy.example.com", "login": "alice", "password": "t0ken"}
    predicted = Credentials.load(str(path)).ensure([entry], present=True, check=True)
    assert path.stat().st_mode & 0o777 == 0o644, "check mode wrote"
    assert Credentials.load(str(path)).ensure([entry], present=True, check=False) == predicted
    assert path.stat().st_mode & 0o777 == 0o600
    assert netrc.netrc(str(path)).authenticators("goproxy.example.com") == ("alice", "", "t0ken")
    assert netrc.netrc(str(path)).authenticators("other.example.com") == ("o", "", "p")
    assert Credentials.load(str(path)).ensure([entry], present=True, check=False) == []
    path.chmod(0o640)
    (loose,) = Credentials.load(str(path)).ensure([entry], present=True, check=False)
    assert (loose.act, path.stat().st_mode & 0o777) == ("mode", 0o600)
    assert "t0ken" not in str(predicted)


def test_file_made_for_the_entry_goes_with_it(tmp_path: pathlib.Path) -> None:
    path = tmp_path / ".netrc"
    entry = {"machine": "m", "login": "l", "password": "p"}
    Credentials.load(str(path)).ensure([entry], present=True, check=False)
    (change,) = Credentials.load(str(path)).ensure([entry], present=False, check=False)
    assert (change.act, path.exists()) == ("remove", False)


def test_a_file_that_cannot_be_removed_is_said(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".netrc"
    path.write_text("machine m login l password p\n")

    def refuse(name: str) -> None:
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr("os.unlink", refuse)
    with pytest.raises(WorkstationError, match=r"Cannot remove file '.*\.netrc': Permission denied"):
        Credentials.load(str(path)).ensure([{"machine": "m", "login": "", "password": ""}], present=False, check=False)
