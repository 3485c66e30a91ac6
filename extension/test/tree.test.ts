import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProcessElements, bytes, rowsOf } from '../src/tree';

const target = { pid: 10, parentPid: 1, state: 'S', command: '/usr/bin/python3 -u main.py', residentBytes: 10 << 20, cpuSeconds: 1 };
const child = { pid: 12, parentPid: 10, state: 'R', command: 'sleep 60', residentBytes: 512, cpuSeconds: 0 };
const stray = { pid: 9, parentPid: 1, state: 'R', command: '', residentBytes: 0, cpuSeconds: 0 };

test('a child is below its parent, and who has none here is beside the target', () => {
    const rows = rowsOf([target, child, stray], [], 0);
    assert.deepEqual(rows.map(row => row.pid), [10, 9]);
    assert.deepEqual(rows[0]?.children.map(row => row.name), ['sleep 60']);
    assert.equal(rows[0]?.name, 'python3 -u main.py');
    assert.equal(rows[0]?.description, '10 · 10.0 MiB');
    assert.equal(rows[1]?.name, '(unknown)');
});

test('the share of the processor is that since the last look', () => {
    const before = rowsOf([target, child], [], 1000);
    const rows = rowsOf([{ ...target, cpuSeconds: 1.5 }, { ...child, cpuSeconds: 2 }], before, 2000);
    assert.equal(rows[0]?.description, '10 · 50 % · 10.0 MiB');
    assert.equal(rows[0]?.children[0]?.description, '12 · 200 % · 512 B');
});

test('a number that another process has now has no share yet', () => {
    const before = rowsOf([{ ...target, cpuSeconds: 5 }], [], 1000);
    assert.equal(rowsOf([target], before, 2000)[0]?.description, '10 · 10.0 MiB');
});

test('a command is named by its files, and not for long', () => {
    const name = (command: string): string | undefined => rowsOf([{ ...target, command }], [], 0)[0]?.name;
    assert.equal(name('/usr/bin/python3 /home/me/work/main.py --out /tmp/'), 'python3 main.py --out tmp/');
    assert.equal(name('C:\\Python\\python.exe C:\\work\\main.py'), 'python.exe main.py');
    assert.equal(name(`/bin/sh -c ${'x'.repeat(90)}`)?.length, 40);
});

test('sizes are read easily', () => {
    assert.deepEqual([0, 1023, 1024, 1536, 150 * 1024, 3 * 2 ** 40].map(bytes), ['0 B', '1023 B', '1.0 KiB', '1.5 KiB', '150 KiB', '3.0 TiB']);
});

test('a process keeps its element: a command comes with the element that was clicked', () => {
    const elements = new ProcessElements();
    elements.update(rowsOf([target, child], [], 0));
    const [shown] = elements.roots;
    assert.ok(shown);
    const [below] = elements.children(shown);
    assert.equal(elements.update(rowsOf([{ ...target, residentBytes: 1 }, child, { ...child, pid: 13 }], [], 0)), true);
    assert.equal(elements.roots[0], shown);
    assert.equal(shown.row.description, '10 · 1 B');
    assert.equal(elements.children(shown)[0], below);
    assert.equal(elements.children(shown).length, 2);
    elements.update(rowsOf([{ ...target, cpuSeconds: 0.5 }], [], 0));
    assert.notEqual(elements.roots[0], shown);
    assert.equal(elements.update(rowsOf([stray], [], 0)), false);
    assert.deepEqual(elements.roots.map(element => element.row.pid), [9]);
});
