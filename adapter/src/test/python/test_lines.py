"""Where a requested line or column goes: gantry_agent.lines over texts, without a process."""
import os
import sys
import time
import unittest
import warnings

from gantry_agent import lines, texts


def place(source, line, column=None):
    found = lines.resolve(texts.Text(source), line, column)
    if isinstance(found, lines.Refusal):
        return found.message
    return found.line


class Lines(unittest.TestCase):
    def at(self, source, expected):
        text = texts.Text(source)
        for line, wanted in expected.items():
            found = lines.resolve(text, line)
            self.assertEqual(wanted, getattr(found, 'line', found.message), 'line %d' % line)

    def test_a_line_with_code_is_itself(self):
        self.at('a = 1\nb = 2\n', {1: 1, 2: 2})

    def test_blank_lines_and_comments_move_to_the_next_line_that_can_stop(self):
        self.at('\n# comment\n\na = 1\n\n    # indented\nb = 2\n', {1: 4, 2: 4, 3: 4, 4: 4, 5: 7, 6: 7})

    def test_a_line_inside_a_statement_goes_to_its_first_line(self):
        self.at('x = [\n    1,\n    2,\n]\ny = (\n    f(1) +\n    f(2)\n)\n', {2: 1, 3: 1, 4: 1, 5: 5, 6: 5, 7: 5, 8: 5})

    def test_strings_and_backslashes_over_several_lines(self):
        self.at('x = """a\nb\nc"""\ny = 1 + \\\n    2\n', {2: 1, 3: 1, 5: 4})

    def test_docstrings_have_no_code_in_functions(self):
        self.at('def f():\n    """one\n    two"""\n    return 1\n', {2: 4, 3: 4, 4: 4})

    def test_else_and_finally_go_to_the_first_statement_below(self):
        self.at('if a:\n    b\nelse:\n    c()\ntry:\n    d()\nfinally:\n    e()\n', {3: 4, 7: 8})

    def test_headers_over_several_lines(self):
        self.at('def f(\n    a,\n    b=1,\n):\n    return a\nif (\n    f(1)\n    and f(2)\n):\n    f(3)\n', {2: 1, 3: 1, 4: 1, 7: 6, 8: 6, 9: 6, 10: 10})

    def test_a_comment_between_header_and_body_goes_to_the_body(self):
        self.at('def f(a):\n    # here\n\n    return a\n', {2: 4, 3: 4})

    def test_decorators_can_stop(self):
        self.at('@d\n@e(\n  1)\ndef f():\n    return 1\n', {1: 1, 2: 2, 3: 2, 4: 4})

    def test_a_lambda_or_comprehension_on_lines_of_its_own_can_stop(self):
        self.at('x = [\n    f(i)\n    for i in y\n]\nz = g(\n    lambda a:\n        a + 1\n)\n', {1: 1, 2: 2, 3: 1, 6: 5, 7: 7})

    def test_after_the_end_is_refused(self):
        self.assertIn('after the end of the file, which has 2 lines', place('a = 1\nb = 2\n', 3))
        self.assertIn('after the end', place('a = 1', 99))
        self.assertIn('no code at line 2', place('a = 1\n# last\n', 2))
        self.assertIn('no code', place('', 1))

    def test_a_syntax_error_is_the_reason(self):
        self.assertIn('(line 2)', place('a = 1\nb = = 2\n', 1))
        self.assertIn('cannot be compiled', place('a = 1\0\n', 1))

    def test_code_that_was_optimised_away_is_moved(self):
        self.assertEqual(3, place('if 0:\n    a()\nb = 1\n', 2))

    def test_several_kinds_of_line_ends_form_feed_and_tabs(self):
        for data in (b'a = 1\r\n\r\nif a:\r\n\tb = 2\r\n', b'a = 1\r\rif a:\r\tb = 2\r', b'a = 1\n\x0c\nif a:\n\tb = 2\n'):
            text = texts.Text(texts.decode(data))
            self.assertEqual([1, 3, 3, 4], [lines.resolve(text, line).line for line in (1, 2, 3, 4)])

    def test_encodings(self):
        self.assertEqual("x = '\xe9'", texts.decode("# -*- coding: latin-1 -*-\nx = '\xe9'".encode('latin-1')).split('\n')[1])
        self.assertEqual("x = '\u20ac'", texts.decode("#!python\n# vim: set fileencoding=cp1252 :\nx = '\u20ac'".encode('cp1252')).split('\n')[2])
        self.assertEqual('x = 1', texts.decode(b'\xef\xbb\xbfx = 1'))
        self.assertEqual(1, place(texts.decode(b'\xef\xbb\xbf# coding: utf-8\nx = 1'), 1) - 1)
        for data in (b'# coding: nonsense\n', b'x = "\xff"\n'):
            with self.assertRaises(SyntaxError):
                texts.decode(data)

    def test_match_statements(self):
        if sys.version_info < (3, 10):
            self.skipTest('no match statement')
        self.at('match f(1):\n    case 1:\n        a = 1\n    # other\n    case [b, *_] if b:\n        a = 2\n', {1: 1, 2: 2, 3: 3, 4: 5, 6: 6})

    def test_compiling_warns_nobody(self):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter('error')
            before = list(warnings.filters)
            self.assertEqual(1, place('a = "\\d"\nb = a is 1\n', 1))
            self.assertEqual(before, warnings.filters)
        self.assertEqual([], seen)

    def test_a_literal_of_ten_thousand_lines_takes_bounded_time(self):
        source = 'x = {\n' + ''.join('  "k%d": [%d, "v%d"],\n' % (i, i, i) for i in range(10000)) + '}\ny = 1\n'
        begun = time.perf_counter()
        self.assertEqual(1, place(source, 5000))
        self.assertLess(time.perf_counter() - begun, 3)

    def test_deep_nesting_is_answered(self):
        self.assertTrue(place('x = ' + '(' * 5000 + '1' + ')' * 5000 + '\n', 1))
        self.assertTrue(place('x = ' + '-' * 5000 + '1\n', 1))


