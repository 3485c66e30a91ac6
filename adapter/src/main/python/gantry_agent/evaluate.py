"""evaluate: expressions and statements in a frame of a stopped thread, or in `__main__`.

On that thread, with the engine silent; without a stopped thread on the agent's. Bounded in time by context, and
cancellable; see budget.py for what cannot be interrupted.
"""
from gantry_agent import awaiting, budget, exceptions, handlers, namespaces, snippets, values, variables
from gantry_agent.budget import lazily
from gantry_agent.private import sys
from gantry_agent.values import Refused

SECONDS = {'hover': 1.0, 'watch': 5.0, 'variables': 5.0, 'clipboard': 60.0}
CONSOLE_SECONDS = 30.0     # to write down a result in full
AGENT_SECONDS = 5.0        # on the agent's thread, which reads no request meanwhile
EXPRESSIONS = frozenset(('hover', 'watch', 'variables', 'clipboard'))
HOVER_TEXT = 'Only names, attributes and items are looked at while hovering.'


class Failed(Exception):
    """The code raised; holds its exception."""

    def __init__(self, error):
        Exception.__init__(self)
        self.error = error


def evaluate(looking, arguments, stop):
    """(the body of evaluate, whether statements ran, which may have changed what is shown)"""
    context = arguments.get('context') or 'repl'
    text = arguments.get('expression') or ''
    known = looking.frame(arguments.get('frameId'), stop)
    snippet = checked(text, known, context)
    try:
        seconds = SECONDS.get(context)
        if stop is None or stop.native:
            seconds = min(seconds or AGENT_SECONDS, AGENT_SECONDS)
        value = budget.run(lambda: execute(snippet, known, stop), seconds)
    except budget.TimedOut as stopped:
        raise Refused(timed_out(stopped))
    except Failed as failed:
        if stop is not None and not stop.native and keep_for_program(failed.error, stop):
            raise Refused(handlers.MESSAGE % type(failed.error).__name__)
        raise Refused(failure(failed.error, context))
    if snippet.last is None or value is None and context == 'repl' and is_call(snippet):
        return {'result': '', 'variablesReference': 0}, bool(snippet.body)
    expr = None if snippet.body or snippet.last is None else expression_text(snippet.text)
    made = result(looking, known, stop, value, expr, text, context, arguments.get('format'))
    return made, bool(snippet.body)


def keep_for_program(error, stop):
    """What a signal handler raised into the evaluated code was meant for the program: it gets it when it goes on."""
    if not handlers.is_from_signal(error):
        return False
    stop.late = error
    return True


def checked(text, known, context):
    """Parses for the context; SyntaxError becomes an answer."""
    frame = known.frame if known is not None else None
    try:
        snippet = snippets.parse(text, frame, context not in EXPRESSIONS)
    except SyntaxError as error:
        raise Refused(HOVER_TEXT if context == 'hover' else syntax_text(error, context))
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise Refused(values.error_text(error))
    if context == 'hover' and not snippets.is_quiet(snippet):
        raise Refused(HOVER_TEXT)
    return snippet


def syntax_text(error, context):
    if context == 'repl':
        traceback = lazily('traceback')
        return ''.join(traceback.format_exception_only(type(error), error)).rstrip()
    return 'SyntaxError: %s' % error.msg


def is_call(snippet):
    return values.type_name(snippet.last) in ('Call', 'Await')


def expression_text(text):
    """The text as part of a larger expression."""
    text = text.strip()
    if text.replace('.', '_').isidentifier() or '\n' not in text and text[:1] == '(' and text[-1:] == ')' \
            and text.count('(') == 1:
        return text
    return '(' + text + ')'


def execute(snippet, known, stop=None, extra=None):
    """Runs a snippet and gives the value of its last expression; Failed with what it raised."""
    try:
        if known is None:
            return in_globals(snippet, namespaces.main_globals(), None)
        additions = special(stop, known)
        if extra:
            additions.update(extra)
        if not namespaces.separate(known.frame):
            return in_globals(snippet, known.frame.f_globals, additions)
        return in_locals(snippet, known, additions)
    except (Refused, budget.Interrupted, budget.TimedOut):
        raise
    except BaseException as error:
        raise Failed(error)


