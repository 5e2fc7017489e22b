import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
from support.places import SUPPORT

from voiceguide.core.errors import SpeechError
from voiceguide.core.timeline.speech import WORD_GAP_SECONDS
from voiceguide.edge.voice.voice import Voice
from voiceguide.sound.level import dbfs
from voiceguide.sound.lufs import true_peak_dbtp
from voiceguide.sound.speech import LEAD_SECONDS, PEAK_LIMIT_DBTP, TAIL_SECONDS

SENTENCE = "Glide both hands from the collarbone up to the chin, slowly."
FAKE = str(SUPPORT / "fake_voice_worker.py")

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the worker forks on Linux only")


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path, monkeypatch):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []  # On every path.


@pytest.fixture(scope="module")
def shared_voice(tmp_path_factory):
    with Voice(cache_dir=tmp_path_factory.mktemp("cache")) as voice:
        yield voice


def faking(mode: str, folder: Path, deadline_seconds: float = 20.0) -> Voice:
    return Voice(
        cache_dir=folder / "cache",
        deadline_seconds=deadline_seconds,
        command=[sys.executable, FAKE, mode, str(folder)],
    )


def log_of(folder: Path) -> list[str]:
    return (folder / "log").read_text().splitlines()


def test_a_sentence_becomes_speech_of_the_common_loudness(shared_voice):
    clip = shared_voice.render(SENTENCE, 150)
    assert clip.sample_rate_hz == 22_050
    assert 3.0 < clip.seconds < 5.0
    assert -24.0 < dbfs(clip.samples) < -19.0  # Pauses between words included.
    assert true_peak_dbtp(clip) <= PEAK_LIMIT_DBTP
    sounding = np.flatnonzero(clip.samples) / 22_050
    assert LEAD_SECONDS <= sounding[0] < LEAD_SECONDS + 0.01
    assert TAIL_SECONDS <= clip.seconds - sounding[-1] < TAIL_SECONDS + 0.01


def test_faster_is_shorter(shared_voice):
    lengths = [shared_voice.render(SENTENCE, rate).seconds for rate in (110, 150, 220)]
    assert lengths[0] > 1.25 * lengths[1]
    assert lengths[1] > 1.25 * lengths[2]


@linux_only
def test_slower_also_adds_gaps_between_words_and_leaves_the_pitch(shared_voice):
    usual, slow = (shared_voice.render(SENTENCE, rate) for rate in (150, 110))
    words = len(SENTENCE.split())
    assert slow.seconds > usual.seconds * 150 / 110 + 0.5 * 3 * WORD_GAP_SECONDS * (words - 1)
    assert pitch_hz(slow) == pytest.approx(pitch_hz(usual), rel=0.05)


