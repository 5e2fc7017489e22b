"""A link as a QR code, for a phone that may give commands; empty where the library is missing."""


def modules(text: str) -> list[str]:
    """The rows of the code, ``1`` for dark, with a light border; empty without the library."""
    try:
        import segno
    except ImportError:
        return []
    matrix = segno.make(text, micro=False).matrix_iter(border=2)
    return ["".join("1" if cell else "0" for cell in row) for row in matrix]


def for_terminal(text: str) -> str:
    """The code as text, two modules in a character, light ones drawn: for a dark terminal."""
    rows = modules(text)
    if len(rows) % 2:
        rows.append("0" * len(rows[0]))
    signs = {"00": "█", "01": "▀", "10": "▄", "11": " "}
    return "\n".join(
        "".join(signs[upper + lower] for upper, lower in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    )
