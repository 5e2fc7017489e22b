"""The command line: one module a command; errors become exit codes and one plain line."""
