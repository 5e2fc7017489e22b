"""The command line: one module for each command; errors become exit codes and one plain line."""
