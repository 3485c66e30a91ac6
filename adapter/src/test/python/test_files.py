"""Identity of files, whose code they are, sources without files, modules."""
import marshal
import os
import py_compile
import subprocess
import sys
import time
import types
import unittest
import zipfile

from gantry_agent import library, paths, positions, texts
from gantry_agent.values import Refused
from small_engine import Agent, Case, run


class Identity(Case):
    def test_spellings_of_one_file(self):
        path = self.write('sub/a.py', 'x = 1\n')
        os.symlink(path, os.path.join(self.place, 'link.py'))
        os.symlink(os.path.join(self.place, 'sub'), os.path.join(self.place, 'dir'))
        for name in ('sub/a.py', './sub/../sub/a.py', 'link.py', 'dir/a.py', os.path.join(self.place, 'dir', 'a.py')):
            self.assertEqual(path, self.agent.files.key(name), name)
        self.assertNotEqual(path, self.agent.files.key('a.py'))

    def test_a_file_system_that_folds_case(self):
        path = self.write('Mod.py', 'x = 1\n')
        other = os.path.join(self.place, 'mod.py')
        os.link(path, other)  # what a folding file system shows: the same file under both names
        self.assertEqual(self.agent.files.key(path), self.agent.files.key(other))
        third = self.write('MOD2.py', 'x = 1\n')
        fourth = self.write('mod2.py', 'x = 1\n')
        self.assertNotEqual(self.agent.files.key(third), self.agent.files.key(fourth))

    def test_a_path_that_does_not_exist_or_is_no_path(self):
        self.assertEqual(os.path.join(self.place, 'no.py'), self.agent.files.key('no.py'))
        self.assertEqual('<string>', self.agent.files.key('<string>'))
        self.assertTrue(self.agent.files.key('a\0b'))

    def test_paths_are_reported_as_the_client_names_them(self):
        path = self.write('real.py', 'x = 1\n')
        link = os.path.join(self.place, 'link.py')
        os.symlink(path, link)
        code = compile('x = 1\n', link, 'exec')
        self.assertEqual(link, self.agent.files.source(code)['path'])
        self.agent.files.configure(resolve_symlinks=True)
        self.assertEqual(path, self.agent.files.source(code)['path'])
        self.set('real.py', 1)
        self.assertEqual('real.py', self.agent.files.source(code)['path'])

    def test_frozen_modules_are_shown_by_their_source(self):
        if sys.version_info < (3, 11):
            self.skipTest('frozen without a file')
        code = compile('def join(): pass', '<frozen posixpath>', 'exec')
        source = self.agent.files.source(code)
        self.assertEqual('frozen', source['origin'])
        self.assertTrue(source['path'].endswith('posixpath.py') and os.path.exists(source['path']))
        self.assertNotIn('sourceReference', source)
        self.assertEqual('deemphasize', source['presentationHint'])
        found = self.table.set_source({'source': {'path': source['path']}, 'breakpoints': [{'line': 80}]})[0]
        self.assertTrue(found['verified'])
        package = self.agent.files.source(compile('1', '<frozen importlib>', 'exec'))
        self.assertTrue(package['path'].endswith('__init__.py'))

    def test_members_of_a_zip_archive(self):
        for kind in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            archive = os.path.join(self.place, 'app%d.zip' % kind)
            with zipfile.ZipFile(archive, 'w', kind) as stream:
                stream.writestr('pkg/__init__.py', '')
                stream.writestr('pkg/mod.py', 'a = 1\n\nb = (\n  2)\n')
            path = os.path.join(archive, 'pkg', 'mod.py')
            found = self.set(path, 2)[0]
            self.assertEqual((True, 3), (found['verified'], found['line']))
            sys.path.insert(0, archive)
            try:
                import importlib
                importlib.invalidate_caches()
                stops = run(self.agent, compile('import pkg.mod', '<go>', 'exec'), {'__name__': 'go'})
                code = compile('1', path, 'exec')
            finally:
                sys.path.remove(archive)
                for name in ('pkg', 'pkg.mod'):
                    sys.modules.pop(name, None)
            self.assertEqual(1, len(stops))
            source = self.agent.files.source(code)
            self.assertEqual('zip ' + os.path.basename(archive), source['origin'])
            body = self.agent.files.source_request({'source': source, 'sourceReference': source['sourceReference']})
            self.assertEqual('a = 1\n\nb = (\n  2)\n', body['content'])

    def test_reading_a_zip_loads_nothing_into_the_program(self):
        archive = os.path.join(self.place, 'a.zip')
        with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as stream:
            stream.writestr('m.py', 'x = 1\n' * 100)
        program = ('import sys\nbefore = None\nfrom gantry_agent import texts, private\nbefore = set(sys.modules)\n'
                   'assert texts.read_bytes(sys.argv[1] + "/m.py").startswith(b"x = 1")\nprint(sorted(set(sys.modules) - before))')
        done = subprocess.run([sys.executable, '-c', program, archive], stdout=subprocess.PIPE, timeout=60, env=dict(os.environ))
        self.assertEqual('[]', done.stdout.decode().strip())


