#: bytes
b'\xef\xbb\xbf# coding: latin-1\nprint(1)\n'
