"""Source texts: reading, decoding and compiling them without the target noticing; cached. On the agent thread, or any other."""
import sys

from gantry_agent import maincode, paths, positions, private, quiet
from gantry_agent.statements import Statements
from gantry_agent.syntax import Syntax, walk_expressions

NAME = '<gantry_agent.text>'
ONLY_AST = 0x400
_MARK = 10000000


def reason_of(error):
    """A compile error in one line for the user."""
    text = getattr(error, 'msg', None) or str(error) or type(error).__name__
    line = getattr(error, 'lineno', None)
    return '%s (line %d)' % (text, line) if line else text


def _cookie(line):
    """The encoding named in a comment line as PEP 263 says, or None."""
    text = line.decode('latin-1').lstrip(' \t\f')
    if not text.startswith('#'):
        return None
    for mark in ('coding:', 'coding='):
        at = text.find(mark)
        if at >= 0:
            rest, name = text[at + len(mark):].lstrip(' \t'), ''
            for character in rest:
                if not (character.isalnum() or character in '-_.'):
                    break
                name += character
            if name:
                return name
    return None


def decode(data):
    """Bytes of a source file as text with `\\n` only. Raises SyntaxError as the tokenizer would."""
    bom = data.startswith(b'\xef\xbb\xbf')
    data = data[3:] if bom else data
    lines = data.replace(b'\r\n', b'\n').replace(b'\r', b'\n').split(b'\n', 2)
    encoding = _cookie(lines[0])
    if encoding is None and len(lines) > 1 and lines[0].strip(b' \t\f')[:1] in (b'', b'#'):
        encoding = _cookie(lines[1])
    if encoding is None or bom:
        encoding = 'utf-8'
    try:
        text = data.decode(encoding)
    except LookupError:
        raise SyntaxError('unknown encoding: ' + encoding)
    except UnicodeError as error:
        raise SyntaxError('not readable as %s: %s' % (encoding, error))
    return text.replace('\r\n', '\n').replace('\r', '\n')


def utf16_column(line, column):
    """A 0-based byte column of a line as the 1-based column in UTF-16 units that clients count."""
    before = line.encode('utf-8', 'surrogatepass')[:column].decode('utf-8', 'replace')
    return len(before) + sum(1 for each in before if ord(each) > 0xffff) + 1


def byte_column(line, column):
    """The other way round; behind the end of the line, the line's length."""
    left = column - 1
    for index, each in enumerate(line):
        if left <= 0:
            return len(line[:index].encode('utf-8', 'surrogatepass'))
        left -= 2 if ord(each) > 0xffff else 1
    return len(line.encode('utf-8', 'surrogatepass')) + max(0, left)


