"""The house around the guide: a broker's topics, buttons, lights, programs that are run."""
