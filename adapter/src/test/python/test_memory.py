"""readMemory and writeMemory."""
import array
import base64
import ctypes
import sys
import unittest

from gantry_agent.values import Refused
from looked import View


class MemoryTest(unittest.TestCase):
    def reference(self, view, name='value'):
        return view.locals()[name]['memoryReference']

    def read(self, view, reference, offset=0, count=100):
        found = view.ask('read_memory', memoryReference=reference, offset=offset, count=count)
        return base64.b64decode(found.get('data', '')), found.get('unreadableBytes', 0)

    def write(self, view, reference, data, offset=0, **more):
        return view.ask('write_memory', memoryReference=reference, offset=offset,
                        data=base64.b64encode(data).decode(), **more)

    def test_reading_within_and_beyond(self):
        value = b'0123456789'
        view = View()
        reference = self.reference(view)
        self.assertEqual((b'0123456789', 90), self.read(view, reference))
        self.assertEqual((b'345', 0), self.read(view, reference, 3, 3))
        self.assertEqual((b'89', 2), self.read(view, reference, 8, 4))
        self.assertEqual((b'', 4), self.read(view, reference, 10, 4))
        self.assertEqual((b'', 2), self.read(view, reference, -2, 4))
        self.assertEqual((b'', 0), self.read(view, reference, 0, 0))
        self.assertTrue(value)

    def test_every_kind(self):
        plain = bytearray(b'ab')
        numbers = array.array('i', [1, 2])
        window = memoryview(bytearray(b'abcdef'))[2:4]

        class Pair(ctypes.Structure):
            _fields_ = [('one', ctypes.c_uint32), ('two', ctypes.c_uint32)]
        pair = Pair(1, 2)
        number = ctypes.c_uint16(258)
        chars = (ctypes.c_char * 3)(b'a', b'b', b'c')
        view = View()
        for name, expected in (('plain', b'ab'), ('numbers', numbers.tobytes()), ('window', b'cd'),
                               ('pair', bytes(pair)), ('number', bytes(number)), ('chars', b'abc')):
            reference = self.reference(view, name)
            self.assertEqual(expected, self.read(view, reference)[0], name)
            self.assertEqual(1, self.write(view, reference, b'\x07')['bytesWritten'], name)
            self.assertEqual(7, self.read(view, reference)[0][0], name)
        self.assertEqual(7, plain[0])

    def test_writing_is_checked(self):
        value, fixed = bytearray(b'abcdef'), b'abc'
        view = View()
        reference = self.reference(view)
        self.assertEqual({'offset': 4, 'bytesWritten': 2}, self.write(view, reference, b'XY', 4))
        for offset, more in ((5, {}), (-1, {}), (6, {})):
            with self.assertRaises(Refused):
                self.write(view, reference, b'ZZ', offset, **more)
        self.assertEqual(1, self.write(view, reference, b'ZZ', 5, allowPartial=True)['bytesWritten'])
        self.assertEqual(0, self.write(view, reference, b'ZZ', 9, allowPartial=True)['bytesWritten'])
        self.assertEqual(b'abcdXZ', value)
        with self.assertRaises(Refused) as caught:
            self.write(view, self.reference(view, 'fixed'), b'x')
        self.assertIn('read-only', str(caught.exception))
        with self.assertRaises(Refused):
            view.ask('write_memory', memoryReference=reference, data='abc')
        self.assertEqual(b'abc', fixed)

    def test_an_unknown_or_old_reference(self):
        value = b'x'
        view = View()
        reference = self.reference(view)
        view.stop_at(sys._getframe())
        for old in (reference, 'memory:1', None):
            with self.assertRaises(Refused):
                self.read(view, old)
        self.assertEqual(reference, self.reference(view))
        self.assertTrue(value)

    def test_an_empty_buffer_and_a_released_view(self):
        value, gone = b'', memoryview(b'abc')
        gone.release()
        view = View()
        self.assertEqual((b'', 100), self.read(view, self.reference(view)))
        with self.assertRaises(Refused):
            self.read(view, self.reference(view, 'gone'))
        self.assertEqual(b'', value)

    def test_numpy(self):
        try:
            import numpy
        except ImportError:
            self.skipTest('no numpy in this Python')
        value = numpy.arange(6, dtype='i4').reshape(2, 3)
        turned, objects = value.T, numpy.array([object()])
        view = View()
        self.assertEqual(value.tobytes(), self.read(view, self.reference(view))[0])
        self.write(view, self.reference(view), b'\x09')
        self.assertEqual(9, value[0, 0])
        self.assertEqual(turned.tobytes(), self.read(view, self.reference(view, 'turned'))[0])
        with self.assertRaises(Refused):
            self.write(view, self.reference(view, 'turned'), b'\x09')
        with self.assertRaises(Refused):
            self.read(view, self.reference(view, 'objects'))
        self.assertEqual(1, len(objects))

    def test_results_of_evaluations(self):
        view = View()
        found = view.evaluate('b"abc" * 2')
        self.assertEqual(b'abcabc', self.read(view, found['memoryReference'])[0])


if __name__ == '__main__':
    unittest.main()
