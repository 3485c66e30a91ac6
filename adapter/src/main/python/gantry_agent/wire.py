"""The channel to the adapter: framed JSON over one descriptor; write from any thread, read on the agent's only.

JSON goes through the interpreter's own C helpers where they can be loaded privately; a small pure version stands in.
Text is ASCII with escapes, so that lone surrogates of paths and values survive both ways.
"""
import _thread
import os
import time

from gantry_agent import private

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\f": "\\f", "\b": "\\b"}


_LOW = ("dc", "dd", "de", "df")  # how the second half of a pair begins


class _Context:
    strict = False
    object_hook = object_pairs_hook = None
    parse_float, parse_int = float, int
    parse_constant = {"NaN": None, "Infinity": None, "-Infinity": None}.get
    memo = {}


def _quote_slowly(text):
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return '"%s"' % text
    pieces = ['"']
    for character in text:
        escaped = _ESCAPES.get(character)
        number = ord(character)
        if escaped is None and 32 <= number < 127:
            escaped = character
        elif escaped is None and number > 0xFFFF:
            number -= 0x10000
            escaped = "\\u%04x\\u%04x" % (0xD800 | number >> 10, 0xDC00 | number & 0x3FF)
        elif escaped is None:
            escaped = "\\u%04x" % number
        pieces.append(escaped)
    pieces.append('"')
    return "".join(pieces)


class _Encoder:
    """Pure encoder; also for what the C one refuses (NaN, odd keys)."""

    def __init__(self, quote):
        self.quote = quote

    def encode(self, value):
        if isinstance(value, str):
            return self.quote(value)
        if isinstance(value, dict):
            return "{%s}" % ",".join([self.quote(str(key)) + ":" + self.encode(item) for key, item in value.items()])
        if value is None:
            return "null"
        if value is True or value is False:
            return "true" if value else "false"
        if isinstance(value, int):
            return int.__repr__(value)
        if isinstance(value, float):
            return float.__repr__(value) if value - value == 0 else "null"
        if isinstance(value, (list, tuple)):
            return "[%s]" % ",".join([self.encode(item) for item in value])
        return self.quote(str(value))


class _Decoder:
    """Pure decoder of one JSON text."""

    _SIMPLE = {"n": ("null", None), "t": ("true", True), "f": ("false", False)}
    _BACK = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b"}

    def decode(self, text, at):
        at = self._skip(text, at)
        character = text[at]
        if character == '"':
            return self._string(text, at + 1)
        if character == "{":
            return self._object(text, at + 1)
        if character == "[":
            return self._array(text, at + 1)
        if character in self._SIMPLE:
            word, value = self._SIMPLE[character]
            if text.startswith(word, at):
                return value, at + len(word)
        return self._number(text, at)

    @staticmethod
    def _skip(text, at):
        while text[at] in " \t\r\n":
            at += 1
        return at

    def _string(self, text, at):
        end = text.index('"', at)
        plain = text[at:end]
        return (plain, end + 1) if "\\" not in plain else self._escaped(text, at)

    def _escaped(self, text, at):
        pieces = []
        while True:
            character = text[at]
            at += 1
            if character == '"':
                return "".join(pieces), at
            if character == "\\":
                character = text[at]
                at += 1
                if character == "u":
                    number = int(text[at:at + 4], 16)
                    at += 4
                    if 0xD800 <= number < 0xDC00 and text[at:at + 2] == "\\u" and text[at + 2:at + 4].lower() in _LOW:
                        number = 0x10000 + (number - 0xD800 << 10) + int(text[at + 2:at + 6], 16) - 0xDC00
                        at += 6
                    character = chr(number)
                else:
                    character = self._BACK.get(character, character)
            pieces.append(character)

    def _object(self, text, at):
        result = {}
        while True:
            if text[at] != '"':
                at = self._skip(text, at)
                if text[at] == "}":
                    return result, at + 1
                if text[at] == ",":
                    at = self._skip(text, at + 1)
            key, at = self._string(text, at + 1)
            if text[at] != ":":
                at = self._skip(text, at)
                if text[at] != ":":
                    raise ValueError("no ':' in JSON at %d" % at)
            result[key], at = self.decode(text, at + 1)

    def _array(self, text, at):
        result = []
        at = self._skip(text, at)
        while text[at] != "]":
            if text[at] == ",":
                at += 1
            value, at = self.decode(text, at)
            result.append(value)
            at = self._skip(text, at)
        return result, at + 1

    @staticmethod
    def _number(text, at):
        end = at
        while end < len(text) and text[end] in "+-0123456789.eE":
            end += 1
        word = text[at:end]
        return (float(word) if any(c in word for c in ".eE") else int(word)), end


