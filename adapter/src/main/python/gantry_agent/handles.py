"""Numbers for frames and values. On whichever thread looks, the agent's and a stopped one at the same time: each change
is one operation on a dict. Entries are dropped by the thread that resumes.

A number belongs to a place, (number of the parent, name), not to an object: the same local has the same number at
every stop, so that a client's tree keeps its shape. Objects are held only while their thread is stopped.
"""
from gantry_agent.budget import lazily

MOST_KEYS = 200000         # remembered numbers; beyond, those of places not shown at this stop are forgotten


class Frame:
    """A frame of a stopped thread, as a client names it."""

    __slots__ = ('number', 'thread', 'frame', 'line', 'stop', 'top')

    def __init__(self, number, thread, frame, line, stop, top):
        self.number = number
        self.thread = thread
        self.frame = frame
        self.line = line            # None: where the frame is; else where an exception passed through it
        self.stop = stop
        self.top = top


class Entry:
    """Something that has children: a scope, a value, a group of attributes, a range of items."""

    __slots__ = ('number', 'thread', 'frame', 'source', 'value', 'expr', 'places')

    def __init__(self, number, thread, frame, source, value, expr):
        self.number = number
        self.thread = thread
        self.frame = frame          # the Frame it was found in; None for globals without a frame
        self.source = source        # page(start, count, filter) -> Child objects; see children.py
        self.value = value
        self.expr = expr
        self.places = {}            # name -> where it is kept, of the children that were shown


class Handles:
    def __init__(self):
        self.numbers = {}           # key -> number
        self.live = {}              # number -> Frame or Entry
        self.memory = {}            # memoryReference -> (thread, object)
        self.loose = set()          # threads that were looked at while they ran: nobody will say that they resume
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
        known = self.live.get(number)
        if type(known) is Frame and known.frame is frame:
            known.stop, known.top = stop, top
            return known
        made = self.live[number] = Frame(number, thread, frame, line, stop, top)
        return made

    def label(self, thread, depth):
        number = self.number(('label', thread, depth))
        self.labels.add(number)
        return number

    def entry(self, parent, name, thread, frame, source, value, expr):
        number = self.number((parent, name))
        made = self.live[number] = Entry(number, thread, frame, source, value, expr)
        return made

    def remember(self, parent, name, thread, value):
        """memoryReference of an object with a buffer."""
        reference = 'memory:%d' % self.number((parent, name, 'memory'))
        self.memory[reference] = (thread, value)
        return reference

    def thread_of(self, number):
        """The id of the thread a number belongs to, None when it is not valid now."""
        known = self.live.get(number)
        return None if known is None else known.thread

    def let_go(self, thread):
        """A thread resumes: its objects are released, and those of threads that run; the numbers stay known."""
        self.loose.add(thread)
        self.loose.add(None)
        for table, owner in ((self.live, lambda known: known.thread), (self.memory, lambda known: known[0])):
            for number, known in list(table.items()):
                if owner(known) in self.loose:
                    del table[number]
        self.loose.clear()
