"""The requests that the core answers itself; see requests.py for the places."""
from gantry_agent import positions, private
from gantry_agent.settings import Refused, Settings
from gantry_agent.stepping import Step

LONG_FILE = 20000  # lines of a file from which a step does not wait for its syntax
LONG_STATEMENT = 300  # lines: in a longer one each line event costs too much
NATIVE = " (running native code)"


class Commands:
    """One method for each request, those without a stopped thread first."""

    def __init__(self, agent, requests):
        self.agent, self.requests = agent, requests

    def early(self):
        """Those that come before anything can be looked at."""
        return {"configure": ("here", self.configure), "run": ("here", self.run), "letGo": ("here", self.let_go), "cancel": ("here", self.cancel),
                "setBreakpoints": ("here", self.set_breakpoints), "setFunctionBreakpoints": ("here", self.set_functions),
                "setExceptionBreakpoints": ("here", self.set_filters)}

    def table(self):
        """{command: (place, handler)} of the others."""
        looking = self.agent.looking
        here = {
            "threads": self.threads, "stackTrace": self.stack_trace, "continue": self.go_on, "next": self.step("next"), "stepIn": self.step("in"), "stepOut": self.step("out"),
            "pause": self.pause, "terminateThreads": self.terminate_threads,
        }
        there = {
            "scopes": looking.scopes, "variables": looking.variables, "evaluate": looking.evaluate, "setVariable": looking.set_variable,
            "setExpression": looking.set_expression, "exceptionInfo": looking.exception_info, "completions": looking.completions,
            "readMemory": looking.read_memory, "writeMemory": looking.write_memory, "goto": self.goto, "restartFrame": self.restart_frame,
        }
        table = {name: ("here", handler) for name, handler in here.items()}
        table.update((name, ("there", handler)) for name, handler in there.items())
        return table

    # -- on the agent's thread

    def configure(self, arguments):
        settings = self.agent.settings = Settings(arguments)
        self.agent.files.configure(settings.just_my_code, settings.rules, settings.resolve_symlinks)
        self.agent.engine.filters_changed()

    def run(self, arguments):
        return {}, self.agent.let_run

    def let_go(self, arguments):
        return {}, self.agent.let_go

    def cancel(self, arguments):
        self.requests.cancel(arguments.get("requestId"))

    def set_breakpoints(self, arguments):
        result = self.agent.table.set_source(arguments)
        return {"breakpoints": result}, self.agent.engine.breakpoints_changed

    def set_functions(self, arguments):
        result = self.agent.table.set_functions(arguments)
        return {"breakpoints": result}, self.agent.engine.breakpoints_changed

    def set_filters(self, arguments):
        result = self.agent.filters.set(arguments)
        return {"breakpoints": result}, self.agent.engine.filters_changed

    def threads(self, arguments):
        stops = self.agent.stops
        found = [{"id": state.id, "name": state.name + (NATIVE if stops.is_native(state) else "")} for state in self.agent.threads.all()]
        return {"threads": found + self.agent.tasks.entries()}

    def stack_trace(self, arguments):
        view = self.agent.tasks.view(arguments.get("threadId"), self.thread(arguments))
        return self.agent.looking.stack_trace(arguments, view)

    def go_on(self, arguments):
        single = bool(arguments.get("singleThread"))
        try:
            thread = self.thread(arguments)
        except Refused:
            if single or not self.agent.stops.held:
                raise
            thread = self.agent.threads.main  # it was paused right at its end: the others are to go on
        return {"allThreadsContinued": not single}, lambda: self.agent.stops.resume(thread, None, single)

    def step(self, kind):
        """The handler of a step request."""
        def handler(arguments):
            thread = self.thread(arguments)
            single = bool(arguments.get("singleThread")) or not self.agent.settings.stepping_resumes_all
            offset = None
            if arguments.get("targetId") is not None:
                offset = self.agent.targets.step_in_offset(arguments["targetId"])
            return {}, lambda: self.agent.stops.resume(thread, kind, single, lambda stop: self._make_step(stop, kind, arguments, offset))
        return handler

    def _make_step(self, stop, kind, arguments, offset):
        if stop.frame is None or stop.over:
            return None
        return Step(kind, stop.frame, self.agent.files.is_user, offset, arguments.get("granularity"), self.agent.settings.show_return_value,
                    self._span(stop.frame))

    def _span(self, frame):
        """(first, last) line of the statement where a frame stands, if it has several; None too where nobody knows."""
        try:
            files = self.agent.files
            text = files.text(files.key_of(frame.f_code))
            if text is None or len(text.lines) > LONG_FILE:
                return None
            unit = text.syntax.covering(frame.f_lineno)
            if unit is None or not 0 < unit.end_line - unit.line <= LONG_STATEMENT:
                return None
            return unit.line, unit.end_line
        except Exception:
            return None  # no source, or none that can be read

    def pause(self, arguments):
        thread = self.thread(arguments)
        return {}, lambda: self.agent.stops.pause(thread)

    def thread(self, arguments):
        """The live thread that the arguments name: of a task the one that runs its loop."""
        number = self.agent.tasks.thread_of(arguments.get("threadId"))
        thread = self.agent.threads.by_id(number)
        if thread is None:
            self.agent.threads.all()
            thread = self.agent.threads.by_id(number)
        if thread is None:
            raise Refused("There is no thread %s any more; ask for the threads again." % (arguments.get("threadId"),))
        return thread

    def terminate_threads(self, arguments):
        """Raises SystemExit in each thread: it ends as by sys.exit(), its own clean-up included."""
        chosen = [self.thread({"threadId": number}) for number in arguments.get("threadIds") or ()]
        if any(thread.id == 1 for thread in chosen):
            raise Refused("The main thread cannot be ended by itself; use `terminate` to end the program.")
        try:
            api = private.load("ctypes")
        except ImportError:
            raise Refused("This Python has no ctypes, which is needed to end a thread.")

        def end():
            for thread in chosen:
                api.pythonapi.PyThreadState_SetAsyncExc(api.c_ulong(thread.ident), api.py_object(SystemExit))
                if thread.stopped is not None:
                    self.agent.stops.resume(thread, None, True)
        return {}, end

    # -- on the stopped thread

    def goto(self, arguments, stop):
        line = self.agent.targets.goto_line(arguments.get("targetId"))
        return self._jump(stop, line)

    def restart_frame(self, arguments, stop):
        frame = self.agent.looking.frame_of(arguments.get("frameId"))
        if stop is None or frame is not stop.frame:
            raise Refused("Only the top frame can be restarted: Python cannot leave the calls above another one.")
        if frame.f_code.co_flags & 0x2A0:
            raise Refused("A generator or coroutine cannot be restarted.")
        return self._jump(stop, positions.first_event(frame.f_code)[0], "restart")

    def _jump(self, stop, line, reason="goto"):
        if stop is None or stop.native or stop.frame is None:
            raise Refused("The thread is not stopped on a line of Python: there is nothing to jump from.")
        if stop.over or not self.agent.engine.may_jump(stop):
            raise Refused("Python cannot jump from here, only from the start of a line. Step once, then try again.")
        try:
            self.agent.engine.jump(stop.frame, line)
        except ValueError as error:
            raise Refused("Python refuses to jump to line %d: %s." % (line, error))
        return {}, lambda: self.agent.stops.moved(stop, reason)