def pitch_hz(clip) -> float:
    """The usual pitch of the voiced parts, by autocorrelation of 40 ms frames."""
    size, rate = clip.sample_rate_hz // 25, clip.sample_rate_hz
    lags = slice(rate // 300, rate // 70)
    frames = clip.samples[: len(clip.samples) // size * size].reshape(-1, size)
    found = []
    for frame in frames[(frames**2).mean(axis=1) > 0.1 * (frames**2).mean()]:
        shape = np.correlate(frame, frame, "full")[size - 1 :]
        best = int(np.argmax(shape[lags])) + lags.start
        if shape[best] > 0.5 * shape[0]:
            found.append(rate / best)
    return float(np.median(found))


def test_a_long_text_is_spoken_to_its_end(shared_voice):
    once = shared_voice.render("Please turn your head, and let your shoulders sink.", 150).seconds
    text = " ".join(["Please turn your head, and let your shoulders sink."] * 9)
    assert shared_voice.render(text, 150).seconds > 9 * once


@linux_only
def test_the_same_text_is_the_same_samples_whatever_was_said_before(tmp_path):
    clips = []
    for number in (1, 2):
        with Voice(cache_dir=tmp_path / str(number)) as voice:
            for other in range(2 * number - 2):
                voice.render(f"Something else, number {other}.", 200)
            clips.append(voice.render(SENTENCE, 150).samples)
    assert np.array_equal(*clips)


def test_a_cached_clip_needs_no_worker_and_is_the_same_clip(tmp_path):
    with Voice(cache_dir=tmp_path) as voice:
        fresh = voice.render("hello there", 150)
        assert voice.render("  hello\n there ", 150) is fresh
    with Voice(cache_dir=tmp_path, command=["/no/such/worker"]) as voice:
        assert np.array_equal(voice.render("hello there", 150).samples, fresh.samples)
        with pytest.raises(SpeechError, match="cannot be started"):
            voice.render("hello there", 160)


@pytest.mark.parametrize("damage", [b"", b"vgc1", None, b"x" * 5000])
def test_a_damaged_cache_file_is_rendered_anew(tmp_path, damage):
    with Voice(cache_dir=tmp_path) as voice:
        fresh = voice.render("hello there", 150).samples
    (file,) = tmp_path.glob("*.clip")
    file.write_bytes(file.read_bytes()[:-1] + b"\x55" if damage is None else damage)
    with Voice(cache_dir=tmp_path) as voice:
        assert np.array_equal(voice.render("hello there", 150).samples, fresh)
        assert voice.worker_pid is not None


def test_a_cache_folder_that_cannot_be_written_does_not_stop_it(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with Voice(cache_dir=tmp_path / "file" / "cache") as voice:
        assert voice.render("hello there", 150).seconds > 0.3


def test_many_threads_at_once_each_get_their_own_sentence(tmp_path):
    texts = [f"Number {number}." for number in range(6)]
    with Voice(cache_dir=tmp_path / "one") as voice:
        alone = [voice.render(text, 150).samples for text in texts]
    together: dict[str, np.ndarray] = {}
    with Voice(cache_dir=tmp_path / "two") as voice:

        def work(text: str) -> None:
            together[text] = voice.render(text, 150).samples

        threads = [threading.Thread(target=work, args=(text,)) for text in texts * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(
        np.array_equal(together[text], clip) for text, clip in zip(texts, alone, strict=True)
    )


@linux_only
@pytest.mark.parametrize("name", ["gmw/en-gb-x-rp", "en-us+f3", "English (Scotland)"])
def test_other_voices_sound_different(shared_voice, tmp_path, name):
    with Voice(name, cache_dir=tmp_path) as voice:
        other = voice.render("hello there", 150)
    assert not np.array_equal(other.samples, shared_voice.render("hello there", 150).samples)


@linux_only
@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("en-uss", "did you mean en-us"),
        ("en-us+zzz", "zac"),
        ("dutsh", "did you mean dutch?"),
        ("af_hart", "did you mean af_heart?"),
        ("nosuch", "; there are af_heart, en-us, en-gb, en-gb-scotland and others; see: "),
        ("../x", "; there are af_heart, en-us, "),
    ],
)
def test_an_unknown_voice_is_one_sentence_with_near_names(tmp_path, monkeypatch, name, near):
    monkeypatch.setattr("voiceguide.edge.voice.speech_engine.open_packs", lambda: {"af_heart": []})
    with (
        Voice(name, cache_dir=tmp_path) as voice,
        pytest.raises(SpeechError, match=r"there is no voice “.*”") as caught,
    ):
        voice.render("hello there", 150)
    assert near in str(caught.value)
    assert "\n" not in str(caught.value)


@linux_only
def test_a_voice_is_found_by_its_language_too(tmp_path):
    with Voice("en-gb", cache_dir=tmp_path) as voice:
        assert voice.render("hello", 150).seconds > 0.1


@linux_only
def test_the_voices_are_listed(shared_voice):
    voices = shared_voice.voices()
    assert ("gmw/en-us", "en-us") in [(voice.id, voice.language) for voice in voices]
    assert len(voices) > 100


def test_without_an_engine_it_says_so_in_one_sentence(tmp_path):
    with (
        faking("real-no-engine", tmp_path) as voice,
        pytest.raises(SpeechError, match="there is no speech engine here; install"),
    ):
        voice.render("hello there", 150)


@pytest.mark.parametrize("mode", ["die", "garbage", "no-file", "cut-off", "broken-file"])
def test_a_failed_attempt_is_made_once_more(tmp_path, mode):
    with faking(mode, tmp_path) as voice:
        assert voice.render("hello there", 150).seconds > 0.5
    assert log_of(tmp_path) == ["hello there"] * 2


def test_a_hanging_worker_is_replaced(tmp_path):
    with faking("hang", tmp_path, deadline_seconds=3.0) as voice:
        assert voice.render("hello there", 150).seconds > 0.5
    assert log_of(tmp_path) == ["hello there"] * 2


def test_two_failed_attempts_are_an_error_and_the_next_sentence_may_work(tmp_path):
    with faking("always-no-file", tmp_path) as voice:
        for text in ("hello there", "hello again"):
            with pytest.raises(SpeechError, match=f"“{text}” cannot be spoken, tried twice"):
                voice.render(text, 150)
    assert log_of(tmp_path) == ["hello there"] * 2 + ["hello again"] * 2


@linux_only
def test_a_worker_killed_in_the_middle_of_a_sentence_is_replaced(tmp_path):
    with faking("real-killed", tmp_path) as voice:
        assert voice.render(SENTENCE, 150).seconds > 3.0


@linux_only
def test_the_worker_ends_when_its_parent_is_killed(tmp_path):
    program = (
        "import sys; from pathlib import Path; from voiceguide.edge.voice.voice import Voice\n"
        "voice = Voice(cache_dir=Path(sys.argv[1]))\n"
        "voice.render('hello there', 150); print(voice.worker_pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "cache")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with parent:
        worker = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        ended, _, _ = select.select([worker], [], [], 20.0)
        os.close(worker)
    assert ended


@linux_only
def test_render_goes_before_prepare_and_waits_for_what_is_under_way(tmp_path):
    os.mkfifo(tmp_path / "gate")
    with faking("gate", tmp_path) as voice:
        voice.prepare(["first of all", "second", "never wanted"], 150)
        gate = os.open(tmp_path / "gate", os.O_WRONLY)  # Opens when the first job is under way.
        voice.prepare(["first of all", "second", "third"], 150)
        results: dict[str, float] = {}

        def work(text: str) -> None:
            results[text] = voice.render(text, 150).seconds

        threads = []
        for text in ("urgent", "first of all"):
            threads.append(threading.Thread(target=work, args=(text,)))
            threads[-1].start()
            while text == "urgent" and not voice._urgent:
                pass
        os.close(gate)
        for thread in threads:
            thread.join()
        voice.render("third", 150)
    assert sorted(results) == ["first of all", "urgent"]
    order = log_of(tmp_path)
    assert order[:2] == ["first of all", "urgent"]
    assert order.count("first of all") == 1
    assert "never wanted" not in order


def test_closing_frees_whoever_waits(tmp_path):
    voice = faking("hang", tmp_path)
    caught: list[Exception] = []

    def work() -> None:
        try:
            voice.render("hello there", 150)
        except SpeechError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while not (tmp_path / "met").exists():
        pass
    voice.close()
    thread.join()
    assert "closed" in str(caught)
    with pytest.raises(SpeechError, match="closed"):
        voice.render("hello again", 150)


@pytest.mark.parametrize("text", ["", "  ", "…!", "🙂"])
def test_nothing_to_say_is_a_moment_of_silence_and_no_fault(tmp_path, text):
    with Voice(cache_dir=tmp_path) as voice:
        voice.prepare([text], 150)
        clip = voice.render(text, 150)
    assert clip.seconds < 0.05
    assert not clip.samples.any()


def test_limits_are_kept(tmp_path):
    with Voice(cache_dir=tmp_path) as voice:
        with pytest.raises(ValueError, match="110 to 220"):
            voice.render("hello", 300)
        with pytest.raises(SpeechError, match="too long"):
            voice.render("hello " * 1000, 150)


def test_nothing_of_the_engine_reaches_our_output(tmp_path, capfd):
    with Voice(cache_dir=tmp_path) as voice:
        voice.render("hello there", 150)
    assert capfd.readouterr() == ("", "")


def test_the_words_of_a_sentence_are_told_with_their_times(tmp_path):
    for _ in range(2):  # rendered, and read from the disk
        with Voice(cache_dir=tmp_path) as voice:
            clip = voice.render("Glide from chin to earlobe, and then: press gently.", 150)
        said = ["glide", "from", "chin", "to", "earlobe", "and", "then", "press", "gently"]
        assert [word.text for word in clip.words] == said
        times = [time for word in clip.words for time in (word.start_seconds, word.end_seconds)]
        assert times == sorted(times)
        assert -0.05 < times[0] < 0.05
        assert clip.seconds - 1.0 < clip.words[-1].start_seconds < clip.seconds - 0.2
        press = next(word for word in clip.words if word.text == "press")
        rate = clip.sample_rate_hz
        before = clip.samples[round((press.start_seconds - 0.08) * rate) :][: round(0.05 * rate)]
        assert np.abs(before).max() < 0.02  # the pause at the colon
