"""The pack that ships holds every sentence that the bundled routines can say, and is small."""

import pytest

from voiceguide.core.session.sayings import pack_sayings
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.voice.pack import SUFFIX, VoicePack
from voiceguide.edge.voice.pack_store import lacking
from voiceguide.sound.lufs import loudness, true_peak_dbtp
from voiceguide.sound.speech import PEAK_LIMIT_DBTP, SPEECH_LUFS

PACKS = sorted(shipped_folder("audio").glob(f"*{SUFFIX}"))
MOST_BYTES = 16_000_000

pytestmark = pytest.mark.skipif(not PACKS, reason="no pack ships yet: scripts/make_voice_pack")


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_it_holds_everything(path):
    assert lacking([VoicePack(path)], pack_sayings(load_bundled(), load_phrasebook())) == ()
    assert path.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize("path", PACKS, ids=lambda path: path.stem)
def test_its_sentences_are_equally_loud_and_their_words_are_in_order(path):
    pack = VoicePack(path)
    for text in sorted(pack.texts)[::40]:
        clip = pack.get(text)
        assert clip is not None
        assert abs(loudness(clip) - SPEECH_LUFS) < 1.5, text
        assert true_peak_dbtp(clip) < PEAK_LIMIT_DBTP + 0.5, text
        starts = [word.start_seconds for word in clip.words]
        assert starts == sorted(starts), text
        assert clip.words[-1].end_seconds <= clip.seconds + 0.05, text
