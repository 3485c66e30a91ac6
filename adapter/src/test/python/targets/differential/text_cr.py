#: bytes
b'print(1)\rx = 2\r1 / 0\r'
