"""(stand-in of B's part) Identity of files."""
import os
import sys


class Files:
    def __init__(self, agent):
        self.agent = agent
        self._lib = os.path.dirname(sys.modules["encodings"].__path__[0])

    def configure(self, just_my_code, rules, resolve_symlinks):
        """The settings have changed: forget what was decided by them."""

    def set_main(self, path):
        """The program's file: always the user's code."""

    def key(self, name):
        return name

    def is_user(self, code):
        name = code.co_filename
        return not self.agent.settings.just_my_code or not (name.startswith("<") and name != "<string>" or name.startswith(self._lib))

    def source(self, code):
        return {"name": os.path.basename(code.co_filename), "path": code.co_filename}