class Text:
    """One source text, compiled on demand. `error` says why it cannot be compiled. `made()`, if given, returns its code, compiled for or by
    somebody else, or None. `whole`: whether even a first look takes all of it."""

    spans = ()  # lines of long statements that were left out

    def __init__(self, text, made=None, whole=True):
        self.text, self._whole = text, whole
        self.lines = text.split('\n')
        self.count = len(self.lines) - (1 if self.lines[-1] == '' else 0)
        self._code = self._syntax = self._stops = self._statements = self._outline = None
        self._marked = {}
        self.error = None
        self._made, self._compiled = made, False

    @property
    def code(self):
        if not self._compiled:
            self._compiled, made, self._made = True, self._made, None
            self._code = made() if made is not None else None
            try:
                self._code = self._code or quiet.compiled(self.text + '\n', NAME)
            except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
                self.error = error
        return self._code

    @property
    def stops(self):
        """All lines of the text that can stop."""
        if self._stops is None:
            self._stops = frozenset(positions.all_lines(self.code)) if self.code is not None else frozenset()
        return self._stops

    @property
    def syntax(self):
        """Its statements, or None for a text that is too deep for a tree."""
        if self._syntax is None and self.code is not None:
            try:
                self._syntax = Syntax(quiet.compiled(self.text + '\n', NAME, flags=ONLY_AST), self.lines)
            except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
                self._syntax = False
        return self._syntax or None

    @property
    def statements(self):
        if self._statements is None:
            self._statements = Statements(self.text, self.lines)
        return self._statements

    def simple(self, line):
        """The simple statement on this line as a Unit, where that can be told without a tree; else None."""
        return self.statements.simple(line)

    @property
    def outline(self):
        """The text without what is in its long statements, for a first look at where breakpoints can be; itself where there are none. An
        error in such a statement is the import's to tell."""
        if self._outline is None:
            self._outline = self
            spans = self.statements.long() if not self._compiled and not self._whole else ()
            if spans:
                kept = list(self.lines)
                for first, last in spans:
                    kept[first - 1:last] = ['_'] + [''] * (last - first)
                made = Text('\n'.join(kept))
                if made.code is not None:
                    made.spans, self._outline = spans, made
        return self._outline

    def differs(self, loaded, exactly):
        """Whether the lines at which something loaded can stop are not of this text; `exactly`: whether it has others, too."""
        stops, spans = self.outline.stops, self.outline.spans
        if spans:
            stops, loaded = (frozenset([line for line in lines if not any(first <= line <= last for first, last in spans)])
                             for lines in (stops, loaded))
        return not loaded <= stops or exactly and loaded != stops

    def line(self, number):
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ''

    def utf16(self, line, column):
        return utf16_column(self.line(line), column)

    def can_stop_at(self, unit):
        """Whether instructions of the unit can be told from others of its lines."""
        for code in positions.walk(self.code):
            if positions.fits(code, unit) and code.co_firstlineno <= unit.end_line:
                if any(unit.line <= line <= unit.end_line for line in positions.code_lines(code)):
                    rows = self.rows(code, unit.line, unit.end_line)
                    if any(row[2] is not None for row in rows) and positions.entries(code, unit, rows):
                        return True
        return False

    def rows(self, code, first, last):
        """positions(code), with columns from the tree where the code itself has none (before 3.11): the text is compiled
        a second time with each node between the lines `first` and `last` on a line of its own."""
        if positions.has_columns(code):
            return positions.positions(code)
        # All at once first; if the instructions are not the same then (from 3.10 on lines have a say), as little as possible.
        for first, last in ((1, self.count), (first, last)):
            twins, places = self._twins(first, last)
            twin = twins.get(positions.same_code(code))
            pairs = positions.aligned(code, twin) if twin is not None else None
            if pairs is not None:
                lines = {row[0]: row[1] for row in positions.positions(twin)}
                return [(offset,) + (places[lines[other] - _MARK] if lines[other] >= _MARK else (lines[other], 0, lines[other], 0))
                        for offset, other in pairs if other in lines]
        return positions.positions(code)

    def _twins(self, first, last):
        found = self._marked.get((first, last))
        if found is None:
            try:
                found = self._mark(first, last)
            except (SyntaxError, ValueError, RecursionError, MemoryError, TypeError):
                found = {}, []
            self._marked[first, last] = found
        return found

    def _mark(self, first, last):
        tree, places = quiet.compiled(self.text + '\n', NAME, flags=ONLY_AST), []
        methods = []
        for node in walk_expressions([tree]):
            line = getattr(node, 'lineno', None)
            if line is None or not first <= line <= last:
                continue
            places.append((line, node.col_offset, node.end_lineno, node.end_col_offset))
            node.lineno = node.end_lineno = _MARK + len(places) - 1
            node.col_offset = node.end_col_offset = 0
            if type(node).__name__ == 'Call' and type(node.func).__name__ == 'Attribute':
                methods.append(node)
            elif type(node).__name__ == 'JoinedStr':
                self._cover(node)
        for node in methods:
            # A method call takes its line from the end of the attribute.
            node.func.end_lineno = node.lineno
            if sys.version_info >= (3, 11):
                node.func.lineno = node.lineno
        marked = quiet.compiled(tree, NAME)
        twins = {}
        for ours, other in zip(positions.walk(self.code), positions.walk(marked)):
            if ours.co_name == other.co_name:
                twins.setdefault(positions.same_code(ours), other)
        return twins, places

    @staticmethod
    def _cover(string):
        waiting = [string]
        while waiting:
            node = waiting.pop()
            for name in node._fields:
                value = getattr(node, name, None)
                for each in value if isinstance(value, list) else [value]:
                    if hasattr(each, '_fields'):
                        waiting.append(each)
                        if hasattr(each, 'lineno'):
                            each.lineno = each.end_lineno = string.lineno


