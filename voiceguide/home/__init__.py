"""The house around the guide: an MQTT broker, buttons, lights, programs that are run."""
