"""Log messages of breakpoints: `{expression}` templates, compiled when set, rendered on the target's thread.

A failing part is shown in its place; the rest survives.
"""
import sys

from gantry_agent.expressions import Expression, Invalid, failure_text

LIMIT = 100000
_OPEN, _CLOSE = '([{', ')]}'


class Field:
    """One `{expression!conversion:format}`; `label` is the text shown before the value for `{expression=}`."""
    __slots__ = ('expression', 'conversion', 'spec', 'label')

    def __init__(self, expression, conversion, spec, label):
        self.expression, self.conversion, self.spec, self.label = expression, conversion, spec, label

    def render(self, frame, class_name):
        try:
            value = self.expression.value(self.expression.code_for(class_name), frame)
            return self.label + self._format(value, frame, class_name)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return '{%s: %s}' % (self.expression.text, failure_text(error))

    def _format(self, value, frame, class_name):
        if self.conversion == 'r':
            value = repr(value)
        elif self.conversion == 'a':
            value = ascii(value)
        elif self.conversion == 's':
            value = str(value)
        return format(value, render(self.spec, frame, class_name) if self.spec else '')


class Template:
    """A parsed log message."""
    __slots__ = ('parts',)

    def __init__(self, text):
        self.parts = _parse(text, 0, False)[0]

    def render(self, frame, class_name=None):
        text = render(self.parts, frame, class_name)
        return text if len(text) <= LIMIT else text[:LIMIT] + '...'


def render(parts, frame, class_name):
    return ''.join([part if type(part) is str else part.render(frame, class_name) for part in parts])


def _parse(text, at, within):
    """The parts from `at` on; `within` a format spec, up to its closing brace. Returns them and the position behind."""
    parts, plain = [], []
    while at < len(text):
        character = text[at]
        if within and character == '}':
            break
        if character in '{}' and text[at:at + 2] == character * 2 and not within:
            plain.append(character)
            at += 2
        elif character == '{':
            if plain:
                parts.append(''.join(plain))
                plain = []
            field, at = _field(text, at)
            parts.append(field)
        else:
            plain.append(character)
            at += 1
    if plain:
        parts.append(''.join(plain))
    return parts, at


def _field(text, start):
    """The field whose `{` is at `start`, and the position behind its `}`."""
    end = _end_of_expression(text, start + 1)
    if end is None:
        raise Invalid('The log message has a { at column %d that is not closed; write {{ for a brace of the text.' % (start + 1))
    source, label = text[start + 1:end], ''
    if text[end] == '=':
        end += 1
        while end < len(text) and text[end] == ' ':
            end += 1
        label = text[start + 1:end]
    if not source.strip():
        raise Invalid('The log message has {} without an expression at column %d; write {{}} for braces of the text.' % (start + 1))
    expression = Expression(source, 'log message\'s')
    conversion, spec = '', []
    if text[end:end + 1] == '!':
        conversion = text[end + 1:end + 2]
        if conversion not in ('r', 's', 'a') or text[end + 2:end + 3] not in (':', '}'):
            raise Invalid('The log message has an unknown conversion after {%s!; use !r, !s or !a.' % source)
        end += 2
    if text[end:end + 1] == ':':
        spec, end = _parse(text, end + 1, True)
    if text[end:end + 1] != '}':
        raise Invalid('The log message has a { at column %d that is not closed; write {{ for a brace of the text.' % (start + 1))
    if label and not conversion and not spec:
        conversion = 'r'
    return Field(expression, conversion, spec, label), end + 1


def _end_of_expression(text, at):
    """Where the expression ends: at `!r`, `:`, `=` or `}` outside of brackets and strings; None if it does not."""
    depth = 0
    while at < len(text):
        character = text[at]
        if character in '"\'':
            at = _end_of_string(text, at)
            if at is None:
                return None
            continue
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE and depth:
            depth -= 1
        elif not depth and _ends(text, at):
            return at
        elif text[at:at + 2] in ('==', '!=', '<=', '>='):
            at += 1
        at += 1
    return None


def _ends(text, at):
    character, following = text[at], text[at + 1:at + 2]
    if character in '}:':
        return True
    if character == '!':
        return following != '='
    if character == '=':
        return following != '=' and text[at + 1:].lstrip(' ')[:1] in ('}', '!', ':')
    return False


def _end_of_string(text, at):
    quote = text[at]
    mark = quote * 3 if text.startswith(quote * 3, at) else quote
    at += len(mark)
    while at < len(text):
        if text[at] == '\\':
            at += 2
        elif text.startswith(mark, at):
            return at + len(mark)
        else:
            at += 1
    return None


def flush_output():
    """Brings out what the program has printed so far, so that the message comes after it."""
    for stream, original in ((sys.stdout, sys.__stdout__), (sys.stderr, sys.__stderr__)):
        if stream is not None and stream is original:
            try:
                stream.flush()
            except Exception:
                pass
