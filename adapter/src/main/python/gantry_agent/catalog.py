"""The modules and loadedSources requests and their events: what the program has loaded. On the agent or a stopped thread.

Only dictionaries of modules are read; no attribute lookup runs code of the user.
"""
import sys


_AT_ONCE = 100
_MODULE = type(sys)
_DICTIONARY = _MODULE.__dict__['__dict__']


def space_of(module):
    """A module's dictionary without running any code of it; empty for what is no module."""
    return _DICTIONARY.__get__(module) if isinstance(module, _MODULE) else {}


class Catalog:
    def __init__(self, agent, files):
        self.agent, self.files = agent, files
        self._numbers = {}
        self._told = {}
        self._counted = -1

    def modules(self, arguments):
        """`modules`: paged by startModule and moduleCount."""
        every = self._snapshot()
        start = max(0, arguments.get('startModule') or 0)
        count = arguments.get('moduleCount') or 0
        chosen = every[start:start + count] if count > 0 else every[start:]
        return {'modules': [self._module(name, space) for name, space in chosen], 'totalModules': len(every)}

    def loaded_sources(self, arguments=None):
        """`loadedSources`: the files of all loaded modules, once each."""
        found = {}
        for name, space in self._snapshot():
            path = _path(space)
            if path:
                key = self.files.key(path)
                if key not in found:
                    found[key] = self._source(path, name)
        return {'sources': list(found.values())}

    def stopped(self):
        """Called at a stop, on the stopped thread: the agent's thread will tell of modules that are new, once it has time."""
        if len(sys.modules) != self._counted:
            self.agent.timers.add(0, self.announce)

    def announce(self):
        """Tells the client of user modules that came or went since. At most a hundred at once."""
        try:
            if len(sys.modules) == self._counted:
                return
            snapshot = self._snapshot()
            count, left = len(sys.modules), _AT_ONCE
            for name, space in snapshot:
                path = _path(space)
                if left and path and name not in self._told and self._is_user(path, name):
                    left -= 1
                    self._told[name] = path
                    self._tell('new', name, space, path)
            names = {name for name, _ in snapshot}
            for name in [each for each in self._told if each not in names]:
                path = self._told.pop(name)
                self._tell('removed', name, {}, path)
            self._counted = count if left else -1
        except Exception:
            self.agent.trouble('modules')

    def _tell(self, reason, name, space, path):
        self.agent.send_event('module', {'reason': reason, 'module': self._module(name, space)})
        self.agent.send_event('loadedSource', {'reason': reason, 'source': self._source(path, name)})

    def _snapshot(self):
        found = []
        for name, module in list(sys.modules.items()):
            if isinstance(name, str) and name.partition('.')[0] != 'gantry_agent':
                space = space_of(module)
                if space:
                    found.append((name, space))
        return found

    def number(self, name):
        """The id of a module, which a stack frame names too."""
        return self._numbers.setdefault(name, len(self._numbers) + 1)

    def _module(self, name, space):
        body = {'id': self.number(name), 'name': name, 'isUserCode': False}
        path = _path(space)
        if path:
            body['path'] = self.files.path_of(self.files.key(path))
            body['isUserCode'] = self._is_user(path, name)
        package = space.get('__package__')
        if isinstance(package, str) and package:
            body['package'] = package
        version = space.get('__version__')
        if isinstance(version, str):
            body['version'] = version[:100]
        return body

    def _is_user(self, path, name):
        return self.files.is_user_file(path, name)

    def _source(self, path, name):
        source = self.files.source_of_key(self.files.key(path))
        if not self._is_user(path, name):
            source['presentationHint'] = 'deemphasize'
        return source


def _path(space):
    path = space.get('__file__')
    return path if isinstance(path, str) and path else None