def read_bytes(path):
    """The bytes of a file or of a member of a zip archive (`app.zip/pkg/mod.py`). Raises OSError."""
    try:
        if paths.exists(path) and not paths.isfile(path):
            raise FileNotFoundError('not a regular file: ' + path)  # reading a pipe would wait for its writer
        with private.load('_io').FileIO(path) as stream:
            return stream.readall()
    except OSError:
        data = _zip_member(path)
        if data is None:
            raise
        return data


def _cached(path):
    """The code of a module from the interpreter's own cache, if an import now would take it from there; else None."""
    loaders = private.load('_frozen_importlib_external')
    try:
        with private.load('_io').FileIO(loaders.cache_from_source(path)) as stream:
            kept = stream.readall()
        found = paths.stat(path)
        stamp = b''.join([(number & 0xffffffff).to_bytes(4, 'little') for number in (0, int(found.st_mtime), found.st_size)])
        if kept[:16] == loaders.MAGIC_NUMBER + stamp:
            code = private.load('marshal').loads(memoryview(kept)[16:])
            return code if type(code) is type(_cached.__code__) else None
    except Exception:
        pass  # there is none, or none that is good for an import
    return None


def archive_of(path):
    """(archive, member) if a leading part of the path is a file, else None."""
    head, tail = path, ''
    while True:
        parent, name = paths.split(head)
        if not name:
            return None
        tail = paths.join(name, tail) if tail else name
        head = parent
        if paths.isfile(head):
            return head, tail
        if paths.isdir(head):
            return None


def is_archive(path):
    """Whether a file ends as a zip archive does (one with a comment is not told)."""
    try:
        with private.load('_io').FileIO(path) as stream:
            stream.seek(-22, 2)
            return stream.read(4) == b'PK\5\6'
    except OSError:
        return False


def _zip_member(path):
    found = archive_of(path)
    if found is None:
        return None
    before = set(sys.modules)
    try:
        zipimport = private.load('zipimport')
        return zipimport.zipimporter(found[0]).get_data(path)
    except (ImportError, OSError, ValueError):
        return None
    finally:
        for name in set(sys.modules) - before:
            if name == 'zlib':
                sys.modules.pop(name, None)


class Texts:
    """The last texts read, by path; read again when time or size have changed."""

    LIMIT, LARGEST = 32, 32 << 20

    def __init__(self):
        self.cache = {}

    def get(self, path, main=False):
        """The Text of a file; raises OSError if there is none, SyntaxError if it cannot be decoded. `main`: whether it is the main program."""
        stamp = self.stamp(path)
        known = self.cache.get(path)
        if known is not None and stamp is not None and known[0] == stamp:
            return known[1]
        if stamp is not None and stamp[1] > self.LARGEST:
            raise SyntaxError('it has more than %d MiB' % (self.LARGEST >> 20))
        data = read_bytes(path)
        text = Text(decode(data), lambda: maincode.compiled_before(data) if main else _cached(path), main)
        try:
            if len(self.cache) >= self.LIMIT:
                self.cache.pop(next(iter(self.cache)), None)
        except (RuntimeError, StopIteration):
            pass  # another thread was at it
        self.cache.pop(path, None)
        self.cache[path] = stamp, text
        return text

    @staticmethod
    def stamp(path):
        """(mtime, size) of the file, or of the archive it is in."""
        try:
            found = paths.stat(path)
        except (OSError, ValueError):
            archive = archive_of(path)
            if archive is None:
                return None
            found = paths.stat(archive[0])
        return found.st_mtime_ns, found.st_size
