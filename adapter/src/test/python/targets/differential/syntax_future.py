#: bytes
b'from __future__ import nosuch\n'
