#: bytes
b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nprint(ascii('\x80'))\n1 / 0 # \x80\n"
