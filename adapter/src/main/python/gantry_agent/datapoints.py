"""The requests dataBreakpointInfo and setDataBreakpoints. Conditions and the pure parts are compiled and checked here.

`info` runs on the stopped thread whose values are looked at: the expression it is asked for may run the program's code.
`set_data` runs wherever the other breakpoints are set, and runs none of it.
"""
from gantry_agent import places, static
from gantry_agent.expressions import Expression, Invalid, class_of, failure_text, hit_test
from gantry_agent.places import Unwatchable
from gantry_agent.quiet import compiled
from gantry_agent.texts import NAME, ONLY_AST, reason_of

_OPTIMIZED = 1


def info(watches, looking, arguments, stop):
    """The body of a dataBreakpointInfo response; where nothing can be watched its description says why."""
    try:
        place = _chosen(looking, arguments, stop)
    except Unwatchable as why:
        return {'dataId': None, 'description': 'Cannot be watched: %s' % why}
    except Exception as error:        # of the program: the expression ran its code
        return {'dataId': None, 'description': 'Cannot be watched: %s' % failure_text(error)}
    return {'dataId': watches.offer(place), 'description': place.describe(), 'accessTypes': ['write'],
            'canPersist': False}


def _chosen(looking, arguments, stop):
    name, reference = arguments.get('name'), arguments.get('variablesReference')
    if type(name) is not str or not name.strip():
        raise Unwatchable('no name was given')
    if arguments.get('asAddress') or arguments.get('bytes') is not None:
        raise Unwatchable('Python has no addresses to watch: choose a variable, an attribute or an item')
    if reference:
        return _child(looking, looking.handles.live.get(reference), name)
    frame = _frame(looking, arguments.get('frameId'), stop)
    return of_expression(frame, name.strip())


def _frame(looking, number, stop):
    if number is None:
        if stop is None or stop.frame is None:
            raise Unwatchable('no frame was given')
        return stop.frame
    known = looking.handles.live.get(number)
    frame = getattr(known, 'frame', None)
    if type(frame).__name__ != 'frame':
        raise Unwatchable('the frame is not known any more')
    return frame


def _owner(handles, entry):
    """(the object whose children are shown below `entry`, its expression); groups and ranges stand below it themselves."""
    for _ in range(5):
        if entry is None:
            break
        for owner in (entry.value, getattr(entry.source, 'value', None), getattr(entry.source, 'owner', None)):
            if owner is not None:
                return owner, entry.expr
        parents = [key[0] for key, number in list(handles.numbers.items()) if number == entry.number and len(key) == 2]
        entry = handles.live.get(parents[0]) if parents else None
    raise Unwatchable('it is not known whose it is: use its expression')


def _child(looking, entry, name):
    """A variable as it is shown below `entry`, or would be if it were asked for."""
    if getattr(entry, 'places', None) is None:
        raise Unwatchable('what %s was shown in is gone: ask for the variables again' % name)
    where = entry.places.get(name)
    if where is None:
        found = looking.view(entry.frame, entry.thread, None).children(entry, 0, 0, None)
        where = next((child.place for child in found if child.name == name), None)
    if where is None:
        raise Unwatchable('%s has no place that the program could write to' % name)
    kind, key = where[0], where[1]
    if kind in ('local', 'global'):
        frame = entry.frame.frame
        return of_name(frame, key) if kind == 'local' else places.Global(frame.f_globals, key)
    owner, expr = _owner(looking.handles, entry)
    if kind == 'attribute':
        return _attribute(owner, key, '%s.%s' % (expr, key) if expr else key)
    if kind == 'item':
        return places.Item(owner, key, '%s[%r]' % (expr, key) if expr and places.is_plain(key) else None)
    raise Unwatchable('%s has no place that the program could write to' % name)


def _attribute(owner, name, label):
    space = static.instance_dict(owner)
    if static.is_module(owner) and space is not None:
        return places.Global(space, name)
    return places.Attribute(owner, name, label)


def of_name(frame, name):
    """The variable `name` as the code of `frame` sees it."""
    code, held = frame.f_code, frame.f_locals
    if code.co_flags & _OPTIMIZED:
        if name in code.co_varnames or name in code.co_cellvars or name in code.co_freevars:
            if not places.alive(frame):
                raise Unwatchable('the call it belongs to has ended')
            return places.Local(frame, name)
    elif held is not frame.f_globals and static.isinstance_of(held, dict) and name in held:
        return places.Item(held, name, name)
    if name in frame.f_globals or held is frame.f_globals:
        return places.Global(frame.f_globals, name)
    raise Unwatchable('%s is no variable here' % name)


def of_expression(frame, text):
    """The place that an expression of the form x, a.b or a[b] names; what is before the last part is evaluated."""
    try:
        tree = compiled(text, NAME, 'eval', ONLY_AST)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise Unwatchable('not an expression: %s' % reason_of(error)) from None
    node = tree.body
    kind = type(node).__name__
    if kind == 'Name':
        return of_name(frame, node.id)
    if kind == 'Attribute':
        return _attribute(_value(frame, tree, node.value), _private(frame, node.attr), text)
    if kind == 'Subscript':
        index = node.slice.value if type(node.slice).__name__ == 'Index' else node.slice      # Index: before 3.9
        if type(index).__name__ in ('Slice', 'ExtSlice'):
            raise Unwatchable('a slice is more than one item')
        return places.Item(_value(frame, tree, node.value), _value(frame, tree, index), text)
    raise Unwatchable('only variables, attributes and items can be watched')


def _value(frame, tree, node):
    code = compiled(type(tree)(node), NAME, 'eval')
    return eval(code, frame.f_globals, frame.f_locals)


def _private(frame, name):
    """`__name` as it is called within the class whose method the frame is."""
    owner = class_of(frame.f_code)
    if owner and name.startswith('__') and not name.endswith('__') and owner.lstrip('_'):
        return '_%s%s' % (owner.lstrip('_'), name)
    return name


class Check:
    """Whether a change counts: the condition in the frame that wrote, then the hit count. On the program's threads."""

    def __init__(self, condition, hits, tell):
        self.condition = Expression(condition) if condition else None
        self.hits = hit_test(hits) if hits else None
        self.count = 0
        self._tell = tell
        self._failed = False

    def __call__(self, frame):
        """True: stop. A condition that fails stops once and says why."""
        if self.condition is not None:
            try:
                code = self.condition.code_for(class_of(frame.f_code))
                if not self.condition.value(code, frame):
                    return False
            except Exception as error:
                if self._failed:
                    return False
                self._failed = True
                self._tell('The condition "%s" of a data breakpoint failed: %s\n'
                           % (self.condition.text, failure_text(error)))
                return True
        self.count += 1
        return self.hits is None or self.hits(self.count)


def set_data(watches, arguments, next_id):
    """The Breakpoint objects that answer setDataBreakpoints, in the order of the request."""
    def tell(text):
        watches.agent.send_event('output', {'category': 'important', 'output': text})
    wanted, refused = [], {}
    for index, one in enumerate(arguments.get('breakpoints') or ()):
        condition, hits = (one.get('condition') or '').strip(), (one.get('hitCondition') or '').strip()
        number = next_id()
        try:
            check = Check(condition, hits, tell) if condition or hits else None
        except Invalid as why:
            refused[index] = {'id': number, 'verified': False, 'message': str(why), 'reason': 'failed'}
            continue
        wanted.append((one.get('dataId'), one.get('accessType'), (condition, hits), check, number))
    answers = iter(watches.replace(wanted))
    return [refused[index] if index in refused else next(answers)
            for index in range(len(wanted) + len(refused))]
