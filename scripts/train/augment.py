"""Sequences for training: clips laid out in time, in rooms, in noise, at any level and speed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from train.corpus import FRAME_SAMPLES
from train.pools import FREE, Pool, Sounds

SEQUENCE_SAMPLES = 64_000
"""4 s."""
TRANSFORM_SAMPLES = 76_800
"""A sequence and a room's response (0.7 s at most) with it; a product of small primes."""
MOST_CLIPS = 5
USUAL_SHARES = {"short": 0.55, "talk": 0.3, "events": 0.1, "nothing": 0.05}
"""What is in a sequence: several short clips, a piece of talk, events, or nothing."""
SNR_DB = (-3.0, 30.0)
"""Speech over noise, drawn evenly."""
LEVEL_DBFS = (-46.0, -10.0)
"""Of the active speech: from a whisper across the room to a shout."""
DRY_SHARE = 0.3
"""Sequences without a room: people close to the microphone. With half of them a near-human "go" was
understood close and refused each time in the simulated bathroom."""
NARROW_SHARE, CLIPPED_SHARE, CODED_SHARE = 0.12, 0.06, 0.1
"""Sequences through a hands-free headset, through a microphone turned up too far, and through a
codec as wireless microphones and calls use (SBC, Opus), wide or narrow."""
CODED_BANDS = 16
CODED_STEPS = (1.0, 5.0)
"""A band's loudest coefficient in 20 ms is so many of the codec's steps."""
NARROW_HZ = (3300.0, 3900.0)
"""Between these a headset of 8 kHz falls silent."""
SPEED_SPREAD = 0.09
"""Standard deviation of the logarithm of a clip's speed (its pitch and formants follow)."""
GAP_SECONDS = (0.15, 0.7)
WHOSE = {
    "command": {"people": 0.2, "near": 0.65, "synthetic": 0.15},
    "word": {"people": 0.4, "near": 0.4, "synthetic": 0.2},
    "talk": {"people": 0.5, "near": 0.3, "synthetic": 0.2},
}
"""Who says what is heard: people, near-human voices, the older synthetic ones."""
RECORDED_NOISE = ("tap", "dishes", "kitchen")
"""Kinds that are drawn more often than the synthetic ones."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Sequences and what is in them."""

    samples: Tensor
    """(batch, SEQUENCE_SAMPLES) float32 on the 16-bit scale."""
    labels: Tensor
    """(batch, SEQUENCE_SAMPLES // FRAME_SAMPLES) phones; `corpus.UNLABELLED` where unknown."""
    phrases: Tensor
    """The same shape, int16: the phrase that is being said; `FREE` and `FILLER` as in pools."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip's place in a sequence."""

    start: int
    """Its first sample among all clips."""
    samples: int
    begin: int
    """Where it begins in the sequence, in samples."""
    speed: float
    gain: float
    phrase: int