class WithoutATree(unittest.TestCase):
    """The statement that a line belongs to, as it is found without the compiler's tree."""

    def simple(self, source, line):
        unit = texts.Text(source).simple(line)
        return unit and (unit.line, unit.end_line)

    def test_a_generated_literal(self):
        source = 'x = [\n' + "    {'for': (1, \"it's\"), 'b': r'\\\\'},  # ({\n" * 1000 + ']\ny = 1\n'
        self.assertEqual((1, 1002), self.simple(source, 500))
        self.assertEqual((1003, 1003), self.simple(source, 1003))

    def test_strings_of_several_lines_hide_what_is_in_them(self):
        source = 'x = """(\n\'\n\\"""\n"""\ny = b\'"""\'\nz = f"""{a}\n}}{{(\n{b}"""\nlast = 1\n'
        for line, wanted in {1: (1, 4), 3: (1, 4), 5: (5, 5), 7: (6, 8), 9: (9, 9)}.items():
            self.assertEqual(wanted, self.simple(source, line))

    def test_what_is_not_plain_is_left_to_the_tree(self):
        for source, line in (('if a:\n    b\n', 1), ('a; b\n', 1), ('a = \\\n    b\n', 1), ('@a\ndef f(): pass\n', 1), ('\n# c\na\n', 2),
                             ('x = [\n    a\n    for a in b]\n', 2), ('x = f(\n    lambda: 1)\n', 2), ("x = [\n f'{[\"\" for a in b]}']\n", 2),
                             ('x = (\n', 1), ('x = "a\n', 1), ('x = )\n', 1)):
            self.assertIsNone(self.simple(source, line), source)

    def test_quotes_within_the_same_quotes(self):
        if sys.version_info >= (3, 12):
            self.assertIsNone(self.simple("x = f'{a['(']}'\ny = 1\n", 2))
        self.assertEqual((2, 2), self.simple("x = f'{a[0]}{{'\ny = 1\n", 2))

    def test_it_says_the_same_as_the_tree_for_the_standard_library(self):
        library, told = os.path.dirname(os.__file__), 0
        for name in ('argparse', 'ast', 'doctest', 'inspect', 'locale', 'pickletools', 'pydoc', 'string', 'tarfile', 'textwrap', 'tokenize'):
            with open(os.path.join(library, name + '.py'), 'rb') as stream:
                text = texts.Text(texts.decode(stream.read()))
            for line in range(1, text.count + 1):
                unit = text.simple(line)
                if unit is not None and lines.can_stop(text, unit):
                    told += 1
                    first = next(each for each in text.syntax.at_line(text.syntax.covering(line).line) if lines.can_stop(text, each))
                    self.assertEqual([(first.kind, first.start(), first.end_line)], [(unit.kind, unit.start(), unit.end_line)], (name, line))
                    self.assertIsNone(lines._nested_on(first, line), (name, line))
        self.assertGreater(told, 1000)


