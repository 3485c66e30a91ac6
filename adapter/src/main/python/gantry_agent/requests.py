"""Requests of the adapter: one table says what answers each and on which thread; run by the agent's thread.

Places: 'here' answers at once on the agent's thread (no code of the target runs there); 'there' is a job of the thread whose frame or
value the arguments name (looking.thread_of), or of a thread aside (aside.py) while that one runs. A handler 'here' takes (arguments), one 'there'
(arguments, stop); both return the body, or (body, what to do after the answer), and raise values.Refused.
A part adds its own with a method `requests()` that returns {command: (place, handler)}.
"""
from gantry_agent import commands, private
from gantry_agent.settings import Refused

PATIENCE = 3.0  # seconds until the user is told that a job takes its time
GRACE = 1.0  # seconds that a job has to end when its thread is to go on
LAST_GRACE = 0.2  # and when all go on for good: the handler of the signal that ends the program runs in the job, and is not to be interrupted
_GOING = frozenset(("continue", "next", "stepIn", "stepOut", "pause", "letGo"))
_PARTS = ("files", "table", "targets", "watches", "inorder")  # those that answer requests themselves
_EARLY = ("configure", "run", "letGo", "cancel")  # need few parts: the target starts sooner
_OFTEN_EMPTY = ("setBreakpoints", "setFunctionBreakpoints")
_LASTING = frozenset(("threads", "stackTrace", "scopes"))
CANCELLED = "Cancelled."
_PLACED = 0  # in a request that a thread of the target answers: filled when its answer is on its way; no key of JSON's


class Job:
    """One request on the way to a stopped thread, or at work there."""

    __slots__ = ("request", "started", "over", "cancelled", "alarm")

    def __init__(self, request):
        self.request, self.alarm = request, None
        self.started = self.over = self.cancelled = False


