"""A virtual speaker and microphone, by names of their own, that can be taken away."""

DEVICES = """
pcm.bath_speaker { type pulse device speaker hint { show on description "Bath speaker" } }
pcm.bath_mic { type pulse device mic hint { show on description "Bath microphone" } }
"""

SOURCE = ("module-remap-source", "source_name=mic", "master=micsink.monitor", "channels=1")
SINK = ("module-null-sink", "sink_name=speaker", "rate=48000", "channels=2")


def module(sound, name):
    """The number of the loaded module that made a device."""
    for line in sound.control("list", "short", "modules").splitlines():
        number, kind, arguments = [*line.split("\t"), ""][:3]
        if f"_name={name} " in f"{arguments} " and kind in (SOURCE[0], SINK[0]):
            return number
    raise AssertionError(f"{name} is not there")
