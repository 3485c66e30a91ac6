import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Launch, isPython, launchOf, namesInterpreter } from '../src/launch';

let root = '';
beforeEach(() => (root = fs.mkdtempSync(path.join(os.tmpdir(), 'gantry-launch-'))));
afterEach(() => fs.rmSync(root, { recursive: true }));

function file(name: string, text: string, mode = 0o644): string {
    const made = path.join(root, name);
    fs.writeFileSync(made, text, { mode });
    return made;
}

function launch(name: string, language: string): Launch {
    const made = launchOf({ path: name, language, untitled: false }, '/work');
    assert.ok(typeof made === 'object');
    return made;
}

test('a Python file is run by the interpreter, whatever its mode', () => {
    const program = file('main.py', 'print(1)', 0o755);
    assert.deepEqual(launch(program, 'python'), { type: 'gantry', request: 'launch', name: 'main.py', cwd: '/work', program });
});

test('without a folder, a program runs where its file is', () => {
    const program = file('main.py', '');
    const made = launchOf({ path: program, language: 'python', untitled: false }, undefined);
    assert.ok(typeof made === 'object');
    assert.equal(made.cwd, root);
});

test('an executable file is the program', () => {
    const program = file('tool', '\x7fELF', 0o755);
    assert.deepEqual(launch(program, 'plaintext'), { type: 'gantry', request: 'launch', name: 'tool', cwd: '/work', program });
});

test('a shell script that is not executable is given to the shell that it names', () => {
    for (const [first, shell] of [['#!/bin/bash', '/bin/bash'], ['#!/usr/bin/env zsh', 'zsh'], ['#! /bin/dash -e', '/bin/dash'], ['echo', 'sh']]) {
        const script = file('run.sh', `${first ?? ''}\necho x\n`);
        const made = launch(script, 'shellscript');
        assert.equal(made.program, shell);
        assert.deepEqual(made.args, [script]);
    }
});

test('what cannot be started says why', () => {
    const why = (path: string, language: string, untitled: boolean): string => {
        const made = launchOf({ path, language, untitled }, undefined);
        assert.ok(typeof made === 'string');
        return made;
    };
    assert.match(why(file('notes.md', 'x'), 'markdown', false), /notes\.md is no program/);
    assert.match(why('Untitled-1', 'python', true), /Save the file/);
});

test('Python targets are told from others', () => {
    for (const yes of [{ program: '/a/b.py' }, { program: 'B.PYW' }, { module: 'm' }, { code: 'x' }, { code: ['x'] }, { program: 'x', runtime: 'python' }]) {
        assert.ok(isPython(yes), JSON.stringify(yes));
    }
    for (const no of [{ program: '/bin/ls' }, { program: 'a.py', runtime: 'process' }, {}, { module: null }]) {
        assert.ok(!isPython(no), JSON.stringify(no));
    }
    assert.ok(namesInterpreter({ pythonPath: 'python3' }));
    assert.ok(!namesInterpreter({ python: null }));
});
