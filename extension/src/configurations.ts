/** Launch configurations: what F5 runs without one, and what is filled in before the adapter sees it. */
import * as vscode from 'vscode';
import { Adapter } from './adapter';
import { selectedInterpreter } from './interpreter';
import { FileToRun, Launch, isPython, launchOf, namesInterpreter } from './launch';

export class Configurations implements vscode.DebugConfigurationProvider {
    constructor(private readonly adapter: Adapter) {}

    /** Shown under "Run and Debug" for the file that is open. */
    provideDebugConfigurations(folder: vscode.WorkspaceFolder | undefined): vscode.DebugConfiguration[] {
        const file = openFile();
        const launch = file && launchOf(file, folder?.uri.fsPath);
        return typeof launch === 'object' ? [{ ...launch, name: `Gantry: ${launch.name}` } as vscode.DebugConfiguration] : [];
    }

    /** Without a launch.json, the configuration is empty. */
    resolveDebugConfiguration(
        folder: vscode.WorkspaceFolder | undefined,
        configuration: vscode.DebugConfiguration,
    ): vscode.ProviderResult<vscode.DebugConfiguration> {
        if (configuration.type || configuration.request || configuration.name) {
            return withItsConsole(configuration);
        }
        const file = openFile();
        const launch = file
            ? launchOf(file, folder?.uri.fsPath)
            : 'Open the file to run, or add a configuration to launch.json: there is nothing to start.';
        if (typeof launch === 'string') {
            void offerConfiguration(launch);
            return undefined;
        }
        return { ...launch, noDebug: configuration['noDebug'] as boolean | undefined } as vscode.DebugConfiguration;
    }

    async resolveDebugConfigurationWithSubstitutedVariables(
        folder: vscode.WorkspaceFolder | undefined,
        configuration: vscode.DebugConfiguration,
    ): Promise<vscode.DebugConfiguration | undefined> {
        if (!this.adapter.isAble()) {
            return undefined;
        }
        const launch = configuration as Launch;
        const wanted = vscode.workspace.getConfiguration('gantry', folder).get<boolean>('useSelectedInterpreter') !== false;
        if (wanted && isPython(launch) && !namesInterpreter(launch)) {
            const resource = typeof launch.program === 'string' ? vscode.Uri.file(launch.program) : folder?.uri;
            const python = await selectedInterpreter(resource);
            if (python !== undefined) {
                return { ...configuration, python };
            }
        }
        return configuration;
    }
}

/** A program in a terminal prints nothing into the debug console, which then must not come before the terminal. */
function withItsConsole(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration {
    const inTerminal = configuration['console'] === 'integratedTerminal' || configuration['console'] === 'externalTerminal';
    return inTerminal ? { internalConsoleOptions: 'neverOpen', ...configuration } : configuration;
}

/** Runs the file of an editor, or the one that was clicked, as F5 would. */
export async function runFile(resource: vscode.Uri | undefined, noDebug: boolean): Promise<void> {
    const document = resource ? await vscode.workspace.openTextDocument(resource) : vscode.window.activeTextEditor?.document;
    if (!document) {
        void vscode.window.showErrorMessage('Open the file to run first.');
        return;
    }
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    const launch = launchOf(fileOf(document), folder?.uri.fsPath);
    if (typeof launch === 'string') {
        await offerConfiguration(launch);
        return;
    }
    await vscode.debug.startDebugging(folder, launch as vscode.DebugConfiguration, { noDebug });
}

function openFile(): FileToRun | undefined {
    const document = vscode.window.activeTextEditor?.document;
    return document && fileOf(document);
}

function fileOf(document: vscode.TextDocument): FileToRun {
    return { path: document.uri.fsPath, language: document.languageId, untitled: document.isUntitled };
}

async function offerConfiguration(why: string): Promise<void> {
    const open = 'Open launch.json';
    if ((await vscode.window.showErrorMessage(why, open)) === open) {
        await vscode.commands.executeCommand('workbench.action.debug.configure');
    }
}