class Paths(Case):
    def test_they_are_those_of_os_path(self):
        self.write('a/b/c.py', '')
        os.symlink('a/b', os.path.join(self.place, 'l'))
        os.symlink(os.path.join(self.place, 'a'), os.path.join(self.place, 'm'))
        os.symlink('n', os.path.join(self.place, 'n'))
        before = os.getcwd()
        os.chdir(self.place)
        self.addCleanup(os.chdir, before)
        for path in ('', '/', '.', '..', 'a', 'a/', 'a/b/c.py', 'l/c.py', 'm/b/../b/c.py', 'l/../b', '/a//b/../c', '//x', 'n', 'n/x', 'no/such', '/..', '../x',
                     self.place + '/l/c.py', self.place + '/m/./b//'):
            for name in ('realpath', 'normpath', 'dirname', 'basename', 'isabs', 'exists', 'isfile', 'isdir'):
                if (name, path) in (('realpath', '//x'), ('normpath', '//x'), ('dirname', '//x'), ('realpath', 'n'), ('realpath', 'n/x')):
                    continue  # two leading slashes and circles
                self.assertEqual(getattr(os.path, name)(path), getattr(paths, name)(path), (name, path))
            self.assertEqual(os.path.join('/x', path), paths.join('/x', path))
        self.assertEqual(os.path.dirname(os.__file__), paths.standard_library())

    def test_what_the_program_puts_in_their_place_does_not_matter(self):
        path = self.write('a.py', 'x = 1\n')
        names = [(os, 'stat'), (os, 'lstat'), (os, 'getcwd'), (os.path, 'realpath'), (os.path, 'join'), (os.path, 'exists'), (os, 'fspath')]
        before = [(where, name, getattr(where, name)) for where, name in names]

        def broken(*_):
            raise RuntimeError('not mine')
        try:
            for where, name, _ in before:
                setattr(where, name, broken)
            found = self.table.set_source({'source': {'path': path}, 'breakpoints': [{'line': 1}]})
            source = self.agent.files.source(compile('1', path, 'exec'))
            user = self.agent.files.is_user(compile('1', path, 'exec'))
        finally:
            for where, name, function in before:
                setattr(where, name, function)
        self.assertEqual((True, path, True), (found[0]['verified'], source['path'], user))


