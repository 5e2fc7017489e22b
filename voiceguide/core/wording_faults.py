"""What the guide says of faults, of what works again, and of what it cannot use or hear."""

from voiceguide.core.events import Fault

LEFT_OUT = "I left out a routine of yours: its file cannot be used."
LOUD = "It is loud here; I may not hear you. Come closer, or turn the water down."

FAULTS = {
    Fault.MICROPHONE: "I cannot hear you: the microphone is gone. I will keep going by the clock.",
    Fault.MUTED: "The microphone gives nothing; it may be muted. I will keep going by the clock.",
    Fault.SPEAKER: "The loudspeaker was gone for a moment.",
    Fault.RECOGNISER: "My ears have failed. I will keep going by the clock.",
    Fault.VOICE: "My voice failed for a moment.",
    Fault.SLOW: "This machine is slow for my voice. There may be waits between sentences.",
    Fault.DISK: "The disk is full or read-only. Your place will not be kept.",
    Fault.LOCK: "Another program holds my notes. Your place is not kept meanwhile.",
}
PASSING = frozenset({Fault.SPEAKER, Fault.VOICE})
"""Faults told in the past tense: the sentence stays true when the fault is over, so it is said
even then."""
RECOVERIES = {
    Fault.MICROPHONE: "I can hear you.",
    Fault.MUTED: "The microphone works.",
    Fault.SPEAKER: "The loudspeaker works.",
    Fault.RECOGNISER: "My ears work.",
    Fault.VOICE: "My voice works.",
    Fault.SLOW: "My voice keeps up.",
    Fault.DISK: "Your place is being kept.",
    Fault.LOCK: "Your place is being kept again.",
}
