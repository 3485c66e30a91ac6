"""The agent's way to the adapter where it does not inherit a descriptor: a terminal has started it, or it runs on Windows. Main thread."""
import sys

from gantry_agent import private

_TOKEN = "GANTRY_AGENT_TOKEN"
_PATIENCE = 10  # seconds for the adapter's word


def connect(word):
    """The agent's end of the connection that the word names: its descriptor; on Windows, where a socket is none, the socket."""
    kind, _, place = word.partition(":")
    sockets = private.load("_socket")
    client = sockets.socket(sockets.AF_UNIX if kind == "unix" else sockets.AF_INET, sockets.SOCK_STREAM)
    try:
        if kind == "unix":
            client.settimeout(None)
            client.connect(place)
        else:
            _connect(sockets, client, int(place))
    except OSError as error:
        client.close()
        raise SystemExit("Gantry: the debugger cannot be reached at %s: %s" % (place, error.strerror or error)) from None
    return client if sys.platform == "win32" else client.detach()


def _connect(sockets, client, port):
    """To a port where anybody might listen, if the adapter is gone: each side says its half of the token."""
    token = _token().encode()
    half = len(token) // 2
    if not half:
        raise OSError("%s is not in the environment" % _TOKEN)
    client.settimeout(_PATIENCE)
    client.connect(("127.0.0.1", port))
    client.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
    client.sendall(token[:half])
    answer = piece = client.recv(half)
    while piece and len(answer) < half:
        piece = client.recv(half - len(answer))
        answer += piece
    if answer != token[half:]:
        raise OSError("it is not the one that has started this program")
    client.settimeout(None)


def _token():
    """Taken out of the environment, and out of what an `os` that is loaded later will make of it."""
    system = private.load("os")
    token = system.environ.pop(_TOKEN, "")
    first = sys.modules.get("posix") or sys.modules["nt"]
    for key in (_TOKEN, _TOKEN.encode()):
        first.environ.pop(key, None)
    return token