class Requests:
    """The dispatch table and the jobs that are not answered yet."""

    def __init__(self, agent):
        self.agent = agent
        self._jobs = {}  # seq -> Job
        self._aside = None
        self._whole = False  # whether all parts are loaded
        self._commands = commands.Commands(agent, self)
        self._handlers = self._commands.early()

    def _complete(self):
        """All parts, and what they answer."""
        self._whole = True
        self.agent.complete()
        self._handlers.update(self._commands.table())
        for name in _PARTS:
            self._handlers.update(getattr(self.agent, name).requests())

    @staticmethod
    def _is_early(command, arguments):
        if command in _OFTEN_EMPTY:
            return not arguments.get("breakpoints")
        if command == "setExceptionBreakpoints":
            options = arguments.get("filterOptions") or arguments.get("exceptionOptions")
            return not options and set(arguments.get("filters") or ()) <= {"uncaught"}
        return command in _EARLY

    def take(self, request):
        """Answers a request, or has the right thread answer it."""
        command, arguments = request.get("command"), request.get("arguments") or {}
        if not self._whole and not self._is_early(command, arguments):
            self._complete()
        place, handler = self._handlers.get(command, (None, None))
        if command in _GOING and self._jobs:
            self._hurry(list(self._jobs), LAST_GRACE if command == "letGo" else GRACE)
        if handler is None:
            self.fail(request, "The agent does not know the request '%s'." % (command,))
        elif place == "here" and not (command == "stackTrace" and (arguments.get("format") or {}).get("parameterValues")):
            self._do(request, handler, (arguments,))
        elif place == "here":
            self._take_there(request, lambda given, stop: handler(given), arguments)
        else:
            self._take_there(request, handler, arguments)

    def _do(self, request, handler, given):
        """Calls a handler and answers, whatever comes."""
        after = failure = None
        lasting = False
        try:
            standing = self._standing(request)
            body = self.agent.watches.by_debugger(lambda: handler(*given))
            if type(body) is tuple:
                body, after = body
            lasting = standing is not None and self._standing(request) == standing
        except Refused as refused:
            failure = str(refused)
        except Exception as error:
            self.agent.trouble("request %s" % (request.get("command"),))
            failure = "The agent could not do '%s': %s." % (request.get("command"), error)
        except BaseException:
            self.fail(request, "Interrupted by a signal of the program.")
            raise
        if failure is not None:
            return self.fail(request, failure)
        self.answer(request, body, lasting)
        if after is not None:
            try:
                after()
            except Exception:
                self.agent.trouble("after %s" % (request.get("command"),))

    def _take_there(self, request, handler, arguments):
        try:
            number = self.agent.looking.thread_of(arguments)
        except Refused as refused:
            return self.fail(request, str(refused))
        thread = self.agent.threads.by_id(number) if number else None
        stop = thread.stopped if thread is not None else None
        job = Job(request)
        request[_PLACED] = []
        self._jobs[request.get("seq")] = job
        job.alarm = self.agent.timers.add(PATIENCE, lambda: self._slow(job))
        if stop is not None:
            stop.put(lambda: self._work(job, handler, arguments, stop), lambda: self._lost(job))
        else:
            view = self.agent.stops.view(thread) if thread is not None else None
            if self._aside is None:
                self._aside = private.part("aside").Aside(self.agent)
            self._aside.run(lambda: self._work(job, handler, arguments, view))

    def rest(self, until):
        """The main thread, at the end: see Aside.rest."""
        if self._aside is not None:
            self._aside.rest(until)

    def _work(self, job, handler, arguments, stop):
        """On the stopped thread."""
        seq, budget = job.request.get("seq"), self.agent.budget
        try:
            if budget is not None:
                budget.serve(seq)  # first: a cancel from now on reaches it, one from before is seen here
            job.started = True
            if job.cancelled:
                self.fail(job.request, CANCELLED)
                return
            self._do(job.request, handler, (arguments, stop))
        finally:
            if budget is not None:
                budget.serve(None)
            self._end(job)

    def _lost(self, job):
        """An exception raised from outside has ended the job before it could answer, or right behind that."""
        if self.agent.budget is not None:
            self.agent.budget.serve(None)
        if not job.request[_PLACED]:
            self.fail(job.request, "Interrupted by a signal of the program.")
        self._end(job)

    def _end(self, job):
        job.over = True
        self._jobs.pop(job.request.get("seq"), None)
        self.agent.timers.cancel(job.alarm)

    def _slow(self, job):
        if job.started and not job.over:
            self.agent.output("Still at work on '%s' after %d s: it goes on. A lock that another stopped thread holds may be what it waits for; "
                              "`continue` lets that thread go.\n" % (job.request.get("command"), PATIENCE), "important")

    def _hurry(self, numbers, seconds):
        """A thread goes on after its jobs: one that does not end by itself would keep it for ever, and is interrupted."""
        self.agent.timers.add(seconds, lambda: [self.cancel(seq) for seq in numbers])

    def cancel(self, seq):
        """Interrupts a job, or keeps it from starting; whether there is one."""
        job = self._jobs.get(seq)
        if job is None:
            return False
        job.cancelled = True
        if job.started and self.agent.budget is not None:
            self.agent.budget.cancel(seq)
        return True

    def answer(self, request, body, lasting=False):
        message = {"type": "response", "request_seq": request.get("seq"), "success": True,
                   "command": request.get("command"), "body": {} if body is None else body}
        if lasting:
            message["keep"] = True
        self.agent.channel.send(message, request.get(_PLACED))

    def _standing(self, request):
        """What the answer to a request is about, if that stands on a line of Python: the same before and after means that the answer stays as it is
        until a thread goes on or something is changed by request, and the adapter need not ask again. None: it may not."""
        command, arguments = request.get("command"), request.get("arguments") or {}
        if command not in _LASTING or not self.agent.stops.held:
            return None
        threads = self.agent.threads
        states = [state for state in threads.states() if state.ident not in threads.hidden]
        if any(state.exempt for state in states):
            return None
        if command == "threads":
            found = [state.stopped for state in states]
            return None if None in found else found
        if command == "stackTrace":
            if (arguments.get("format") or {}).get("parameterValues"):
                return None  # these run code of the target
            number = arguments.get("threadId")  # of a task: nobody's here
        else:
            number = self.agent.looking.thread_of(arguments)
        thread = threads.by_id(number) if number else None
        return None if thread is None else thread.stopped

    def fail(self, request, message, body=None):
        self.agent.channel.send({"type": "response", "request_seq": request.get("seq"), "success": False,
                                 "command": request.get("command"), "message": message, "body": {} if body is None else body},
                                request.get(_PLACED))
