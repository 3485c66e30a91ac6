#: bytes
b'print(1)\n# \xff\n'
