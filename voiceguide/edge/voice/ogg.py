"""Takes out of Ogg Opus the room that an encoder leaves for tags: 760 bytes of a few thousand.

The pages are those of RFC 3533; the second one holds the tags of RFC 7845 and nothing else.
"""

_HEAD_BYTES = 27
"""Length of a page's head; its last byte counts the segments."""
_SUM_AT = 22
_POLYNOMIAL = 0x04C11DB7


def unpadded(opus: bytes) -> bytes:
    """The same sound, with only the encoder's name in its tags; unchanged where it begins
    otherwise.
    """
    first = _page_end(opus, 0)
    second = _page_end(opus, first)
    if not second:
        return opus
    body = first + _HEAD_BYTES + opus[first + _HEAD_BYTES - 1]
    tags = opus[body:second]
    if tags[:8] != b"OpusTags" or len(tags) < 12:
        return opus
    named = 12 + int.from_bytes(tags[8:12], "little")
    if named + 4 > 255 or tags[named : named + 4] != bytes(4):
        return opus  # it has tags
    return opus[:first] + _page(opus[first:second], tags[:named] + bytes(4)) + opus[second:]


def _page_end(data: bytes, at: int) -> int:
    """Where the page that begins at ``at`` ends; 0 where there is no whole page."""
    if data[at : at + 4] != b"OggS" or len(data) < at + _HEAD_BYTES:
        return 0
    sizes = at + _HEAD_BYTES
    body = sizes + data[sizes - 1]
    end = body + sum(data[sizes:body])
    return end if end <= len(data) else 0


def _page(old: bytes, body: bytes) -> bytes:
    """The page with another body, which is one segment."""
    head = bytearray(old[:_HEAD_BYTES])
    head[_HEAD_BYTES - 1] = 1
    head[_SUM_AT : _SUM_AT + 4] = bytes(4)
    page = head + bytes([len(body)]) + body
    page[_SUM_AT : _SUM_AT + 4] = _checksum(page).to_bytes(4, "little")
    return bytes(page)


def _checksum(page: bytes | bytearray) -> int:
    """Ogg's cyclic redundancy check; unlike zlib's it is neither reflected nor inverted."""
    rest = 0
    for byte in page:
        rest ^= byte << 24
        for _ in range(8):
            rest = (rest << 1 ^ (_POLYNOMIAL if rest & 0x80000000 else 0)) & 0xFFFFFFFF
    return rest
