import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { JavaPlaces, describe, findJava } from '../src/java';

let root = '';
beforeEach(() => (root = fs.mkdtempSync(path.join(os.tmpdir(), 'gantry-java-'))));
afterEach(() => fs.rmSync(root, { recursive: true }));

/** An installation that tells its version; returns its directory. */
function install(name: string, version?: string): string {
    const home = path.join(root, name);
    fs.mkdirSync(path.join(home, 'bin'), { recursive: true });
    fs.writeFileSync(path.join(home, 'bin', 'java'), '', { mode: 0o755 });
    if (version) {
        fs.writeFileSync(path.join(home, 'release'), `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n`);
    }
    return home;
}

function places(environment: NodeJS.ProcessEnv, setting?: string): JavaPlaces {
    return { setting, bundled: path.join(root, 'bundled'), environment, platform: 'linux' };
}

test('the bundled one comes before all others', () => {
    const bundled = install('bundled', '25.0.1');
    const found = findJava(places({ JAVA_HOME: install('other', '21.0.2') }));
    assert.equal(found.java, path.join(bundled, 'bin', 'java'));
});

test('a Java that is too old is passed over, and told of', () => {
    const old = install('old', '1.8.0_392');
    const fit = install('fit', '17.0.9');
    const found = findJava(places({ JAVA_HOME: old, PATH: `/nowhere:${path.join(old, 'bin')}:${path.join(fit, 'bin')}` }));
    assert.equal(found.java, path.join(fit, 'bin', 'java'));
    assert.match(describe(findJava(places({ JAVA_HOME: old }))), /of JAVA_HOME is Java 8\.$/);
});

test('a link on PATH is followed to its installation', () => {
    const home = install('linked', '11');
    fs.mkdirSync(path.join(root, 'bin'));
    fs.symlinkSync(path.join(home, 'bin', 'java'), path.join(root, 'bin', 'java'));
    assert.equal(findJava(places({ PATH: path.join(root, 'bin') })).java, undefined);
});

test('one that does not tell its version is trusted', () => {
    const home = install('silent');
    assert.equal(findJava(places({ JAVA_HOME: home })).java, path.join(home, 'bin', 'java'));
});

test('a setting that does not fit is not passed over', () => {
    const fit = install('fit', '17');
    for (const setting of [path.join(root, 'missing'), install('old', '16')]) {
        const found = findJava(places({ JAVA_HOME: fit }, setting));
        assert.equal(found.java, undefined);
        assert.match(describe(found), /the setting 'gantry.java'/);
    }
    assert.equal(findJava(places({}, fit)).java, path.join(fit, 'bin', 'java'));
    assert.equal(findJava(places({}, path.join(fit, 'bin', 'java'))).java, path.join(fit, 'bin', 'java'));
});

test('without any, that is said', () => {
    assert.equal(describe(findJava(places({}))), 'None was found in JAVA_HOME or PATH.');
});
