/**
 * Tries the packed extension in a real VS Code: `npm run uitest`. Arguments: where install.sh has put VS Code, the packed extension, a
 * directory for all that is written, and the names of scenarios (all).
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { SCENARIOS } from './scenarios';
import { VsCode } from './vscode';

async function main(): Promise<number> {
    const [installed, vsix, directory, ...names] = process.argv.slice(2).map((each, i) => (i < 3 ? path.resolve(each) : each));
    if (!installed || !vsix || !directory) {
        console.error('usage: main.js INSTALLED VSIX DIRECTORY [SCENARIO…]');
        return 2;
    }
    fs.rmSync(directory, { recursive: true, force: true });
    const code = await VsCode.start(installed, vsix, directory);
    let failures = 0;
    try {
        for (const [name, scenario] of Object.entries(SCENARIOS)) {
            if (names.length > 0 && !names.includes(name)) {
                continue;
            }
            const began = Date.now();
            try {
                await scenario(code);
                console.log(`passed  ${name}  ${((Date.now() - began) / 1000).toFixed(1)} s`);
            } catch (error) {
                failures++;
                await code.shot(`FAILED-${name}`);
                console.log(`FAILED  ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
            }
        }
    } finally {
        await code.close();
    }
    console.log(failures === 0 ? 'all passed' : `${failures} failed; the screenshots are in ${path.join(directory, 'shots')}`);
    return failures === 0 ? 0 : 1;
}

void main().then(
    status => process.exit(status),
    (error: unknown) => {
        console.error(error);
        process.exit(1);
    },
);
