"""The broker that ``voiceguide fleet`` asks, and how to get in."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voiceguide.home.access import Access
    from voiceguide.home.topics import Topics
    from voiceguide.settings.home import MqttSettings


def reach(args: argparse.Namespace) -> "tuple[MqttSettings, Access, Topics]":
    """The settings of the broker (or of ``--broker``), how to get in, and its topics.

    Raises:
        SettingsError: the settings name no broker, or make no sense.
    """
    import logging
    import os
    from dataclasses import replace

    from voiceguide.home.broker_settings import access_of, parse_broker, topics_of
    from voiceguide.settings.load import load_settings

    # Whatever goes wrong is raised as an error, so the log need not tell it as well.

    logging.getLogger("voiceguide.home").addHandler(logging.NullHandler())
    mqtt = load_settings(args.settings, os.environ).mqtt
    if args.broker:
        parse_broker(args.broker, "--broker")
        mqtt = replace(mqtt, broker=args.broker)
    return mqtt, access_of(mqtt), topics_of(mqtt)
