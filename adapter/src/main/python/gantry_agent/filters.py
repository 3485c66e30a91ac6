"""Exception filters: which exceptions stop the target. Set on the agent's thread, asked on the target's inside callbacks.

'raised' tells an exception in the first frame of the user's that it is raised in or comes to, 'userUnhandled' when it leaves the user's code for a
library, 'uncaught' post-mortem. Once for each exception: an exception that comes by is recognised by its own traceback, so that nothing
is kept alive. StopIteration and the like are no news; SystemExit is by breakOnSystemExit alone.
"""
import _weakref

from gantry_agent.matching import Condition, Invalid, Path, Types, derives, error_text, type_name
from gantry_agent.stops import importing

FILTERS = ("raised", "uncaught", "userUnhandled")
_MODES = {"always": ("raised",), "unhandled": ("uncaught",), "userUnhandled": ("userUnhandled", "uncaught"), "never": ()}
_NO_NEWS = (StopIteration, StopAsyncIteration, GeneratorExit)
_QUIET = _NO_NEWS + (SystemExit,)
_trace_of = BaseException.__traceback__.__get__
_ref = _weakref.ref
_OWN = "<gantry_agent"


class Filters:
    """`wants_raised` and `wants_unwound` tell the engine which events are needed. Replaced as a whole by `set`.

    An exception whose type is in `passing`, by id(), and that is not in `told`, by id(), is no business of `raised`: an engine that asks this
    first need not call it, which is what makes a program cheap that raises and catches all the time.
    """

    def __init__(self, agent):
        self._agent = agent
        self._rules = {name: () for name in FILTERS}  # filter -> [Types or Condition]
        self._options = ()  # [(Path, modes)] in their order: the last one that matches decides
        self._last = 0
        self._told, self.told = {}, frozenset()  # thread id -> (id of exception, id of its innermost traceback); these exceptions
        self._known, self.passing = {}, {}  # id(type) -> (weak reference, whether `raised` may stop at it)
        self.wants_raised = self.wants_unwound = self.wants_uncaught = False

    def set(self, arguments):
        """setExceptionBreakpoints: the answers, for filters, filterOptions and exceptionOptions in this order."""
        rules, options, answers = {name: [] for name in FILTERS}, [], []
        wanted = [{"filterId": name} for name in arguments.get("filters") or ()] + list(arguments.get("filterOptions") or ())
        for one in wanted:
            answers.append(self._answer(lambda: self._filter(one, rules)))
        for one in arguments.get("exceptionOptions") or ():
            answers.append(self._answer(lambda: options.append(_option(one))))
        modes = [mode for _, chosen in options for mode in chosen]
        self.wants_raised = bool(rules["raised"]) or "raised" in modes
        self.wants_unwound = bool(rules["userUnhandled"]) or "userUnhandled" in modes
        self.wants_uncaught = bool(rules["uncaught"]) or "uncaught" in modes
        self._rules, self._options = rules, tuple(options)
        self._known, self.passing = {}, {}  # after the rules: who is just deciding by the old ones enters it in the old tables
        return answers

    def _answer(self, enter):
        self._last += 1
        try:
            enter()
            return {"verified": True}
        except Invalid as error:
            return {"verified": False, "message": str(error), "reason": "failed"}

    @staticmethod
    def _filter(one, rules):
        name, text = one.get("filterId"), (one.get("condition") or "").strip()
        if name not in rules:
            raise Invalid("There is no exception filter '%s'; there are %s." % (name, ", ".join(FILTERS)))
        if not text:
            rules[name].append(Types(""))
        else:
            rules[name].append(Types(text) if Types.looks_like(text) else Condition(text))

    # -- on the target's threads

    def raised(self, frame, error):
        """An exception is raised in `frame`, or comes to it from a call."""
        if id(error) in self.told:
            self._forget(frame, error)
        if not self.wants_raised or not self._concerns(type(error)) or not self._mine(frame):
            return
        trace = _trace_of(error)
        trace = trace.tb_next if trace is not None and trace.tb_frame is frame else trace
        while trace is not None:
            if self._mine(trace.tb_frame):
                return  # told there
            trace = trace.tb_next
        self._tell("raised", frame, error)

    def unwound(self, frame, error):
        """An exception leaves `frame`."""
        if not self.wants_unwound or isinstance(error, _QUIET) or not self._user(frame):
            return
        caller = frame.f_back
        if caller is None or caller.f_code.co_filename.startswith(_OWN) or self._user(caller):
            return
        trace, above = _trace_of(error), None
        while trace is not None:
            if above is not None and trace.tb_frame is not frame and self._user(trace.tb_frame) and not self._user(above):
                return  # told when it left that one
            above, trace = trace.tb_frame, trace.tb_next
        if not self._was_told(error):
            self._tell("userUnhandled", frame, error)

    def uncaught(self, error):
        """An exception has left the outermost frame of a thread: stops post-mortem, in the innermost frame."""
        if isinstance(error, SystemExit):
            if self._exit_matters(error):
                self._stop(None, error, "uncaught")
            return
        named = isinstance(error, KeyboardInterrupt)
        if isinstance(error, _NO_NEWS[2:]) or self._was_told(error):
            return
        if named and not any(rule.names(KeyboardInterrupt) for rule in self._rules["uncaught"]):
            return
        self._tell("uncaught", None, error)

    def uncaught_in_thread(self):
        """Called where `threading` reports the exception that it handles: the thread ends by it."""
        from gantry_agent.private import sys
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, SystemExit):
            self.uncaught(error)

    # --

    def _concerns(self, kind):
        """Whether `raised` may stop at an exception of that type; decided once for each."""
        known, passing, key = self._known, self.passing, id(kind)
        found = known.get(key)
        if found is None:
            def forget(_):
                known.pop(key, None)
                passing.pop(key, None)
            found = known[key] = _ref(kind, forget), self._may_stop(kind)
            if not found[1] and not self.wants_unwound:
                passing[key] = True
        return found[1]

    def _may_stop(self, kind):
        if derives(kind, _QUIET):
            return False
        decided = None
        for path, modes in self._options:
            if path.matches(kind):
                decided = "raised" in modes
        return any(rule.may_hold(kind) for rule in self._rules["raised"]) if decided is None else decided

    def _user(self, frame):
        return self._agent.files.is_user(frame.f_code)

    def _mine(self, frame):
        if importing(frame.f_code):
            return False  # told in who imports, if it comes there
        return not self._agent.settings.just_my_code or self._user(frame)

    def _exit_matters(self, error):
        settings, code = self._agent.settings, error.code
        code = 0 if code is None else code if isinstance(code, int) else 1
        if code == 0 and settings.break_on_system_exit_zero:
            return True
        for one in settings.break_on_system_exit or ():
            if isinstance(one, dict):
                if one.get("from", code) <= code <= one.get("to", code):
                    return True
            elif one == code and one is not None or one is None and error.code is None:
                return True
        return False

    def _tell(self, name, frame, error):
        """Stops if a rule of that filter, or the last option about that type, wants it."""
        shown = frame
        if frame is None:
            trace = _trace_of(error)
            while trace is not None:
                shown, trace = trace.tb_frame, trace.tb_next
        decided = None
        for path, modes in self._options:
            if path.matches(type(error)):
                decided = name in modes
        wanted, text = bool(decided), None
        if decided is not False:
            for rule in self._rules[name]:
                if wanted:
                    break
                wanted, text = rule.holds(shown, error)
                if text is not None:
                    self._agent.output(text + "\n", "important")
        if wanted:
            self._stop(frame, error, name, text)

    def _stop(self, frame, error, name, text=None):
        trace, shown = None, frame
        if frame is None:
            trace = _outside(_trace_of(error))
            last = trace
            while last is not None:
                shown, last = last.tb_frame, last.tb_next
        thread = self._agent.threads.refreshed()
        self._told[thread.id] = _identity(error)
        self._tell_engines()
        self._agent.engine.drop_step(thread)
        self._agent.stops.stop(shown, "exception", text or error_text(error), type_name(type(error)), exc=error, trace=trace, mode=name)

    def _forget(self, frame, error):
        """A new exception may have the identity of the one that was told, and is over."""
        trace = _trace_of(error)
        if trace is None or trace.tb_next is None and trace.tb_frame is frame:
            thread = self._agent.threads.current().id
            if self._told.get(thread, (0,))[0] == id(error):
                self._told.pop(thread, None)
                self._tell_engines()

    def _tell_engines(self):
        """Another thread may do the same: whoever stores last has looked since the other's change."""
        told = None
        while told != self._identities():
            told = self.told = self._identities()

    def _identities(self):
        return frozenset([identity[0] for identity in list(self._told.values())])

    def _was_told(self, error):
        return self._told.get(self._agent.threads.current().id) == _identity(error)


def _identity(error):
    trace = _trace_of(error)
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return id(error), id(trace)


def _outside(trace):
    """The traceback without the agent's own frames at its head."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OWN):
        trace = trace.tb_next
    return trace


def _option(one):
    mode = one.get("breakMode") or "never"
    if mode not in _MODES:
        raise Invalid("There is no breakMode '%s'; there are %s." % (mode, ", ".join(_MODES)))
    return Path(one.get("path") or ()), _MODES[mode]
