#: bytes
b'if 1:\n    x = 1\n  y = 2\n'
