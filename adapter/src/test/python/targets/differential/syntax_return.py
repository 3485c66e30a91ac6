#: bytes
b'return 1\n'
