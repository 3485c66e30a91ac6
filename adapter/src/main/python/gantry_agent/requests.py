"""Requests of the adapter: one table says what answers each and on which thread; run by the agent's thread.

Places: 'agent' answers at once on the agent's thread (no code of the target runs there); 'thread' is a job of the thread whose frame or value
it is about, or of the agent's thread when that one is not stopped.
"""
from gantry_agent.settings import Settings
from gantry_agent.stepping import Step
from gantry_agent.values import Refused


class Requests:
    """The dispatch table; a handler takes the arguments and returns the body, or (body, what to do after the answer)."""

    def __init__(self, agent):
        self.agent = agent
        looking = agent.looking
        self._here = {
            "configure": self.configure, "run": self.run, "letGo": self.let_go, "setBreakpoints": self.set_breakpoints,
            "setFunctionBreakpoints": self.set_functions, "setExceptionBreakpoints": self.set_filters, "threads": self.threads,
            "continue": self.go_on, "next": self.step("next"), "stepIn": self.step("in"), "stepOut": self.step("out"), "pause": self.pause,
            "stackTrace": self.stack_trace, "cancel": self.cancel,
        }
        self._there = {
            "scopes": looking.scopes, "variables": looking.variables, "evaluate": looking.evaluate, "setVariable": looking.set_variable,
            "setExpression": looking.set_expression, "exceptionInfo": looking.exception_info, "completions": looking.completions,
            "readMemory": looking.read_memory, "writeMemory": looking.write_memory,
        }

    def features(self):
        return sorted(list(self._here) + list(self._there))

    def take(self, request):
        """Answers a request, or has the right thread answer it."""
        arguments = request.get("arguments") or {}
        command = request.get("command")
        try:
            if command in self._here:
                body = self._here[command](arguments)
                after = None
                if type(body) is tuple:
                    body, after = body
                self.answer(request, body)
                if after is not None:
                    after()
            elif command in self._there:
                self._take_there(request, self._there[command], arguments)
            else:
                self.fail(request, "The agent does not know the request '%s'." % (command,))
        except Refused as refused:
            self.fail(request, str(refused))
        except Exception as error:
            self.agent.trouble("request %s" % (command,))
            self.fail(request, "The agent could not do '%s': %s." % (command, error))

    def _take_there(self, request, function, arguments):
        thread = self.agent.threads.by_id(self.agent.looking.thread_of(arguments) or 0)
        stop = thread.stopped if thread is not None else None
        if stop is None:
            self._do(request, function, arguments, self.agent.stops.view(thread) if thread is not None else None)
        else:
            stop.put(lambda: self._do(request, function, arguments, stop))

    def _do(self, request, function, arguments, stop):
        try:
            self.answer(request, function(arguments, stop))
        except Refused as refused:
            self.fail(request, str(refused))
        except Exception as error:
            self.agent.trouble("request %s" % (request.get("command"),))
            self.fail(request, "The agent could not do '%s': %s." % (request.get("command"), error))

    def answer(self, request, body):
        self.agent.channel.send({"type": "response", "request_seq": request.get("seq"), "success": True, "command": request.get("command"),
                                 "body": {} if body is None else body})

    def fail(self, request, message, body=None):
        self.agent.channel.send({"type": "response", "request_seq": request.get("seq"), "success": False, "command": request.get("command"),
                                 "message": message, "body": {} if body is None else body})

    # -- handlers on the agent's thread

    def configure(self, arguments):
        self.agent.settings = Settings(arguments)
        self.agent.files.configured()
        self.agent.engine.filters_changed()

    def run(self, arguments):
        return {}, self.agent.let_run

    def let_go(self, arguments):
        return {}, self.agent.let_go

    def set_breakpoints(self, arguments):
        result = self.agent.table.set_source(arguments)
        self.agent.engine.breakpoints_changed()
        return {"breakpoints": result}

    def set_functions(self, arguments):
        result = self.agent.table.set_functions(arguments)
        self.agent.engine.breakpoints_changed()
        return {"breakpoints": result}

    def set_filters(self, arguments):
        return {"breakpoints": self.agent.filters.set(arguments)}

    def threads(self, arguments):
        return {"threads": [{"id": state.id, "name": state.name} for state in self.agent.threads.all()]}

    def stack_trace(self, arguments):
        thread = self._thread(arguments)
        return self.agent.looking.stack_trace(arguments, self.agent.stops.view(thread))

    def cancel(self, arguments):
        return {}

    def go_on(self, arguments):
        thread = self._thread(arguments)
        single = bool(arguments.get("singleThread"))
        return {"allThreadsContinued": not single}, lambda: self.agent.stops.resume(thread, None, single)

    def step(self, kind):
        def handler(arguments):
            thread = self._thread(arguments)
            single = bool(arguments.get("singleThread")) or not self.agent.settings.stepping_resumes_all
            return {}, lambda: self.agent.stops.resume(thread, kind, single, lambda stop: self._make_step(stop, kind, arguments))
        return handler

    def _make_step(self, stop, kind, arguments):
        if stop.frame is None:
            return None
        return Step(kind, stop.frame, self.agent.files.is_user, arguments.get("targetId"), arguments.get("granularity"))

    def pause(self, arguments):
        thread = self._thread(arguments)
        return {}, lambda: self.agent.stops.pause(thread)

    def _thread(self, arguments):
        thread = self.agent.threads.by_id(arguments.get("threadId"))
        if thread is None:
            self.agent.threads.all()
            thread = self.agent.threads.by_id(arguments.get("threadId"))
        if thread is None:
            raise Refused("There is no thread %s any more; ask for `threads` again." % (arguments.get("threadId"),))
        return thread
