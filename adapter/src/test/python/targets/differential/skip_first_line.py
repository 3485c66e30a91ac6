#: python -x
#: bytes
b"@echo off & python -x\nimport sys\nprint(1)\n1 / 0\n"
