/** Rows of the Processes view, made of what the adapter tells. Nothing here needs the editor. */
import type { ProcessInfo } from './requests';

export interface ProcessRow {
    readonly pid: number;
    readonly name: string;
    /** Number, processor and memory. */
    readonly description: string;
    /** The whole command. */
    readonly tooltip: string;
    readonly sleeping: boolean;
    readonly children: readonly ProcessRow[];
    /** For the next look: processor time so far, in seconds, and when that was, in milliseconds. */
    readonly cpuSeconds: number;
    readonly seenAt: number;
}

/** A process in the view: the same object for as long as it is shown, whatever is known of it. */
export interface ProcessElement {
    readonly row: ProcessRow;
}

/**
 * The elements of the view. The editor names a row by its element; where elements are exchanged, a command that the user gives at that moment
 * comes without one, and nobody knows which process was meant.
 */
export class ProcessElements {
    private shown = new Map<number, { row: ProcessRow }>();
    roots: readonly ProcessElement[] = [];

    /** Takes what is known now. Returns whether the roots are the same: then it is enough to show these anew. */
    update(rows: readonly ProcessRow[]): boolean {
        const before = this.roots;
        const old = this.shown;
        this.shown = new Map();
        for (const row of flatten(rows)) {
            const known = old.get(row.pid);
            const element = known && isSame(known.row, row) ? known : { row };
            element.row = row;
            this.shown.set(row.pid, element);
        }
        this.roots = this.elementsOf(rows);
        return before.length === this.roots.length && before.every((element, at) => element === this.roots[at]);
    }

    children(element: ProcessElement): readonly ProcessElement[] {
        return this.elementsOf(element.row.children);
    }

    private elementsOf(rows: readonly ProcessRow[]): readonly ProcessElement[] {
        return rows.flatMap(row => this.shown.get(row.pid) ?? []);
    }
}

/** Whether a number means the process that it meant before: its processor time never sinks. */
function isSame(before: ProcessRow, now: ProcessRow): boolean {
    return before.name === now.name && before.cpuSeconds <= now.cpuSeconds;
}

const LONGEST_NAME = 40;

/** The letters of proc(5); Windows has none. */
const STATES: Readonly<Record<string, string>> = { R: 'running', S: 'sleeping', D: 'waiting for a device', T: 'held', t: 'held', Z: 'ended' };

/**
 * The rows, the target first.
 *
 * @param before the rows of the last look: the processor's share is that since then
 * @param now in milliseconds
 */
export function rowsOf(processes: readonly ProcessInfo[], before: readonly ProcessRow[], now: number): ProcessRow[] {
    const known = new Set(processes.map(process => process.pid));
    const last = new Map(flatten(before).map(row => [row.pid, row]));
    const make = (process: ProcessInfo): ProcessRow => ({
        pid: process.pid,
        name: nameOf(process.command),
        description: `${process.pid} · ${share(process, last.get(process.pid), now)}${bytes(process.residentBytes)}`,
        tooltip: `${process.command}\n${STATES[process.state] ?? 'alive'}, ${process.cpuSeconds.toFixed(2)} s of processor time`,
        sleeping: process.state !== 'R',
        children: processes.filter(child => child.parentPid === process.pid).map(make),
        cpuSeconds: process.cpuSeconds,
        seenAt: now,
    });
    return processes.filter(process => !known.has(process.parentPid)).map(make);
}

function flatten(rows: readonly ProcessRow[]): ProcessRow[] {
    return rows.flatMap(row => [row, ...flatten(row.children)]);
}

function share(process: ProcessInfo, last: ProcessRow | undefined, now: number): string {
    if (!last || now <= last.seenAt || process.cpuSeconds < last.cpuSeconds) {
        return '';
    }
    const percent = ((process.cpuSeconds - last.cpuSeconds) * 100_000) / (now - last.seenAt);
    return `${percent.toFixed(0)} % · `;
}

/** The command, with files by their names alone: the side bar is narrow. */
function nameOf(command: string): string {
    const whole = command
        .split(' ')
        .filter(Boolean)
        .map(word => (/^([A-Za-z]:)?[\\/]/.test(word) ? word.replace(/^.*[\\/](?=.)/, '') : word))
        .join(' ');
    return whole.length > LONGEST_NAME ? `${whole.slice(0, LONGEST_NAME - 1)}…` : whole || '(unknown)';
}

export function bytes(count: number): string {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let value = count;
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
        value /= 1024;
        unit++;
    }
    return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
