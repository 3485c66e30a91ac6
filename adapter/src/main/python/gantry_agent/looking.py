"""Everything that looks at frames and values, by request. Each method runs on the stopped thread, or on the agent's
where no thread is stopped; it gives the response's body, or (body, what to do after the answer), or raises
values.Refused with a sentence for the user."""
from gantry_agent import (arrays, assign, budget, completions, evaluate, exceptions, handles, memory, scopes, stack,
                          values, variables)
from gantry_agent.values import Refused


class Looking:
    """Owned by the Agent. The tables of handles are its only state."""

    def __init__(self, agent):
        self.agent = agent
        self.handles = handles.Handles()
        budget.watchdog.hide = agent.threads.hidden.add
        arrays.register()

    # which thread a request belongs to

    def thread_of(self, arguments):
        """The thread id that a request's frameId, variablesReference or threadId names; None: no particular one."""
        for name in ('frameId', 'variablesReference'):
            number = arguments.get(name)
            if number:
                return self.handles.thread_of(number)
        reference = arguments.get('memoryReference')
        if reference is not None:
            known = self.handles.memory.get(reference)
            return None if known is None else known.thread
        current = getattr(getattr(self.agent, 'stops', None), 'current', None)
        if arguments.get('threadId') is None and current is not None:
            return current.thread.id          # an evaluation without a frame: on a thread that can be interrupted
        return arguments.get('threadId')

    def going(self):
        """On the agent's thread, right before threads are let go."""
        self.handles.going()

    def resumed(self, stop):
        """On the stopped thread, right before it goes on: what was shown of it is released."""
        self.handles.let_go(stop)

    # requests

    def stack_trace(self, arguments, stop):
        """On the agent's thread: nothing here runs code of the target."""
        return stack.stack_trace(self, arguments, stop)

    def scopes(self, arguments, stop):
        if arguments.get('frameId') in self.handles.labels:
            return {'scopes': []}
        return {'scopes': scopes.scopes(self, self.frame(arguments.get('frameId'), stop))}

    def variables(self, arguments, stop):
        entry = self.entry(arguments.get('variablesReference'))
        view = self.view(entry.frame, entry.thread, arguments.get('format'))
        start, count = arguments.get('start'), arguments.get('count')
        return {'variables': self.cancellable(lambda: view.page(entry, start, count, arguments.get('filter')))}

    def set_variable(self, arguments, stop):
        return self.cancellable(lambda: assign.set_variable(self, arguments, stop))

    def set_expression(self, arguments, stop):
        return self.cancellable(lambda: assign.set_expression(self, arguments, stop))

    def evaluate(self, arguments, stop):
        body, changed = self.cancellable(lambda: evaluate.evaluate(self, arguments, stop))
        return (body, self.invalidate) if changed and self.said('invalidated') else body

    def completions(self, arguments, stop):
        return self.cancellable(lambda: completions.complete(self, arguments, stop))

    def exception_info(self, arguments, stop):
        return self.cancellable(lambda: exceptions.info(self, arguments, stop))

    def read_memory(self, arguments, stop):
        return memory.read(self, arguments)

    def write_memory(self, arguments, stop):
        body = memory.write(self, arguments)
        return (body, self.invalidate) if self.said('invalidated') else body

    # shared by the requests

    def cancellable(self, work):
        try:
            return work()
        except budget.TimedOut as stopped:
            raise Refused(evaluate.timed_out(stopped))

    def said(self, name):
        """Whether the client said that it supports something."""
        client = self.agent.settings.client
        return type(client) is dict and bool(client.get(name))

    def invalidate(self):
        """What is shown of variables may have changed."""
        self.agent.send_event('invalidated', {'areas': ['variables']})

    def view(self, frame, thread, layout):
        return variables.View(self, frame, thread, values.Limits(hex=bool(layout and layout.get('hex'))))

    def frame(self, number, stop):
        """The Frame of a frameId; None without one (then `__main__` is meant)."""
        if not number:
            return None
        known = self.handles.live.get(number)
        if type(known) is not handles.Frame:
            raise Refused('This frame is gone: the program went on since; ask for the stack again.')
        return known

    def frame_of(self, number):
        """The frame object of a frameId."""
        known = self.frame(number, None)
        if known is None:
            raise Refused('The request names no frame.')
        return known.frame

    def entry(self, number):
        known = self.handles.live.get(number)
        if type(known) is not handles.Entry:
            raise Refused('This value is gone: the program went on since; ask for the variables again.')
        return known

    def source(self, code):
        """DAP's Source of a code object; None where there is none to name."""
        try:
            return self.agent.files.source(code)
        except Exception:
            return {'name': code.co_filename.rpartition('/')[2], 'path': code.co_filename}
