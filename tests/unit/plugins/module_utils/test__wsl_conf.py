"""/etc/wsl.conf: what was asked changes, nothing else does."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.gopherops.workstation.plugins.module_utils import _wsl_conf

THERE = """# ours
[automount]
enabled = true
options = "umask=22,fmask=11"  # kept

[Network]
hostname=laptop
"""
WANTED: dict[str, dict[str, _wsl_conf.Value]] = {
    "automount": {"options": ["metadata"]},
    "boot": {"systemd": True},
    "interop": {"appendWindowsPath": False},
    "network": {"generateResolvConf": True},
}


def test_words_are_added_and_everything_else_stays() -> None:
    text = _wsl_conf.edit(THERE, WANTED)
    assert text == (
        '# ours\n[automount]\nenabled = true\noptions = "umask=22,fmask=11,metadata"\n\n'
        "[Network]\nhostname=laptop\ngenerateResolvConf=true\n\n[boot]\nsystemd=true\n\n[interop]\nappendWindowsPath=false\n"
    )
    assert _wsl_conf.edit(text, WANTED) == text
    assert _wsl_conf.missing(text, WANTED) == []


def test_plan_names_what_is_not_there_yet() -> None:
    assert _wsl_conf.missing(THERE, WANTED) == [
        "automount.options",
        "boot.systemd",
        "interop.appendWindowsPath",
        "network.generateResolvConf",
    ]


@pytest.mark.parametrize("line", ["systemd=true", "systemd = 1", 'SYSTEMD="true"', "systemd=TRUE # yes"])
def test_other_spellings_of_the_same_value_are_left_alone(line: str) -> None:
    text = f"[BOOT]\n{line}\n"
    assert _wsl_conf.edit(text, {"boot": {"systemd": True}}) == text


def test_windows_line_ends_stay() -> None:
    text = _wsl_conf.edit("[boot]\r\nsystemd=false\r\n", {"boot": {"systemd": True}})
    assert text == "[boot]\r\nsystemd=true\r\n"


@pytest.mark.parametrize("text", ["[boot]\nsystemd=true", "# a\x0cb\u2028c\n[boot]\r\nsystemd=true\n\n"])
def test_a_file_that_is_right_keeps_every_byte(text: str) -> None:
    """Also the end that its last line lacks, and characters at which Python, but not WSL, begins a line."""
    assert _wsl_conf.edit(text, {"boot": {"systemd": True}}) == text


def test_what_stands_around_an_edit_keeps_every_byte() -> None:
    text = _wsl_conf.edit("# a\x0cb\n[boot]\nsystemd=false\n[x]\nlast=1", {"boot": {"systemd": True}})
    assert text == "# a\x0cb\n[boot]\nsystemd=true\n[x]\nlast=1"
    assert _wsl_conf.edit("[x]\nlast=1", {"x": {"more": True}}) == "[x]\nlast=1\nmore=true\n"


def test_absent_after_present_is_the_original() -> None:
    text = _wsl_conf.edit(THERE, {"boot": {"systemd": True}, "network": {"generateHosts": False}})
    assert _wsl_conf.edit(text, {"boot": {"systemd": None}, "network": {"generateHosts": None}}) == THERE
    assert _wsl_conf.edit(_wsl_conf.edit("", {"boot": {"systemd": True}}), {"boot": {"systemd": None}}) == ""


def test_what_stood_before_comes_back_and_what_others_wrote_since_stays() -> None:
    there = "[automount]\noptions=uid=7\n\n[boot]\nsystemd=false\n"
    wanted: dict[str, dict[str, _wsl_conf.Value]] = {
        "boot": {"systemd": True},
        "automount": {"options": ["metadata"]},
        "interop": {"appendWindowsPath": False},
    }
    text = _wsl_conf.edit(there, wanted)
    receipt = _wsl_conf.remembered(None, there, text)
    # A second edit of ours does not take the first one for what stood there.
    text2 = _wsl_conf.edit(text, {"interop": {"appendWindowsPath": True}})
    receipt = _wsl_conf.remembered(receipt, text, text2)
    assert _wsl_conf.edit(text2, _wsl_conf.taken_back(receipt, text2)) == there
    theirs = text2.replace("systemd=true", "systemd=1")
    assert _wsl_conf.edit(theirs, _wsl_conf.taken_back(receipt, theirs)) == there.replace("false", "1")
    # What we took away was theirs as well.
    gone = _wsl_conf.edit(there, {"boot": {"systemd": None}})
    assert "systemd" not in gone
    receipt = _wsl_conf.remembered(None, there, gone)
    assert _wsl_conf.remembered(receipt, gone, gone) == receipt
    assert _wsl_conf.edit(gone, _wsl_conf.taken_back(receipt, gone)) == there
    assert _wsl_conf.taken_back(b"not json", text2) == _wsl_conf.taken_back(None, text2) == {}


NAMES = st.text("abcdefgh", min_size=1, max_size=4)
FILES = st.dictionaries(
    NAMES, st.dictionaries(NAMES, st.text("xyz0189/ ", max_size=6).map(str.strip), max_size=4), max_size=4
)


@settings(max_examples=300)
@given(FILES, NAMES, NAMES, st.one_of(st.booleans(), st.text("xyz09", min_size=1, max_size=5)))
def test_pythons_own_reader_agrees(there: dict[str, dict[str, str]], section: str, key: str, value: str | bool) -> None:
    text = "".join(f"[{name}]\n" + "".join(f"{k}={v}\n" for k, v in keys.items()) for name, keys in there.items())
    after = _wsl_conf.edit(text, {section: {key: value}})
    assert _wsl_conf.edit(after, {section: {key: value}}) == after
    reader = configparser.ConfigParser(interpolation=None)
    reader.read_string(after)
    expected = {name: dict(keys) for name, keys in there.items()}
    expected.setdefault(section, {})[key] = str(value).lower() if isinstance(value, bool) else value
    found = {name: {k: v.strip('"') for k, v in reader[name].items()} for name in reader.sections()}
    alike = found[section].pop(key) in {expected[section].pop(key), "1" if value is True else "0"}
    assert alike and found == expected
