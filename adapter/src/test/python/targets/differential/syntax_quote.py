#: bytes
b"x = 'abc\n"
