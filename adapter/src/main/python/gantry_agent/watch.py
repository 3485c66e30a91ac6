"""Data breakpoints: the program stops when a variable, an attribute or an item has got another value.

Nothing of the program's is changed for it: the code that may write to a watched place gets line events, and after each
line that may have written the place is looked at. Why so: docs/decisions/0013-data-breakpoints.md.

`info` runs on the stopped thread, `set` on the agent's thread or a stopped one, the event functions on the threads of
the program inside an engine's callback. The set of watches is replaced, never mutated, so that those need no lock; the
lock of a watch is only tried, never waited for.
"""
import _thread
import sys

from gantry_agent import places
from gantry_agent.places import Held

_allocate = _thread.allocate_lock
_get_ident = _thread.get_ident

KEEP = 200          # ids given out and not used that are remembered
FRAMES = 20000      # frames whose last line is remembered
CODES = 50000       # code objects whose lines are remembered


class Hit:
    """Watched places have changed. `frame` is where to stop."""

    __slots__ = ('reason', 'ids', 'description', 'text', 'frame')

    def __init__(self, ids, description, frame):
        self.reason, self.ids, self.frame = 'data breakpoint', ids, frame
        self.description, self.text = description, None


class Watch:
    """One data breakpoint: its place, and when a change of it counts."""

    __slots__ = ('id', 'data_id', 'place', 'held', 'check', 'settings', 'lines', '_lock')

    def __init__(self, number, data_id, place, settings, check=None):
        self.id, self.data_id, self.place, self.settings = number, data_id, place, settings
        self.check = check      # (frame) -> whether this change counts; None: always
        self.held = Held(place.read())
        self.lines = {}         # id(code) -> (code, hot lines)
        self._lock = _allocate()

    def lines_of(self, code):
        """The lines of `code` after which the place may have changed; None when it cannot write there."""
        known = self.lines.get(id(code))
        if known is not None and known[0] is code:
            return known[1]
        hot = self.place.hot_lines(code)
        if len(self.lines) > CODES:
            self.lines = {}
        self.lines[id(code)] = (code, hot)
        return hot

    def unchanged(self, frame):
        """Whether what `frame` has just done left the place alone: quick, and right when it says yes. Never raises."""
        try:
            place = self.place
            if not place.shared and frame is not place.frame:
                return True
            value, held = place.read(), self.held
            return value is held.value or held.same(value) and not place.gone()
        except Exception:
            return True

    def changed(self):
        """(old, new) as text when the place holds something else than before, else None."""
        value = self.place.read()
        if self.held.same(value):
            return None
        if not self._lock.acquire(False):
            return None         # another thread has just seen it
        try:
            held = self.held
            value = self.place.read()
            if held.same(value):
                return None
            self.held = Held(value)
            return held.describe(), self.held.describe()
        finally:
            self._lock.release()

    def settle(self):
        """Takes what the place holds now as known: a change by the debugger is no hit."""
        self.held = Held(self.place.read())


