"""Short sounds of things: struck, switched, dropped, rubbed, rung; whistles and birds."""

from collections.abc import Callable

import numpy as np
from train.corpus import SAMPLE_RATE_HZ
from train.sounds_dsp import (
    Rng,
    Wave,
    band_noise,
    envelope,
    harmonics,
    log_uniform,
    modes,
    oscillator,
    random_spectrum,
    resonate,
    samples_of,
    scatter,
    shaped_noise,
    slow,
    unit,
)
from train.sounds_water import dripping

_BELL = np.array([0.5, 1, 1.19, 1.56, 2, 2.51, 2.66, 3.01, 4.1, 5.2])
_BAR = np.array([1, 2.756, 5.404, 8.933, 13.34])


def _struck(rng: Rng, base_hz: float, ratios: Wave, decay_s: float) -> Wave:
    """A struck body: higher modes die earlier, a click of the striker in front."""
    size = samples_of(min(decay_s * 1.1, 2.6))
    tones = base_hz * ratios * (1 + rng.normal(0, 0.008, len(ratios)))
    decays = decay_s * (tones / tones[0]) ** -rng.uniform(0.3, 1.0)
    gains = rng.uniform(0.1, 1, len(ratios)) * ratios ** -rng.uniform(0, 0.8)
    wave = modes(rng, size, tones, decays, gains)
    click = band_noise(rng, samples_of(0.012), 800, 7000, 6)
    wave[: len(click)] += click * envelope(len(click), (0, 1), (1, 0)) * rng.uniform(0, 0.5)
    return wave


def _sequence(rng: Rng, sounds: list[Wave], low_s: float, high_s: float) -> Wave:
    """Sounds one after the other that may still ring while the next one starts."""
    steps = [samples_of(rng.uniform(low_s, high_s)) for _ in sounds]
    at = np.cumsum([0, *steps[:-1]])
    whole = np.zeros(int(max(a + len(s) for a, s in zip(at, sounds, strict=True))))
    for start, sound in zip(at, sounds, strict=True):
        whole[start : start + len(sound)] += sound
    return whole


def _times(rng: Rng, make: Callable[[], Wave], most: int, low_s: float, high_s: float) -> Wave:
    return _sequence(rng, [make() for _ in range(int(rng.integers(1, most + 1)))], low_s, high_s)


def bell(rng: Rng) -> Wave:
    """A hand, door or church bell."""
    base, decay = log_uniform(rng, 180, 2200), log_uniform(rng, 0.4, 3)
    return _times(rng, lambda: _struck(rng, base, _BELL, decay), 4, 0.12, 0.7)


def chime(rng: Rng) -> Wave:
    """Two or three tones of a door chime, or a row of metal tubes."""
    base = log_uniform(rng, 300, 1500)
    steps = rng.choice([0, 3, 4, 5, 7, 9, 12], int(rng.integers(2, 5)))
    tones = [_struck(rng, base * 2 ** (step / 12), _BAR, rng.uniform(0.5, 2)) for step in steps]
    return _sequence(rng, tones, 0.1, 0.6)


def beep(rng: Rng) -> Wave:
    """Beeps of an appliance: sine, square or triangle, single or in a row."""
    pitch = log_uniform(rng, 350, 4000)
    partials = [
        np.array([1.0]),
        1 / np.arange(1, 40) * (np.arange(1, 40) % 2),
        1 / np.arange(1, 20) ** 2 * (np.arange(1, 20) % 2),
    ][int(rng.integers(3))]
    length, silence = log_uniform(rng, 0.04, 0.6), log_uniform(rng, 0.03, 0.3)
    parts: list[Wave] = []
    for _ in range(int(rng.integers(1, 6))):
        if rng.random() < 0.25:
            pitch *= 2 ** (rng.integers(-7, 8) / 12)
        size = samples_of(length)
        one = harmonics(oscillator(pitch, size), partials, pitch)
        parts += [one * envelope(size, (0, 0), (0.05, 1), (0.95, 1), (1, 0))]
        parts += [np.zeros(samples_of(silence))]
    return np.concatenate(parts)[: samples_of(2.6)]


