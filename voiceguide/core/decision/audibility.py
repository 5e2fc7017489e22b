"""Whether a voice would stand out of the noise; known from the noise before anybody speaks."""

LOUD_SNR_DB, QUIET_SNR_DB = 0.0, 3.0
"""It is loud when the voice would stand out by less than the first, and no more when by more than
the second. At 0 dB two of three words are still understood, below it soon none (docs/measurements.md)."""
HOLD_SECONDS = 3.0
"""Either must have been so for this long: a pan that falls makes no loud room."""
USUAL_VOICE_DBFS = -32.0
"""Level of a voice before any was understood: somebody a step away from a usual microphone."""
LEARNT_SHARE = 0.3
"""Share of the way to each new utterance's level."""


class Audibility:
    """Follows the noise and the person's voice; pure, all time is an argument in seconds."""

    def __init__(self) -> None:
        self.loud = False
        """Whether it is too loud to hear the person."""
        self.noise_dbfs = float("-inf")
        """The noise's level, as last read."""
        self._voice_dbfs = USUAL_VOICE_DBFS
        self._heard_any = False
        self._since: float | None = None

    @property
    def snr_db(self) -> float:
        """By how much the person's voice is expected to stand out of the noise."""
        return self._voice_dbfs - self.noise_dbfs

    def understood(self, snr_db: float) -> None:
        """Learn from an utterance that was obeyed, which stood out of the noise by so much."""
        level = self.noise_dbfs + snr_db
        share = LEARNT_SHARE if self._heard_any else 1.0
        self._heard_any = True
        self._voice_dbfs += share * (level - self._voice_dbfs)

    def observe(self, noise_dbfs: float, now_seconds: float) -> None:
        """Take in the noise's level."""
        self.noise_dbfs = noise_dbfs
        changed = self.snr_db > QUIET_SNR_DB if self.loud else self.snr_db < LOUD_SNR_DB
        if not changed:
            self._since = None
            return
        if self._since is None:
            self._since = now_seconds
        if now_seconds - self._since >= HOLD_SECONDS - 1e-6:
            self.loud = not self.loud
            self._since = None
