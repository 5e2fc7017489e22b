"""Who comes in at a door, who makes room, and who is let go of; on a clock of its own."""

import pytest

from voiceguide.edge.service import door as door_module
from voiceguide.edge.service.door import FILES_FOR_SOUND, Door


class Street:
    """A door and everybody who was shown out of it."""

    def __init__(self, most=4, most_each=2, silence=10.0):
        self.now = 0.0
        self.ended = []
        self.door = Door(most, most_each, silence, lambda: self.now)

    def come(self, name, address="10.0.0.1", fileno=5):
        self.now += 0.01
        return self.door.enter(address, lambda: self.ended.append(name), fileno)


def test_the_silent_are_let_go_of_after_their_time():
    street = Street()
    silent, talker = street.come("silent"), street.come("talker")
    street.now = 9.0
    street.door.heard(talker)
    street.now = 10.5
    street.door.sweep()
    assert street.ended == ["silent"]
    street.door.leave(silent)
    assert len(street.door) == 1


def test_whoever_is_served_is_not_let_go_of():
    street = Street(most_each=1)
    guest = street.come("served")
    guest.is_served = True
    street.now = 1000.0
    assert street.come("newcomer") is None
    assert street.ended == []
    assert street.door.turned_away == 1


def test_a_thousand_silent_ones_never_keep_anybody_out():
    street = Street(most=16, most_each=8)
    for number in range(1000):
        assert street.come(number, f"10.0.{number % 40}.7") is not None
        assert len(street.door) <= 16
    assert street.come("a person", "10.9.9.9") is not None


def test_one_address_makes_room_among_its_own():
    street = Street(most=4, most_each=2)
    street.come("other", "10.0.0.2")
    street.come("first")
    street.come("second")
    street.come("third")
    assert street.ended == ["first"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "", True),
    ],
)
def test_addresses_of_one_network_of_version_6_are_one(one, other, same):
    street = Street(most_each=1)
    street.come("one", one)
    street.come("other", other)
    assert (street.ended == ["one"]) is same


def test_the_last_files_of_the_process_are_left_to_the_sound(monkeypatch):
    monkeypatch.setattr(door_module, "_most_files", lambda: 1024)
    street = Street()
    assert street.come("few are left", fileno=1024 - FILES_FOR_SOUND) is None
    assert street.come("enough", fileno=1023 - FILES_FOR_SOUND) is not None
