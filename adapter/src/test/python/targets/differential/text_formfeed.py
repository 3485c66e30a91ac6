#: bytes
b'\x0cprint(1)\n\x0c1 / 0\n'
