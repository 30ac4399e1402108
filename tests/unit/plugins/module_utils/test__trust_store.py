"""Trust stores against directories and commands made for the test; the real ones are molecule's to show."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from ansible_collections.gopherops.workstation.plugins.module_utils import _trust_store
from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError

PEM = "-----BEGIN CERTIFICATE-----\nTm8gcmVhbCBjZXJ0aWZpY2F0ZQ==\n-----END CERTIFICATE-----\n"
ENTRY = {"pem": PEM, "sha256": hashlib.sha256(PEM.encode()).hexdigest(), "subject": "Example Root", "expires": "never"}


@pytest.fixture
def store(tmp_path: Path) -> _trust_store.Store:
    (tmp_path / "anchors").mkdir()
    return _trust_store.Store(str(tmp_path / "anchors"), ("rebuild",), str(tmp_path / "bundle.pem"))


class Rebuild:
    """Does what update-ca-certificates does: all anchors into one file."""

    def __init__(self, store: _trust_store.Store, *, works: bool = True) -> None:
        self.store, self.works, self.calls = store, works, 0

    def __call__(self, argv: Sequence[str]) -> tuple[int, str, str]:
        assert list(argv)[:1] == list(self.store.command)
        for link in Path(self.store.links).glob("*.pem") if argv[1:] == ["--fresh"] else ():
            link.unlink()
        self.calls += 1
        anchors = sorted(Path(self.store.anchors).iterdir()) if self.works else []
        Path(self.store.bundle).write_text("".join(path.read_text() for path in anchors))
        return 0, "", ""


def ensure(
    store: _trust_store.Store, rebuild: Rebuild, *, present: bool = True, check: bool = False
) -> _trust_store.Result:
    return _trust_store.machine_linux([ENTRY], present=present, check=check, run=rebuild, store=store)


def test_check_mode_predicts_and_second_run_is_quiet(store: _trust_store.Store) -> None:
    rebuild = Rebuild(store)
    predicted = ensure(store, rebuild, check=True)
    assert rebuild.calls == 0 and list(Path(store.anchors).iterdir()) == []
    assert ensure(store, rebuild).changes == predicted.changes
    assert [change.act for change in predicted.changes] == ["create", "edit"]
    assert ensure(store, rebuild).changes == []
    assert rebuild.calls == 1


def test_anchor_without_bundle_is_finished_not_believed(store: _trust_store.Store) -> None:
    rebuild = Rebuild(store)
    ensure(store, rebuild)
    Path(store.bundle).write_text("")
    assert [change.path for change in ensure(store, rebuild).changes] == [store.bundle]
    assert rebuild.calls == 2


def test_rebuild_that_leaves_it_out_is_an_error(store: _trust_store.Store) -> None:
    with pytest.raises(WorkstationError, match="does not hold Example Root afterwards"):
        ensure(store, Rebuild(store, works=False))


def test_absent_takes_ours_only(store: _trust_store.Store) -> None:
    rebuild = Rebuild(store)
    foreign = Path(store.anchors) / "company.crt"
    foreign.write_text(PEM.replace("Tm8g", "Tm9g"))
    ensure(store, rebuild)
    ensure(store, rebuild, present=False)
    assert list(Path(store.anchors).iterdir()) == [foreign]
    assert ensure(store, rebuild, present=False).changes == []


def test_user_store_keeps_the_systems_directories_and_leaves_nothing(tmp_path: Path) -> None:
    data_home = tmp_path / "share"
    data_home.mkdir()
    there = _trust_store.user_linux([ENTRY], present=True, check=False, data_home=str(data_home))
    folder = data_home / "gopherops" / "certificates"
    assert there.environment["SSL_CERT_DIR"] == f"{folder}:/etc/ssl/certs:/etc/pki/tls/certs"
    assert [path.read_text() for path in folder.iterdir()] == [PEM]
    gone = _trust_store.user_linux([], present=False, check=False, data_home=str(data_home))
    assert gone.environment == {} and list(data_home.iterdir()) == []


def test_unknown_system_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(WorkstationError, match="Install the package ca-certificates"):
        _trust_store.find_store(str(tmp_path))


class Keychain:
    """``security`` with one keychain; unknown words fail."""

    def __init__(self) -> None:
        self.content = ""

    def __call__(self, argv: Sequence[str]) -> tuple[int, str, str]:
        verb = argv[1]
        if verb == "find-certificate":
            return 0, self.content, ""
        if verb == "add-trusted-cert":
            self.content += Path(argv[-1]).read_text()
        elif verb == "delete-certificate":
            self.content = ""
        else:
            return 2, "", f"unknown command {verb}"
        return 0, "", ""


def test_keychain_round_trip(tmp_path: Path) -> None:
    keychain = Keychain()

    def ensure_there(present: bool, check: bool = False) -> _trust_store.Result:
        return _trust_store.machine_darwin([ENTRY], present=present, check=check, run=keychain, temporary=str(tmp_path))

    predicted = ensure_there(True, check=True)
    assert keychain.content == ""
    assert ensure_there(True).changes == predicted.changes != []
    assert ensure_there(True).changes == []
    assert dataclasses.asdict(ensure_there(False).changes[0])["act"] == "edit"
    assert ensure_there(False).changes == []


def test_the_link_that_debian_leaves_goes_with_its_anchor(store: _trust_store.Store, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    linked = dataclasses.replace(store, links=str(links))
    rebuild = Rebuild(linked)
    ensure(linked, rebuild)
    (anchor,) = Path(store.anchors).iterdir()
    (links / f"{anchor.stem}.pem").symlink_to(anchor)
    ensure(linked, rebuild, present=False)
    assert list(links.iterdir()) == []


def test_the_first_store_whose_anchors_are_there_is_this_systems(tmp_path: Path) -> None:
    *_others, last = _trust_store.STORES
    (tmp_path / last.anchors[1:]).mkdir(parents=True)
    assert _trust_store.find_store(str(tmp_path)) == last
    first = _trust_store.STORES[0]
    (tmp_path / first.anchors[1:]).mkdir(parents=True, exist_ok=True)
    assert _trust_store.find_store(str(tmp_path)) == first


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((1, "", "a\nno space left\n"), "Cannot rebuild certificate bundle '.*': no space left. Run rebuild by hand"),
        ((1, "only this\n", ""), ": only this. Run rebuild"),
        ((0, "", ""), ": it does not hold Example Root afterwards. Run"),
        ((0, "done.\n", ""), ": it does not hold Example Root afterwards. Run"),
        ((3, "", ""), ": status 3. Run"),
    ],
)
def test_a_rebuild_that_fails_is_told_in_its_last_words(
    store: _trust_store.Store, answer: tuple[int, str, str], words: str
) -> None:
    with pytest.raises(WorkstationError, match=words):
        _trust_store.machine_linux([ENTRY], present=True, check=False, run=lambda _argv: answer, store=store)


def test_an_anchor_that_was_damaged_is_no_certificate(store: _trust_store.Store) -> None:
    broken = PEM.replace("Tm8gcmVhbCBjZXJ0aWZpY2F0ZQ==", "A")
    Path(store.bundle).write_text(broken)
    assert _trust_store.bundle(store.bundle) == {b""}
    assert _trust_store.bundle(store.bundle + ".none") == set()


@pytest.mark.parametrize(("present", "verb"), [(True, "add-trusted-cert"), (False, "delete-certificate")])
def test_a_mac_that_refuses_over_ssh_says_what_to_use_instead(tmp_path: Path, present: bool, verb: str) -> None:
    def run(argv: Sequence[str]) -> tuple[int, str, str]:
        if argv[1] == "find-certificate":
            return 0, "" if present else PEM, ""
        assert argv[1] == verb
        return 1, "", ""

    with pytest.raises(WorkstationError, match=r"Cannot change keychain .*: status 1\. Over ssh macOS may refuse"):
        _trust_store.machine_darwin([ENTRY], present=present, check=False, run=run, temporary=str(tmp_path))


@pytest.mark.parametrize(("err", "cause"), [("locked\n", "locked"), ("", "status 51")])
def test_a_keychain_that_cannot_be_read_is_named(tmp_path: Path, err: str, cause: str) -> None:
    def run(_argv: Sequence[str]) -> tuple[int, str, str]:
        return 51, "", err

    with pytest.raises(WorkstationError, match=f"Cannot read keychain .*: {cause}. Look at it in Keychain Access"):
        _trust_store.machine_darwin([ENTRY], present=True, check=True, run=run, temporary=str(tmp_path))


def test_places_of_a_user_are_those_that_are_wanted_now(tmp_path: Path) -> None:
    other = {**ENTRY, "sha256": "f" * 64, "subject": "Other Root"}
    _trust_store.user_linux([ENTRY, other], present=True, check=False, data_home=str(tmp_path))
    told = _trust_store.user_linux([other], present=True, check=False, data_home=str(tmp_path))
    assert [place["subject"] for place in told.places] == ["Other Root"]
    assert [(change.act, change.what) for change in told.changes] == [("remove", "trusted authority")]
    folder = tmp_path / "gopherops" / "certificates"
    assert len(list(folder.iterdir())) == 1
    (folder / "mine.crt").write_text("x")
    _trust_store.user_linux([], present=False, check=False, data_home=str(tmp_path))
    assert [one.name for one in folder.iterdir()] == ["mine.crt"]
