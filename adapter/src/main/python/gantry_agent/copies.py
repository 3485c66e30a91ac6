"""Instrumented copies of code objects (CPython 3.11): made, kept, and put where the originals are. Under the engine's lock.

A copy is always made from the original. Functions get it as their __code__; the constants of code that runs, or that will
make functions, are written in place through a private ctypes (without it, that code is copied too). Hooks look into a Box,
so that copies that still run after a change do what the new table says.
"""
from gantry_agent import instrument, private
from gantry_agent.engine import merged

_Code = type((lambda: 0).__code__)
_HUGE = 40000  # bytes of bytecode


class Box:
    """What a hook calls: `spot.hit(frame)`; None: nothing."""

    __slots__ = ("spot",)

    def __init__(self):
        self.spot = None


class _Copy:
    """A copy and what is in it: `keys` of the hooks, `begins` {offset at which a call begins: Box}."""

    __slots__ = ("original", "code", "keys", "begins")

    def __init__(self, original, code, keys, begins):
        self.original, self.code, self.keys, self.begins = original, code, keys, begins


class _Both:
    """A function breakpoint and a breakpoint at its first line."""

    def __init__(self, entry, line):
        self._entry, self._line = entry, line

    def hit(self, frame):
        return merged(self._entry.hit(frame), self._line.hit(frame))


class Copies:
    """All copies. `make_hook(box)` returns the function to call; `mend` see instrument.py."""

    def __init__(self, agent, make_hook, mend):
        self._agent, self._spots_for, self._make_hook, self._mend = agent, agent.table.spots_for, make_hook, mend
        self._by_id = {}  # id(copy) -> _Copy
        self._made = {}  # id(original) -> (original, {key: Box}, [_Copy, the newest last])
        self._wanted = {}  # id(original) -> (original, what is to run) since the last change
        self._ctypes = None
        self.main = set()  # ids of the main program's code

    def original(self, code):
        """The code that was compiled."""
        copy = self._by_id.get(id(code))
        return code if copy is None else copy.original

    def keys(self, code):
        """What is hooked in exactly this code object: ("line", n), ("offset", n), ("entry", line)."""
        copy = self._by_id.get(id(code))
        return () if copy is None else copy.keys

    def box_at(self, code, offset):
        """The Box of the hook whose call begins at this offset, or None."""
        copy = self._by_id.get(id(code))
        return None if copy is None else copy.begins.get(offset)

    def are_made(self):
        return bool(self._made)

    def is_huge(self, code):
        """The top of a module with so much in it that tracing its lines, once, takes less time than a copy. Not the main program:
        all that it calls would be traced too."""
        return code.co_name == "<module>" and id(code) not in self.main and len(code.co_code) > _HUGE

    def is_copy(self, code):
        return id(code) in self._by_id

    def forget(self):
        """No hook does anything any more."""
        for _, boxes, _ in list(self._made.values()):
            for box in boxes.values():
                box.spot = None

    def refresh(self):
        """The table has changed: hooks of before see it at once, copies are made when asked for."""
        self._wanted.clear()
        for original, boxes, _ in list(self._made.values()):
            self._fill(boxes, self._spots_for(original))

    def _fill(self, boxes, spots):
        for key, box in boxes.items():
            kind, number = key[:2]
            found = None
            if spots is not None:
                if kind == "entry":
                    found, line = spots.entry, spots.lines.get(number)
                    if found is None or line is None:
                        found = found or line
                    else:
                        found = _Both(found, line)
                else:
                    found = (spots.lines if kind == "line" else spots.offsets).get(number)
            box.spot = found

    def wanted(self, original):
        """The code to run for `original`: itself if nothing is in it; what is nested in it is put in place."""
        known = self._wanted.get(id(original))
        if known is None:
            self._wanted[id(original)] = original, original  # of itself: no recursion without end
            known = self._wanted[id(original)] = original, self._make(original)
        return known[1]

    def _make(self, original):
        nested = [self.wanted(self.original(part)) if type(part) is _Code else part for part in original.co_consts]
        changed = any(one is not other for one, other in zip(nested, original.co_consts))
        spots = None if self.is_huge(original) else self._spots_for(original)
        known = self._made.get(id(original))
        copies = known[2] if known is not None else ()
        if changed or copies:
            placed = all([self.write(code, nested) for code in [original] + [copy.code for copy in copies]])
        else:
            placed = True
        if spots is None:
            return original if placed else self._plain_copy(original, nested)
        if known is None:
            known = self._made[id(original)] = original, {}, []
        keys = _keys(spots)
        for copy in reversed(copies):
            if copy.keys >= keys and placed and len(copy.keys) - len(keys) < 4:
                self._fill(known[1], spots)
                return copy.code
        return self._copy(original, known, spots, keys, nested)

    def _copy(self, original, known, spots, keys, nested):
        boxes = known[1]
        hooks = {}

        def hook(key):
            box = boxes.get(key)
            if box is None:
                box = boxes[key] = Box()
            made = self._make_hook(box)
            hooks[made] = box
            return made
        lines = {line: hook(("line", line)) for line in spots.lines}
        offsets = {offset: hook(("offset", offset)) for offset in spots.offsets}
        starts = {line: spot.starts for line, spot in spots.lines.items() if getattr(spot, "starts", None) is not None}
        entry = (lambda line: hook(("entry", line))) if spots.entry is not None else None
        code, begins = instrument.instrument(original, lines, offsets, self._mend, nested, starts, entry)
        self._fill(boxes, spots)
        copy = _Copy(original, code, keys, {offset: hooks[function] for offset, function in begins.items()})
        if code is not original:
            self._by_id[id(code)] = copy
            known[2].append(copy)
            self._agent.files.copied(code, original)
        return code

    def _plain_copy(self, original, nested):
        code = original.replace(co_consts=tuple(nested))
        self._by_id[id(code)] = _Copy(original, code, frozenset(), {})
        self._agent.files.copied(code, original)
        return code

    def write(self, code, nested):
        """Puts nested code objects into the constants of a code object that may run. False without ctypes."""
        constants = code.co_consts
        for index, part in enumerate(nested):
            if constants[index] is not part:
                ctypes = self._load()
                if ctypes is None:
                    return False
                items = (ctypes.c_void_p * len(constants)).from_address(id(constants) + tuple.__basicsize__)
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(part))
                items[index] = id(part)  # the reference to what was there is given up: it may run
        return True

    def write_local(self, frame, name, value):
        """Sets a local variable of a frame that runs, from a function that it calls."""
        ctypes = self._load()
        if ctypes is None:
            return False
        frame.f_locals[name] = value
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
        return True

    def _load(self):
        if self._ctypes is None:
            try:
                self._ctypes = private.load("ctypes")
            except ImportError:
                self._ctypes = False
        return self._ctypes or None


def _keys(spots):
    found = {("line", line, getattr(spot, "starts", None)) for line, spot in spots.lines.items()}
    found.update(("offset", offset) for offset in spots.offsets)
    if spots.entry is not None:
        found.add(("entry",))
    return frozenset(found)
