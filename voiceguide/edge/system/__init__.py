"""Files, folders, log lines, and the programs and worker processes that the guide starts."""
