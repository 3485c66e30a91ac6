#: bytes
b"# -*- coding: latin-1 -*-\nimport sys\nx = '\xe9'\nprint(ascii(x))\ndef f():\n    1 / 0  # \xe9\nf()\n"
