"""Random rooms for training: alignment, energy, plausible sizes, repeatability."""

from pathlib import Path

import numpy as np
import pytest
from train import rooms


@pytest.fixture
def few(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(rooms, "TRAINING", 12)
    monkeypatch.setattr(rooms, "HELD_OUT", 4)
    rooms.make_rooms(tmp_path, seed=3, jobs=1)
    return tmp_path / "corpora"


def test_arrays_have_the_promised_shapes(few):
    with np.load(few / "rooms.npz") as made, np.load(few / "rooms-heldout.npz") as held_out:
        assert made["responses"].shape == (12, 11_200)
        assert made["responses"].dtype == np.float32
        assert held_out["responses"].shape == (4, 11_200)
        assert made["distance"].shape == made["rt60"].shape == made["bathroom"].shape == (12,)


def test_sound_begins_at_once_with_unit_energy(few):
    with np.load(few / "rooms.npz") as made:
        responses = made["responses"].astype(np.float64)
    assert np.sum(responses[:, :80] ** 2, axis=1) == pytest.approx(np.ones(12), rel=1e-4)
    assert np.all(responses[:, 0] > 0.1)


def test_training_and_held_out_rooms_differ(few):
    with np.load(few / "rooms.npz") as made, np.load(few / "rooms-heldout.npz") as held_out:
        assert not set(made["distance"].tolist()) & set(held_out["distance"].tolist())


def test_same_seed_same_rooms(few, tmp_path, monkeypatch):
    other = tmp_path / "again"
    rooms.make_rooms(other, seed=3, jobs=1)
    with np.load(few / "rooms.npz") as one, np.load(other / "corpora" / "rooms.npz") as two:
        assert np.array_equal(one["responses"], two["responses"])


def test_what_exists_is_kept(few):
    before = (few / "rooms.npz").stat().st_mtime_ns
    rooms.make_rooms(few.parent, seed=9, jobs=1)
    assert (few / "rooms.npz").stat().st_mtime_ns == before


@pytest.mark.parametrize("bathroom", [True, False])
def test_rooms_are_plausible(bathroom):
    for seed in range(200):
        room, distance, seconds = rooms.random_room(np.random.default_rng(seed), bathroom)
        width, depth, height = room.size
        low, high = (2, 8) if bathroom else (6, 35)
        assert low - 0.01 <= width * depth <= high + 0.01
        assert 2.2 <= height <= 2.8
        assert 0.2 <= distance <= 3.0
        assert 0.2 <= seconds <= 0.9
        for point in (room.microphone, room.mouth):
            assert all(0 < at < size for at, size in zip(point, room.size, strict=True))


def test_near_is_drier_than_far(few):
    direct, late = np.zeros(11_200, np.float32), np.zeros(11_200, np.float32)
    direct[0], late[400] = 1.0, 1.0
    # One and the same late sound, a direct sound twice as strong: half the pressure left.
    near = rooms.aligned(2 * direct + late, 0.0)
    far = rooms.aligned(direct + late, 0.0)
    assert near[400] == pytest.approx(far[400] / 2)
