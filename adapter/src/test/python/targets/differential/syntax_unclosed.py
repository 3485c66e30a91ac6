#: bytes
b'x = (1,\n'
