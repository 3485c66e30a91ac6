"""asyncio tasks as threads of their own: found, named, and their chains of awaits followed.

asyncio is never imported: what the program has loaded is read where the interpreter keeps it, by `static`, so nothing
of the program runs. Any thread may call it.

A task that waits is shown from the coroutine that is suspended outwards to the one the task was made of. One that runs
now is shown with the stack of the thread that runs it.
"""
import sys
import _thread
import _weakref

from gantry_agent import private, static

_get_ident = _thread.get_ident

FIRST_ID = 1000001
LIMIT = 2000            # tasks listed; more than a client can show
_METHOD = type(str.join)
DEPTH = 500             # awaits followed; a chain cannot be longer than the recursion limit in practice


async def _coroutine():
    return None


async def _async_generator():
    yield None


_probe = _coroutine()
_COROUTINE = type(_probe)
_probe.close()
_GENERATOR = type((lambda: (yield))())
_ASYNC_GENERATOR = type(_async_generator())
del _probe

_INNER = {  # type: the attributes that hold its frame and what it awaits
    _COROUTINE: ('cr_frame', 'cr_await'),
    _GENERATOR: ('gi_frame', 'gi_yieldfrom'),
    _ASYNC_GENERATOR: ('ag_frame', 'ag_await'),
}


class Label:
    """A line of a task's stack that is no frame: what it waits for, or who waits for it."""

    __slots__ = ('text',)

    def __init__(self, text):
        self.text = text


class Seen:
    """What was seen of one task at one moment: the task's object and where it stands."""

    __slots__ = ('id', 'task', 'name', 'coro', 'state', 'waiter', 'loop', 'ident')

    def title(self):
        """The name a client shows for it."""
        return '%s: %s (%s)' % (self.name, coroutine_name(self.coro), self.state)


def coroutine_name(coro):
    """The qualified name of a coroutine or generator; of anything else its type's."""
    if type(coro) in _INNER:
        return coro.__qualname__
    name = static.field(coro, '__qualname__')
    return name if type(name) is str else static.qualified_name(type(coro))


def _text(value, otherwise):
    if type(value) is str:
        return value
    return str.__str__(value) if static.isinstance_of(value, str) else otherwise


def _name_of(task):
    """The task's name; its getter is taken from asyncio's own class, so that an override is not run."""
    for base in static.mro(type(task)):
        if static.module_of(base) == '_asyncio':
            getter = static.class_entry(base, 'get_name')[1]
            if type(getter) is _METHOD:
                return _text(getter(task), 'Task')
    name = static.field(task, '_name')
    return _text(name, 'Task')


def _state_of(task, current):
    state = static.field(task, '_state')
    if state == 'FINISHED':
        return 'failed' if static.field(task, '_exception') is not None else 'done'
    if state == 'CANCELLED':
        return 'cancelled'
    if current:
        return 'running'
    waiter = static.field(task, '_fut_waiter')
    return 'ready' if waiter is None or waiter is static.MISSING else 'waiting'


# -- where asyncio keeps its tasks -----------------------------------------------------------------------------------

def _module(name):
    module = private.sys.modules.get(name)
    return static.instance_dict(module) if static.is_module(module) else None


def _members(holder):
    """What a WeakSet or a set holds, as a list."""
    if static.isinstance_of(holder, set):
        return list(set.copy(holder))
    data = static.field(holder, 'data')
    if not static.isinstance_of(data, set):
        return []
    found = []
    for reference in set.copy(data):
        if static.isinstance_of(reference, _weakref.ref):
            thing = _weakref.ref.__call__(reference)
            if thing is not None:
                found.append(thing)
    return found


def _registered():
    """Every task asyncio knows, each once, in no order."""
    space = _module('asyncio.tasks')
    if space is None:
        return []
    holders = [space[name] for name in ('_all_tasks', '_scheduled_tasks', '_eager_tasks') if name in space]
    if not holders or 'current_task' in (_module('_asyncio') or ()) and sys.version_info >= (3, 14):
        return _scanned(space) + [task for holder in holders for task in _members(holder)]
    return [task for holder in holders for task in _members(holder)]


def _scanned(space):
    """From 3.14 on the interpreter links its tasks in C: they are looked for among all objects."""
    kinds = tuple(cls for cls in (space.get('Task'), space.get('_PyTask')) if isinstance(cls, type))
    return [thing for thing in private.load('gc').get_objects() if any(kind in static.mro(type(thing)) for kind in kinds)]