def phone(rng: Rng) -> Wave:
    """A ringing telephone, old (two bells) or electronic (warble)."""
    size = samples_of(rng.uniform(0.5, 2))
    if rng.random() < 0.5:
        pair, pulses = rng.uniform(900, 2500, 2), np.arange(0, size, SAMPLE_RATE_HZ // 22)
        bells = [_struck(rng, tone, _BELL, 0.5) for tone in pair]
        which = np.arange(len(pulses)) % 2
        return scatter(size, pulses, bells, which, np.ones(len(pulses)))
    low, high = sorted(rng.uniform(500, 2500, 2))
    warble = np.where(np.sin(oscillator(rng.uniform(8, 30), size)) > 0, low, high)
    return harmonics(oscillator(warble, size), 1 / np.arange(1, 9) ** 1.5, high)


def siren(rng: Rng) -> Wave:
    """A siren or a sweeping alarm."""
    size = samples_of(rng.uniform(0.8, 2.5))
    low = log_uniform(rng, 400, 1200)
    sweep = 1 + rng.uniform(0.2, 1) * (0.5 + 0.5 * np.sin(oscillator(rng.uniform(0.5, 8), size)))
    return harmonics(oscillator(low * sweep, size), 1 / np.arange(1, 12), low * 2)


def clink(rng: Rng) -> Wave:
    """Glass, china, cutlery or metal that touches."""
    base, count = log_uniform(rng, 500, 4500), int(rng.integers(4, 9))
    ratios = np.sort(np.concatenate([[1.0], rng.uniform(1.2, 7, count)]))
    decay = log_uniform(rng, 0.05, 0.9)
    return _times(rng, lambda: _struck(rng, base, ratios, decay), 5, 0.03, 0.35)


def knock(rng: Rng) -> Wave:
    """Knocks on wood, something put down, a drum of fingers."""
    base, decay = log_uniform(rng, 70, 600), log_uniform(rng, 0.03, 0.2)
    ratios = np.sort(np.concatenate([[1.0], rng.uniform(1.1, 9, 6)]))
    return _times(rng, lambda: _struck(rng, base, ratios, decay), 5, 0.07, 0.35)


def clap(rng: Rng) -> Wave:
    """Claps of hands, snaps of fingers."""

    def one() -> Wave:
        size = samples_of(rng.uniform(0.01, 0.12))
        centre = log_uniform(rng, 600, 2800)
        wave = resonate(rng.standard_normal(size), centre, centre * rng.uniform(0.3, 1.5))
        return wave * np.exp(-np.linspace(0, 7, size))

    return _times(rng, one, 5, 0.1, 0.5)


def click(rng: Rng) -> Wave:
    """Switches, buttons, a pen, keys of a keyboard."""

    def one() -> Wave:
        size = samples_of(rng.uniform(0.004, 0.04))
        tones = np.array([log_uniform(rng, 700, 7000) for _ in range(5)])
        return modes(rng, size, tones, rng.uniform(0.003, 0.03, 5), rng.random(5))

    return _times(rng, one, 8, 0.02, 0.3)


def slam(rng: Rng) -> Wave:
    """A door or cupboard that shuts: a low thud, a rattle, a latch."""
    size = samples_of(rng.uniform(0.25, 0.9))
    low = modes(rng, size, rng.uniform(40, 280, 5), rng.uniform(0.1, 0.6, 5), rng.random(5))
    hiss = shaped_noise(rng, size, *random_spectrum(rng, rng.uniform(3, 9), 250, 2))
    wave = unit(low) + hiss * np.exp(-np.linspace(0, rng.uniform(7, 25), size))
    latch, at = click(rng), int(rng.integers(0, size // 2))
    wave[at : at + len(latch)] += unit(latch)[: size - at] * rng.uniform(0, 0.6)
    return wave


def fall(rng: Rng) -> Wave:
    """Something small falls and bounces, faster and weaker each time."""
    base = log_uniform(rng, 250, 4000)
    ratios = np.sort(np.concatenate([[1.0], rng.uniform(1.1, 7, 5)]))
    decay, wait, loss = rng.uniform(0.03, 0.3), rng.uniform(0.12, 0.4), rng.uniform(0.5, 0.8)
    whole = np.zeros(samples_of(2.2))
    at, gain = 0.0, 1.0
    while wait > 0.008 and at < 1.8:
        hit = _struck(rng, base, ratios, decay) * gain
        start = samples_of(at)
        hit = hit[: len(whole) - start]
        whole[start : start + len(hit)] += hit
        at, wait, gain = at + wait, wait * loss, gain * loss
    return whole[: samples_of(at + decay)]


def scrape(rng: Rng) -> Wave:
    """Something pulled over a surface: a chair, a razor, sandpaper."""
    size = samples_of(rng.uniform(0.15, 1.2))
    base = log_uniform(rng, 300, 4000)
    rubbed = rng.standard_normal(size) * np.exp(0.8 * slow(rng, size, log_uniform(rng, 10, 200)))
    wave = 0.4 * unit(rubbed)
    for _ in range(int(rng.integers(1, 5))):
        tone = base * rng.uniform(0.5, 3)
        wave += unit(resonate(rubbed, min(tone, 7000), tone * log_uniform(rng, 0.03, 0.6)))
    return wave * envelope(size, (0, 0), (0.2, 1), (0.8, rng.uniform(0.3, 1)), (1, 0))


def zipper(rng: Rng) -> Wave:
    """A zip: fast ticks whose rate rises or falls."""
    size = samples_of(rng.uniform(0.2, 0.9))
    rate = rng.uniform(60, 250) * 2 ** np.linspace(0, rng.uniform(-1, 1.5), size)
    at = np.flatnonzero(np.diff(np.floor(np.cumsum(rate) / SAMPLE_RATE_HZ)))
    ticks = []
    for _ in range(10):
        tones = rng.uniform(1500, 7000, 4)
        ticks.append(modes(rng, 80, tones, rng.uniform(0.002, 0.01, 4), rng.random(4)))
    which = rng.integers(0, 10, len(at))
    wave = scatter(size, at, ticks, which, rng.uniform(0.4, 1, len(at)))
    return unit(wave) + 0.2 * band_noise(rng, size, 2000, 7000)


def velcro(rng: Rng) -> Wave:
    """Hook-and-loop tape torn open: dense irregular crackle."""
    size = samples_of(rng.uniform(0.2, 0.8))
    crackle = rng.standard_normal(size) * (rng.random(size) < rng.uniform(0.02, 0.1))
    low, high = rng.uniform(500, 1500), rng.uniform(4000, 7500)
    return resonate(crackle, low, low) + resonate(crackle, high, 3000)


def rustle(rng: Rng) -> Wave:
    """Paper, a plastic bag, cloth."""
    size = samples_of(rng.uniform(0.25, 1.8))
    dense = rng.random(size) < log_uniform(rng, 0.003, 0.3)
    crackle = rng.standard_normal(size) ** 3 * dense
    burst = np.exp(1.5 * slow(rng, size, rng.uniform(4, 25)))
    low = rng.uniform(800, 3000)
    colour = band_noise(rng, 64, low, 7500, 6)
    return np.convolve(crackle * burst, colour, "same")


def motor(rng: Rng) -> Wave:
    """A motor that starts or stops: a pump, a toothbrush, a blind."""
    size = samples_of(rng.uniform(0.5, 2.2))
    top = log_uniform(rng, 60, 500)
    rise = envelope(size, (0, rng.uniform(0.1, 0.5)), (rng.uniform(0.1, 0.6), 1), (1, 1))
    if rng.random() < 0.4:
        rise = rise[::-1]
    tone = harmonics(oscillator(top * rise, size), rng.random(40) / np.arange(1, 41) ** 0.7, top)
    noise = shaped_noise(rng, size, *random_spectrum(rng, 4, 1500, 2))
    wave: Wave = (unit(tone) + noise * rng.uniform(0.1, 0.7)) * rise
    return wave


def whistle(rng: Rng) -> Wave:
    """Somebody whistles, a kettle, a squeak: one gliding tone with some breath."""
    parts, pitch = [], log_uniform(rng, 600, 3500)
    for _ in range(int(rng.integers(1, 5))):
        size = samples_of(rng.uniform(0.1, 0.7))
        bend = envelope(size, (0, rng.uniform(-5, 5)), (0.4, 0), (1, rng.uniform(-4, 4)))
        note = pitch * 2 ** ((rng.integers(-5, 6) + bend) / 12)
        note *= 1 + 0.01 * np.sin(oscillator(rng.uniform(4, 8), size))
        breath = resonate(rng.standard_normal(size), float(note.mean()), 300)
        wave = np.sin(oscillator(note, size)) + unit(breath) * rng.uniform(0.02, 0.3)
        parts.append(wave * envelope(size, (0, 0), (0.15, 1), (0.85, 1), (1, 0)))
    return np.concatenate(parts)


def bird(rng: Rng) -> Wave:
    """Chirps and trills."""
    base, turns = log_uniform(rng, 1800, 5500), int(rng.integers(1, 12))
    length, sweep = log_uniform(rng, 0.03, 0.25), rng.uniform(-0.5, 0.5, 3)
    parts: list[Wave] = []
    for _ in range(turns):
        size = samples_of(length * rng.uniform(0.8, 1.2))
        shape = envelope(size, (0, sweep[0]), (0.4, sweep[1]), (1, sweep[2]))
        trill = 0.06 * np.sin(oscillator(rng.uniform(20, 60), size)) * (rng.random() < 0.4)
        pitch = np.minimum(base * 2 ** (shape + trill), 7400)
        parts += [np.sin(oscillator(pitch, size)) * np.hanning(size)]
        parts += [np.zeros(samples_of(rng.uniform(0.02, 0.15)))]
    return np.concatenate(parts)[: samples_of(2.6)]


def pluck(rng: Rng) -> Wave:
    """One musical note or a few: plucked, blown or bowed."""
    base, parts = log_uniform(rng, 90, 900), []
    soft = rng.random() < 0.5
    for _ in range(int(rng.integers(1, 5))):
        size = samples_of(rng.uniform(0.2, 0.9))
        pitch = base * 2 ** (rng.choice([-5, -3, 0, 2, 4, 5, 7, 9, 12]) / 12)
        wave = np.zeros(size)
        for number in range(1, 16):
            if number * pitch < 7600:
                decay = envelope(size, (0, 0), (0.1, 1), (0.8, 0.7), (1, 0))
                if not soft:
                    decay = np.exp(-np.linspace(0, 2 + number, size))
                wave += decay * np.sin(oscillator(number * pitch, size)) * rng.random() / number
        parts.append(wave)
    return np.concatenate(parts)


def drop(rng: Rng) -> Wave:
    """Single drops of water."""
    return dripping(rng, samples_of(rng.uniform(0.3, 1.5)))


EVENTS: dict[str, tuple[Callable[[Rng], Wave], int]] = {
    "bell": (bell, 8),
    "chime": (chime, 6),
    "beep": (beep, 8),
    "phone": (phone, 5),
    "clink": (clink, 8),
    "knock": (knock, 7),
    "clap": (clap, 6),
    "click": (click, 5),
    "slam": (slam, 7),
    "fall": (fall, 6),
    "scrape": (scrape, 6),
    "zip": (zipper, 4),
    "rustle": (rustle, 5),
    "motor": (motor, 6),
    "whistle": (whistle, 6),
    "bird": (bird, 5),
    "note": (pluck, 5),
    "drop": (drop, 4),
}
HELD_OUT_EVENTS: dict[str, Callable[[Rng], Wave]] = {"siren": siren, "velcro": velcro}
"""Kinds that training never meets."""
