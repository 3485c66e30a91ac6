/** The Processes view: what the target has started, live. */
import * as vscode from 'vscode';
import { activeSession, processTree } from './requests';
import { ProcessElement, ProcessElements, ProcessRow, rowsOf } from './tree';

const INTERVAL_MILLISECONDS = 1000;

export class Processes implements vscode.TreeDataProvider<ProcessElement>, vscode.Disposable {
    private readonly changed = new vscode.EventEmitter<ProcessElement[] | undefined>();
    readonly onDidChangeTreeData = this.changed.event;
    private readonly view: vscode.TreeView<ProcessElement>;
    private readonly listeners: vscode.Disposable[];
    private session: vscode.DebugSession | undefined;
    private readonly elements = new ProcessElements();
    private roots: readonly ProcessRow[] = [];
    private timer: NodeJS.Timeout | undefined;
    private asking = false;

    constructor() {
        this.view = vscode.window.createTreeView('gantry.processes', { treeDataProvider: this });
        this.listeners = [
            this.view,
            this.view.onDidChangeVisibility(() => this.follow()),
            vscode.debug.onDidChangeActiveDebugSession(() => this.follow()),
            vscode.debug.onDidStartDebugSession(() => this.follow()),
            vscode.debug.onDidTerminateDebugSession(() => this.follow()),
        ];
        this.follow();
    }

    getChildren(element?: ProcessElement): ProcessElement[] {
        return [...(element ? this.elements.children(element) : this.elements.roots)];
    }

    getTreeItem({ row }: ProcessElement): vscode.TreeItem {
        const item = new vscode.TreeItem(
            row.name,
            row.children.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
        );
        item.id = String(row.pid);
        item.description = row.description;
        item.tooltip = row.tooltip;
        item.contextValue = 'process';
        item.iconPath = new vscode.ThemeIcon(row.sleeping ? 'circle-outline' : 'circle-filled');
        return item;
    }

    dispose(): void {
        clearInterval(this.timer);
        vscode.Disposable.from(...this.listeners, this.changed).dispose();
    }

    /** Asks only while somebody sees the answer. */
    private follow(): void {
        const session = activeSession();
        if (session !== this.session) {
            this.session = session;
            this.show([]);
        }
        clearInterval(this.timer);
        this.timer = undefined;
        if (session && this.view.visible) {
            this.timer = setInterval(() => void this.ask(session), INTERVAL_MILLISECONDS);
            void this.ask(session);
        }
    }

    private async ask(session: vscode.DebugSession): Promise<void> {
        if (this.asking) {
            return;
        }
        this.asking = true;
        try {
            const rows = rowsOf(await processTree(session), this.roots, Date.now());
            if (session === this.session) {
                this.show(rows);
            }
        } catch {
            // Before the target has started and after it has ended there is nothing to show.
            if (session === this.session) {
                this.show([]);
            }
        } finally {
            this.asking = false;
        }
        if (this.session && session !== this.session) {
            void this.ask(this.session);
        }
    }

    private show(rows: readonly ProcessRow[]): void {
        if (rows.length > 0 || this.roots.length > 0) {
            this.roots = rows;
            this.changed.fire(this.elements.update(rows) ? [...this.elements.roots] : undefined);
        }
    }
}
