"""Sampling rates, blocks and hops: in what pieces sound comes, and how fine it is looked at."""

EAR_RATE_HZ = 16_000
"""What is heard with: microphone, canceller, recogniser, the simulated room."""
BLOCKS_PER_SECOND = 20
BLOCK_SECONDS = 1 / BLOCKS_PER_SECOND
"""The microphone's sound comes, and the ears decide, in blocks of this length."""
BLOCK_SAMPLES = EAR_RATE_HZ // BLOCKS_PER_SECOND
"""A block at the ears' rate."""
HOP_SECONDS = 0.01
"""How finely levels are read: one reading of the noise meter, one level of what the guide plays."""
HOP_SAMPLES = round(EAR_RATE_HZ * HOP_SECONDS)
"""A hop at the ears' rate."""
VOICE_RATE_HZ = 24_000
"""What the Kokoro voice speaks at, and so what packs hold: Opus knows only some rates."""
SPEAKER_RATE_HZ = 48_000
"""What is mixed at where no speaker says otherwise."""
SLOWEST_HZ, FASTEST_HZ = 8_000, 96_000
"""Sound from another machine is taken at these rates and those between them."""
