#: bytes
b'# coding: nosuch\nx = 1\n'
