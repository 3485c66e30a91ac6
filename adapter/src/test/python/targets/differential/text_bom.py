#: bytes
b'\xef\xbb\xbfprint(1)\n1 / 0\n'
