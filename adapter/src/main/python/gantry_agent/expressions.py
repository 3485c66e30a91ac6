"""Conditions and hit counts: compiled when they are set, evaluated on the target's thread. Pure but for that evaluation."""
import sys

from gantry_agent import positions
from gantry_agent.quiet import compiled
from gantry_agent.texts import ONLY_AST, reason_of
from gantry_agent.syntax import walk_expressions

NAME = '<condition>'
_Function = type(lambda: 0)


class Invalid(Exception):
    """Text of the user that cannot be used; str() is the sentence for the user."""


class Expression:
    """A Python expression, with the code for each class whose private names it may mean."""
    __slots__ = ('text', 'code', 'private', 'nested', 'by_class')

    def __init__(self, text, what='condition'):
        self.text = text.strip()
        try:
            self.code = compiled(self.text, NAME, 'eval')
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
            raise Invalid('The %s %s is not a Python expression: %s.' % (what, _quoted(self.text), _place(error, self.text)))
        self.private = '__' in self.text
        self.nested = any(type(each) is type(self.code) for each in self.code.co_consts)
        self.by_class = {}

    def code_for(self, class_name):
        """The code with `__names` as they are called within the class."""
        if not self.private or not class_name:
            return self.code
        found = self.by_class.get(class_name)
        if found is None:
            found = self.by_class[class_name] = mangled(self.text, class_name)
        return found

    def value(self, code, frame):
        """The value in the frame. Scopes within the expression see the frame's locals too."""
        if self.nested:
            names = dict(frame.f_globals)
            names.update(frame.f_locals)
            return eval(code, names)
        return eval(code, frame.f_globals, frame.f_locals)


def mangled(text, class_name):
    """The text compiled as it would be in that class."""
    tree = compiled(text, NAME, 'eval', ONLY_AST)
    prefix = '_' + class_name.lstrip('_')
    if prefix != '_':
        for node in walk_expressions([tree]):
            for field in ('id', 'attr'):
                name = getattr(node, field, None)
                if isinstance(name, str) and name.startswith('__') and not name.endswith('__'):
                    setattr(node, field, prefix + name)
    return compiled(tree, NAME, 'eval')


def by_local(expression, code):
    """(name, function of its value) if the expression names one local of the code object and nothing else, or None."""
    if sys.version_info < (3, 11) or not code.co_flags & 1 or expression.private or expression.nested:
        return None  # before 3.11, eval is no slower
    names = {node.id for node in walk_expressions([compiled(expression.text, NAME, 'eval', ONLY_AST)]) if hasattr(node, 'id')}
    if len(names) != 1 or not names <= set(code.co_varnames + code.co_cellvars + code.co_freevars) or ':=' in expression.text:
        return None
    name = names.pop()
    made = compiled('lambda %s: (%s\n)' % (name, expression.text), NAME, 'eval')
    return name, _Function(made.co_consts[0], {})


def class_of(code, scope=None):
    """The class within which the code object was compiled, or None; `scope` where the code does not know itself (before 3.11)."""
    qualname = getattr(code, 'co_qualname', None)
    if qualname is None:
        return scope.class_name() if scope is not None else None
    parts = qualname.split('.')
    if positions.is_class_body(code):
        return parts[-1]
    for index in range(len(parts) - 2, -1, -1):
        if parts[index] != '<locals>' and parts[index + 1] != '<locals>':
            return parts[index]
    return None


def _quoted(text):
    return '"%s"' % (text if len(text) <= 80 else text[:77] + '...')


def _place(error, text):
    reason = getattr(error, 'msg', None) or reason_of(error)
    offset = getattr(error, 'offset', None)
    if offset and '\n' not in text and 0 < offset <= len(text) + 1:
        return '%s, at column %d' % (reason, offset)
    return reason


_SIGNS = ('==', '>=', '<=', '>', '<', '%', '=')


def hit_test(text):
    """The test of a hit condition: a function of the count."""
    rest, sign = text.strip(), '=='
    for each in _SIGNS:
        if rest.startswith(each):
            rest, sign = rest[len(each):].strip(), '==' if each == '=' else each
            break
    if not (rest.isdigit() and rest.isascii()) or len(rest) > 18:
        raise Invalid(_HITS.replace('TEXT', text.strip()[:40]))
    wanted = int(rest)
    if wanted == 0 and sign in ('%', '==', '<', '<='):
        raise Invalid('The hit count "%s" can never be reached: counts begin at 1.' % text.strip()[:40])
    return _TESTS[sign](wanted)


_HITS = 'The hit count "TEXT" is not understood: write a number, or one of == > >= < <= % and a number, as in ">=3".'
_TESTS = {
    '==': lambda wanted: lambda count: count == wanted,
    '>': lambda wanted: lambda count: count > wanted,
    '>=': lambda wanted: lambda count: count >= wanted,
    '<': lambda wanted: lambda count: count < wanted,
    '<=': lambda wanted: lambda count: count <= wanted,
    '%': lambda wanted: lambda count: count % wanted == 0,
}


def failure_text(error):
    """`Type: message` of an exception, whatever its __str__ does."""
    name = type(error).__name__
    try:
        text = str(error)
    except Exception:
        return name + ': <its text failed>'
    return '%s: %s' % (name, text[:1000]) if text else name
