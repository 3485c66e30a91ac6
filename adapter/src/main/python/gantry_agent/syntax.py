"""The statements of a source text, their headers, scopes and blocks, from the compiler's own tree (without the `ast` module).

Pure, on any thread; the tree is walked statement by statement, expressions only where they are asked for. Columns are
0-based UTF-8 byte offsets here, as in the tree.
"""
import sys

_SCOPES = ('FunctionDef', 'AsyncFunctionDef', 'ClassDef')
_COMPREHENSIONS = {'ListComp': '<listcomp>', 'SetComp': '<setcomp>', 'DictComp': '<dictcomp>', 'GeneratorExp': '<genexpr>'}
_WORDS = {'Try': 3, 'TryStar': 3, 'ExceptHandler': 6}


class Scope:
    """A module, class or function: where statements live."""
    __slots__ = ('name', 'first', 'is_class', 'parent', 'qualname')

    def __init__(self, name, first, is_class, parent):
        self.name, self.first, self.is_class, self.parent = name, first, is_class, parent
        if parent is None or parent.parent is None:
            self.qualname = name
        else:
            self.qualname = parent.qualname + ('.' if parent.is_class else '.<locals>.') + name

    def class_name(self):
        """The class whose private names are mangled here, or None."""
        scope = self
        while scope is not None:
            if scope.is_class:
                return scope.name
            scope = scope.parent
        return None


class Unit:
    """A piece of text at which a breakpoint can be: a simple statement, the header of a compound one, a decorator, or the
    body of a lambda or comprehension."""
    __slots__ = ('kind', 'line', 'column', 'end_line', 'end_column', 'scope', 'blocks', 'nodes', '_holes')

    def __init__(self, kind, start, end, scope, blocks, nodes):
        self.kind = kind
        self.line, self.column = start
        self.end_line, self.end_column = end
        self.scope, self.blocks, self.nodes, self._holes = scope, blocks, nodes, None

    def holes(self):
        """The nested scopes directly within, as units."""
        if self._holes is None:
            self._holes = sorted(_nested(self), key=Unit.start)
        return self._holes

    def nested_at(self, line):
        """The nested scopes directly within, of the expressions that lie on the line."""
        return _nested(self, line) if self._holes is None else self._holes

    def hole_at(self, line, column):
        """The last nested scope that starts at this position or before, or None."""
        holes = self.holes()
        low, high = 0, len(holes)
        while low < high:
            middle = (low + high) // 2
            if holes[middle].start() <= (line, column):
                low = middle + 1
            else:
                high = middle
        return holes[low - 1] if low else None

    def all_nested(self):
        for hole in self.holes():
            yield hole
            for deeper in hole.all_nested():
                yield deeper

    def start(self):
        return self.line, self.column

    def end(self):
        return self.end_line, self.end_column

    def holds(self, line, column):
        return self.start() <= (line, column) < self.end()


def children(node):
    """The nodes directly below, in source order of the fields."""
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            for each in value:
                if hasattr(each, '_fields'):
                    yield each
        elif hasattr(value, '_fields'):
            yield value


def _start(node):
    return node.lineno, node.col_offset


def _end(node):
    return node.end_lineno, node.end_col_offset