class WithoutFiles(Case):
    def content(self, code):
        source = self.agent.files.source(code)
        return self.agent.files.source_request({'source': source, 'sourceReference': source.get('sourceReference')})['content']

    def test_text_of_the_command_line(self):
        text = 'def f():\n    return 1\nf()\n'
        code = compile(text, '<string>', 'exec')
        self.agent.files.note_text(code, text, '<code -c>')
        inner = [each for each in positions.walk(code)][1]
        self.assertEqual(text, self.content(inner))
        source = self.agent.files.source(inner)
        self.assertEqual('code -c', source['origin'])
        self.assertNotIn('presentationHint', source)
        found = self.table.set_source({'source': {'name': '<code -c>', 'sourceReference': source['sourceReference']}, 'breakpoints': [{'line': 2}]})
        self.assertTrue(found[0]['verified'])
        self.assertEqual([2], [line for line, _ in run(self.agent, code, {})])

    def test_text_that_the_program_keeps_in_linecache(self):
        import linecache
        name, text = '<ipython-input-7-abc>', 'a = 1\nb = 2\n'
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
        try:
            code = compile(text, name, 'exec')
            self.assertEqual(text, self.content(code))
            self.assertTrue(self.agent.files.is_user(code))
            self.assertTrue(self.set(name, 2)[0]['verified'])
            self.assertEqual([2], [line for line, _ in run(self.agent, code, {})])
            name = os.path.join(self.place, 'ipykernel_1', '123.py')
            linecache.cache[name] = (len(text), None, text.splitlines(True), name)
            self.assertEqual(text, self.content(compile(text, name, 'exec')))
        finally:
            linecache.cache.clear()

    def test_examples_of_doctest(self):
        import doctest
        seen = []

        def look():
            code = sys._getframe(1).f_code
            seen.append((code.co_filename, self.content(code)))
        test = doctest.DocTestParser().get_doctest('>>> 1\n1\n>>> look()\n', {'look': look}, 'mine', None, 0)
        doctest.DocTestRunner().run(test)
        self.assertEqual([('<doctest mine[1]>', 'look()\n')], seen)

    def test_code_without_text_is_listed(self):
        space = {}
        exec('def f():\n    return 42\n', space)
        text = self.content(space['f'].__code__)
        self.assertIn('No source text of f from <string>', text)
        self.assertIn('RETURN', text)
        other = {}
        exec('def g():\n    return 43\n', other)
        self.assertIn('43', self.content(other['g'].__code__))

    def test_a_compiled_file_without_its_source(self):
        path = os.path.join(self.place, 'gone.py')
        source = self.agent.files.source(compile('x = 1\n', path, 'exec'))
        self.assertEqual(path, source['path'])
        self.assertIn('instructions', self.agent.files.source_request({'sourceReference': source['sourceReference']})['content'])

    def test_an_unknown_reference_is_refused(self):
        with self.assertRaises(Refused) as caught:
            self.agent.files.source_request({'sourceReference': 99})
        self.assertIn('earlier run', str(caught.exception))
        with self.assertRaises(Refused):
            self.agent.files.source_request({'source': {'path': '/nowhere/at/all.py'}})


