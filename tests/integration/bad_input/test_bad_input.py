# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user gets wrong ends in one sentence: the thing, the cause, what to do. And nothing has changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from conftest import Laptop  # type: ignore[import-not-found]


@pytest.fixture(autouse=True)
def unchanged(laptop: Laptop) -> Iterator[None]:
    before = laptop.listing()
    yield
    assert laptop.listing() == before


def sentence(laptop: Laptop, *words: str) -> str:
    """The sentence that the run ended with."""
    done = laptop.provision(*words)
    assert done.returncode != 0, done.stdout
    said = [line for line in done.stdout.splitlines() if line.startswith("Cannot ")]
    assert len(said) == 1, done.stdout
    # Verb, kind, name, cause, advice.
    assert re.fullmatch(r"Cannot \w+[^:]* '[^']*': .+\. .+", said[0]), said[0]
    return str(said[0])


def test_a_float_is_not_a_version(laptop: Laptop) -> None:
    said = sentence(laptop, "-e", '{"go_sdk_version": 1.20}')
    assert "'1.2'" in said
    assert "uote" in said


def test_an_unknown_version_is_named(laptop: Laptop) -> None:
    said = sentence(laptop, "-e", "go_sdk_version=1.26.99")
    assert "'1.26.99'" in said
    assert "1.25.0 to 1.27." in said, "what is known is named"


def test_an_unwritable_home_is_named(laptop: Laptop) -> None:
    laptop.root("chmod 0555 /home/dev")
    try:
        said = sentence(laptop)
    finally:
        laptop.root("chmod 0755 /home/dev")
    assert "/home/dev" in said
    assert "ermission" in said or "may not" in said or "writ" in said


def test_a_full_disk_is_named(laptop: Laptop) -> None:
    said = sentence(laptop, "-e", '{"go_sdk_root": "/small/sdk", "go_sdk_link": "/small/go"}')
    assert "/small" in said
    assert "space" in said
    assert laptop.root("ls -A /small").strip() == "", "no litter"


def test_no_network_names_every_source_that_was_tried(laptop: Laptop) -> None:
    laptop.root("cp /etc/resolv.conf /tmp/resolv.conf; echo nameserver 127.0.0.1 > /etc/resolv.conf")
    try:
        said = sentence(laptop)
    finally:
        laptop.root("cat /tmp/resolv.conf > /etc/resolv.conf")
    for source in ("go.dev", "proxy.golang.org", "pypi.org"):
        assert source in said


def test_malformed_settings_are_shown_and_left_alone(laptop: Laptop) -> None:
    folder = "/home/dev/.config/Code/User"
    laptop.container.need("sh", "-c", f"mkdir -p {folder}")
    laptop.container.need("sh", "-c", f'printf \'{{\\n  "a": 1,\\n  "b" 2\\n}}\\n\' > {folder}/settings.json')
    try:
        before = laptop.listing()
        done = laptop.provision()
        assert done.returncode != 0
        assert f"{folder}/settings.json" in done.stdout
        assert "line 3" in done.stdout
        assert "column 7" in done.stdout
        assert laptop.listing() == before
    finally:
        laptop.root("rm -rf /home/dev/.config")


def test_an_option_of_the_last_role_is_refused_before_the_first_one_acts(laptop: Laptop) -> None:
    run = "cd workstation && .venv/bin/ansible-playbook playbooks/golang_dev.yml -e vscode_settings_preset=grand"
    done = laptop.container.run("sh", "-c", run)
    assert done.returncode != 0
    assert (
        "value of vscode_settings_preset must be one of: none, minimal, recommended, strict, got: grand" in done.stdout
    )


def test_an_unknown_option_is_named_with_the_known_ones(laptop: Laptop) -> None:
    run = "cd workstation && .venv/bin/ansible -c local -i localhost, localhost -m gopherops.workstation.go_sdk -a"
    done = laptop.container.run("sh", "-c", f"{run} 'version=1.27.4 colour=red'")
    assert done.returncode != 0
    assert "Unsupported parameters for (gopherops.workstation.go_sdk) module: colour" in done.stdout
    assert "Supported parameters include:" in done.stdout
