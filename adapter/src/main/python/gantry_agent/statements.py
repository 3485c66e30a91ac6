"""The simple statement that a line of a source text belongs to, found without the compiler's tree; pure, on any thread.

A tree of objects for a statement of 10,000 lines takes longer than all that such a module does. Lines are taken apart by quotes and
brackets alone, and generated lines look all alike then: each shape is looked at once. What is not plain to see is left to the tree.
"""
import sys

from gantry_agent.positions import after
from gantry_agent.syntax import Unit

_KEPT = b'\'"#\\()[]{};\n'
_COMPOUND = frozenset((
    'if', 'elif', 'else', 'for', 'while', 'try', 'except', 'finally', 'with', 'def', 'class', 'async', 'match', 'case', 'type'))
_NOT_LEFT_OUT = ('raise', 'import', 'from', 'return', 'yield', 'await', '"', "'")
_LONG = 500  # lines of a statement
_SHAPES = bytes(byte if byte in _KEPT else {102: 102, 70: 102, 116: 102, 84: 102, 114: 114, 82: 114}.get(byte, 120) for byte in range(256))
_REST = bytes(120 if byte in (102, 114) else byte for byte in range(256))
_NESTS = sys.version_info >= (3, 12)  # the text of an f-string may hold its own quotes
_DEPTHS = {40: 1, 91: 1, 123: 1, 41: -1, 93: -1, 125: -1}


class _Unclear(Exception):
    """The tree has to say."""


def shapes(text):
    """The lines of a text as bytes, with only what begins or ends strings, comments and brackets left of them, and F where an f-string may
    begin: other characters are an x, and so are several."""
    raw = text.encode('utf-8', 'surrogatepass').translate(_SHAPES)
    for quote in b"'", b'"':
        raw = raw.replace(b'fr' + quote, b'F' + quote).replace(b'rf' + quote, b'F' + quote).replace(b'f' + quote, b'F' + quote)
    raw = raw.translate(_REST)
    while b'xx' in raw:
        raw = raw.replace(b'xxxxxxxx', b'x').replace(b'xx', b'x')
    return raw.split(b'\n')


class Statements:
    """Where the logical lines of a text begin. `plain` is false for a text of which this cannot be told."""

    def __init__(self, text, lines):
        self._lines = lines
        self._starts, self._odd = [], set()
        try:
            self._split(shapes(text))
            self.plain = True
        except _Unclear:
            self.plain = False

    def _split(self, shaped):
        known, starts, odd = {}, self._starts, self._odd
        depth, within, joined = 0, None, False
        for number, line in enumerate(shaped, 1):
            if within is None:
                if not depth and not joined:
                    starts.append(number)
                effect = known.get(line)
                if effect is None:
                    effect = known[line] = _effect(line, None)
            else:
                effect = _effect(line, within)
            change, within, joined, strange = effect
            depth += change
            if strange:
                odd.add(number)
            if depth < 0:
                raise _Unclear
        if depth or within is not None or joined:
            raise _Unclear

    def simple(self, line):
        """The Unit of the only statement on the logical line of this line, if it is a simple one; else None."""
        if not self.plain or not 0 < line <= len(self._lines):
            return None
        starts, following = self._starts, after(self._starts, line)
        first = starts[following - 1]
        last = starts[following] - 1 if following < len(starts) else len(self._lines)
        if any(first <= each <= last for each in self._odd):
            return None
        if line > first and any(('for' in each or 'lambda' in each) and _may_nest(each) for each in self._lines[first - 1:last]):
            return None  # a lambda or a comprehension may begin below the first line
        return self._unit(first, last)

    def long(self):
        """[(first, last) line] of simple statements of the module itself that are long: what is in them can be left out of a look."""
        starts, found = self._starts if self.plain else (), []
        for index, first in enumerate(starts):
            last = starts[index + 1] - 1 if index + 1 < len(starts) else len(self._lines)
            if last - first > _LONG and not any(first <= each <= last for each in self._odd):
                unit = self._unit(first, last)
                if unit is not None and not unit.column and not self._lines[first - 1].startswith(_NOT_LEFT_OUT):
                    found.append((first, last))
        return found

    def _unit(self, first, last):
        head = self._lines[first - 1]
        body = head.lstrip(' \t\f')
        column = len(head) - len(body)
        if column and sys.version_info < (3, 10):
            return None  # the blocks around it matter there
        word = body
        for index, each in enumerate(body):
            if not (each.isalnum() or each == '_'):
                word = body[:index]
                break
        if not body.strip() or body[0] in '#@' or word in _COMPOUND:
            return None
        return Unit('statement', (first, column), (last, len(self._lines[last - 1].encode('utf-8', 'surrogatepass'))), None, (), ())


def _may_nest(line):
    """Whether `for` or `lambda` may be in a line as more than a part of a word or of a plain string."""
    if '"""' in line or "'''" in line:
        return True
    outside, quote, escaped = '', None, False
    for at, each in enumerate(line):
        if quote is None and each not in '\'"':
            outside += each
        elif quote is None:
            if any(prefix in 'fFtT' for prefix in line[max(at - 2, 0):at]):
                return True
            outside, quote = outside + ' ', each
        elif escaped or each == '\\':
            escaped = not escaped
        elif each == quote:
            quote = None
    if quote is not None:
        return True
    words = ''.join([each if each.isalnum() or each == '_' else ' ' for each in outside]).split()
    return 'for' in words or 'lambda' in words


def _effect(line, within):
    """What a line does: (change of the depth of brackets, the string that goes on behind it, whether a backslash joins the next line, whether
    there is a semicolon or such a backslash). `within`: the string before it, as (quotes, open braces of an f-string or None)."""
    change, at, size, strange = 0, 0, len(line), False
    while at < size:
        if within is None:
            byte = line[at]
            at += 1
            if byte == 35:
                break
            if byte in (34, 39):
                formats = at > 1 and line[at - 2] == 70
                quotes = line[at - 1:at]
                if line[at:at + 2] == quotes * 2:
                    quotes, at = quotes * 3, at + 2
                within = quotes, 0 if formats and _NESTS else None
            elif byte == 92:
                return change, None, True, True
            elif byte == 59:
                strange = True
            else:
                change += _DEPTHS.get(byte, 0)
            continue
        end = _end(line, at, within[0])
        _, braces = within
        if braces is not None:
            part = line[at:size if end < 0 else end].replace(b'{{', b'').replace(b'}}', b'')
            braces += part.count(b'{') - part.count(b'}')
        if end < 0:
            if len(within[0]) == 1:
                raise _Unclear
            return change, (within[0], braces), False, strange
        if braces:
            raise _Unclear
        at, within = end + len(within[0]), None
    return change, within if within is None or len(within[0]) == 3 else _fail(), False, strange


def _fail():
    raise _Unclear


def _end(line, at, quotes):
    """Where the closing quotes are, -1 if not on this line."""
    while True:
        end = line.find(quotes, at)
        slash = line.find(b'\\', at)
        if slash < 0 or 0 <= end < slash:
            return end
        at = slash + 2
