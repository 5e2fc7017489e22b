"""Numbers as words."""

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
MOST = 999_999


def number(count: int) -> str:
    """A count as words, up to ``MOST``; digits beyond."""
    if not 0 <= count <= MOST:
        return str(count)
    if count < 20:
        return _SMALL[count]
    if count < 100:
        tens, rest = divmod(count, 10)
        return _TENS[tens - 2] + (f"-{_SMALL[rest]}" if rest else "")
    step, name = (100, "hundred") if count < 1000 else (1000, "thousand")
    most, rest = divmod(count, step)
    return f"{number(most)} {name}" + (f" {number(rest)}" if rest else "")
