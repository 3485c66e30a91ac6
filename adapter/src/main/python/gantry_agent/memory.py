"""readMemory and writeMemory on objects with a buffer. On the stopped thread."""
from gantry_agent import values
from gantry_agent.budget import lazily
from gantry_agent.values import MRO, Refused

PLAIN = frozenset(id(kind) for kind in (bytes, bytearray, memoryview))
FOREIGN = dict.fromkeys((('array', 'array'), ('numpy', 'ndarray'), ('mmap', 'mmap'), ('_ctypes', '_SimpleCData'),
                         ('_ctypes', 'Structure'), ('_ctypes', 'Union'), ('_ctypes', 'Array')), True)
MOST = 1 << 24             # bytes of one answer


def has_buffer(value, kind):
    """Whether a memoryReference makes sense. Recognised by type: the object is not asked."""
    if id(kind) in PLAIN:
        return True
    for base in MRO(kind):
        if id(base) in PLAIN or values.is_known(base, FOREIGN):
            return True
    return False


def buffer(value):
    """(bytes view, writable as it is). A copy where the layout cannot be seen as bytes."""
    try:
        view = memoryview(value)
    except Exception as error:
        raise Refused('The memory of this %s cannot be read: %s.' % (values.type_name(value), values.error_text(error)))
    if 'O' in view.format:
        raise Refused('The memory of this %s holds references to objects, not bytes.' % values.type_name(value))
    if view.nbytes == 0:
        return memoryview(b''), True
    try:
        return view.cast('B'), not view.readonly
    except (TypeError, ValueError):
        pass
    if not view.readonly and view.c_contiguous:
        ctypes = lazily('ctypes')
        if ctypes is not None:
            return memoryview((ctypes.c_char * view.nbytes).from_buffer(value)).cast('B'), True
    return memoryview(view.tobytes()), False


def find(looking, arguments):
    reference = arguments.get('memoryReference')
    known_memory = looking.handles.memory.get(reference)
    if known_memory is None:
        raise Refused('This memory is not known any more: the program went on since; look at the variable again.')
    return known_memory.value


def read(looking, arguments):
    view, _ = buffer(find(looking, arguments))
    offset, count = int(arguments.get('offset') or 0), int(arguments.get('count') or 0)
    body = {'address': hex(offset) if offset >= 0 else '-' + hex(-offset)}
    if count <= 0:
        return body
    if offset < 0 or offset >= view.nbytes:
        body['unreadableBytes'] = min(count, -offset) if offset < 0 else count
        return body
    stop = min(offset + count, view.nbytes, offset + MOST)
    body['data'] = lazily('binascii').b2a_base64(view[offset:stop], newline=False).decode('ascii')
    if stop - offset < count:
        body['unreadableBytes'] = count - (stop - offset)
    return body


def write(looking, arguments):
    value = find(looking, arguments)
    binascii = lazily('binascii')
    try:
        data = binascii.a2b_base64(arguments.get('data') or '')
    except Exception as error:
        raise Refused('The data is no base64: %s.' % error)
    view, writable = buffer(value)
    if not writable:
        raise Refused('A %s cannot be changed: it is read-only.' % values.type_name(value))
    offset = int(arguments.get('offset') or 0)
    fits = max(0, min(len(data), view.nbytes - offset)) if offset >= 0 else 0
    if fits < len(data) and not arguments.get('allowPartial'):
        raise Refused('%d bytes at offset %d do not fit: the %s has %d bytes.'
                      % (len(data), offset, values.type_name(value), view.nbytes))
    view[offset:offset + fits] = data[:fits]
    return {'offset': offset, 'bytesWritten': fits}
