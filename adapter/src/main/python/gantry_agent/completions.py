"""Completions in the debug console. On the stopped thread, or on the agent's for the globals of `__main__`.

Attribute names come from dictionaries, slots and classes; `__dir__` and `__getattr__` of the target are not asked.
"""
from gantry_agent import budget, children, evaluate, namespaces, presenters, values
from gantry_agent.private import sys
from gantry_agent.values import derives

KEYWORDS = ('False None True and as assert async await break class continue def del elif else except finally for from '
            'global if import in is lambda nonlocal not or pass raise return try while with yield').split()
MOST = 500
SECONDS = 1.0
OPEN, CLOSE = '([{', ')]}'


def complete(looking, arguments, stop):
    known = looking.frame(arguments.get('frameId'), stop)
    text, line = arguments.get('text') or '', int(arguments.get('line') or 1)
    lines = text.split('\n')
    line = min(max(line, 1), len(lines))
    column = offset(lines[line - 1], int(arguments.get('column') or 1) - 1)
    head = lines[line - 1][:column]
    found, typed = candidates(looking, known, stop, head)
    start, length = units(head[:len(head) - len(typed)]), units(typed)
    targets = []
    for name, value, kind in found[:MOST]:
        made = {'label': name, 'type': kind, 'start': start + 1, 'length': length,
                'sortText': sort_key(name)}
        detail = values.type_name(value) if value is not values.NOTHING else ''
        if detail:
            made['detail'] = detail
        targets.append(made)
    return {'targets': targets}


def offset(text, units_wanted):
    """Index in a str for a position that counts UTF-16 units."""
    count = 0
    for index, one in enumerate(text):
        if count >= units_wanted:
            return index
        count += 2 if ord(one) > 0xffff else 1
    return len(text)


def units(text):
    return len(text) + sum(1 for one in text if ord(one) > 0xffff)


def sort_key(name):
    """Plain names first, then protected, then special ones."""
    rank = '2' if name[:2] == '__' else '1' if name[:1] == '_' else '0'
    return rank + name


def candidates(looking, known, stop, head):
    """([(name, value or NOTHING, DAP type)], what was typed of the name so far)"""
    words = head.split()
    if len(words) >= 1 and words[0] in ('import', 'from') and 'import' not in words[1:]:
        typed = words[-1] if len(words) > 1 and not head[-1:].isspace() else ''
        return modules(typed), typed
    key = open_key(head)
    if key is not None:
        return keys(known, stop, *key)
    typed = tail(head)
    before = head[:len(head) - len(typed)]
    if before.endswith('.'):
        return attributes(known, stop, operand(before[:-1]), typed), typed
    return names(known, stop, typed), typed


def tail(text):
    """The identifier that ends the text, perhaps empty."""
    index = len(text)
    while index and (text[index - 1].isidentifier() or text[index - 1].isdigit()):
        index -= 1
    while index < len(text) and text[index].isdigit():
        index += 1
    return text[index:]


def operand(text):
    """The expression that ends the text and that a dot or bracket would apply to."""
    index, depth = len(text), 0
    while index:
        one = text[index - 1]
        if one in '"\'':
            opening = text.rfind(one, 0, index - 1)
            if opening < 0:
                break
            index = opening
            continue
        if one in CLOSE:
            depth += 1
        elif one in OPEN:
            if not depth:
                break
            depth -= 1
        elif not depth and not (one.isalnum() or one in '_.'):
            break
        index -= 1
    return text[index:].strip()


def looked_at(text, known, stop):
    """The value of an expression without calls; NOTHING when it has none."""
    try:
        snippet = evaluate.checked(text, known, 'hover')
        return budget.run(lambda: evaluate.execute(snippet, known, stop), SECONDS)
    except (values.Refused, evaluate.Failed, budget.TimedOut):
        return values.NOTHING


def describe(value):
    kind = type(value)
    if id(kind) in children.FUNCTIONS:
        return 'function'
    if derives(kind, type):
        return 'class'
    return 'module' if derives(kind, presenters.MODULE) else 'variable'


