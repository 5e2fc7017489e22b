"""Whether it is too loud to hear a word, and whether the person still has to be told so."""

AGAIN_SECONDS = 180.0
"""It is told again only after it was quiet for this long: a tap is opened often."""


class Loudness:
    """Follows the noise of a session; pure, all time is an argument in seconds."""

    def __init__(self) -> None:
        self.is_loud = False
        self.owed = False
        """Whether the person has not been told of it yet."""
        self._told = False
        self._quiet_since = float("-inf")

    def became(self, is_loud: bool, now: float) -> bool:
        """Take in what the ears say; whether that is news."""
        if is_loud == self.is_loud:
            return False
        self.is_loud = is_loud
        if is_loud:
            self.owed = not self._told or now - self._quiet_since >= AGAIN_SECONDS
        else:
            self.owed = False
            self._quiet_since = now
        return True

    def tell(self) -> None:
        """The person is being told."""
        self.owed = False
        self._told = True
