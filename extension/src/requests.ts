/** The adapter's own requests and events: docs/protocol.md. */
import * as vscode from 'vscode';

export const DEBUG_TYPE = 'gantry';

/** One process of a target's tree, as `gantry/processTree` tells it. */
export interface ProcessInfo {
    readonly pid: number;
    readonly parentPid: number;
    readonly state: string;
    readonly command: string;
    readonly residentBytes: number;
    readonly cpuSeconds: number;
}

/** The body of `gantry/exit`. */
export interface Exit {
    readonly description: string;
    readonly exitCode?: number;
    readonly signal?: string;
    readonly ntStatus?: string;
    readonly outOfMemory?: boolean;
}

/** The session that commands are meant for: the one that the editor shows. */
export function activeSession(): vscode.DebugSession | undefined {
    const session = vscode.debug.activeDebugSession;
    return session?.type === DEBUG_TYPE ? session : undefined;
}

export async function processTree(session: vscode.DebugSession): Promise<readonly ProcessInfo[]> {
    const answer = (await session.customRequest('gantry/processTree')) as { readonly processes: readonly ProcessInfo[] };
    return answer.processes;
}
