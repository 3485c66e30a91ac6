"""What tests of values need: an agent without a channel, and frames of functions that the tests run themselves."""
import os
import sys
import threading

from gantry_agent import looking


class Text:
    def __init__(self, text):
        self.text = text


class Files:
    def source(self, code):
        return {'name': os.path.basename(code.co_filename), 'path': code.co_filename}

    def is_user(self, code):
        return not code.co_filename.startswith(os.path.dirname(os.__file__))

    def key_of(self, code):
        return code.co_filename

    def text(self, key):
        with open(key, encoding='utf-8') as file:
            return Text(file.read())


class Settings:
    def __init__(self, **given):
        self.variable_presentation = {}
        self.client = {}
        self.max_exception_stack_frames = 0
        self.__dict__.update(given)


class Threads:
    def __init__(self):
        self.hidden = set()


class Agent:
    def __init__(self, **settings):
        self.settings = Settings(**settings)
        self.files = Files()
        self.threads = Threads()


class Thread:
    id = 1
    ident = threading.get_ident()


class Stop:
    native = False

    def __init__(self, frame, exc=None, returned=None):
        self.thread = Thread()
        self.thread.stopped = self
        self.frame, self.exc, self.return_value = frame, exc, returned and dict([returned])

    def frames(self):
        found, frame = [], self.frame
        while frame is not None:
            found.append(frame)
            frame = frame.f_back
        return found

    def line(self, frame):
        return frame.f_lineno


class View:
    """A client at a stop: requests by name, with the bodies of their answers."""

    def __init__(self, frame=None, exc=None, returned=None, **settings):
        self.looking = looking.Looking(Agent(**settings))
        self.stop_at(frame if frame is not None else sys._getframe(1), exc, returned)

    def stop_at(self, frame, exc=None, returned=None):
        if hasattr(self, 'stop'):
            self.looking.resumed(self.stop)
        self.stop = Stop(frame, exc, returned)
        self.frame = self.stack()[0]['id']

    def ask(self, command, **arguments):
        made = getattr(self.looking, command)(arguments, self.stop)
        return made[0] if type(made) is tuple else made

    def stack(self, **arguments):
        return self.ask('stack_trace', **arguments)['stackFrames']

    def scopes(self, frame=None):
        return {one['name']: one for one in self.ask('scopes', frameId=frame or self.frame)['scopes']}

    def children(self, reference, **arguments):
        if isinstance(reference, dict):
            reference = reference['variablesReference']
        return self.ask('variables', variablesReference=reference, **arguments)['variables']

    def named(self, reference, **arguments):
        return {one['name']: one for one in self.children(reference, **arguments)}

    def locals(self):
        return self.named(self.scopes()['Locals'])

    def evaluate(self, expression, context='watch', **more):
        return self.ask('evaluate', expression=expression, frameId=self.frame, context=context, **more)

    def value(self, expression, context='watch', **more):
        return self.evaluate(expression, context, **more)['result']
