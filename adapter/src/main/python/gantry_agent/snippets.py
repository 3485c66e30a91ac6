"""Text that the user typed, compiled for a frame. Pure but for `compile`; on the thread that evaluates.

The syntax tree is had from `compile` itself: no module is needed to look at it.
"""
from gantry_agent import quiet
from gantry_agent.budget import lazily
from gantry_agent.presenters import FUNCTION
from gantry_agent.values import Refused, TYPE_NAME

NAME = '<expression>'
TREE = 0x400               # compile(): give the syntax tree
NESTED_SCOPES = 0x10
AWAIT = 0x2000             # compile(): `await` outside of functions is allowed
QUIET = frozenset(('Expression', 'Name', 'Attribute', 'Subscript', 'Constant', 'Index', 'Slice', 'ExtSlice', 'Tuple',
                   'Load', 'UnaryOp', 'USub', 'UAdd'))
NESTED = frozenset(('Lambda', 'ListComp', 'SetComp', 'DictComp', 'GeneratorExp', 'FunctionDef', 'AsyncFunctionDef',
                    'ClassDef'))
SINK, LOCALS = '_gantry_sink_', '_gantry_locals_'


class Snippet:
    """What was typed: the statements before its last expression, and that expression."""

    __slots__ = ('text', 'body', 'last', 'nested', 'names', 'flags')

    def __init__(self, text, body, last, nested, names, flags):
        self.text = text
        self.body = body            # statement nodes
        self.last = last            # expression node or None
        self.nested = nested        # holds functions, classes or comprehensions: they need the locals as cells
        self.names = names          # names that are mentioned
        self.flags = flags


def dedent(text):
    """Without the indentation that all lines have in common."""
    lines = text.expandtabs(8).split('\n') if '\t' in text[:1] else text.split('\n')
    widths = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    width = min(widths) if widths else 0
    return '\n'.join(line[width:] if line.strip() else line.strip() for line in lines).strip('\n')


def flags_of(frame):
    """`from __future__` features that the frame's own code was compiled with."""
    return frame.f_code.co_flags & future_mask() if frame is not None else 0


def future_mask(known=[]):
    if not known:
        module = lazily('__future__')
        mask = 0
        for name in module.all_feature_names if module else ():
            mask |= getattr(module, name).compiler_flag
        known.append(mask & ~NESTED_SCOPES)
    return known[0]



def parse(text, frame, statements=True):
    """The Snippet of a text; SyntaxError as Python words it."""
    text = dedent(text.replace('\r\n', '\n'))
    flags = flags_of(frame) | AWAIT
    if not text.strip():
        raise Refused('There is nothing to evaluate.')
    if statements:
        tree = quiet.compiled(text + '\n', NAME, 'exec', flags | TREE)
        body = list(tree.body)
        last = body.pop().value if body and TYPE_NAME(type(body[-1])) == 'Expr' else None
    else:
        stripped = text.strip()
        body, last = [], quiet.compiled('(' + stripped + '\n)' if '\n' in stripped else stripped, NAME, 'eval',
                                        flags | TREE).body
    names, nested = set(), False
    owner = mangler(frame) if '__' in text else None
    for top in body + ([last] if last is not None else []):
        for node in walk(top):
            nested = visit(node, names, owner) or nested
    return Snippet(text, body, last, nested, names, flags)


def walk(node):
    """All nodes of a tree."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        for field in node._fields:
            value = getattr(node, field, None)
            if type(value) is list:
                todo.extend(one for one in value if hasattr(one, '_fields'))
            elif hasattr(value, '_fields'):
                todo.append(value)


def visit(node, names, owner):
    """Notes the names of one node and mangles private ones; True when it opens a scope of its own."""
    kind = TYPE_NAME(type(node))
    if owner:
        for field in ('id', 'attr', 'name', 'arg'):
            name = getattr(node, field, None)
            if type(name) is str and name[:2] == '__' and name[-2:] != '__':
                setattr(node, field, '_' + owner + name)
    if kind == 'Name':
        names.add(node.id)
    elif kind in ('FunctionDef', 'ClassDef', 'AsyncFunctionDef'):
        names.add(node.name)
    return kind in NESTED


def mangler(frame):
    """The class whose private names (`__x`) the frame's code means, without leading underscores; None outside."""
    if frame is None:
        return None
    code = frame.f_code
    qualified = getattr(code, 'co_qualname', None) or function_name(code)
    parts = qualified.split('.')
    if not code.co_flags & 1:
        return None if parts[-1] == '<module>' else parts[-1].lstrip('_') or None
    parts.pop()
    while parts and parts[-1] == '<locals>':
        del parts[-2:]
    return parts[-1].lstrip('_') or None if parts else None


def function_name(code):
    """Before 3.11 only functions know their qualified names: one that has this code is looked for."""
    for one in lazily('gc').get_referrers(code):
        if type(one) is FUNCTION and one.__code__ is code:
            return one.__qualname__
    return code.co_name


def is_quiet(snippet):
    """Names, attributes, subscripts and constants only: what a hover may look at."""
    return snippet.last is not None and not snippet.body and \
        all(TYPE_NAME(type(node)) in QUIET for node in walk(snippet.last))


def module_type():
    return type(compile('0', NAME, 'exec', TREE)), type(compile('0', NAME, 'eval', TREE))


def compiled(snippet):
    """(code of the statements or None, code of the last expression or None), to run with globals and locals."""
    module, expression = module_type()
    first = second = None
    if snippet.body:
        first = quiet.compiled(module(body=snippet.body, type_ignores=[]), NAME, 'exec', snippet.flags)
    if snippet.last is not None:
        second = quiet.compiled(expression(body=snippet.last), NAME, 'eval', snippet.flags)
    return first, second


def wrapped(snippet, params):
    """Code that defines `_gantry_`, a function of these names, which runs the snippet with them as its locals.

    Nested functions and comprehensions then see them as Python's own do. What it bound is told to the sink, even
    when it raises."""
    compiled(snippet)                  # errors of the text itself come from the text, not from what is around it
    waits = any(TYPE_NAME(type(node)) in ('Await', 'AsyncFor', 'AsyncWith') or getattr(node, 'is_async', 0)
                for top in snippet.body + ([snippet.last] if snippet.last is not None else []) for node in walk(top))
    text = '%sdef _gantry_(%s):\n try:\n  pass\n  return None\n finally:\n  %s(%s())\n' % (
        'async ' if waits else '', ', '.join([SINK, LOCALS] + params), SINK, LOCALS)
    tree = compile(text, NAME, 'exec', TREE | snippet.flags, True)
    guard = tree.body[0].body[0]
    result = guard.body[1]
    if snippet.last is not None:
        result.value = snippet.last
    guard.body = list(snippet.body) + [result]
    return quiet.compiled(tree, NAME, 'exec', snippet.flags)
