#: bytes
b'class A:\n'