def special(stop, known):
    """Names that exist only while stopped: the exception, and what was returned."""
    names = {}
    stop = known.stop if stop is None else stop
    if getattr(stop, 'exc', None) is not None:
        names['__exception__'] = stop.exc
    if getattr(stop, 'return_value', None):
        names['__returns__'] = dict(stop.return_value)
        names['__return__'] = list(stop.return_value.values())[-1]
    return names


def in_globals(snippet, space, additions):
    """Module level: names are globals, as in the module itself. The additions are there only meanwhile."""
    first, second = snippets.compiled(snippet)
    used = {name: value for name, value in (additions or {}).items()
            if name in snippet.names and name not in space}
    space.update(used)
    try:
        value = None
        if first is not None:
            run_code(first, space, space)
        if second is not None:
            value = run_code(second, space, space)
        return value
    finally:
        for name in used:
            space.pop(name, None)


def in_locals(snippet, known, additions):
    """In a function or class body: on a copy of its locals; what changed is written back, also after an error."""
    frame = known.frame
    before = namespaces.read_all(known)
    space = dict(additions)
    space.update(before)
    try:
        if snippet.nested:
            return in_function(snippet, frame.f_globals, space)
        first, second = snippets.compiled(snippet)
        value = None
        if first is not None:
            run_code(first, frame.f_globals, space)
        if second is not None:
            value = run_code(second, frame.f_globals, space)
        return value
    finally:
        for name, value in additions.items():
            if name not in before and space.get(name) is value:
                space.pop(name, None)
        namespaces.write_back(known, before, space)


def in_function(snippet, globals_, space):
    """With functions or comprehensions inside: as the body of a function whose parameters are the locals."""
    params = sorted(name for name in snippet.names if name in space and name.isidentifier())
    code = snippets.wrapped(snippet, params)
    holder = {}
    run_code(code, globals_, holder)

    def sink(after):
        for name in params:
            if name not in after:
                space.pop(name, None)
        for name, value in after.items():
            if name != snippets.SINK and name != snippets.LOCALS:
                space[name] = value
    function = holder['_gantry_']
    value = function(sink, locals, *[space[name] for name in params])
    if code_waits(function.__code__):
        return awaiting.finish(value)
    return value


def code_waits(code):
    return code.co_flags & 0x80


def run_code(code, globals_, locals_):
    """eval() puts the builtins of its caller, ours, into globals that have none: they get the target's."""
    bare = '__builtins__' not in globals_
    if bare:
        globals_['__builtins__'] = sys.modules['builtins'].__dict__
    try:
        value = eval(code, globals_, locals_)
        return awaiting.finish(value) if code_waits(code) else value
    finally:
        if bare:
            globals_.pop('__builtins__', None)


def failure(error, context):
    """`Type: message`; in the console with the frames of the user's own code that it came through."""
    if context != 'repl':
        return values.error_text(error)
    first = exceptions.trace(error)
    while first is not None and first.tb_frame.f_code.co_filename == snippets.NAME:
        first = first.tb_next
    if first is None:
        return values.error_text(error)
    return exceptions.formatted(error, 0, False).rstrip()


def timed_out(stopped):
    if stopped.cancelled:
        return 'Cancelled.'
    return 'Stopped after %.1f s: while a thread is stopped, the debug console has no time limit.' % stopped.seconds


def limits_for(context, layout):
    hexadecimal = bool(layout and layout.get('hex'))
    if context == 'clipboard':
        return values.Limits(values.COPY_CHARS, 1 << 60, CONSOLE_SECONDS, hexadecimal, True, CONSOLE_SECONDS)
    if context == 'repl':
        return values.Limits(values.CONSOLE_CHARS, 10000, CONSOLE_SECONDS, hexadecimal, True, CONSOLE_SECONDS)
    return values.Limits(hex=hexadecimal)


def result(looking, known, stop, value, expr, text, context, layout):
    """A value as the answer to evaluate."""
    thread = known.thread if known is not None else stop.thread.id if stop is not None else None
    limits = limits_for(context, layout)
    view = variables.View(looking, known, thread, limits)
    made = {'name': text}
    parent = known.number if known is not None else 0
    view.fill(made, value, type(value), expr, parent, 'evaluate\0' + text)
    made['result'] = made.pop('value')
    del made['name']
    if type(value) is str:
        made['presentationHint'] = {'attributes': ['rawString']}
        if context == 'clipboard':
            made['result'] = values.plain_str(value, values.COPY_CHARS)
    return made
