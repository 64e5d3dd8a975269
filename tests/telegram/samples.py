"""Files as patients send them, as far as their first bytes go."""

JPEG = b"\xff\xd8\xff\xe0" + b"a scalp" * 100
PDF = b"%PDF-1.7 a letter"
