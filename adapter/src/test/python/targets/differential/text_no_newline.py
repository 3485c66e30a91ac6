#: bytes
b'print(1)\nif 1:\n    1 / 0'
