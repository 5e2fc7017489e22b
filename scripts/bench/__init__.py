"""The benches. They load voiceguide before numpy, whose threads it limits, as the guide does."""

import voiceguide  # noqa: F401
