/** Says how a target ended where the user would not expect it, and shows that a start takes its time. */
import * as vscode from 'vscode';
import { DEBUG_TYPE, Exit } from './requests';

const SLOW_START_MILLISECONDS = 1500;

interface Message {
    readonly type: string;
    readonly event?: string;
    readonly command?: string;
    readonly body?: unknown;
}

export class Ends implements vscode.DebugAdapterTrackerFactory {
    createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
        return new End(session);
    }
}

class End implements vscode.DebugAdapterTracker {
    private asked = false;
    private started: (() => void) | undefined;

    constructor(private readonly session: vscode.DebugSession) {}

    onWillStartSession(): void {
        const started = new Promise<void>(resolve => (this.started = resolve));
        const slow = setTimeout(() => {
            void vscode.window.withProgress(
                { location: vscode.ProgressLocation.Window, title: `Gantry: starting ${this.session.name}` },
                () => started,
            );
        }, SLOW_START_MILLISECONDS);
        void started.then(() => clearTimeout(slow));
    }

    onWillReceiveMessage(message: Message): void {
        this.asked ||= message.command === 'terminate' || message.command === 'disconnect' || message.command === 'gantry/signal';
    }

    onDidSendMessage(message: Message): void {
        if (message.type !== 'event') {
            return;
        }
        if (message.event === 'process' || message.event === 'terminated') {
            this.started?.();
        } else if (message.event === 'gantry/exit') {
            this.told(message.body as Exit);
        }
    }

    onExit(): void {
        this.started?.();
    }

    /** An exit code is told in the debug console; a crash that nobody asked for is more than that. */
    private told(exit: Exit): void {
        if (this.asked || !(exit.signal ?? exit.ntStatus ?? exit.outOfMemory)) {
            return;
        }
        const console = 'Show Debug Console';
        const again = 'Run Again';
        const { workspaceFolder, configuration } = this.session;
        void vscode.window.showErrorMessage(`${this.session.name}: ${exit.description}`, console, again).then(choice => {
            if (choice === console) {
                void vscode.commands.executeCommand('workbench.debug.action.focusRepl');
            } else if (choice === again) {
                void vscode.debug.startDebugging(workspaceFolder, { ...configuration, type: DEBUG_TYPE });
            }
        });
    }
}