class WhoseCode(Case):
    def user(self, name, *rules, **more):
        self.agent.files.configure(more.get('just_my_code', True), rules)
        return self.agent.files.is_user(compile('1', name, 'exec'))

    def test_the_library_is_not_the_users(self):
        os_file = os.__file__
        for name in (os_file, os.path.join(os.path.dirname(os_file), 'json', 'decoder.py'), '<frozen importlib._bootstrap>', '<frozen os>', '<string>',
                     os.path.join(self.place, '.venv', 'lib', 'python3.9', 'site-packages', 'x', 'y.py'), unittest.__file__,
                     '/usr/lib/python3/dist-packages/apt/x.py', '<gantry_agent/core.py>', '<attrs generated init x>'):
            self.assertFalse(self.user(name), name)
        for name in (os.path.join(self.place, 'a.py'), 'a.py', '/opt/thing/lib/b.py', '<ipython-input-1>', '<stdin>'):
            self.assertTrue(self.user(name), name)

    def test_the_main_program_is_the_users_wherever_it_is(self):
        path = self.write('site-packages/tool.py', 'x = 1\n')
        self.assertFalse(self.user(path))
        self.agent.files.set_main(path)
        self.assertTrue(self.user(path))

    def test_all_is_the_users_without_just_my_code(self):
        self.assertTrue(self.user(os.__file__, just_my_code=False))
        self.assertTrue(self.user('<string>', just_my_code=False))
        self.assertFalse(self.user('<frozen importlib._bootstrap>', just_my_code=False))
        self.assertFalse(self.user(os.path.join(self.place, 'x', 'a.py'), {'path': os.path.join(self.place, 'x'), 'include': False}, just_my_code=False))

    def test_rules_of_paths(self):
        packages = os.path.join(self.place, 'site-packages')
        inner = os.path.join(packages, 'mine', 'a.py')
        self.assertTrue(self.user(inner, {'path': packages + '/mine', 'include': True}))
        self.assertFalse(self.user(inner, {'path': packages + '/mine', 'include': True}, {'path': packages + '/mine/a.py', 'include': False}))
        self.assertFalse(self.user(os.path.join(self.place, 'gen', 'b', 'c.py'), {'path': '**/gen/**', 'include': False}))
        self.assertTrue(self.user(os.path.join(self.place, 'general', 'c.py'), {'path': '**/gen/**', 'include': False}))
        self.assertFalse(self.user(os.path.join(self.place, 'x', 'c_pb2.py'), {'path': '*_pb2.py', 'include': False}))
        self.assertFalse(self.user(os.path.join(self.place, 'x', 'c.py'), {'path': 'x/*.py', 'include': False}))
        self.assertTrue(self.user(os.path.join(self.place, 'x', 'y', 'c.py'), {'path': 'x/*.py', 'include': False}))
        self.assertTrue(self.user(os.path.join(self.place, 'x', 'y', 'c.py'), {'nonsense': 1}, 7))

    def test_rules_of_modules(self):
        path = self.write('mod.py', 'x = 1\n')
        for name in ('some_pkg', 'some_pkg.mod'):
            module = types.ModuleType(name)
            module.__file__ = path
            sys.modules[name] = module
            self.addCleanup(sys.modules.pop, name, None)
        self.assertFalse(self.user(path, {'module': 'some_pkg', 'include': False}))
        self.assertTrue(self.user(path, {'module': 'some_pk', 'include': False}))
        self.assertTrue(self.user(unittest.case.__file__, {'module': 'unittest', 'include': True}))

    def test_patterns(self):
        for pattern, path, wanted in (('/a/*/c', '/a/b/c', True), ('/a/*/c', '/a/b/d/c', False), ('/a/**/c', '/a/c', True), ('/a/**/c', '/a/b/d/c/e.py', True),
                                      ('**/x', '/x', True), ('/a/b[0-9].py', '/a/b7.py', True), ('/a/b[!0-9].py', '/a/b7.py', False), ('/a/?', '/a/bc', False),
                                      ('/a/b?d*', '/a/bcdef', True), ('/a/**', '/a', True), ('/a', '/ab', False), ('/a/*b*c', '/a/xbxbxc', True)):
            self.assertEqual(wanted, library.matches_path(pattern, path), (pattern, path))

    def test_the_decision_is_cheap_once_made(self):
        code, is_user = compile('1', os.__file__, 'exec'), self.agent.files.is_user
        is_user(code)
        begun = time.perf_counter()
        for _ in range(100000):
            is_user(code)
        self.assertLess((time.perf_counter() - begun) / 100000, 5e-6)