class Watches:
    """All data breakpoints. One for the agent."""

    def __init__(self, agent):
        self.agent = agent
        self.watches = ()
        self._places = {}       # data id -> place
        self._ids = {}          # place's key -> data id
        self._used = set()      # data ids that were set at least once
        self._last = 0
        self._wanted = {}       # id(code) -> (code, whether it may write), for this set of watches
        self.passed = {}        # id(frame) -> the line of its last event

    def requests(self):
        """The requests of this part, for the table of requests.py."""
        return {'dataBreakpointInfo': ('there', self._info), 'setDataBreakpoints': ('here', self._set_data)}

    def _info(self, arguments, stop):
        from gantry_agent import datapoints
        return datapoints.info(self, self.agent.looking, arguments, stop)

    def _set_data(self, arguments):
        from gantry_agent import datapoints
        return {'breakpoints': datapoints.set_data(self, arguments, self.agent.next_breakpoint_id)}

    # -- choosing and setting ----------------------------------------------------------------------------------------

    def offer(self, place):
        """The data id of a place: the same one for the same place, as long as it is known."""
        data_id = self._ids.get(place.key)
        known = self._places.get(data_id)
        if known is not None and not known.gone():
            return data_id
        if len(self._places) > KEEP:
            self._forget(lambda data_id, place: data_id not in self._used or place.gone())
        self._last += 1
        data_id = 'gantry-data-%d' % self._last
        self._ids[place.key], self._places[data_id] = data_id, place
        return data_id

    def _forget(self, which):
        watched = {watch.data_id for watch in self.watches}
        for data_id, place in list(self._places.items()):
            if data_id not in watched and which(data_id, place):
                del self._places[data_id]
                if self._ids.get(place.key) == data_id:
                    del self._ids[place.key]

    def replace(self, wanted):
        """Sets the data breakpoints: [(data id, access type, settings, check, number)] -> DAP Breakpoint objects."""
        answers, watches = [], []
        before = {(watch.data_id, watch.settings): watch for watch in self.watches}
        for data_id, access, settings, check, number in wanted:
            place = self._places.get(data_id)
            refusal = None
            if access not in (None, 'write'):
                refusal = 'Reading cannot be watched, only writing.'
            elif place is None:
                refusal = 'This place is not known any more: choose it again where the program is stopped.'
            elif place.gone():
                refusal = 'This place is gone: %s.' % place.why_gone()
            if refusal is not None:
                answers.append({'id': number, 'verified': False, 'message': refusal, 'reason': 'failed'})
                continue
            watch = before.pop((data_id, settings), None) or Watch(number, data_id, place, settings, check)
            self._used.add(data_id)
            watches.append(watch)
            answers.append({'id': watch.id, 'verified': True, 'description': place.label})
        self._set(tuple(watches))
        return answers

    def _set(self, watches):
        before = self._wanted if self.watches else {}
        self.watches, self._wanted = watches, {}
        if not watches:
            self.passed.clear()
        for frame in places.frames_on_stacks() if watches else ():
            if self.wants(frame.f_code):
                known = before.get(id(frame.f_code))
                if known is None or not known[1] or id(frame) not in self.passed:   # else its events were told all the time
                    self.passed[id(frame)] = frame.f_lineno
        self.agent.engine.watch_changed()

    # -- what engines ask and tell -----------------------------------------------------------------------------------

    @property
    def active(self):
        """Whether there is anything to watch."""
        return bool(self.watches)

    def wants(self, code):
        """Whether events of this code must be told: lines, starts, returns, yields, unwinding, jumps backwards."""
        wanted = self._wanted
        known = wanted.get(id(code))
        if known is not None and known[0] is code:
            return known[1]
        found = any(watch.place.may_write(code) for watch in self.watches)
        if len(wanted) < CODES:
            wanted[id(code)] = (code, found)
        return found

    def started(self, frame):
        """A wanted code begins or goes on in `frame`. (Of use where unwinding is not always told.)"""
        if not frame.f_code.co_flags & places.SUSPENDS:
            self.passed.pop(id(frame), None)

    def line(self, frame, line):
        """A line begins. A Hit if the line before has changed something: stop in its `frame`."""
        key = id(frame)
        passed = self.passed
        before = passed.get(key)
        if before is not None:
            hit = self._look(frame, before)
        else:
            caller = frame.f_back
            hit = None if caller is None else self._look(caller, caller.f_lineno)
        passed[key] = line        # not before the look: until then other threads see where this one may have written
        return hit

    def jumped(self, frame, line):
        """A jump backwards within one line, where no line event comes."""
        return self._look(frame, line)

    def left(self, frame, line, over=True):
        """A wanted frame returns, yields (`over` is false) or is unwound, on `line`."""
        hit = self._look(frame, line)
        if not over:
            self.passed[id(frame)] = line     # it goes on within this line: `x = yield`, `self.x = await y`
        else:
            self.passed.pop(id(frame), None)
            for watch in self.watches:
                if watch.place.frame is frame:
                    watch.place.end()
                    self._retire(watch)
        return hit

    def _look(self, frame, line):
        code, found = frame.f_code, None
        for watch in self.watches:
            hot = watch.lines_of(code)
            if hot is None or hot is not True and line not in hot or not watch.place.shared and frame is not watch.place.frame:
                continue
            if watch.place.gone():
                self._retire(watch)
                continue
            if hot is not True and line not in hot.direct and self._another_wrote(watch):
                continue
            change = watch.changed()
            if change is not None and (watch.check is None or watch.check(frame)):
                found = found or []
                found.append((watch, change))
        return None if found is None else self._hit(found, frame, line)

    def _another_wrote(self, watch):
        """Whether another thread has just executed an instruction that writes there, and has not come to tell it."""
        mine = _get_ident()
        for ident, frame in list(sys._current_frames().items()):
            while frame is not None and frame.f_code.co_filename.startswith('<gantry_agent'):
                frame = frame.f_back
            if ident == mine or frame is None:
                continue
            hot, line = watch.lines_of(frame.f_code), self.passed.get(id(frame))
            if hot is not None and hot is not True and line in hot.direct:
                if frame.f_lineno != line or frame.f_lasti >= hot.direct[line]:
                    return True
        return False

    def _hit(self, found, frame, line):
        name = frame.f_code.co_filename.replace('\\', '/').rpartition('/')[2]
        text = ', '.join('%s: %s -> %s' % (watch.place.label, old, new) for watch, (old, new) in found)
        return Hit([watch.id for watch, _ in found], '%s at %s:%d' % (text, name, line), self._shown(frame))

    def _shown(self, frame):
        """The frame itself, or the nearest one outwards that is the user's."""
        agent = self.agent
        if not agent.settings.just_my_code:
            return frame
        shown = frame
        while shown is not None and not agent.files.is_user(shown.f_code):
            shown = shown.f_back
        return frame if shown is None else shown

    # -- between stops -----------------------------------------------------------------------------------------------

    def by_debugger(self, function):
        """Calls `function` for the debugger: what it changes in watched places is no hit; what the program changed before is."""
        if not self.watches or not self.agent.stops.anybody():
            return function()         # what runs may write at the same time: that would be taken for the debugger's
        settled = [watch for watch in self.watches if watch.held.same(watch.place.read())]
        try:
            return function()
        finally:
            for watch in settled:
                watch.settle()

    def resumed(self):
        """A thread goes on: places that were offered and not taken are let go, watches whose place has ended are removed."""
        if len(self.passed) > FRAMES:
            self.passed.clear()
        if self._places:
            self._forget(lambda data_id, place: data_id not in self._used or place.frame is not None or place.gone())
        for watch in self.watches:
            watch.place.check()
            if watch.place.gone():
                self._retire(watch)

    def _retire(self, watch):
        if watch not in self.watches:
            return
        label, why = watch.place.label, watch.place.why_gone()
        self._set(tuple(other for other in self.watches if other is not watch))
        self._forget(lambda data_id, place: place is watch.place)
        self.agent.send_event('breakpoint', {'reason': 'removed', 'breakpoint': {
            'id': watch.id, 'verified': False, 'message': 'Removed: %s.' % why}})
        self.agent.send_event('output', {'category': 'console', 'output': 'The data breakpoint on %s is removed: %s.\n'
                                         % (label, why)})
