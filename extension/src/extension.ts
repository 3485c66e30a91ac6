/** The extension's beginning. Nothing here takes time: it is run on the way of an F5. */
import * as vscode from 'vscode';
import { Adapter, AdapterFactory } from './adapter';
import { registerCommands } from './commands';
import { Configurations } from './configurations';
import { Ends } from './ends';
import { Processes } from './processes';
import { DEBUG_TYPE } from './requests';

export function activate(context: vscode.ExtensionContext): void {
    const adapter = new Adapter(context);
    const configurations = new Configurations(adapter);
    const output = vscode.window.createOutputChannel('Gantry');
    context.subscriptions.push(
        output,
        vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, new AdapterFactory(adapter, context)),
        vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, configurations),
        vscode.debug.registerDebugConfigurationProvider(
            DEBUG_TYPE,
            { provideDebugConfigurations: folder => configurations.provideDebugConfigurations(folder) },
            vscode.DebugConfigurationProviderTriggerKind.Dynamic,
        ),
        vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, new Ends()),
        new Processes(),
        ...registerCommands(adapter, output),
    );
}
