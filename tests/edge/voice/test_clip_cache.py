import os
import shutil
from types import SimpleNamespace

import numpy as np

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.edge.voice import clip_cache as clip_cache_module
from voiceguide.edge.voice.clip_cache import ClipCache, cache_key
from voiceguide.sound.clip import Clip


def clip(value: int, count: int = 1000) -> Clip:
    return Clip(np.full(count, value, dtype=np.float32) / np.float32(32767.0), 22_050)


def test_a_clip_comes_back_exactly_from_memory_and_from_disk(tmp_path):
    kept = clip(12_345)
    cache = ClipCache(tmp_path)
    cache.put("key", kept)
    assert cache.get("key") is kept
    read = ClipCache(tmp_path).get("key")
    assert np.array_equal(read.samples, kept.samples)
    assert read.sample_rate_hz == 22_050
    assert [path.name for path in tmp_path.iterdir()] == ["key.clip"]


def test_its_words_come_back_too(tmp_path):
    words = (SpokenWord("chin", 0.25, 0.5), SpokenWord("über", 0.5, 0.75))
    spoken = Clip(clip(3).samples, 22_050, words)
    ClipCache(tmp_path).put("key", spoken)
    assert ClipCache(tmp_path).get("key").words == words


def test_every_changed_byte_and_every_cut_is_noticed(tmp_path):
    ClipCache(tmp_path).put("key", clip(5, count=20))
    file = tmp_path / "key.clip"
    whole = file.read_bytes()
    for index in range(len(whole)):
        changed = bytearray(whole)
        changed[index] ^= 0x40
        for damaged in (bytes(changed), whole[:index]):
            file.write_bytes(damaged)
            assert ClipCache(tmp_path).get("key") is None


def test_the_disk_is_bounded_and_the_least_recently_used_goes_first(tmp_path):
    cache = ClipCache(tmp_path, disk_limit_bytes=7000, memory_limit_bytes=1)
    for number in range(3):  # 2050 bytes each
        cache.put(f"key{number}", clip(number))
        os.utime(tmp_path / f"key{number}.clip", (number, number))
    assert cache.get("key0") is not None  # Used now, so key1 is the oldest.
    cache.put("key3", clip(3))
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["key0", "key2", "key3"]


def test_memory_is_bounded(tmp_path):
    cache = ClipCache(tmp_path, memory_limit_bytes=10_000)
    for number in range(5):  # 4000 bytes each
        cache.put(f"key{number}", clip(number))
    for path in tmp_path.iterdir():
        path.unlink()
    assert [cache.get(f"key{number}") is not None for number in range(5)] == [False] * 3 + [
        True
    ] * 2


def test_a_folder_that_cannot_be_made_is_told_once_and_no_more(tmp_path, caplog):
    (tmp_path / "file").touch()
    cache = ClipCache(tmp_path / "file" / "cache")
    for number in range(3):
        cache.put(f"key{number}", clip(number))
    assert cache.get("key0") is not None
    (told,) = caplog.messages
    assert str(tmp_path / "file" / "cache") in told


def test_what_was_told_is_told_again_once_it_had_worked_in_between(tmp_path, caplog):
    folder = tmp_path / "cache"
    cache = ClipCache(folder)
    for number in range(2):
        folder.touch()
        cache.put("key", clip(number))
        folder.unlink()
        cache.put("key", clip(number))
        shutil.rmtree(folder)
    assert len(caplog.messages) == 2


def test_keys_do_not_run_into_each_other():
    assert cache_key("ab", "c") != cache_key("a", "bc")


def test_it_gives_way_before_the_disk_is_full(tmp_path, monkeypatch):
    free = [10**9]
    monkeypatch.setattr(
        clip_cache_module.shutil, "disk_usage", lambda _: SimpleNamespace(free=free[0])
    )
    cache = ClipCache(tmp_path)
    clip = Clip(np.zeros(1000, np.float32), 16_000)
    cache.put("a", clip)
    assert len(list(tmp_path.iterdir())) == 1
    free[0] = 1000
    cache.put("b", clip)
    # What is there goes first; what there is no room for is kept in memory alone.
    assert list(tmp_path.iterdir()) == []
    assert cache.get("b") is not None
