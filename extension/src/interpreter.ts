/** The interpreter that the user has selected in the Python extension, where that is installed. */
import * as vscode from 'vscode';

/** What is used of that extension's interface. */
interface PythonExtension {
    readonly environments?: {
        getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
        resolveEnvironment(environment: {
            readonly path: string;
        }): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
    };
}

const PATIENCE_MILLISECONDS = 5000;

/** Its path; without one, the adapter's own search decides. It is not waited for longer than a user would. */
export async function selectedInterpreter(resource: vscode.Uri | undefined): Promise<string | undefined> {
    const extension = vscode.extensions.getExtension<PythonExtension>('ms-python.python');
    if (!extension) {
        return undefined;
    }
    const late = new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), PATIENCE_MILLISECONDS));
    return Promise.race([ask(extension, resource).catch(() => undefined), late]);
}

async function ask(extension: vscode.Extension<PythonExtension>, resource: vscode.Uri | undefined): Promise<string | undefined> {
    const { environments } = await extension.activate();
    if (!environments) {
        return undefined;
    }
    const active = environments.getActiveEnvironmentPath(resource);
    const environment = await environments.resolveEnvironment(active);
    return environment?.executable.uri?.fsPath;
}
