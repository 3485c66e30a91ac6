/** The commands of the palette and of the menus. */
import { spawn } from 'node:child_process';
import * as vscode from 'vscode';
import { Adapter } from './adapter';
import { runFile } from './configurations';
import { activeSession } from './requests';
import type { ProcessElement, ProcessRow } from './tree';

/** What programs are commonly asked by, and what each asks for; others can be typed. */
const SIGNALS: readonly (readonly [string, string])[] = [
    ['SIGINT', 'interrupt, as Ctrl+C'],
    ['SIGTERM', 'end in order'],
    ['SIGKILL', 'end at once, without a word'],
    ['SIGHUP', 'the terminal is gone; often: read the configuration again'],
    ['SIGUSR1', "the program's own"],
    ['SIGUSR2', "the program's own"],
    ['SIGQUIT', 'end with a core dump; Java: print all threads'],
    ['SIGSTOP', 'hold'],
    ['SIGCONT', 'go on'],
    ['SIGWINCH', 'the window has another size'],
];
/** The three that are there on every platform. */
const PORTABLE = 3;

export function registerCommands(adapter: Adapter, output: vscode.OutputChannel): vscode.Disposable[] {
    const on = (name: string, body: (argument: never) => unknown): vscode.Disposable =>
        vscode.commands.registerCommand(`gantry.${name}`, body);
    return [
        on('debugFile', (resource?: vscode.Uri) => runFile(resource, false)),
        on('runFile', (resource?: vscode.Uri) => runFile(resource, true)),
        on('sendSignal', () => chooseSignal()),
        on('interrupt', () => signal('SIGINT')),
        on('end', () => signal('SIGTERM')),
        on('terminateNow', () => signal('SIGKILL')),
        on('process.sendSignal', ofProcess(chooseSignal)),
        on('process.interrupt', ofProcess(row => signal('SIGINT', row))),
        on('process.end', ofProcess(row => signal('SIGTERM', row))),
        on('process.terminateNow', ofProcess(row => signal('SIGKILL', row))),
        on('endOfInput', () => request(runningSession(), 'gantry/closeStdin')),
        on('toggleJustMyCode', toggleJustMyCode),
        on('doctor', () => doctor(adapter, output)),
        on('selectJava', selectJava),
        vscode.debug.onDidTerminateDebugSession(session => justMyCode.delete(session.id)),
    ];
}

/**
 * A command of one process in the view. Without the process, which the editor may have lost while the view changed, nothing is signalled: least
 * of all the program.
 */
function ofProcess(body: (row: ProcessRow) => unknown): (element?: ProcessElement) => unknown {
    return element =>
        element ? body(element.row) : vscode.window.showWarningMessage('The list of processes has just changed, and nothing was signalled. Try again.');
}

/** What was switched in a session; before that it is as its configuration says. */
const justMyCode = new Map<string, boolean>();

async function toggleJustMyCode(): Promise<void> {
    const session = runningSession();
    if (!session) {
        return;
    }
    const on = !(justMyCode.get(session.id) ?? session.configuration['justMyCode'] !== false);
    if (await request(session, 'gantry/justMyCode', { justMyCode: on })) {
        justMyCode.set(session.id, on);
        void vscode.window.setStatusBarMessage(`Just my code: ${on ? 'on' : 'off'}`, 4000);
    }
}

async function chooseSignal(row?: ProcessRow): Promise<void> {
    const session = runningSession();
    if (!session) {
        return;
    }
    const known = process.platform === 'win32' ? SIGNALS.slice(0, PORTABLE) : SIGNALS;
    const other = 'Another…';
    const items = known.map(([label, description]) => ({ label, description }));
    const title = row ? `Send a signal to ${row.name} (${row.pid})` : 'Send a signal to the program';
    const choice = await vscode.window.showQuickPick([...items, { label: other, description: 'a name or a number' }], { title });
    const name =
        choice?.label === other ? await vscode.window.showInputBox({ title, prompt: 'Its name, SIGUSR1, or its number' }) : choice?.label;
    if (name?.trim()) {
        await signal(name.trim(), row, session);
    }
}

async function signal(name: string, row?: ProcessRow, session = runningSession()): Promise<void> {
    await request(session, 'gantry/signal', row ? { signal: name, pid: row.pid } : { signal: name });
}

/** Whether it was answered; if not, the user has been told why. */
async function request(session: vscode.DebugSession | undefined, name: string, body?: object): Promise<boolean> {
    try {
        await session?.customRequest(name, body);
        return session !== undefined;
    } catch (error) {
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
        return false;
    }
}

/** Without one, the user is told so. */
function runningSession(): vscode.DebugSession | undefined {
    const session = activeSession();
    if (!session) {
        void vscode.window.showInformationMessage('No program runs under Gantry now.');
    }
    return session;
}

/** What `gantry doctor` finds, in the output channel. */
function doctor(adapter: Adapter, output: vscode.OutputChannel): void {
    const { command, args, env } = adapter.command('doctor');
    output.clear();
    output.show(true);
    const child = spawn(command, [...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => output.append(text));
    }
    child.on('error', error => output.appendLine(`gantry doctor cannot be run: ${error.message}`));
    child.on('close', (code, signal) => {
        if (code !== 0) {
            output.appendLine(`gantry doctor ended with ${signal ?? `exit code ${code}`}.`);
        }
    });
}

async function selectJava(): Promise<void> {
    const chosen = await vscode.window.showOpenDialog({
        canSelectFolders: true,
        canSelectFiles: false,
        canSelectMany: false,
        title: 'The directory of a Java, 17 or later',
        openLabel: 'Use This Java',
    });
    const directory = chosen?.[0];
    if (directory) {
        await vscode.workspace.getConfiguration('gantry').update('java', directory.fsPath, vscode.ConfigurationTarget.Global);
    }
}
