# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What does not speak HTTP, or stops in the middle of it, is a source that is given up, not a crash."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest
from ansible.module_utils.urls import open_url
from sdk.mirror import Mirror

from ansible_collections.gopherops.workstation.plugins.module_utils._sdk._network import Network, SourceError


def babble(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


def torn(handler: BaseHTTPRequestHandler) -> None:
    """A chunk that is announced and does not come."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nff\r\n")


def test_another_protocol_is_a_reason_to_try_the_next_source() -> None:
    with Mirror() as mirror, pytest.raises(SourceError, match=r"SSH-2\.0"):
        mirror.serve("/x", babble)
        Network(open_url, sleep=lambda _seconds: None).page(f"{mirror.url}/x")


def test_an_answer_that_ends_inside_a_chunk_broke_off() -> None:
    with Mirror() as mirror, pytest.raises(SourceError, match=r"^broke off after 5 bytes") as caught:
        mirror.serve("/x", torn)
        Network(open_url, sleep=lambda _seconds: None).page(f"{mirror.url}/x")
    assert "cannot be resumed" in str(caught.value)