def _codec():
    try:
        fast = private.load("_json")
        quote = fast.encode_basestring_ascii
        scan = fast.make_scanner(_Context)
        slow = _Encoder(quote)
        make = fast.make_encoder(None, str, quote, None, ":", ",", False, False, False)

        def encode(value):
            try:
                return "".join(make(value, 0))
            except (ValueError, TypeError):
                return slow.encode(value)
        encode({"a": [1, "b"]})
        return encode, lambda text: scan(text, 0)[0]
    except Exception:
        decoder = _Decoder()
        return _Encoder(_quote_slowly).encode, lambda text: decoder.decode(text, 0)[0]


# The few and small messages before the target starts are not worth the loading of a C module.
encode, decode = _Encoder(_quote_slowly).encode, lambda text: _Decoder().decode(text, 0)[0]
_SMALL = 4096
_PATIENCE = 60  # how often the sender of a message looks whether another one has sent it: 50 ms
_TRIES = 20  # to begin with a message, where signal handlers raise
_sleep, _get_ident = time.sleep, _thread.get_ident
_quick = False


def quicken():
    """Loads the C helpers, once."""
    global encode, decode, _quick
    if not _quick:
        _quick = True
        encode, decode = _codec()


class Channel:
    """Whole messages over a stream socket's descriptor, or (Windows) over the socket. `closed` once the other side is gone."""

    def __init__(self, end):
        self._end = end
        self._seq = 0
        self._read, self._write = (os.read, os.write) if isinstance(end, int) else (type(end).recv, type(end).send)
        self.closed = False
        self._buffer = b""
        self._out = []  # whole messages as bytes, in their order
        self._now = None  # (the first of them, [what write() has returned for it so far]) while it is being written
        self._writer = {}  # 0 -> (thread, mark) of the call of send() that writes

    def send(self, message, placed=None):
        """Sends one message (a dict without seq); silently nothing after the end. `placed`: a list that is no longer empty as soon as the
        message will go out, whatever is raised here.

        Nobody waits for another call of this without end: a signal handler of the target may run in its middle, send something itself, or
        wait for a thread that does. Then the message is left to the other call. What a handler raises is raised when that is done."""
        if self.closed:
            return
        mine = data = late = None
        placed, patience = [] if placed is None else placed, _PATIENCE
        for _ in range(_TRIES):
            try:
                mine = mine or (_get_ident(), object())
                data = data or self._framed(message)
                if not placed:
                    placed.extend(map(self._out.append, (data,)))  # both or none, whatever a signal handler raises
                break
            except BaseException as error:
                late = error
        else:
            raise late
        while self._out and not self.closed:
            try:
                try:
                    writer = self._writer.setdefault(0, mine)
                    if writer is mine:
                        self._write_all()
                    elif writer[0] == mine[0] or not patience:
                        break  # the other looks once more when it has finished
                    else:
                        patience -= 1
                        _sleep(0 if patience > 50 else 0.001)
                finally:
                    if self._writer == {0: mine}:  # no call: no signal handler runs in between
                        self._writer.clear()
            except RecursionError:
                raise  # no room here: the next one sends it
            except BaseException as error:
                late = error
                if self._writer == {0: mine}:  # before 3.10 one may run anywhere
                    self._writer.clear()
        if late is not None:
            raise late

    def _framed(self, message):
        self._seq += 1
        message["seq"] = self._seq
        data = encode(message).encode()
        return len(data).to_bytes(4, "big") + data

    def _write_all(self):
        """May be interrupted anywhere, and is called again then: what write() returns is kept before any signal handler can run."""
        while not self.closed:
            now = self._now
            if now is None:
                if not self._out:
                    return
                self._now = self._out[0], []
                continue
            data, sent = now
            left = data[sum(sent):]
            if left:
                try:
                    sent.extend(map(self._write, (self._end,), (left,)))
                except OSError:
                    self.closed = True
            else:
                if self._out and self._out[0] is data:
                    del self._out[0]
                self._now = None

    def receive(self):
        """The next message, or None at the end of the stream."""
        if not self.arrived():
            return None
        buffer = self._buffer
        end = 4 + int.from_bytes(buffer[:4], "big")
        self._buffer = buffer[end:]
        if end > _SMALL:
            quicken()
        return decode(buffer[4:end].decode("utf-8", "surrogatepass"))

    def arrived(self):
        """Waits until a whole message has been read; false at the end of the stream."""
        while not self.waiting():
            try:
                piece = self._read(self._end, 262144)
            except OSError:
                piece = b""
            if not piece:
                return False
            self._buffer += piece
        return True

    def waiting(self):
        """Whether a whole message has been read already."""
        return len(self._buffer) >= 4 and len(self._buffer) >= 4 + int.from_bytes(self._buffer[:4], "big")

    def fileno(self):
        return self._end if isinstance(self._end, int) else self._end.fileno()
