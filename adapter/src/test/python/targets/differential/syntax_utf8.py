#: bytes
b'x = 1\n\xe9 = 2\n'
