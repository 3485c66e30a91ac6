// The round with DebugClient: the configuration that the extension for VS Code writes into a new launch.json, on the round's program.
const fs = require('node:fs');
const path = require('node:path');
const { DebugClient } = require('@vscode/debugadapter-testsupport');

const program = process.env.GANTRY_ROUND_PROGRAM;
const line = Number(process.env.GANTRY_ROUND_LINE);
const home = path.resolve(__dirname, '../../..');

function say(text) {
    fs.appendFileSync(process.env.GANTRY_ROUND_REPORT, `${text}\n`);
}

function configuration() {
    const [{ initialConfigurations }] = require('../../package.json').contributes.debuggers;
    const text = JSON.stringify(initialConfigurations[0])
        .replaceAll('${file}', program)
        .replaceAll('${workspaceFolder}', path.dirname(program));
    return JSON.parse(text);
}

async function topFrame(client, threadId) {
    const { body } = await client.stackTraceRequest({ threadId, startFrame: 0, levels: 1 });
    return body.stackFrames[0];
}

async function local(client, frame, name) {
    const { body } = await client.scopesRequest({ frameId: frame.id });
    const { variablesReference } = body.scopes[0];
    const variables = (await client.variablesRequest({ variablesReference })).body.variables;
    return variables.find((variable) => variable.name === name)?.value;
}

/** Drives the program to its end, and reports what is seen on the way. */
async function round(client) {
    let output = '';
    client.on('output', ({ body }) => {
        output += body.category === 'stdout' ? body.output : '';
    });
    const exited = client.waitForEvent('exited');
    const terminated = client.waitForEvent('terminated');
    const [, , stopped] = await Promise.all([
        client
            .waitForEvent('initialized')
            .then(() => client.setBreakpointsRequest({ source: { path: program }, breakpoints: [{ line }] }))
            .then(() => client.configurationDoneRequest()),
        client.launch(configuration()),
        client.waitForEvent('stopped'),
    ]);
    const { threadId } = stopped.body;
    const frame = await topFrame(client, threadId);
    say(`stopped at line ${frame.line}`);
    say(`local answer = ${await local(client, frame, 'answer')}`);
    await Promise.all([client.waitForEvent('stopped'), client.nextRequest({ threadId })]);
    say(`stepped to line ${(await topFrame(client, threadId)).line}`);
    await client.continueRequest({ threadId });
    const { exitCode } = (await exited).body;
    if (output === 'the answer is 42\nand that is all\n') {
        say('output seen');
    }
    say(`exit code ${exitCode}`);
    await terminated;
    say('session ended');
}

async function main() {
    const client = new DebugClient('/bin/sh', path.join(home, 'gantry'), 'gantry');
    client.defaultTimeout = 60000;
    await client.start();
    try {
        await round(client);
    } finally {
        await client.stop();
    }
}

main().catch((error) => {
    say(`FAILED: ${error.message ?? error}`);
    process.exitCode = 1;
});