def _currents():
    """[(loop, task)]: what each loop runs now."""
    space = _module('asyncio.tasks') or {}
    held = space.get('_current_tasks')
    if not static.isinstance_of(held, dict):
        return []
    return list(dict.items(held))


def loop_ident(loop):
    """The ident of the thread that runs `loop`, or None. Loops that do not say so are not known."""
    ident = static.field(loop, '_thread_id')
    return ident if type(ident) is int else None


def current_task():
    """The task that the calling thread runs, or None."""
    if 'asyncio.tasks' not in private.sys.modules:
        return None
    ident = _get_ident()
    for loop, task in _currents():
        if loop_ident(loop) == ident:
            return task
    get = (_module('_asyncio') or {}).get('_get_running_loop')
    loop = get() if type(get) is type(len) else None
    if loop is not None:
        for other, task in _currents():
            if other is loop:
                return task
    return None


# -- the chain of awaits ---------------------------------------------------------------------------------------------

def _behind(awaitable):
    """What an opaque awaitable of the interpreter (`asend()`, `__await__()`, `anext()`, a future's iterator) wraps."""
    for thing in private.load('gc').get_referents(awaitable):
        if type(thing) in _INNER or is_future(thing):
            return thing
    return None


def is_future(thing):
    """Whether it is asyncio's future or task, or keeps their protocol."""
    return static.class_entry(type(thing), '_asyncio_future_blocking')[1] is not static.MISSING


def chain(coro):
    """(frames, end): the suspended frames, outermost first, and what the innermost one awaits (None: nothing)."""
    frames = []
    thing = coro
    for _ in range(DEPTH):
        names = _INNER.get(type(thing))
        if names is None:
            if thing is None or is_future(thing):
                return frames, thing
            inner = _behind(thing)
            if inner is None:
                return frames, thing
            thing = inner
            continue
        frame = getattr(thing, names[0])
        if frame is None:
            return frames, None
        frames.append(frame)
        thing = getattr(thing, names[1])
    return frames, thing


def describe_wait(thing, known):
    """What a task waits for, in a few words. `known`: id(task) -> Seen of those listed."""
    seen = known.get(id(thing))
    if seen is not None:
        return 'waiting for %s' % seen.title()
    kind = type(thing).__name__
    if is_future(thing):
        children = static.field(thing, '_children')
        if type(children) is list:
            names = [known[id(child)].name for child in children if id(child) in known]
            more = ', ...' if len(names) > 5 else ''
            return 'waiting for gather of %d: %s%s' % (len(children), ', '.join(names[:5]) or 'all done', more)
        state = static.field(thing, '_state')
        return 'waiting for %s (%s)' % (kind, state.lower() if type(state) is str else 'unknown')
    return 'waiting for %s' % static.qualified_name(type(thing))


class Suspended:
    """A task that does not run, as stackTrace sees a stop: what is evaluated in its frames runs on its loop's thread."""

    native = reported = False
    exc = return_value = step = None
    reason, hit_ids = 'pause', ()

    def __init__(self, thread, seen, stack):
        self.thread, self.number, self.stack = thread, seen.id, stack
        found = self.frames()
        self.frame = found[0] if found else None

    def frames(self):
        """Its frames, innermost first."""
        return [item for item in self.stack if type(item) is not Label]

    @staticmethod
    def line(frame):
        """The line of the await it stands at."""
        return frame.f_lineno

    def rows(self, make):
        """The stack in rows: make(frame, line, depth, top, label). `depth` tells rows of different tasks apart."""
        size = len(self.stack)
        return [make(None, None, (self.number, size - index), False, item.text) if type(item) is Label
                else make(item, None, (self.number, size - index)) for index, item in enumerate(self.stack)]


