"""Files: which file a code object is from, how the client names it, whether it is the user's, and its text. On any thread.

A `key` is the canonical name of a source: a real path, or a name such as `<ipython-input-1>` that is no file's. Caches are
dictionaries that are only added to, or replaced as a whole when the settings change.
"""
import sys

from gantry_agent import paths, positions, private, texts
from gantry_agent.catalog import Catalog, space_of
from gantry_agent.library import Library
from gantry_agent.settings import Refused

class Files:
    def __init__(self, agent, start=None):
        self.agent = agent
        try:
            self.start = start or paths.getcwd()
        except OSError:
            self.start = '/'
        self.library = Library(self.start)
        self.catalog = Catalog(agent, self)
        self.main = self._text = None
        self.resolve_symlinks = False
        self._keys, self._folded, self._spelled, self._directories = {}, {}, {}, {}
        self._client_names = {}
        self._code_keys, self._noted, self._kept = {}, {}, []
        self._references, self._by_reference = {}, {}
        self._listings = {}
        self._sources, self._user = {}, {}

    @property
    def texts(self):
        """What has been read; made when a text is first wanted."""
        made = self.__dict__.get('_texts')
        return made if made is not None else self.__dict__.setdefault('_texts', texts.Texts())

    def requests(self):
        return {'source': ('here', self.source_request), 'modules': ('here', self.catalog.modules),
                'loadedSources': ('here', self.catalog.loaded_sources)}

    # ---- settings and what other parts tell

    def configure(self, just_my_code=True, rules=(), resolve_symlinks=False):
        """justMyCode, rules and resolveSymlinks, at the start or live."""
        self.library.configure(just_my_code, rules)
        self.resolve_symlinks = bool(resolve_symlinks)
        self._sources, self._user = {}, {}

    def set_main(self, path):
        """The program's own file: always the user's."""
        self.main = self.key(path)
        self._sources, self._user = {}, {}

    def set_program(self, kind, target):
        """What is to be run, before it runs. The text of `-c` belongs to the first code that it compiles to."""
        if kind == 'code':
            self._text = texts.Text(target)
        elif kind == 'program' and paths.exists(target):
            inner = paths.join(target, '__main__.py')
            self.set_main(inner if paths.isdir(target) or not target.endswith('.py') and texts.is_archive(target) else target)

    def seen(self, code):
        """A module's code object is executed for the first time."""
        text = self._text
        if text is not None and code.co_filename == '<string>' and code.co_name == '<module>':
            compiled = text.code
            if compiled is not None and positions.same_code(compiled) == positions.same_code(code):
                self._text = None
                self.note_text(code, text.text, '<code -c>')

    def note_text(self, code, text, label):
        """The text from which a code object was compiled that no file has, such as that of `-c`."""
        self._noted[label] = texts.Text(text)
        self._kept.append(code)
        self._kept.extend([self._original(each) for each in positions.walk(code)])
        for each in positions.walk(code):
            self._code_keys[id(self._original(each))] = label
        self._sources, self._user = {}, {}

    def copied(self, copy, original):
        """A code object that an engine has made from another one belongs to the same source."""
        label = self._code_keys.get(id(original))
        if label is not None:
            self._kept.append(copy)
            self._code_keys[id(copy)] = label

    # ---- identity

    def key(self, name):
        """The canonical name of a co_filename or a client's path."""
        found = self._keys.get(name)
        if found is None:
            found = self._keys[name] = self._canonical(name)
            self._spelled.setdefault(found, name)
        return found

    def key_of(self, code):
        name = code.co_filename
        if name[:1] == '<':
            found = self._noted_key(code)
            if found is not None:
                return found
        return self._keys.get(name) or self.key(name)

    def _noted_key(self, code):
        """The label of the noted text the code is from, also for an engine's copy of the code; None for any other code."""
        if self._text is not None:
            self.seen(self._original(code))  # a step asks before any breakpoint has made the engine tell of the code
        return self._code_keys.get(id(self._original(code))) if self._code_keys else None

    def _original(self, code):
        original = getattr(getattr(self.agent, 'engine', None), 'original', None)
        return code if original is None else original(code)

    def _canonical(self, name):
        if name.startswith('<') and name.endswith('>'):
            return (self._frozen_file(name[8:-1]) if name.startswith('<frozen ') else None) or name
        try:
            real, found = self._real(name)
        except ValueError:
            return name
        if found is None:
            return real
        # A file system may fold case, and realpath does not: the same file under the same letters is one.
        return self._folded.setdefault((found.st_dev, found.st_ino, real.lower()), real)

    def _real(self, name):
        """The real path and what stat says of it, None if it does not exist; directories are looked at once."""
        path = paths.join(self.start, name)
        head, tail = paths.split(path)
        try:
            if tail not in ('', '.', '..') and not paths.WINDOWS:
                real = self._directories.get(head)
                if real is None:
                    real = paths.realpath(head)
                    if paths.isdir(real):
                        self._directories[head] = real
                real = paths.join(real, tail)
                found = paths.lstat(real)
                if found.st_mode & 0o170000 != 0o120000:
                    return real, found
            real = paths.realpath(path)
            return real, paths.stat(real)
        except OSError:
            return paths.realpath(path), None

    def _frozen_file(self, module):
        library = paths.standard_library()
        base = paths.join(library, *module.split('.'))
        for path in (base + '.py', paths.join(base, '__init__.py')):
            if library and paths.isfile(path):
                return paths.realpath(path)
        return None

    def source_key(self, source):
        """The key of a DAP Source from the client, whose name for it is used from now on."""
        key = self._by_reference.get(source.get('sourceReference') or 0)
        if key is not None and not isinstance(key, int):
            return key
        path = source.get('path') or source.get('name') or ''
        key = self.key(path)
        if self._client_names.get(key) != path:
            self._client_names[key] = path
            self._sources = {}
        return key

    def path_of(self, key):
        """The path as the client named it, else as the program did, made absolute."""
        named = self._client_names.get(key)
        if named:
            return named
        if key.startswith('<') or self.resolve_symlinks:
            return key
        name = self._spelled.get(key) or key
        return key if name.startswith('<') else paths.normpath(paths.join(self.start, name))

    # ---- sources

    def source(self, code):
        """The DAP Source of a code object; shared, not to be changed."""
        if code.co_filename[:1] == '<':
            return self._nameless(code)
        found = self._sources.get(code.co_filename)
        if found is None:
            found = self._sources[code.co_filename] = self._described(self.key_of(code), code)
        return found

    def _nameless(self, code):
        key = self.key_of(code)
        known = self._sources.get(id(code))
        if known is not None and known[0] is code:
            return known[1]
        source = self._described(key, code)
        self._sources[id(code)] = code, source
        return source

    def _described(self, key, code):
        source = self.source_of_key(key, None if self.has_text(key) else code)
        if code.co_filename.startswith('<frozen '):
            source['origin'] = 'frozen'
        elif key in self._noted:
            source['origin'] = 'code -c' if key == '<code -c>' else 'text'
        if not self.is_user(code):
            source['presentationHint'] = 'deemphasize'
        return source

    def source_of_key(self, key, listed=None):
        """A DAP Source; `listed` is the code object to list where there is no text."""
        path = self.path_of(key)
        source = {'name': paths.basename(path) or path, 'path': path}
        if key.startswith('<'):
            source['name'] = key
            source['sourceReference'] = self.reference(key, listed)
        elif not paths.exists(key):
            archive = texts.archive_of(key)
            if archive is not None:
                source['origin'] = 'zip ' + paths.basename(archive[0])
            if archive is not None or listed is not None or self.has_text(key):
                source['sourceReference'] = self.reference(key, listed)
        return source

    def reference(self, key, listed=None):
        """The sourceReference of a text that is no file's, or of the listing of a code object."""
        identity = id(listed) if listed is not None else key
        found = self._references.get(identity)
        if found is None:
            found = self._references[identity] = len(self._references) + 1
            self._by_reference[found] = identity
            if listed is not None:
                self._listings[identity] = listed
        return found

    def has_text(self, key):
        if not key.startswith('<') and key not in self._noted and self.texts.stamp(key) is not None:
            return True
        try:
            self.text(key)
            return True
        except (OSError, SyntaxError, ValueError):
            return False

    def text(self, key):
        """The Text of a key. Raises OSError if there is none, SyntaxError if it cannot be decoded."""
        noted = self._noted.get(key)
        if noted is not None:
            return noted
        if not key.startswith('<'):
            try:
                return self.texts.get(key, key == self.main)
            except OSError:
                pass
        known = lines_of_linecache(self._spelled.get(key, key))
        if known is None:
            raise FileNotFoundError('no source for ' + key)
        cached = self.texts.cache.get((key, known))
        if cached is None:
            cached = self.texts.cache[key, known] = None, texts.Text(known)
        return cached[1]

    def stamp(self, key):
        return None if key.startswith('<') else self.texts.stamp(key)

    def source_request(self, arguments):
        """The body of a `source` request. Raises Refused."""
        source = arguments.get('source') or {}
        number = arguments.get('sourceReference') or source.get('sourceReference') or 0
        key = self._by_reference.get(number)
        if key is None:
            if not source.get('path'):
                raise Refused('There is no source with the number %s: it belongs to an earlier run.' % number)
            key = self.key(source['path'])
        if key in self._listings:
            return {'content': listing(self._listings[key]), 'mimeType': 'text/plain'}
        try:
            return {'content': self.text(key).text, 'mimeType': 'text/x-python'}
        except SyntaxError as error:
            raise Refused('The source %s cannot be read: %s.' % (key, error))
        except (OSError, ValueError):
            raise Refused('The program has no source text for %s.' % key)

    # ---- whose code

    def is_user(self, code):
        """Whether the code is the user's, by justMyCode and rules."""
        name = code.co_filename
        if name[:1] == '<' and self._noted_key(code) is not None:
            return True
        found = self._user.get(name)
        return self._decide(name) if found is None else found

    def is_user_file(self, path, module):
        """The same for the file of a module."""
        found = self._user.get(path)
        return self._decide(path, module) if found is None else found

    def _decide(self, name, module=None):
        if name.startswith(('<gantry_agent', '<frozen importlib._bootstrap')):
            return False
        key = self.key(name)
        spellings = {key, name} if name.startswith('<') else {key, paths.normpath(paths.join(self.start, name))}
        is_main = key == self.main or space_of(sys.modules.get('__main__')).get('__file__') == name
        found = self.library.is_user(name, spellings, lambda: self.names_of(name) | ({module} if module else set()), is_main,
                                     name.startswith('<') and self.has_text(key))
        self._user[name] = found
        return found

    def module_names(self, code):
        return self.names_of(code.co_filename)

    def names_of(self, name):
        """The names of the modules whose file this is; the main program's stem too."""
        if name.startswith('<frozen '):
            return {name[8:-1]}
        names = set()
        for module, loaded in list(sys.modules.items()):
            if space_of(loaded).get('__file__') == name and isinstance(module, str):
                names.add(module)
        if self.main is not None and self.key(name) == self.main:
            names |= {'__main__', paths.stem(self.main)}
        return names

    def main_code(self):
        """The main program compiled from its file, without being run; None if that cannot be."""
        try:
            return self.text(self.main).code if self.main is not None else None
        except (OSError, SyntaxError, ValueError):
            return None


def lines_of_linecache(name):
    """The text the program itself keeps for a name that is no file, as IPython, attrs and doctest do; None if it has none."""
    linecache = sys.modules.get('linecache')
    if linecache is None:
        return None
    entry = getattr(linecache, 'cache', {}).get(name)
    if isinstance(entry, tuple) and len(entry) == 4 and isinstance(entry[2], list):
        return ''.join([each for each in entry[2] if isinstance(each, str)])
    if not name.startswith('<doctest '):
        return None
    # doctest answers for its examples by a method of the runner put in the place of getlines.
    test = getattr(getattr(getattr(linecache, 'getlines', None), '__self__', None), 'test', None)
    title, _, index = name[9:-1].rpartition('[')
    index = index.rstrip(']')
    examples = getattr(test, 'examples', None)
    if getattr(test, 'name', None) == title and index.isdigit() and isinstance(examples, list) and int(index) < len(examples):
        return examples[int(index)].source
    return None


def listing(code):
    """The instructions of a code object that has no source."""
    stream = private.load('io').StringIO()
    stream.write('# No source text of %s from %s is known. These are its instructions.\n\n' % (code.co_name, code.co_filename))
    private.load('dis').dis(code, file=stream)
    return stream.getvalue()