def attributes(known, stop, text, typed):
    value = looked_at(text, known, stop)
    if value is values.NOTHING:
        return []
    found = {}
    for name, item in list(dict.items(children.space_of(value)) if not derives(type(value), type)
                           else children.space_of(value).items()):
        if type(name) is str and name.startswith(typed) and name.isidentifier():
            found[name] = (name, item, 'field' if describe(item) == 'variable' else describe(item))
    for base in values.MRO(value if derives(type(value), type) else type(value)):
        for name, item in list(values.TYPE_DICT(base).items()):
            if type(name) is str and name.startswith(typed) and name not in found and name.isidentifier():
                found[name] = (name, item, 'method' if id(type(item)) in children.FUNCTIONS else
                               'class' if derives(type(item), type) else 'property')
    return sorted(found.values(), key=lambda one: sort_key(one[0]))


def names(known, stop, typed):
    found = {}
    spaces = []
    if known is not None:
        spaces.append((namespaces.read_all(known), None))
        spaces.append((evaluate.special(stop, known), None))
        spaces.append((known.frame.f_globals, None))
    else:
        spaces.append((namespaces.main_globals(), None))
    spaces.append((sys.modules['builtins'].__dict__, None))
    for space, _ in spaces:
        for name, value in list(space.items()):
            if type(name) is str and name.startswith(typed) and name not in found:
                found[name] = (name, value, describe(value))
    for name in KEYWORDS:
        if name.startswith(typed):
            found.setdefault(name, (name, values.NOTHING, 'keyword'))
    return sorted(found.values(), key=lambda one: sort_key(one[0]))


def open_key(head):
    """(expression, quote, typed) where the cursor is inside the string of `expression["typed`."""
    for quote in '"\'':
        index = head.rfind(quote)
        if index > 0 and head[:index].rstrip().endswith('[') and head.count(quote) % 2 == 1:
            text = operand(head[:index].rstrip()[:-1])
            if text:
                return text, quote, head[index + 1:]
    return None


def keys(known, stop, text, quote, typed):
    value = looked_at(text, known, stop)
    if value is values.NOTHING:
        return [], typed
    found = []
    if derives(type(value), dict):
        try:
            for key, item in dict.items(value):
                if type(key) is str and key.startswith(typed) and len(found) < MOST:
                    found.append((written(key, quote), item, 'field'))
        except RuntimeError:
            pass
    columns = getattr(value, 'columns', ()) if derives(type(value), values.known('pandas.core.frame', 'DataFrame')
                                                      or values.Limits) else ()
    found.extend((one, values.NOTHING, 'field') for one in columns if type(one) is str and one.startswith(typed))
    return found, typed


def written(key, quote):
    """The inside of a string literal with that quote."""
    return repr(key)[1:-1].replace("\\'", "'").replace(quote, '\\' + quote)


def modules(typed):
    """Modules that are loaded, built in or on the path, for `import` and `from`."""
    parent, _, last = typed.rpartition('.')
    found = set()
    for name in list(sys.modules) + list(sys.builtin_module_names) + list(getattr(sys, 'stdlib_module_names', ())):
        if type(name) is str and name.startswith(typed):
            rest = name[len(parent) + 1:] if parent else name
            found.add((parent + '.' if parent else '') + rest.partition('.')[0])
    if not parent:
        found.update(name for name in on_path(last) if name.startswith(typed))
    return [(name, values.NOTHING, 'module') for name in sorted(found)]


def on_path(typed):
    """Names of modules in the first directories of sys.path."""
    from gantry_agent.budget import lazily
    listdir = (lazily('posix') or lazily('nt')).listdir
    found = set()
    for place in list(sys.path)[:20]:
        try:
            entries = listdir(place or '.') if type(place) is str else ()
        except OSError:
            continue
        for entry in entries[:5000]:
            name, dot, ending = entry.partition('.')
            if name.isidentifier() and (not dot or ending == 'py' or ending.endswith(('.so', '.pyd', 'so', 'pyd'))):
                found.add(name)
    return found