class Tasks:
    """The tasks of the program under their numbers. One for the agent."""

    def __init__(self, agent=None):
        self.agent = agent
        self._numbers = {}     # id(task) -> (weak reference, number); no lock: a reference let go may run user code
        self._next = iter(range(FIRST_ID, sys.maxsize)).__next__

    def _number(self, task):
        held = self._numbers.get(id(task))
        if held is not None and held[0]() is task:
            return held[1]
        try:
            reference = _weakref.ref(task)
        except TypeError:
            return None
        if len(self._numbers) > 4 * LIMIT:
            self._numbers = {key: pair for key, pair in list(self._numbers.items()) if pair[0]() is not None}
        number = self._next()
        self._numbers[id(task)] = (reference, number)
        return number

    def list(self):
        """The unfinished tasks of every loop, and those that failed with nobody having looked, by number."""
        if 'asyncio.tasks' not in private.sys.modules:
            return []
        running = {id(task): loop for loop, task in _currents()}
        found = {}
        for task in _registered():
            seen = self._seen(task, running)
            if seen is not None:
                found[id(task)] = seen
        for seen in sorted(found.values(), key=_age):
            seen.id = self._number(seen.task)
        return sorted((seen for seen in found.values() if seen.id is not None), key=lambda seen: seen.id)[:LIMIT]

    def _seen(self, task, running):
        state = _state_of(task, id(task) in running)
        if state in ('done', 'cancelled') or state == 'failed' and static.field(task, '_log_traceback') is not True:
            return None
        seen = Seen()
        seen.task, seen.state, seen.name = task, state, _name_of(task)
        coro = static.field(task, '_coro')
        seen.coro = None if coro is static.MISSING else coro
        waiter = static.field(task, '_fut_waiter')
        seen.waiter = None if waiter is static.MISSING else waiter
        loop = static.field(task, '_loop')
        seen.loop = None if loop is static.MISSING else loop
        seen.ident = loop_ident(seen.loop)
        return seen

    def find(self, number):
        """(the task with that number or None, all that are listed)."""
        listed = self.list()
        for seen in listed:
            if seen.id == number:
                return seen, listed
        return None, listed

    def entries(self):
        """DAP's Thread objects for all of them, while the program is stopped: else they would come and go at every look."""
        stops, threads = self.agent.stops, self.agent.threads
        if not stops.held and not any(state.stopped is not None for state in threads.states()):
            return []
        return [{'id': seen.id, 'name': seen.title()} for seen in self.list()]

    def thread_of(self, number):
        """The number of the thread that runs the loop of a task; a number that is no task's comes back as it is."""
        if type(number) is not int or number < FIRST_ID:
            return number
        seen = self.find(number)[0]
        state = None if seen is None or seen.ident is None else self.agent.threads.find(seen.ident)
        if state is None and seen is not None:
            stopped = [one for one in self.agent.threads.states() if one.stopped is not None]
            state = stopped[0] if stopped else self.agent.threads.main
        return None if state is None else state.id

    def _looker(self, thread):
        """The thread that evaluates in a task's frames: its own if it is stopped, else another one that is."""
        if thread.stopped is None:
            for state in self.agent.threads.states():
                if state.stopped is not None:
                    return state
        return thread

    def view(self, number, thread):
        """What stackTrace shows for `number`: a task that is suspended, or the thread (as it is stopped or runs)."""
        if type(number) is int and number >= FIRST_ID:
            seen, listed = self.find(number)
            if seen is not None and seen.state != 'running':
                return Suspended(self._looker(thread), seen, self.stack(seen, listed))
        return self.agent.stops.view(thread)

    def stack(self, seen, listed):
        """The stack of a task that does not run: frames and labels, innermost first."""
        known = {id(other.task): other for other in listed}
        frames, end = chain(seen.coro)
        if end is None:
            end = seen.waiter
        stack = []
        if end is not None and seen.state == 'waiting':
            stack.append(Label(describe_wait(end, known)))
        elif seen.state == 'failed':
            stack.append(Label(_failure(seen.task)))
        stack.extend(reversed(frames))
        for other in listed:
            if waits_for(other, seen.task):
                stack.append(Label('awaited by %s' % other.title()))
        return stack


def _age(seen):
    """Sorts tasks that have asyncio's own names by their age, the others behind them."""
    number = seen.name[5:]
    return (0, int(number)) if seen.name.startswith('Task-') and number.isdigit() and len(number) < 10 else (1, 0)


def _failure(task):
    error = static.field(task, '_exception')
    return 'failed with %s, which nobody has looked at' % static.qualified_name(type(error))


def waits_for(other, task):
    """Whether the task `other` awaits `task`, alone or with others in a gather."""
    if other.waiter is None:
        return False
    if other.waiter is task:
        return True
    children = static.field(other.waiter, '_children')
    return type(children) is list and any(child is task for child in children)
