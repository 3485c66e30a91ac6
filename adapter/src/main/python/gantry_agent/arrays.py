"""numpy, pandas and torch: summaries, rows and the attributes worth seeing. On the stopped thread.

Nothing is imported: the classes are those the program has loaded. Libraries' code runs within a time limit; no value
is computed from all elements unless its lazy child is expanded.
"""
from gantry_agent import children, containers, presenters, values
from gantry_agent.containers import Child, Items
from gantry_agent.values import NESTED_ITEMS

COLUMNS = 200              # of a DataFrame, as children


def quietly(work):
    """The result of library code, None when it fails."""
    found, failed = values.guarded(work, values.Limits(), 'summary')
    return None if failed else found


# numpy

def array_text(value, kind, writer, depth):
    base = values.known('numpy', 'ndarray')
    shape = base.__dict__['shape'].__get__(value)
    writer.put('%s %s %s' % (values.TYPE_NAME(kind), base.__dict__['dtype'].__get__(value), shape))
    if base.__dict__['size'].__get__(value):
        writer.put(': ')
        masked = values.known('numpy.ma.core', 'MaskedArray')
        if masked is not None and values.derives(kind, masked):      # what lies below the mask is not its value
            writer.put((quietly(lambda: str(value)) or '...').replace('\n', ''))
        else:
            rows(base, base.view(value, base), len(shape), writer, depth)    # a matrix stays two-dimensional by itself
    return True


def rows(base, value, ndim, writer, depth):
    if ndim == 0:
        writer.write(base.item(value), depth + 1)
        return
    size = base.__len__(value)
    most = 20 if depth == 0 and ndim == 1 else NESTED_ITEMS
    writer.put('[')
    shown = base.__getitem__(value, slice(0, most))
    for index, one in enumerate(base.tolist(shown) if ndim == 1 else shown):
        if index:
            writer.put(', ')
        if ndim == 1:
            writer.write(one, depth + 1)
        else:
            rows(base, one, ndim - 1, writer, depth + 1)
    writer.put(', ...]' if size > most else ']')


def array_items(value):
    base = values.known('numpy', 'ndarray')
    if not base.__dict__['shape'].__get__(value):
        return None
    return Items(base.__len__(value), lambda start, stop: base.__getitem__(value, slice(start, stop)))


def array_named(value, expr):
    made = [Child(name, getattr(value, name), expr and '%s.%s' % (expr, name), ('attribute', name), 'property',
                  ('readOnly',)) for name in ('dtype', 'shape', 'size', 'nbytes')]
    if value.dtype.names is None:
        made.extend(Child(name, None, expr and '%s.%s()' % (expr, name), None, 'lazy', ('readOnly',),
                          Call(value, name, expr)) for name in ('min', 'max', 'mean', 'tolist'))
    return made


class Call(children.Lazy):
    """A method without arguments, as a lazy child."""

    def compute(self, limits):
        found, failed = values.guarded(lambda: getattr(self.value, self.name)(), limits, 'call')
        if failed:
            raise values.Refused(failed)
        return found

    def page(self, start, stop, expr, limits):
        for child in children.Lazy.page(self, start, stop, expr, limits):
            child.expr, child.place = self.expr and '%s.%s()' % (self.expr, self.name), None
            yield child


# pandas

def frame_text(value, kind, writer, depth):
    shape = quietly(lambda: value.shape)
    names = quietly(lambda: [str(one) for one in value.columns[:20]])
    if shape is None or names is None:
        return None
    return '%s %d rows x %d columns: %s%s' % (values.TYPE_NAME(kind), shape[0], shape[1], ', '.join(names),
                                              ', ...' if shape[1] > 20 else '')


def series_text(value, kind, writer, depth):
    found = quietly(lambda: (len(value.index), str(value.dtype), value.iloc[:NESTED_ITEMS].tolist(),
                             [str(one) for one in value.index[:NESTED_ITEMS]]))
    if found is None:
        return None
    size, dtype, items, labels = found
    writer.put('%s %d %s: {' % (values.TYPE_NAME(kind), size, dtype))
    for index, (label, item) in enumerate(zip(labels, items)):
        writer.put((', ' if index else '') + label + ': ')
        writer.write(item, depth + 1)
    writer.put(', ...}' if size > len(items) else '}')
    return True


class Rows(Items):
    """Rows by position, named by their label in the index."""

    def page(self, start, stop, expr, limits):
        value = self.get
        labels = quietly(lambda: list(value.index[start:stop])) or []
        for index, label in enumerate(labels, start):
            row = quietly(lambda: value.iloc[index])
            yield Child(values.text(label, limits), row, expr and '%s.iloc[%d]' % (expr, index), None, 'data',
                        ('readOnly',))


def frame_items(value):
    size = quietly(lambda: len(value.index))
    return None if size is None else Rows(size, value)


def frame_named(value, expr):
    made = []
    for name in ('shape', 'columns', 'index'):
        made.append(Child(name, quietly(lambda: getattr(value, name)), expr and expr + '.' + name, None, 'property',
                          ('readOnly',)))
    for column in quietly(lambda: list(value.columns[:COLUMNS])) or ():
        text = containers.key_text(column)
        made.append(Child('[%s]' % (text or values.text(column)), quietly(lambda: value[column]),
                          expr and text and '%s[%s]' % (expr, text), ('item', column), 'property'))
    return made


def series_named(value, expr):
    return [Child(name, quietly(lambda: getattr(value, name)), expr and expr + '.' + name, None, 'property',
                  ('readOnly',)) for name in ('dtype', 'name', 'index')]


# torch

def tensor_text(value, kind, writer, depth):
    found = quietly(lambda: (str(value.dtype), tuple(value.shape), str(value.device), bool(value.requires_grad)))
    if found is None:
        return None
    return '%s %s %s on %s%s' % (values.TYPE_NAME(kind), found[0], found[1], found[2],
                                 ', requires_grad' if found[3] else '')


def tensor_items(value):
    shape = quietly(lambda: tuple(value.shape))
    if not shape:
        return None
    return Items(shape[0], lambda start, stop: (value[index] for index in range(start, min(stop, shape[0]))))


def tensor_named(value, expr):
    made = [Child(name, quietly(lambda: getattr(value, name)), expr and expr + '.' + name, None, 'property',
                  ('readOnly',)) for name in ('dtype', 'shape', 'device', 'requires_grad')]
    made.extend(Child(name, None, expr and '%s.%s()' % (expr, name), None, 'lazy', ('readOnly',),
                      Call(value, name, expr)) for name in ('min', 'max', 'tolist'))
    return made


FRAME, SERIES = ('pandas.core.frame', 'DataFrame'), ('pandas.core.series', 'Series')
ARRAY, TENSOR = ('numpy', 'ndarray'), ('torch', 'Tensor')


def register():
    """Makes these kinds known to the parts that show values."""
    presenters.FOREIGN.update({ARRAY: array_text, FRAME: frame_text, SERIES: series_text, TENSOR: tensor_text})
    children.FOREIGN.update({ARRAY: array_named, FRAME: frame_named, SERIES: series_named, TENSOR: tensor_named})
    for name, made in ((ARRAY, array_items), (FRAME, frame_items), (SERIES, frame_items), (TENSOR, tensor_items)):
        containers.FOREIGN[name] = ignoring_base(made)


def ignoring_base(made):
    return lambda value, base: made(value)