class Modules(Case):
    def module(self, name, **names):
        module = types.ModuleType(name)
        module.__dict__.update(names)
        sys.modules[name] = module
        self.addCleanup(sys.modules.pop, name, None)
        return module

    def test_modules_are_paged(self):
        path = self.write('one.py', 'x = 1\n')
        self.module('gantry_test_one', __file__=path, __version__='1.2', __package__='gantry_test')
        catalog = self.agent.files.catalog
        every = catalog.modules({})
        self.assertEqual(every['totalModules'], len(every['modules']))
        one = [each for each in every['modules'] if each['name'] == 'gantry_test_one'][0]
        self.assertEqual((path, True, '1.2', 'gantry_test'), tuple(one[name] for name in ('path', 'isUserCode', 'version', 'package')))
        page = catalog.modules({'startModule': 3, 'moduleCount': 2})
        self.assertEqual([each['id'] for each in every['modules'][3:5]], [each['id'] for each in page['modules']])
        self.assertFalse([each for each in every['modules'] if each['name'].startswith('gantry_agent.')])

    def test_looking_at_modules_runs_nothing(self):
        class Lazy(types.ModuleType):
            def __getattribute__(self, name):
                raise AssertionError('looked at ' + name)

            def __getattr__(self, name):
                raise AssertionError('looked at ' + name)
        sys.modules['gantry_test_lazy'] = Lazy('gantry_test_lazy')
        sys.modules['gantry_test_none'] = None
        self.addCleanup(sys.modules.pop, 'gantry_test_lazy', None)
        self.addCleanup(sys.modules.pop, 'gantry_test_none', None)
        self.assertTrue([each for each in self.agent.files.catalog.modules({})['modules'] if each['name'] == 'gantry_test_lazy'])

    def test_loaded_sources(self):
        path = self.write('two.py', 'x = 1\n')
        self.module('gantry_test_two', __file__=path)
        self.module('gantry_test_three', __file__=path)
        found = [each for each in self.agent.files.catalog.loaded_sources()['sources'] if each.get('path') == path]
        self.assertEqual([{'name': 'two.py', 'path': path}], found)

    def test_events_tell_of_the_users_modules_once(self):
        path = self.write('three.py', 'x = 1\n')
        catalog = self.agent.files.catalog
        catalog.announce()
        self.agent.events.clear()
        self.module('gantry_test_four', __file__=path)
        self.module('gantry_test_five', __file__=os.__file__)
        catalog.announce()
        catalog.announce()
        self.assertEqual([('new', 'gantry_test_four')], [(each['reason'], each['module']['name']) for each in self.agent.named('module')])
        self.assertEqual([path], [each['source']['path'] for each in self.agent.named('loadedSource')])
        del sys.modules['gantry_test_four']
        catalog.announce()
        self.assertEqual('removed', self.agent.named('module')[-1]['reason'])


class Texts(Case):
    def test_the_code_of_a_module_comes_from_the_interpreters_cache_where_an_import_would_take_it(self):
        path = self.write('cached.py', 'x = 1\ny = 2\n')
        kept = py_compile.compile(path, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)
        with open(kept, 'rb') as stream:
            head = stream.read(16)
        marked = compile('\n\nx = 1\n', path, 'exec')
        with open(kept, 'wb') as stream:
            stream.write(head + marshal.dumps(marked))
        self.assertEqual({3}, self.agent.files.text(path).stops)
        for bad in (b'0000' + head[4:], head[:4] + b'\1' + head[5:], head[:8] + b'0000' + head[12:], head[:12] + b'0000'):
            with open(kept, 'wb') as stream:
                stream.write(bad + marshal.dumps(marked))
            self.assertEqual({1, 2}, Agent(self.place).files.text(path).stops)
        os.unlink(kept)
        self.assertEqual({1, 2}, Agent(self.place).files.text(path).stops)

    def test_a_text_is_read_again_when_the_file_has_changed(self):
        path = self.write('a.py', 'x = 1\n')
        first = self.agent.files.text(path)
        self.assertIs(first, self.agent.files.text(path))
        self.write('a.py', 'x = 1\ny = 2\n')
        self.assertEqual(2, self.agent.files.text(path).count)

    def test_few_texts_are_kept(self):
        for number in range(50):
            self.agent.files.text(self.write('f%d.py' % number, 'x = 1\n'))
        self.assertEqual(texts.Texts.LIMIT, len(self.agent.files.texts.cache))


if __name__ == '__main__':
    unittest.main()
