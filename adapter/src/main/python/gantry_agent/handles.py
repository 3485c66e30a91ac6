"""Numbers for frames and values. On whichever thread looks, the agent's and a stopped one at the same time: each change
is one operation on a dict.

A number belongs to a place, (number of the parent, name), not to an object: the same local has the same number at
every stop, so that a client's tree keeps its shape. Objects are held only while their thread is stopped. They are dropped
by a thread that goes on, as a finalizer may run then; it may wake up late, when another one has stopped and was looked at.
So each entry knows what it is held for: the stop of its own thread, or, where that thread ran, the world's number.
"""
from gantry_agent.budget import lazily

MOST_KEYS = 200000         # remembered numbers; beyond, those of places not shown at this stop are forgotten


class Frame:
    """A frame of a stopped thread, as a client names it."""

    __slots__ = ('number', 'thread', 'frame', 'line', 'stop', 'top', 'held')

    def __init__(self, number, thread, frame, line, stop, top, held):
        self.number = number
        self.thread = thread
        self.frame = frame
        self.line = line            # None: where the frame is; else where an exception passed through it
        self.stop = stop
        self.top = top
        self.held = held            # the Stop that it is held for, or the number of the world


class Entry:
    """Something that has children: a scope, a value, a group of attributes, a range of items."""

    __slots__ = ('number', 'thread', 'frame', 'source', 'value', 'expr', 'places', 'world')

    def __init__(self, number, thread, frame, source, value, expr, world):
        self.number = number
        self.thread = thread
        self.frame = frame          # the Frame it was found in; None for globals without a frame
        self.source = source        # page(start, count, filter) -> Child objects; see children.py
        self.value = value
        self.expr = expr
        self.places = {}            # name -> where it is kept, of the children that were shown
        self.world = world          # its number then: what it is held for without a frame

    @property
    def held(self):
        return self.world if self.frame is None else self.frame.held


class Handles:
    def __init__(self):
        self.numbers = {}           # key -> number
        self.live = {}              # number -> Frame or Entry
        self.memory = {}            # memoryReference -> Entry, of an object with a buffer
        self.world = 0              # counts the times that threads were let go
        self.labels = set()         # numbers of lines of the stack that are no frames
        self.next = lazily('itertools').count(1001).__next__

    def number(self, key):
        number = self.numbers.get(key)
        if number is None:
            if len(self.numbers) > MOST_KEYS:
                self.numbers = {one: n for one, n in list(self.numbers.items()) if n in self.live}
            number = self.numbers.setdefault(key, self.next())
        return number

    def frame(self, thread, frame, depth, stop, line=None, top=False):
        """The Frame for a frame object; depth is counted from the outermost frame. `line` for frames of tracebacks."""
        number = self.number(('frame', thread, id(frame), id(frame.f_code), depth, line))
        held = stop if stop is stop.thread.stopped else self.world
        known = self.live.get(number)
        if type(known) is Frame and known.frame is frame:
            known.stop, known.top, known.held = stop, top, held
        else:
            known = Frame(number, thread, frame, line, stop, top, held)
        self.live[number] = known   # again too: its thread may be at dropping what it was held for before
        return known

    def label(self, thread, depth):
        number = self.number(('label', thread, depth))
        self.labels.add(number)
        return number

    def entry(self, parent, name, thread, frame, source, value, expr):
        number = self.number((parent, name))
        made = self.live[number] = Entry(number, thread, frame, source, value, expr, self.world)
        return made

    def remember(self, parent, name, thread, frame, value):
        """memoryReference of an object with a buffer."""
        number = self.number((parent, name, 'memory'))
        reference = 'memory:%d' % number
        self.memory[reference] = Entry(number, thread, frame, None, value, None, self.world)
        return reference

    def thread_of(self, number):
        """The id of the thread a number belongs to, None when it is not valid now."""
        known = self.live.get(number)
        return None if known is None else known.thread

    def going(self):
        """On the agent's thread: threads are let go, so that who ran before is elsewhere."""
        self.world += 1

    def let_go(self, stop):
        """A thread goes on from `stop`: what was held for that is released, and what was held for a world before; the numbers stay known."""
        for table in (self.live, self.memory):
            for number, known in list(table.items()):
                if self.over(known.held, stop):
                    gone = table.pop(number, None)
                    if gone is not None and not self.over(gone.held, stop):
                        table.setdefault(number, gone)  # it was shown anew at this moment

    def over(self, held, stop):
        return held < self.world if type(held) is int else held is stop
