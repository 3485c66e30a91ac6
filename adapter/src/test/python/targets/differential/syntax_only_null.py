#: bytes
b'\x00'