class Columns(unittest.TestCase):
    def at(self, source, line, column):
        found = lines.resolve(texts.Text(source), line, column)
        where = lines.describe(texts.Text(source), found.unit)
        return where['line'], where['column'], where['endColumn']

    def test_several_statements_on_a_line(self):
        source = 'a(); b(1); c()\n'
        self.assertEqual((1, 1, 4), self.at(source, 1, 2))
        self.assertEqual((1, 6, 10), self.at(source, 1, 6))
        self.assertEqual((1, 6, 10), self.at(source, 1, 9))
        self.assertEqual((1, 12, 15), self.at(source, 1, 10))
        self.assertEqual((1, 12, 15), self.at(source, 1, 99))

    def test_bodies_of_lambdas_and_comprehensions(self):
        source = 'z = f(lambda v: v.x); y = [g(i) for i in z]\n'
        self.assertEqual((1, 17, 20), self.at(source, 1, 18))
        self.assertEqual((1, 28, 32), self.at(source, 1, 28))
        self.assertEqual((1, 23, 44), self.at(source, 1, 36))

    def test_columns_count_utf16_units(self):
        source = 'x = "\U0001f600\xe9"; y = 2\n'
        self.assertEqual((1, 12, 17), self.at(source, 1, 12))
        self.assertEqual((1, 1, 10), self.at(source, 1, 3))
        for column in range(1, 12):
            line = source.rstrip('\n')
            index = texts.byte_column(line, column)
            if column != 7:  # in the middle of a pair
                self.assertEqual(column, texts.utf16_column(line, index))

    def test_only_places_are_offered_that_a_breakpoint_gets(self):
        text = texts.Text('h = [lambda: 1, lambda: 2]; k = lambda: (lambda: 3)\nwhile h: h = 0; break\nf(lambda x: x)\n')
        found = lines.locations(text, 1, 3)
        self.assertLessEqual({(1, 1), (1, 29), (2, 1), (2, 10), (3, 1), (3, 13)}, {(each['line'], each['column']) for each in found})
        for each in found:
            place = lines.resolve(text, each['line'], each['column'])
            self.assertTrue(text.can_stop_at(place.unit), each)
            self.assertEqual(each, lines.describe(text, place.unit))

    def test_locations_of_a_range(self):
        text = texts.Text('a(); b()\n# no\nx = [\n  c(i) for i in d\n]\n')
        found = lines.locations(text, 1, 5)
        self.assertEqual([(1, 1), (1, 6), (3, 1), (4, 3)], [(each['line'], each['column']) for each in found])
        self.assertEqual([(1, 6)], [(each['line'], each['column']) for each in lines.locations(text, 1, 1, 3)])
        self.assertEqual([], lines.locations(text, 2, 2))


if __name__ == '__main__':
    unittest.main()
