"""exceptionInfo: the exception a thread is stopped at, with its chain and its group. On the stopped thread."""
from gantry_agent import values
from gantry_agent.budget import lazily
from gantry_agent.values import Refused, derives

SPACE = BaseException.__dict__
CAUSE, CONTEXT = SPACE['__cause__'].__get__, SPACE['__context__'].__get__
SUPPRESS, TRACEBACK = SPACE['__suppress_context__'].__get__, SPACE['__traceback__'].__get__
ARGS = SPACE['args'].__get__
WRAPPER = type(SPACE['__str__'])
PLAIN = frozenset(id(kind) for kind in (str, int, float, bool, bytes, type(None)))
MODES = {'uncaught': 'unhandled', 'userUnhandled': 'userUnhandled'}      # by the filter that stopped
MOST = 20                  # exceptions of one chain or group
try:
    GROUP, MEMBERS = BaseExceptionGroup, BaseExceptionGroup.__dict__['exceptions'].__get__
except NameError:
    GROUP = MEMBERS = None


def following(error):
    """(how it is called, exception) that led to this one, as Python would print it; None at the end."""
    cause = CAUSE(error)
    if cause is not None:
        return 'caused by', cause
    context = CONTEXT(error)
    if context is not None and not SUPPRESS(error):
        return 'raised while handling', context
    return None


def chain(error):
    """The exceptions behind one, nearest first, each once."""
    seen, found = {id(error)}, []
    step = following(error)
    while step is not None and id(step[1]) not in seen and len(found) < MOST:
        seen.add(id(step[1]))
        found.append(step)
        step = following(step[1])
    return found


def quiet_text(error):
    """`Type: message` where the message needs no code of the target, else the type alone."""
    kind = type(error)
    if type(values.lookup(kind, '__str__')) is WRAPPER and all(id(type(one)) in PLAIN for one in ARGS(error)):
        try:
            message = str(error)
        except Exception:
            message = ''
        if message:
            return '%s: %s' % (values.TYPE_NAME(kind), message)
    return values.TYPE_NAME(kind)


def members(error):
    if GROUP is not None and derives(type(error), GROUP):
        return list(MEMBERS(error))[:MOST]
    return []


def is_agent(frame):
    """The agent's files are compiled under names of their own; a test that imports them is told by the module."""
    if frame.f_code.co_filename.startswith('<gantry_agent'):
        return True
    name = frame.f_globals.get('__name__')
    return type(name) is str and name.startswith('gantry_agent.')


def trace(error):
    """The traceback without the agent's frames that the program runs in."""
    entry = TRACEBACK(error)
    while entry is not None and is_agent(entry.tb_frame):
        entry = entry.tb_next
    return entry


def entries(error):
    """(frame, line) of the traceback, innermost first."""
    found, entry = [], trace(error)
    while entry is not None:
        found.append((entry.tb_frame, entry.tb_lineno))
        entry = entry.tb_next
    found.reverse()
    return found


def formatted(error, most=0, outer=True):
    """As Python prints it, with the frames that called the innermost catcher where they still run."""
    traceback = lazily('traceback')
    first = trace(error)
    try:
        made = traceback.TracebackException(type(error), error, first)
        above = []
        if outer and first is not None:
            frame = first.tb_frame.f_back
            while frame is not None and not is_agent(frame):
                above.append((frame, frame.f_lineno))
                frame = frame.f_back
        above.reverse()
        stack = list(traceback.StackSummary.extract(iter(above[-most:] if most else above))) + list(made.stack)
        made.stack = traceback.StackSummary.from_list(stack[-most:] if most else stack)
        return ''.join(made.format())
    except BaseException as failure:
        return '%s\n(the traceback could not be written: %s)' % (values.error_text(error), values.error_text(failure))


def message(error):
    shown, failed = values.guarded(lambda: str(error), values.Limits(), 'str')
    return failed or values.plain_str(shown, values.CONSOLE_CHARS)


def details(error, most, expr, seen, top):
    kind = type(error)
    made = {'message': message(error), 'typeName': values.TYPE_NAME(kind), 'fullTypeName': values.full_name(kind),
            'stackTrace': formatted(error, most, top),
            'formattedDescription': values.error_text(error)}
    if expr:
        made['evaluateName'] = expr
    seen.add(id(error))
    inner = []
    step = following(error)
    if step is not None and id(step[1]) not in seen and len(seen) < MOST:
        path = expr and expr + ('.__cause__' if step[0] == 'caused by' else '.__context__')
        inner.append(details(step[1], most, path, seen, False))
    for index, member in enumerate(members(error)):
        if id(member) not in seen and len(seen) < MOST * 2:
            inner.append(details(member, most, expr and '%s.exceptions[%d]' % (expr, index), seen, False))
    if inner:
        made['innerException'] = inner
    return made


def info(looking, arguments, stop):
    error = getattr(stop, 'exc', None)
    if error is None:
        raise Refused('This thread is not stopped at an exception.')
    settings = looking.agent.settings
    most = getattr(settings, 'max_exception_stack_frames', 0) or 0
    found = details(error, most, '__exception__', set(), True)
    return {'exceptionId': found['fullTypeName'], 'description': found['message'],
            'breakMode': MODES.get(getattr(stop, 'mode', None), 'always'), 'details': found}
