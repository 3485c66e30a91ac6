/** What a user does, and sees. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { VsCode, until } from './vscode';

type Scenario = (code: VsCode) => Promise<void>;

const MAIN = `import sys


def work(count):
    total = 0
    for number in range(count):
        total += number
    return total


print("hello from main")
answer = work(5)
name = input("your name? ")
print("hi", name, answer)
sys.exit(3)
`;

/** F5 without a launch.json; everything that one looks at when a program stands still. */
const debug: Scenario = async code => {
    const { page } = code;
    code.write('main.py', MAIN);
    await code.open('main.py');
    await code.breakpoint(8);
    await code.start();
    await code.stopped('Paused on breakpoint');
    const variables = code.pane('Variables');
    await variables.locator('.monaco-list-row', { hasText: /total\s*=\s*10/ }).waitFor();
    await code.pane('Call Stack').locator('.monaco-list-row', { hasText: 'work' }).first().waitFor();
    await code.shot('breakpoint');

    const watch = await code.expand('Watch');
    await watch.locator('.pane-header').hover();
    await watch.locator('.codicon-watch-expressions-add').click();
    await page.keyboard.type('total * 2');
    await code.press('Enter');
    await watch.locator('.monaco-list-row', { hasText: /total \* 2:?\s*=?\s*20/ }).waitFor();

    await page.locator('.view-line', { hasText: 'return total' }).locator('span', { hasText: /^total$|total/ }).last().hover();
    await page.locator('.debug-hover-widget, .monaco-hover', { hasText: '10' }).first().waitFor();
    await code.shot('hover');
    await code.press('Escape');

    await variables.locator('.monaco-list-row', { hasText: /total\s*=\s*10/ }).dblclick();
    const input = variables.locator('input');
    await input.waitFor();
    await input.fill('37');
    await code.press('Enter');
    await variables.locator('.monaco-list-row', { hasText: /total\s*=\s*37/ }).waitFor();

    await code.type('total + count');
    await code.console('42');
    await code.press('F10');
    await code.stopped('Paused on step');
    await code.pane('Call Stack').locator('.monaco-list-row', { hasText: '<module>' }).first().waitFor();
    await code.goOn('Paused on step');
    await code.console('your name?');
    await code.type('Ada');
    await code.console('hi Ada 37');
    await code.console(/exit code 3/);
    await code.ended();
    await code.shot('exit-code');
};

/** Stop asks first: a handler of SIGINT has the time that it needs. */
const stop: Scenario = async code => {
    const farewell = path.join(code.folder, 'farewell');
    code.write(
        'patient.py',
        `import signal, sys, time


def end(number, frame):
    time.sleep(0.5)
    open("farewell", "w").write("ended in order")
    print("put away")
    sys.exit(7)


signal.signal(signal.SIGINT, end)
print("ready")
while True:
    time.sleep(0.1)
`,
    );
    await code.open('patient.py');
    await code.start();
    await code.console('ready');
    await code.press('Shift+F5');
    await code.console('put away');
    await code.ended();
    await until('the file of the handler', () => fs.existsSync(farewell));
    assert.equal(fs.readFileSync(farewell, 'utf8'), 'ended in order');
    await code.console(/exit code 7/);
    await code.shot('stop');
};

const restart: Scenario = async code => {
    code.write('again.py', 'import os, time\nprint("pid", os.getpid())\nopen("runs", "a").write("x")\ntime.sleep(600)\n');
    const runs = path.join(code.folder, 'runs');
    await code.open('again.py');
    await code.start();
    await until('the first run', () => fs.existsSync(runs) && fs.readFileSync(runs, 'utf8') === 'x');
    await code.press('Control+Shift+F5');
    await until('the second run', () => fs.readFileSync(runs, 'utf8') === 'xx');
    await code.console('pid');
    await code.press('Shift+F5');
    await code.ended();
};

const terminal: Scenario = async code => {
    code.write('typed.py', 'open("asks", "w")\nname = input("who? ")\nprint("terminal of", name)\nmarked = len(name)\nopen("typed", "w").write(name)\n');
    await code.open('typed.py', { program: '${file}', console: 'integratedTerminal' });
    await code.breakpoint(4);
    await code.start();
    // Another terminal may be there, and shown until ours is.
    await until('the program', () => fs.existsSync(path.join(code.folder, 'asks')));
    const screen = code.page.locator('.terminal.xterm:visible');
    await screen.waitFor();
    await screen.click();
    await code.page.keyboard.type('Grace');
    await code.press('Enter');
    await code.stopped('Paused on breakpoint');
    await code.pane('Variables').locator('.monaco-list-row', { hasText: /name\s*=\s*'Grace'/ }).waitFor();
    await code.shot('terminal');
    await code.goOn('Paused on breakpoint');
    await code.ended();
    assert.equal(fs.readFileSync(path.join(code.folder, 'typed'), 'utf8'), 'Grace');
};

/** A crash is more than a line in the console. */
const crash: Scenario = async code => {
    code.write('crash.py', 'import os, signal\nprint("before")\nos.kill(os.getpid(), signal.SIGSEGV)\n');
    await code.open('crash.py');
    await code.start();
    await code.page.locator('.notification-toast', { hasText: /killed by SIGSEGV/ }).waitFor();
    await code.console(/killed by SIGSEGV/);
    await code.shot('crash');
    await code.ended();
};

/** What a program has started is seen, and can be signalled. */
const processes: Scenario = async code => {
    code.write(
        'family.py',
        `import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("child", child.pid)
print("child ended with", child.wait())
`,
    );
    await code.open('family.py');
    await code.start();
    await code.console(/child \d+/);
    const pane = await code.expand('Processes');
    const child = pane.locator('.monaco-list-row', { hasText: 'time.sleep' });
    await child.first().waitFor();
    await pane.locator('.monaco-list-row', { hasText: 'family.py' }).first().waitFor();
    await code.shot('processes');
    await child.last().click({ button: 'right' });
    await code.page.locator('.monaco-menu .action-label', { hasText: 'End (SIGTERM)' }).hover();
    await code.press('Enter');
    await code.console('child ended with -15');
    await code.ended();
};

/** What cannot start is said in one clear sentence, and nothing is left running. */
const mistake: Scenario = async code => {
    code.write('any.py', 'pass\n');
    await code.open('any.py', { program: '${workspaceFolder}/missing.py' });
    await code.start();
    await code.page.locator('.dialog-shadow, .notification-toast', { hasText: 'missing.py' }).first().waitFor();
    await code.shot('launch-error');
    await code.press('Escape');
    await code.ended();
};

/** Programs that are not Python. */
const programs: Scenario = async code => {
    code.write('hello.c', '#include <stdio.h>\nint main(void) { puts("from C"); return 9; }\n');
    execFileSync('cc', ['-o', 'hello', 'hello.c'], { cwd: code.folder });
    await code.open('hello.c', { program: '${workspaceFolder}/hello' });
    await code.start();
    await code.console('from C');
    await code.console(/exit code 9/);
    await code.ended();
    code.write('hello.sh', '#!/bin/sh\necho "from a shell"\nread line\necho "got $line"\nexit 4\n');
    await code.open('hello.sh');
    await code.start();
    await code.console('from a shell');
    await code.type('a line');
    await code.console('got a line');
    await code.console(/exit code 4/);
    await code.ended();
    await code.shot('shell');
};

export const SCENARIOS: Readonly<Record<string, Scenario>> = { debug, stop, restart, terminal, crash, processes, mistake, programs };
