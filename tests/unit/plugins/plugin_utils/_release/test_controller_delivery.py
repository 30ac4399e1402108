"""What the controller gets for its hosts: a published hash, and a download that is taken again while it is whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible.module_utils.urls import open_url
from sdk.mirror import Mirror, status
from sdk.synthetic import NEW, PLATFORM, module_zip, pin, release, tar

from ansible_collections.gopherops.workstation.plugins.module_utils._errors import WorkstationError
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network
from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._pin import Release
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._delivery import brought, obtain
from ansible_collections.gopherops.workstation.plugins.plugin_utils._release._sumdb import look_up

H1 = "h1:" + "A" * 43 + "="
PAGE = f"/sumdb/sum.example/lookup/golang.org/toolchain@v0.0.1-go{NEW}.{PLATFORM}"
ZIP = f"/golang.org/toolchain/@v/v0.0.1-go{NEW}.{PLATFORM}.zip"


def ask(mirror: Mirror) -> str | None:
    return look_up(NEW, PLATFORM, {"proxy": f"{mirror.url}/", "sumdb": "sum.example"})


def test_the_hash_is_the_one_of_exactly_this_release() -> None:
    module = f"golang.org/toolchain v0.0.1-go{NEW}.{PLATFORM}"
    record = f"12\n{module}/go.mod {H1.replace('A', 'B')}\n{module} {H1}\n\ngo.sum database tree\n"
    with Mirror() as mirror:
        mirror.serve(PAGE, record.encode())
        assert ask(mirror) == H1
        mirror.serve(PAGE, record.replace(NEW, "1.0.0").encode())
        assert ask(mirror) is None


@pytest.mark.parametrize("code", [404, 410])
def test_a_release_that_the_database_does_not_know_has_no_hash(code: int) -> None:
    with Mirror() as mirror:
        mirror.serve(PAGE, status(code))
        assert ask(mirror) is None


def test_a_database_that_refuses_is_an_error_with_its_address() -> None:
    with Mirror() as mirror:
        mirror.serve(PAGE, status(403))
        with pytest.raises(WorkstationError) as caught:
            ask(mirror)
    assert f"{mirror.url}{PAGE} answered 403" in caught.value.message
    assert caught.value.message.startswith(f"Cannot fetch the checksum of Go '{NEW} for {PLATFORM}'")
    assert caught.value.message.endswith("Give the value itself.")


def get(mirror: Mirror, cache: Path, *kinds: str) -> tuple[bytes, str]:
    url = {"proxy": mirror.url, "archive": f"{mirror.url}/dl"}
    sources = [{"type": kind, "name": f"the {kind}", "url": url[kind]} for kind in kinds]
    network = Network(open_url, connect_timeout=5, patience=5)
    got = obtain(Release(NEW, PLATFORM, **pin(NEW)), sources, network, cache)
    return Path(got.path).read_bytes(), got.source


def test_a_download_is_kept_and_taken_only_while_it_is_whole(tmp_path: Path) -> None:
    packed = module_zip(release(NEW), NEW)
    with Mirror() as mirror:
        mirror.serve(ZIP, packed)
        assert get(mirror, tmp_path / "cache", "archive", "proxy") == (packed, "the proxy")
        asked = mirror.asked(ZIP)
        assert get(mirror, tmp_path / "cache", "proxy")[0] == packed
        assert mirror.asked(ZIP) == asked
        (kept,) = (tmp_path / "cache").glob("*.archive")
        kept.write_bytes(packed[:-1])
        assert get(mirror, tmp_path / "cache", "proxy")[0] == packed
        assert mirror.asked(ZIP) > asked
        kept.with_suffix(".json").write_text(json.dumps({"nonsense": 1}))
        assert get(mirror, tmp_path / "cache", "proxy")[0] == packed


def test_every_source_that_failed_is_named_with_its_reason(tmp_path: Path) -> None:
    with Mirror() as mirror, pytest.raises(WorkstationError) as caught:
        get(mirror, tmp_path, "archive", "proxy")
    message = caught.value.message
    assert message.startswith(f"Cannot fetch Go '{NEW} for {PLATFORM}': no source could give it to the controller; ")
    assert f"the archive ({mirror.url}/dl)" in message and f"the proxy ({mirror.url})" in message
    assert not list(tmp_path.glob("*.archive")) and not list(tmp_path.glob(".stage-*"))


def test_a_file_on_the_controller_is_brought_to_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    archive = tmp_path / f"go{NEW}.{PLATFORM}.tar.gz"
    archive.write_bytes(tar(release(NEW)))
    sent: list[str] = []

    def send(path: str) -> str:
        sent.append(path)
        return "/remote/tmp/go"

    one = Release(NEW, PLATFORM, **pin(NEW))
    source = {"type": "local", "name": "shelf", "path": str(archive)}
    told = brought(one, [source], Network(open_url, connect_timeout=5, patience=5), send)
    assert (told["type"], told["path"], told["only"]) == ("local", "/remote/tmp/go", NEW)
    assert Path(sent[0]).read_bytes() == archive.read_bytes()
    assert archive.exists()