class Augmenter:
    """Draws batches; the layout with numpy, the sound on the device."""

    def __init__(
        self, sounds: Sounds, seed: int, shares: Mapping[str, float] = USUAL_SHARES
    ) -> None:
        """``shares``: how often which kind of sequence is drawn, as `USUAL_SHARES`."""
        self._contents, self._shares = list(shares), list(shares.values())
        self._sounds = sounds
        self.ease_db = 0.0
        """Added to every ratio of speech to noise: a beginner hears more clearly."""
        self._rng = np.random.default_rng(seed)
        self._samples, self._labels = sounds.samples, sounds.labels
        self._device = sounds.device
        self._torch = torch.Generator(device=self._device)
        self._torch.manual_seed(seed)
        kinds = list(sounds.noise_pieces)
        weight = np.array([4.0 if kind.startswith(RECORDED_NOISE) else 1.0 for kind in kinds])
        self._kinds, self._kind_share = kinds, weight / weight.sum()
        self._whose = {what: _present(what, sounds.pools) for what in WHOSE}

    def batch(self, size: int) -> Batch:
        """One batch of this many sequences."""
        placed = [self._place(self._lay_out()) for _ in range(size)]
        speech, labels, phrases = (
            torch.from_numpy(np.stack([one[i] for one in placed])).to(self._device)
            for i in range(3)
        )
        speech = self._in_rooms(speech)
        noise = self._noise(size)
        snr = torch.empty(size, 1, device=self._device).uniform_(*SNR_DB, generator=self._torch)
        clean = torch.rand(size, 1, device=self._device, generator=self._torch) < 0.15
        snr = snr + self.ease_db
        snr = torch.where(clean, snr.abs() * 0.8 + 30.0, snr)
        mixed = self._poor_microphones(speech + noise * 10 ** (-snr / 20))
        gain = torch.empty(size, 1, device=self._device).uniform_(
            *LEVEL_DBFS, generator=self._torch
        )
        mixed = mixed * (32768 * 10 ** (gain / 20))
        return Batch(mixed.clamp(-32768, 32767).round(), labels, phrases)

    # ------------------------------------------------------------------ layout

    def _lay_out(self) -> list[Placed]:
        """Which clips, where, how fast."""
        rng = self._rng
        names: list[str] = []
        match self._contents[rng.choice(len(self._contents), p=self._shares)]:
            case "short":
                names = [self._short() for _ in range(rng.integers(2, MOST_CLIPS + 1))]
            case "talk":
                names = [f"talk {self._kind('talk')}"]
            case "events":
                names = ["events"] * int(rng.integers(1, MOST_CLIPS + 1))
        placed: list[Placed] = []
        at = rng.uniform(0, GAP_SECONDS[1]) * 16_000
        for name in names:
            pool = self._sounds.pools[name]
            clip = int(pool.draw(rng, 1)[0])
            speed = float(np.exp(np.clip(rng.normal(0, SPEED_SPREAD), -0.25, 0.25)))
            first, samples = int(pool.start[clip]), int(pool.samples[clip])
            room = SEQUENCE_SAMPLES - at - 2000
            if samples / speed > room:
                if placed:
                    break
                # Too long for what is left: some stretch of it, from anywhere (on a label's edge).
                keep = int(min(samples, room * speed)) // FRAME_SAMPLES * FRAME_SAMPLES
                skip = int(rng.integers(0, samples - keep + 1)) // FRAME_SAMPLES * FRAME_SAMPLES
                first, samples = first + skip, keep
            gain = float(np.exp(rng.normal(0, 0.35)) / pool.level[clip])
            placed.append(Placed(first, samples, int(at), speed, gain, int(pool.phrase[clip])))
            at += samples / speed + rng.uniform(*GAP_SECONDS) * 16_000
        return placed

    def _short(self) -> str:
        """The pool of a short clip."""
        rng = self._rng
        kind = rng.random()
        if kind < 0.56:
            return f"command {self._kind('command')}"
        if kind < 0.9:
            return f"word {self._kind('word')}"
        return "events"

    def _kind(self, what: str) -> str:
        """Whose clips of this sort are heard next, of those who are there."""
        kinds, shares = self._whose[what]
        return kinds[self._rng.choice(len(kinds), p=shares)]

    # ------------------------------------------------------------------ sound

    def _place(self, table: list[Placed]) -> tuple[NDArray[np.float32], ...]:
        """The sound of one sequence, its labels and phrases; clips are resampled as they go."""
        sound = np.zeros(SEQUENCE_SAMPLES, np.float32)
        labels = np.zeros(SEQUENCE_SAMPLES // FRAME_SAMPLES, np.uint8)
        phrases = np.full(len(labels), FREE, np.int16)
        for one in table:
            clip = self._samples[one.start : one.start + one.samples]
            n = int((one.samples - 3) / one.speed)
            value = _resampled(clip, np.arange(n) * one.speed) * one.gain
            fade = np.linspace(0, 1, min(80, n // 2), dtype=np.float32)  # 5 ms: no clicks
            value[: len(fade)] *= fade
            value[n - len(fade) :] *= fade[::-1]
            sound[one.begin : one.begin + n] = value[: SEQUENCE_SAMPLES - one.begin]
            first = -(-one.begin // FRAME_SAMPLES)
            frames = np.arange(first, min((one.begin + n) // FRAME_SAMPLES, len(labels)))
            within = (frames * FRAME_SAMPLES - one.begin) * one.speed / FRAME_SAMPLES
            labels[frames] = self._labels[(one.start // FRAME_SAMPLES + within).astype(np.int64)]
            phrases[frames] = one.phrase
        return sound, labels, phrases

    def _in_rooms(self, speech: Tensor) -> Tensor:
        """Most sequences through a room's response, all through a microphone's."""
        size = len(speech)
        responses = self._sounds.rooms
        n = TRANSFORM_SAMPLES
        which = torch.from_numpy(self._rng.integers(0, len(responses), size)).to(self._device)
        response = responses[which].clone()
        dry = torch.from_numpy(self._rng.random(size) < DRY_SHARE).to(self._device)
        response[dry] = 0.0
        response[dry, 0] = 1.0
        spectrum = torch.fft.rfft(speech, n) * torch.fft.rfft(response, n)
        spectrum = spectrum * self._colour(size, n)
        return torch.fft.irfft(spectrum, n)[:, :SEQUENCE_SAMPLES]

    def _poor_microphones(self, sound: Tensor) -> Tensor:
        """Some sequences end at 4 kHz, half of these in 8 bits as well; some are clipped."""
        rng, size = self._rng, len(sound)
        kind = rng.random(size)
        narrow = torch.from_numpy(np.flatnonzero(kind < NARROW_SHARE)).to(self._device)
        clipped = torch.from_numpy(
            np.flatnonzero((kind >= NARROW_SHARE) & (kind < NARROW_SHARE + CLIPPED_SHARE))
        ).to(self._device)
        coded = torch.from_numpy(np.flatnonzero(rng.random(size) < CODED_SHARE)).to(self._device)
        if len(coded):
            steps = torch.from_numpy(rng.uniform(*CODED_STEPS, len(coded)))
            sound[coded] = through_codec(sound[coded], steps.to(sound))
        if len(narrow):
            heard = narrowed(sound[narrow])
            coarse = torch.from_numpy(rng.random(len(narrow)) < 0.5).to(self._device)
            sound[narrow] = torch.where(coarse[:, None], in_8_bits(heard), heard)
        if len(clipped):
            part = torch.from_numpy(rng.uniform(0.1, 0.6, (len(clipped), 1))).to(sound)
            most = sound[clipped].abs().amax(1, keepdim=True) * part
            sound[clipped] = sound[clipped].clamp(-most, most)
        return sound

    def _colour(self, size: int, n: int) -> Tensor:
        """A smooth random frequency response, (size, n // 2 + 1): microphones and mouths differ."""
        axis = torch.linspace(0, math.pi, n // 2 + 1, device=self._device)
        order = torch.arange(1, 6, device=self._device)[:, None]
        curves = torch.cos(order * axis)
        weight = torch.randn(size, 5, device=self._device, generator=self._torch) * 2.5
        return 10 ** (weight @ curves / 20)

    def _noise(self, size: int) -> Tensor:
        """One kind of noise, sometimes two, sometimes talk far away; unit root mean square."""
        sound = self._noise_piece(size)
        second = self._noise_piece(size) * torch.from_numpy(
            (self._rng.random((size, 1)) < 0.25) * self._rng.uniform(0.3, 1.0, (size, 1))
        ).to(self._device, torch.float32)
        n = SEQUENCE_SAMPLES
        sound = sound + second
        sound = torch.fft.irfft(torch.fft.rfft(sound, n) * self._colour(size, n), n)
        swell = self._swell(size)
        sound = sound * swell
        return sound / sound.square().mean(1, keepdim=True).sqrt().clamp(min=1e-6)

    def _noise_piece(self, size: int) -> Tensor:
        rng = self._rng
        babble = rng.random(size) < 0.12
        offsets = np.zeros(size, np.int64)
        for i in range(size):
            kind = self._kinds[rng.choice(len(self._kinds), p=self._kind_share)]
            first, samples = self._sounds.noise_pieces[kind][
                rng.integers(len(self._sounds.noise_pieces[kind]))
            ]
            at = first + rng.integers(0, max(1, samples - SEQUENCE_SAMPLES))
            offsets[i] = min(at, len(self._sounds.noise) - SEQUENCE_SAMPLES)
        pieces = [self._sounds.noise[at : at + SEQUENCE_SAMPLES] for at in offsets]
        sound = torch.from_numpy(np.stack(pieces)).to(self._device).float()
        if babble.any():
            voices = self._babble(int(babble.sum()))
            sound[torch.from_numpy(babble).to(self._device)] = voices
        return sound / sound.square().mean(1, keepdim=True).sqrt().clamp(min=1.0)

    def _babble(self, size: int) -> Tensor:
        """Two to five people talking at once, in a room."""
        pool = self._sounds.pools[f"talk {self._whose['talk'][0][0]}"]
        sound = np.zeros((size, SEQUENCE_SAMPLES), np.float32)
        last = len(self._samples) - SEQUENCE_SAMPLES - 1
        for row in sound:
            for clip in pool.draw(self._rng, int(self._rng.integers(2, 6))):
                first = min(int(pool.start[clip]), last)
                row += self._samples[first : first + SEQUENCE_SAMPLES] / pool.level[clip]
        return self._in_rooms(torch.from_numpy(sound).to(self._device)) * 1000

    def _swell(self, size: int) -> Tensor:
        """Slow changes of the noise's level: a tap turned, a dryer moved."""
        points = torch.randn(size, 1, 6, device=self._device, generator=self._torch)
        depth = torch.rand(size, 1, device=self._device, generator=self._torch) * 4
        curve = torch.nn.functional.interpolate(
            points, SEQUENCE_SAMPLES, mode="linear", align_corners=True
        )[:, 0]
        return 10 ** (curve * depth / 20)


def _present(what: str, pools: Mapping[str, Pool]) -> tuple[list[str], NDArray[np.float64]]:
    """Who there is to say something of this sort, and how often each is drawn.

    Raises:
        ValueError: nobody.
    """
    kinds = [kind for kind in WHOSE[what] if f"{what} {kind}" in pools]
    if not kinds:
        raise ValueError(f"no clip is a {what}: nothing to train with")
    shares = np.array([WHOSE[what][kind] for kind in kinds])
    return kinds, shares / shares.sum()


def _resampled(clip: NDArray[np.int16], at: NDArray[np.float64]) -> NDArray[np.float32]:
    """A clip's values at these places, from the four samples around each."""
    whole = at.astype(np.int64)
    f = (at - whole).astype(np.float32)
    around = np.pad(clip.astype(np.float32), (1, 3), mode="edge")
    a, b, c, d = (around[whole + i] for i in range(4))
    return np.asarray(
        b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a))),
        np.float32,
    )


def narrowed(sound: Tensor) -> Tensor:
    """(batch, n) as a microphone of 8 kHz gives it, at 16 kHz again."""
    n = sound.shape[1]
    hertz = torch.linspace(0, 8000, n // 2 + 1, device=sound.device)
    low, high = NARROW_HZ
    fall = 0.5 + 0.5 * torch.cos(math.pi * ((hertz - low) / (high - low)).clamp(0, 1))
    return torch.fft.irfft(torch.fft.rfft(sound, n) * fall, n)


def in_8_bits(sound: Tensor) -> Tensor:
    """(batch, n) in steps that grow with the sound, 255 from peak to peak (as G.711's mu law)."""
    peak = sound.abs().amax(1, keepdim=True).clamp(min=1e-6)
    bent = torch.sign(sound) * torch.log1p(255 * (sound / peak).abs()) / math.log(256)
    steps = torch.round(bent * 127) / 127
    return torch.sign(steps) * (torch.pow(256.0, steps.abs()) - 1) / 255 * peak


def through_codec(sound: Tensor, steps: Tensor) -> Tensor:
    """(batch, n) with the spectrum of every 20 ms rounded, band by band, as a lossy codec does:
    what is soft beside the loudest of its band is lost, the rest has noise around it.

    Args:
        steps: (batch,): how many steps the loudest coefficient of a band has.
    """
    hop, bins = FRAME_SAMPLES, FRAME_SAMPLES // CODED_BANDS
    window = torch.hann_window(2 * hop, device=sound.device).sqrt()
    spectrum = torch.stft(sound, 2 * hop, hop, window=window, return_complex=True)
    parts = torch.view_as_real(spectrum[:, : bins * CODED_BANDS])
    parts = parts.unflatten(1, (CODED_BANDS, bins))
    loudest = parts.abs().amax((2, 4), keepdim=True).clamp(min=1e-9)
    step = loudest / steps[:, None, None, None, None]
    rounded = (torch.round(parts / step) * step).flatten(1, 2)
    heard = torch.zeros_like(spectrum)
    heard[:, : bins * CODED_BANDS] = torch.view_as_complex(rounded)
    return torch.istft(heard, 2 * hop, hop, window=window, length=sound.shape[1])


def output_targets(labels: Tensor, phrases: Tensor, frames: Tensor) -> tuple[Tensor, Tensor]:
    """Labels and phrases (as in `Batch`) at the input frames that the outputs stand for."""
    index = frames.clamp(max=labels.shape[1] - 1)
    return labels[:, index], phrases[:, index]