def walk_expressions(nodes):
    """Every node below, parents first; what is in an f-string has no true position before 3.12 and is left out there."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        if type(node).__name__ == 'JoinedStr' and sys.version_info < (3, 12):
            continue
        waiting.extend(reversed(list(children(node))))


def _nested(unit, line=None):
    """The units of the nested scopes directly within; only those on the line, if one is given."""
    waiting = list(reversed(unit.nodes))
    while waiting:
        node = waiting.pop()
        if line is not None and not getattr(node, 'lineno', line) <= line <= getattr(node, 'end_lineno', line):
            continue
        kind = type(node).__name__
        if kind == 'JoinedStr' and sys.version_info < (3, 12):
            continue
        if kind == 'Lambda':
            yield Unit('<lambda>', _start(node.body), _end(node.body), unit.scope, unit.blocks, [node.body])
            waiting.append(node.args)
        elif kind in _COMPREHENSIONS:
            first, last = (node.key, node.value) if kind == 'DictComp' else (node.elt, node.elt)
            nodes = [first] if first is last else [first, last]
            yield Unit(_COMPREHENSIONS[kind], _start(first), _end(last), unit.scope, unit.blocks, nodes)
            waiting.extend(reversed(node.generators))
        else:
            waiting.extend(reversed(list(children(node))))


class Syntax:
    """All units of a module's tree, ordered by position."""

    def __init__(self, tree, lines):
        self.lines = lines
        self.units = []
        self.scopes = {}
        module = Scope('<module>', 1, False, None)
        self._body(tree.body, module, ())
        self.units.sort(key=Unit.start)
        self.starts = [unit.line for unit in self.units]

    def _body(self, statements, scope, blocks):
        for node in statements:
            self._statement(node, scope, blocks)

    def _statement(self, node, scope, blocks):
        kind = type(node).__name__
        lists = _statement_lists(node)
        if not lists:
            self.units.append(Unit('statement', _start(node), _end(node), scope, blocks, [node]))
            return
        for decorator in getattr(node, 'decorator_list', ()):
            self.units.append(Unit('decorator', _start(decorator), _end(decorator), scope, blocks, [decorator]))
        self.units.append(self._header(node, lists, scope, blocks))
        if kind in _SCOPES:
            self._body(node.body, self._scope(node, scope, kind == 'ClassDef'), ())
            return
        for field, parts in lists:
            inner = blocks + _blocks(node, kind, field)
            for part in parts:
                self._part(part, scope, inner)

    def _part(self, part, scope, blocks):
        kind = type(part).__name__
        if kind == 'ExceptHandler':
            blocks += (('except', id(part)),)
            self.units.append(self._header(part, [('body', part.body)], scope, blocks))
            # `as name` makes the body a block of its own, at whose end the name is deleted.
            self._body(part.body, scope, blocks + (('named', id(part)),) if part.name else blocks)
        elif kind == 'match_case':
            nodes = [part.pattern] + ([part.guard] if part.guard is not None else [])
            self.units.append(Unit('case', _start(part.pattern), _end(nodes[-1]), scope, blocks, nodes))
            self._body(part.body, scope, blocks)
        else:
            self._statement(part, scope, blocks)

    def _scope(self, node, parent, is_class):
        first = min([node.lineno] + [each.lineno for each in node.decorator_list])
        scope = Scope(node.name, first, is_class, parent)
        self.scopes[node.name, first] = scope
        return scope

    def _header(self, node, lists, scope, blocks):
        kind = type(node).__name__
        below = set()
        for _, parts in lists:
            below.update(id(part) for part in parts)
        below.update(id(each) for each in getattr(node, 'decorator_list', ()))
        nodes = [each for each in children(node) if id(each) not in below]
        end = max([_end(each) for each in _positioned(nodes)] or [(node.lineno, node.col_offset + _WORDS.get(kind, 1))])
        first = lists[0][1][0] if lists[0][1] else None
        line, column = end
        body = getattr(first, 'lineno', None) or (first.pattern.lineno if first is not None else line)
        while line + 1 < body and self.lines[line].lstrip()[:1] in (')', ']', '}'):
            line, column = line + 1, len(self.lines[line].encode('utf-8', 'replace'))
        word = 'handler' if kind == 'ExceptHandler' else 'header'
        return Unit(word, _start(node), (line, column), scope, blocks, nodes)

    def last_from(self, line):
        """The index of the last unit that starts at this line or before, -1 if none does."""
        low, high = 0, len(self.starts)
        while low < high:
            middle = (low + high) // 2
            if self.starts[middle] <= line:
                low = middle + 1
            else:
                high = middle
        return low - 1

    def at_line(self, line):
        """The units that start on this line, in order."""
        index, found = self.last_from(line), []
        while index >= 0 and self.starts[index] == line:
            found.append(self.units[index])
            index -= 1
        return found[::-1]

    def covering(self, line):
        """The first unit that has this line in its text, or None (a blank line, a comment, `else`)."""
        here = self.at_line(line)
        if here:
            return here[0]
        index = self.last_from(line)
        if index >= 0 and self.units[index].end_line >= line:
            return self.units[index]
        return None

    def after(self, line):
        """The units that start after this line, in order."""
        return self.units[self.last_from(line) + 1:]

    def scope_of(self, code):
        """The scope that was compiled to this code object, or None for the module and for nested expressions."""
        return self.scopes.get((code.co_name, code.co_firstlineno))


def _positioned(nodes):
    for node in nodes:
        if hasattr(node, 'end_lineno'):
            yield node
        else:
            for each in _positioned(list(children(node))):
                yield each


def _statement_lists(node):
    """(field, nodes) of each list of statements, handlers or cases of a compound statement."""
    found = []
    for name in ('body', 'handlers', 'orelse', 'finalbody', 'cases'):
        value = getattr(node, name, None)
        if isinstance(value, list) and (value or name == 'body'):
            found.append((name, value))
    return found


def _blocks(node, kind, field):
    """The blocks into which nothing may jump from outside."""
    if kind in ('For', 'AsyncFor'):
        return (('for', id(node)),) if field == 'body' else ()
    if kind in ('With', 'AsyncWith'):
        return (('with', id(node)),)
    if kind not in ('Try', 'TryStar'):
        return ()
    if field == 'finalbody':
        return (('finally', id(node)),)
    outer = (('tried', id(node)),) if node.finalbody else ()
    if field == 'body' and node.handlers:
        outer += (('try', id(node)),)
    return outer
