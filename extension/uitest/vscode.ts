/** A real VS Code in a real browser, with the packed extension and a folder of its own. */
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';

/** For what the editor needs; a program that is waited for may take as long. */
export const PATIENCE = 60_000;

const SETTINGS = {
    'security.workspace.trust.enabled': false,
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.editor.untitled.hint': 'hidden',
    'extensions.ignoreRecommendations': true,
    'telemetry.telemetryLevel': 'off',
    'editor.minimap.enabled': false,
    'debug.console.closeOnEnd': false,
    // It asks about the repository that the folder may be in.
    'git.enabled': false,
};

export class VsCode {
    private shots = 0;

    private constructor(
        readonly folder: string,
        private readonly server: ChildProcess,
        private readonly browser: Browser,
        readonly page: Page,
        private readonly address: string,
        private readonly shotsDirectory: string,
        private readonly temporary: string,
    ) {}

    /**
     * @param installed where install.sh has put it
     * @param vsix the packed extension
     * @param directory for all that it writes; empty
     */
    static async start(installed: string, vsix: string, directory: string): Promise<VsCode> {
        const folder = path.join(directory, 'project');
        const home = path.join(directory, 'home');
        // Nothing of the user's own, and nothing is fetched from anywhere.
        // The server's sockets stand in the directory for temporary files, and their names are long.
        const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'gantry-ui-'));
        const env = { ...process.env, HOME: home, TMPDIR: temporary, EXTENSIONS_GALLERY: '{"serviceUrl":"http://127.0.0.1:9"}' };
        for (const made of [folder, home, path.join(directory, 'data', 'User'), path.join(directory, 'extensions'), path.join(directory, 'shots')]) {
            fs.mkdirSync(made, { recursive: true });
        }
        fs.writeFileSync(path.join(directory, 'data', 'User', 'settings.json'), JSON.stringify(SETTINGS));
        const command = [
            path.join(installed, 'node_modules/code-server/out/node/entry.js'),
            ...['--config', path.join(directory, 'config.yaml')],
            ...['--user-data-dir', path.join(directory, 'data'), '--extensions-dir', path.join(directory, 'extensions')],
        ];
        let server: ChildProcess | undefined;
        let browser: Browser | undefined;
        try {
            const log = fs.openSync(path.join(directory, 'server.log'), 'a');
            const run = (...args: string[]): ChildProcess =>
                spawn(process.execPath, [...command, ...args], { stdio: ['ignore', log, log], env });
            const [status] = (await once(run('--install-extension', vsix), 'exit')) as [number | null];
            if (status !== 0) {
                throw new Error(`the extension cannot be installed: ${fs.readFileSync(path.join(directory, 'server.log'), 'utf8')}`);
            }
            const port = await freePort();
            server = run('--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check');
            const address = `127.0.0.1:${port}`;
            await until(`the server at ${address}`, () => fetch(`http://${address}/healthz`).then(answer => answer.ok, () => false));
            // eslint-disable-next-line @typescript-eslint/no-require-imports -- It is where install.sh has put it.
            const { chromium } = require(path.join(installed, 'node_modules/playwright-core')) as typeof import('playwright-core');
            browser = await chromium.launch({
                executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
                args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'],
            });
            const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
            page.setDefaultTimeout(PATIENCE);
            return new VsCode(folder, server, browser, page, address, path.join(directory, 'shots'), temporary);
        } catch (error) {
            await browser?.close().catch(() => undefined);
            await end(server, temporary);
            throw error;
        }
    }

    write(name: string, text: string, mode = 0o644): string {
        const file = path.join(this.folder, name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, text, { mode });
        return file;
    }

    /** A new window, with this file open. What F5 starts is what launch.json holds; without that, the file. */
    async open(file: string, configuration?: object): Promise<void> {
        fs.rmSync(path.join(this.folder, '.vscode'), { recursive: true, force: true });
        if (configuration) {
            const configurations = [{ type: 'gantry', request: 'launch', name: 'it', cwd: this.folder, ...configuration }];
            this.write('.vscode/launch.json', JSON.stringify({ version: '0.2.0', configurations }));
        }
        const payload = JSON.stringify([['openFile', `vscode-remote://${this.address}${path.join(this.folder, file)}`]]);
        await this.page.goto(`http://${this.address}/?folder=${this.folder}&payload=${encodeURIComponent(payload)}`);
        await this.page.locator('.monaco-editor .view-line').first().waitFor();
        await this.page.locator('.monaco-editor .view-lines').first().click();
    }

    async press(...keys: string[]): Promise<void> {
        for (const key of keys) {
            await this.page.keyboard.press(key);
        }
    }

    /** A command of the palette, by its title, as soon as it is there: a key that comes before that means something else or nothing. */
    async command(title: string): Promise<void> {
        const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
        await until(title, async () => {
            await this.press('F1');
            const input = this.page.locator('.quick-input-widget input').first();
            if (!(await input.waitFor({ timeout: 2000 }).then(() => true, () => false))) {
                return false;
            }
            await input.fill(`>${title}`);
            const there = await row.waitFor({ timeout: 1000 }).then(() => true, () => false);
            if (!there) {
                // It shows what there was when it opened.
                await this.press('Escape');
                await input.waitFor({ state: 'hidden' });
            }
            return there;
        });
        await row.click();
    }

    async goTo(line: number): Promise<void> {
        await this.page.locator('.monaco-editor .view-lines').first().click();
        await this.press('Control+g');
        await this.page.locator('.quick-input-widget input').first().fill(`:${line}`);
        await this.press('Enter');
        await this.page.locator('.statusbar', { hasText: `Ln ${line}, ` }).waitFor();
    }

    async breakpoint(line: number): Promise<void> {
        await this.goTo(line);
        await this.command('Debug: Toggle Breakpoint');
        await this.page.locator('.codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified').first().waitFor();
    }

    /** What F5 does, once: a second one beside a session that takes its time would ask whether another one is wanted. */
    async start(): Promise<void> {
        await this.command('Debug: Start Debugging');
        await this.page.locator('.debug-toolbar, .notification-toast, .dialog-shadow').filter({ visible: true }).first().waitFor();
    }

    async stopped(reason = 'Paused on'): Promise<void> {
        await this.page.locator('.debug-pane', { hasText: reason }).first().waitFor();
    }

    /** F5, as soon as the editor takes it for Continue: a moment after it shows why the program stands still, its keys still mean other things. */
    async goOn(reason: string): Promise<void> {
        const still = this.page.locator('.debug-pane', { hasText: reason }).first();
        await until('the program to go on', async () => {
            await this.press('F5');
            return still.waitFor({ state: 'hidden', timeout: 2000 }).then(() => true, () => false);
        });
    }

    async ended(): Promise<void> {
        await this.page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    }

    /** The debug console, until it contains a text. */
    async console(text: string | RegExp): Promise<void> {
        await this.page.locator('.repl .monaco-list-row', { hasText: text }).first().waitFor();
    }

    async type(text: string): Promise<void> {
        await this.page.locator('.repl-input-wrapper .view-lines').click();
        await this.page.keyboard.type(text);
        await this.press('Enter');
    }

    pane(title: string): Locator {
        return this.page.locator('.pane', { has: this.page.locator(`.pane-header[aria-label^="${title}" i]`) }).first();
    }

    /** Opens a pane of the side bar if it is closed. */
    async expand(title: string): Promise<Locator> {
        const pane = this.pane(title);
        const header = pane.locator('.pane-header');
        if ((await header.getAttribute('aria-expanded')) !== 'true') {
            await header.click();
        }
        return pane;
    }

    async shot(name: string): Promise<void> {
        this.shots++;
        const number = String(this.shots).padStart(2, '0');
        await this.page.screenshot({ path: path.join(this.shotsDirectory, `${number}-${name}.png`) });
    }

    async close(): Promise<void> {
        await this.browser.close();
        await end(this.server, this.temporary);
    }
}

/** Ends the server, if it still runs, and removes its directory for temporary files. */
async function end(server: ChildProcess | undefined, temporary: string): Promise<void> {
    if (server?.pid !== undefined && server.exitCode === null && server.signalCode === null) {
        const gone = once(server, 'exit');
        server.kill('SIGTERM');
        await gone;
    }
    fs.rmSync(temporary, { recursive: true, force: true });
}

export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
    const end = Date.now() + PATIENCE;
    while (!(await holds())) {
        if (Date.now() > end) {
            throw new Error(`waited in vain for ${what}`);
        }
        await new Promise(resolve => setTimeout(resolve, 50));
    }
}

async function freePort(): Promise<number> {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
}
