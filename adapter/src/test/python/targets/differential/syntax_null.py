#: bytes
b'print(1)\x00\nprint(2)\n'
