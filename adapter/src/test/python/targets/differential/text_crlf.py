#: bytes
b"print(1)\r\nx = '''a\r\nb'''\r\nprint(repr(x))\r\n1 / 0\r\n"
