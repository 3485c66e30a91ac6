/** How the adapter is started, and what is said where it cannot be. */
import * as vscode from 'vscode';
import { JavaSearch, describe, findJava } from './java';

export interface AdapterCommand {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Record<string, string>;
}

/** The scripts beside the extension know the Java options; they are told which Java to use. */
export class Adapter {
    constructor(private readonly context: vscode.ExtensionContext) {}

    search(): JavaSearch {
        return findJava({
            setting: vscode.workspace.getConfiguration('gantry').get<string>('java')?.trim() ?? '',
            bundled: this.context.asAbsolutePath('server/jre'),
            environment: process.env,
            platform: process.platform,
        });
    }

    /** Without a Java of our own choice, the script makes its own search, and says what is missing. */
    command(...args: string[]): AdapterCommand {
        const java = this.search().java;
        const env: Record<string, string> = java === undefined ? {} : { GANTRY_JAVA: java };
        return process.platform === 'win32'
            ? { command: 'cmd.exe', args: ['/d', '/c', 'call', this.context.asAbsolutePath('adapter.cmd'), ...args], env }
            : { command: '/bin/sh', args: [this.context.asAbsolutePath('adapter.sh'), ...args], env };
    }

    /** Whether it can be started. If not, the user has been told, and offered what helps. */
    isAble(): boolean {
        const search = this.search();
        if (search.java !== undefined) {
            return true;
        }
        const select = 'Select Java…';
        const get = 'Get Java';
        void vscode.window
            .showErrorMessage(`Gantry needs Java 17 or later to run. ${describe(search)}`, select, get)
            .then(choice => {
                if (choice === select) {
                    void vscode.commands.executeCommand('gantry.selectJava');
                } else if (choice === get) {
                    void vscode.env.openExternal(vscode.Uri.parse('https://adoptium.net/temurin/releases/'));
                }
            });
        return false;
    }
}

/** Starts one adapter for each session. */
export class AdapterFactory implements vscode.DebugAdapterDescriptorFactory {
    constructor(
        private readonly adapter: Adapter,
        private readonly context: vscode.ExtensionContext,
    ) {}

    createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
        const { command, args, env } = this.adapter.command('dap', ...this.logOptions(session));
        return new vscode.DebugAdapterExecutable(command, [...args], { env });
    }

    private logOptions(session: vscode.DebugSession): string[] {
        if (vscode.workspace.getConfiguration('gantry').get<boolean>('log') !== true) {
            return [];
        }
        return ['--log', vscode.Uri.joinPath(this.context.logUri, `${session.id}.log`).fsPath];
    }
}
