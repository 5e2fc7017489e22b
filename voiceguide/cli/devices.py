"""``voiceguide devices``: lists the microphones and the speakers."""

import argparse

from voiceguide.show.lines import print_table

EPILOG = """\
examples (a device is chosen by a part of its name):
  voiceguide devices
  voiceguide run --input-device "USB" --output-device "Speakers"
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "devices",
        help="list microphones and speakers",
        description="List the microphones and speakers, and mark those that are used by default.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the devices; without PortAudio an error says so."""
    from voiceguide.edge.devices.devices import list_devices

    devices = list_devices()
    if args.json:
        import dataclasses
        import json

        entries = [dataclasses.asdict(device) for device in devices]
        for entry in entries:
            del entry["index"]  # it changes whenever something is plugged in; names do not
        print(json.dumps(entries, indent=2, ensure_ascii=False))
        return 0

    from rich.table import Table
    from rich.text import Text

    for title, channels, default in (
        ("microphones", "input_channels", "default_input"),
        ("speakers", "output_channels", "default_output"),
    ):
        fitting = [device for device in devices if getattr(device, channels) > 0]
        if not fitting:
            print(f"There are no {title} here.")
            continue
        table = Table(title, "", "channels", "rate", "through", box=None, pad_edge=False)
        for device in fitting:
            table.add_row(
                Text(device.name),
                "*" if getattr(device, default) else "",
                str(getattr(device, channels)),
                f"{device.sample_rate_hz} Hz",
                Text(device.host_api),
            )
        print_table(table)
        print()
    if devices:
        print("* used by default")
    return 0
