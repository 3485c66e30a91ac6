"""One thread that waits at a stop, serving jobs inside the engine's callback; put and resumed by the agent's thread."""
import _thread

_allocate = _thread.allocate_lock
_OWN = "<gantry_agent"
_NESTED = 4


class Stop:
    """One thread that waits, or (native) that is looked at where it is. `reported`: the client was told by a `stopped` event."""

    def __init__(self, thread, frame, reason, description=None, text=None, hit_ids=(), exc=None, returned=None, trace=None, mode=None):
        self.thread, self.frame, self.reason = thread, frame, reason
        self.description, self.text, self.hit_ids, self.exc = description, text, tuple(hit_ids), exc
        self.return_value = returned  # {name: value} of the calls that were stepped over or left, the last one last; None for none
        self.mode = mode  # the exception filter that stopped: 'raised', 'uncaught', 'userUnhandled'
        self.reported = self.native = self.can_jump = False
        self.over = trace is not None  # post-mortem: these calls have ended
        self.step = None
        self.late = None  # the exception of a signal handler that came while we waited
        self._trace = trace
        self._jobs, self._ending, self._caught = [], False, None
        self._wake = _allocate()
        self._wake.acquire()

    def frames(self):
        """Frame objects, top first, without the agent's own; of a finished call (post-mortem) those of its traceback."""
        frame, found = self.frame, []
        if self._trace is not None:
            trace = self._trace
            while trace is not None:
                found.append(trace.tb_frame)
                trace = trace.tb_next
            found.reverse()
            frame = found.pop() if found else None
        while frame is not None:
            if frame.f_code.co_filename.startswith(_OWN):
                if found:
                    break
            else:
                found.append(frame)
            frame = frame.f_back
        return found

    def line(self, frame):
        """The line where `frame` stands: post-mortem that of the traceback."""
        trace = self._trace
        while trace is not None:
            if trace.tb_frame is frame:
                return trace.tb_lineno
            trace = trace.tb_next
        return frame.f_lineno

    def put(self, work, lost=None):
        """Has the stopped thread call `work()`; if an exception from outside ends that, `lost()`, until it gets through. Any thread."""
        self._jobs.append([work, lost, False])
        self._ring()

    def resume(self, step=None):
        """Ends the wait after the jobs that were put before."""
        self.step, self._ending = step, True
        self._ring()

    def _ring(self):
        try:
            self._wake.release()
        except RuntimeError:
            pass  # it is awake, or about to be: it looks at its queue again before it sleeps

    def serve(self, trouble, nested=_NESTED):
        """Waits on the stopped thread and does the jobs, until resumed.

        A signal handler or PyThreadState_SetAsyncExc may raise between any two instructions: a job leaves the queue when it is over. Where the
        loop jumps back, one call of this is caught by the call around it.
        """
        while True:
            try:
                return self.serve(trouble, nested - 1) if nested else self._work(trouble)
            except BaseException as error:
                self._caught = error  # nothing is called here: only calls and jumps back let the next signal in

    def _work(self, trouble):
        while True:
            if self._caught is not None:
                caught, self._caught = self._caught, None
                try:
                    raise caught
                except BaseException as error:
                    self.remember(error, trouble)
            while self._jobs:
                self._do(self._jobs[0])
                del self._jobs[0]
            if self._ending:
                self._ending = False
                return
            self._wake.acquire()

    @staticmethod
    def _do(job):
        if not job[2]:
            job[2] = True
            job[0]()
            job[1] = None
        elif job[1] is not None:
            job[1]()  # once more, if that is interrupted too

    def remember(self, error, trouble):
        """Inside `except`: what a signal handler of the target raised while we waited is for the target, when it goes on."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        if isinstance(error, Exception) and trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OWN):
            trouble("stopped thread")
        else:
            self.late = error
