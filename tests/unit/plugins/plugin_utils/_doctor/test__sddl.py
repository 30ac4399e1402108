"""Who may write in a directory of Windows, from descriptors as Windows writes them."""

from __future__ import annotations

import pytest

from ansible_collections.gopherops.workstation.plugins.plugin_utils._doctor._sddl import ADD_FILE, ADD_FOLDER, parse

ADA = "S-1-5-21-1004336348-1177238915-682003330-1001"
ROOT = "O:S-1-5-80-1-2-3-4-5G:S-1-5-80-1-2-3-4-5D:PAI(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (ROOT, []),
        (ROOT + "(A;;LC;;;AU)", []),
        (ROOT + "(A;OICIIO;SDGXGWGR;;;AU)", []),
        (ROOT + "(A;;0x1301bf;;;AU)", ["every signed-in user"]),
        (ROOT + "(A;OICIID;FA;;;WD)", ["Everyone"]),
        (ROOT + "(A;;GW;;;S-1-1-0)", ["Everyone"]),
        (ROOT + "(A;;WD;;;BU)", ["every user"]),
        (ROOT + f"(A;;DC;;;{ADA})", [ADA]),
        (ROOT + f"(A;;FA;;;{ADA[:-4]}500)(A;;FA;;;{ADA[:-4]}512)", []),
        (ROOT + "(D;;DC;;;BU)(A;;DC;;;BU)", []),
        (ROOT + "(D;;DC;;;WD)(A;;DC;;;BU)", ["every user"]),
        (ROOT + '(XA;;FA;;;WD;(@User.Project Any_of {"x"}))', []),
        (ROOT + "S:AI(AU;SAFA;FA;;;WD)", []),
        (f"O:{ADA}G:{ADA[:-4]}513D:(A;;FA;;;BA)", [f"its owner {ADA}"]),
        ("O:BAG:BAD:NO_ACCESS_CONTROL", ["Everyone, for it has no access list"]),
        ("O:BAG:BA", ["Everyone, for it has no access list"]),
        ("O:BAG:BAD:", []),
        (ROOT + "(A;;0x1301bf;;;AU)(A;OICIIO;FA;;;AU)(A;;DC;;;AU)", ["every signed-in user"]),
    ],
)
def test_who_may_put_a_file_there(text: str, who: list[str]) -> None:
    access = parse(text)
    assert access is not None
    assert access.writers(ADD_FILE) == who


def test_below_the_root_of_a_drive_everybody_may_make_a_folder() -> None:
    access = parse(ROOT + "(A;;LC;;;AU)")
    assert access is not None
    assert access.writers(ADD_FOLDER) == ["every signed-in user"]


@pytest.mark.parametrize("text", ["", "nonsense", "D", "G:BA"])
def test_what_is_no_descriptor_says_nothing(text: str) -> None:
    assert parse(text) is None
