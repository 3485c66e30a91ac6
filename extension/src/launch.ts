/** What a launch configuration is about, and what F5 makes of a file where there is none. Nothing here needs the editor. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** A launch configuration, as far as it is looked at here. */
export interface Launch {
    type?: string;
    request?: string;
    name?: string;
    cwd?: unknown;
    program?: unknown;
    args?: unknown;
    module?: unknown;
    code?: unknown;
    runtime?: unknown;
    python?: unknown;
    pythonPath?: unknown;
    noDebug?: boolean;
    [attribute: string]: unknown;
}

/** What the editor knows of a file. */
export interface FileToRun {
    readonly path: string;
    /** The editor's name for what it is written in. */
    readonly language: string;
    readonly untitled: boolean;
}

/** Whether it runs a Python program, as the adapter will see it; a directory or zip file is left to that. */
export function isPython(launch: Launch): boolean {
    if (launch.runtime !== undefined && launch.runtime !== null) {
        return launch.runtime === 'python';
    }
    return (
        [launch.module, launch.code].some(isText) || Array.isArray(launch.code) || (isText(launch.program) && /\.py[wcz]?$/i.test(launch.program))
    );
}

/** Whether it names its interpreter itself. */
export function namesInterpreter(launch: Launch): boolean {
    return [launch.python, launch.pythonPath].some(value => value !== undefined && value !== null);
}

/** A configuration for a file; a text says why there is none. */
export function launchOf(file: FileToRun, directory: string | undefined): Launch | string {
    if (file.untitled) {
        return 'Save the file first: a program is started from a file.';
    }
    const common = { type: 'gantry', request: 'launch', name: path.basename(file.path), cwd: directory ?? path.dirname(file.path) };
    if (file.language === 'python') {
        return { ...common, program: file.path };
    }
    if (isExecutable(file.path)) {
        return { ...common, program: file.path };
    }
    if (file.language === 'shellscript') {
        return { ...common, program: shellOf(file.path), args: [file.path] };
    }
    return (
        `${path.basename(file.path)} is no program that can be started: it is neither Python nor executable. ` +
        "Add a configuration to launch.json whose 'program' names the one to run."
    );
}

function isText(value: unknown): value is string {
    return typeof value === 'string' && value !== '';
}

function isExecutable(file: string): boolean {
    if (process.platform === 'win32') {
        return /\.(exe|com|bat|cmd)$/i.test(file);
    }
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}

/** The interpreter that a script names in its first line; `sh` without one. */
function shellOf(file: string): string {
    const first = /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(readStart(file));
    if (!first) {
        return 'sh';
    }
    return path.basename(first[1] ?? '') === 'env' ? (first[2] ?? 'sh') : (first[1] ?? 'sh');
}

function readStart(file: string): string {
    try {
        const descriptor = fs.openSync(file, 'r');
        try {
            const bytes = Buffer.alloc(256);
            return bytes.toString('utf8', 0, fs.readSync(descriptor, bytes));
        } finally {
            fs.closeSync(descriptor);
        }
    } catch {
        return '';
    }
}
