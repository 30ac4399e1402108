# Copyright: the gopherops.workstation maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private, may change any time: who may change what a directory of Windows holds, out of its security descriptor.

The host only tells the descriptor as text (SDDL); what follows from it is decided, and tested, here.
https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
"""

from __future__ import annotations

import re
from dataclasses import dataclass

ADD_FILE, ADD_FOLDER = 0x2, 0x4
# Whoever may change the list or take ownership may do everything one step later.
_TAKE_OVER = 0x40000 | 0x80000
_GENERIC_ALL, _GENERIC_WRITE = 0x10000000, 0x40000000
_RIGHTS = {
    "GA": _GENERIC_ALL,
    "GW": _GENERIC_WRITE,
    "GX": 0x20000000,
    "GR": 0x80000000,
    "FA": 0x1F01FF,
    "FW": 0x120116,
    "FR": 0x120089,
    "FX": 0x1200A0,
    "RC": 0x20000,
    "SD": 0x10000,
    "WD": 0x40000,
    "WO": 0x80000,
    "CC": 0x1,
    "DC": ADD_FILE,
    "LC": ADD_FOLDER,
    "SW": 0x8,
    "RP": 0x10,
    "WP": 0x20,
    "DT": 0x40,
    "LO": 0x80,
    "CR": 0x100,
}
# Administrators, the system and its services; "owner rights" count as the owner does, "creator owner" as nobody.
_TRUSTED = {"SY", "BA", "LA", "DA", "EA", "SA", "CO", "CG", "OW", "LS", "NS"}
_TRUSTED_SIDS = re.compile(
    r"S-1-5-(18|19|20|32-544|80-[\d-]+|21-\d+-\d+-\d+-(500|512|518|519))\Z|S-1-3-[0-5]\Z", re.IGNORECASE
)
_NAMES = {
    "WD": "Everyone",
    "AU": "every signed-in user",
    "BU": "every user",
    "IU": "whoever sits at the machine",
    "AN": "anonymous users",
    "BG": "guests",
    "PU": "power users",
    "DU": "every user of the domain",
    "S-1-1-0": "Everyone",
    "S-1-5-11": "every signed-in user",
    "S-1-5-32-545": "every user",
}


@dataclass(frozen=True)
class Access:
    """One descriptor, as far as it decides who may write."""

    owner: str
    entries: tuple[tuple[str, int, str], ...] | None
    """Kind (A or D), rights and SID of each entry for the directory itself; ``None``: no list, so no limit."""

    def writers(self, wanted: int) -> list[str]:
        """Ordinary users and groups with any of these rights, or the means to get them."""
        found = []
        if self.owner and not _trusted(self.owner):
            found.append(f"its owner {name(self.owner)}")
        if self.entries is None:
            return [*found, "Everyone, for it has no access list"]
        harmful = wanted | _TAKE_OVER
        for kind, rights, sid in self.entries:
            if kind != "A" or _trusted(sid):
                continue
            denied = 0
            for other, refused, whose in self.entries:
                denied |= refused if (other, whose) == ("D", sid) else 0
            if rights & harmful & ~denied:
                found.append(name(sid))
        return list(dict.fromkeys(found))


def name(sid: str) -> str:
    """What to call it: accounts have different names on every machine and in every language."""
    return _NAMES.get(sid.upper(), sid)


def parse(text: str) -> Access | None:
    """The descriptor; ``None`` where this is none, or one without owner and list."""
    found = re.match(
        r"(?:O:(?P<owner>[A-Z]{2}|S-[\d-]+))?(?:G:(?:[A-Z]{2}|S-[\d-]+))?(?:D:(?P<list>.*?))?(?:S:.*)?\Z", text
    )
    if found is None or not (found["owner"] or found["list"] is not None):
        return None
    owner, listed = found["owner"] or "", found["list"]
    if listed is None or "NO_ACCESS_CONTROL" in listed:
        return Access(owner, None)
    entries = []
    for body in re.findall(r"\(([^()]*)", listed):
        fields = body.split(";")
        # IO: only for what is made in it.
        if len(fields) >= 6 and fields[0] in {"A", "D"} and "IO" not in re.findall("..", fields[1]):
            entries.append((fields[0], _rights(fields[2]), fields[5]))
    return Access(owner, tuple(entries))


def _rights(text: str) -> int:
    if text[:1].isdigit():
        rights = int(text, 0)
    else:
        rights = 0
        for word in re.findall("..", text):
            rights |= _RIGHTS.get(word, 0)
    if rights & (_GENERIC_ALL | _GENERIC_WRITE):
        rights |= ADD_FILE | ADD_FOLDER
    return rights | _TAKE_OVER if rights & _GENERIC_ALL else rights


def _trusted(sid: str) -> bool:
    return sid in _TRUSTED or bool(_TRUSTED_SIDS.match(sid))
