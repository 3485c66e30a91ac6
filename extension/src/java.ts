/** Finds a Java that can run the adapter, without running anything: the `release` file beside it tells its version. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** The first Java that the adapter runs on. */
export const LEAST_VERSION = 17;

/** Where a Java was looked for, and what was there. */
export interface Look {
    readonly place: string;
    /** The program; without one, there is none at that place. */
    readonly java?: string;
    /** Its major version; without one, nothing tells. */
    readonly version?: number;
}

export interface JavaSearch {
    /** The program to run; without one, none of the places holds a Java that fits. */
    readonly java?: string;
    readonly looks: readonly Look[];
}

export interface JavaPlaces {
    /** The user's setting: the directory of a Java, or the program itself. */
    readonly setting?: string;
    /** The run time that a package for one platform brings along. */
    readonly bundled: string;
    readonly environment: NodeJS.ProcessEnv;
    readonly platform: NodeJS.Platform;
}

/** Looks at the setting, the bundled one, JAVA_HOME and PATH, in this order. A setting that does not fit is not passed over. */
export function findJava(places: JavaPlaces): JavaSearch {
    const program = places.platform === 'win32' ? 'java.exe' : 'java';
    if (places.setting) {
        const look = lookAt("the setting 'gantry.java'", places.setting, program);
        return { java: fits(look) ? look.java : undefined, looks: [look] };
    }
    const looks = [lookAt('the extension', places.bundled, program)];
    const home = variable(places, 'JAVA_HOME');
    if (home) {
        looks.push(lookAt('JAVA_HOME', home, program));
    }
    const separator = places.platform === 'win32' ? ';' : ':';
    for (const directory of (variable(places, 'PATH') ?? '').split(separator).filter(Boolean)) {
        const java = path.join(directory, program);
        if (isFile(java)) {
            looks.push(lookAtProgram('PATH', java));
        }
    }
    return { java: looks.find(fits)?.java, looks };
}

/** What to say where none fits: where was looked, and what was there. */
export function describe(search: JavaSearch): string {
    const found = search.looks
        .filter(look => look.java)
        .map(look => `${look.java} of ${look.place} is ${look.version === undefined ? 'of no known version' : `Java ${look.version}`}`);
    const missing = search.looks
        .filter(look => !look.java && look.place.startsWith('the setting'))
        .map(look => `${look.place} names no Java`);
    const all = [...missing, ...found];
    return all.length === 0 ? 'None was found in JAVA_HOME or PATH.' : `${all.join('; ')}.`;
}

function fits(look: Look): boolean {
    return look.java !== undefined && (look.version ?? LEAST_VERSION) >= LEAST_VERSION;
}

function lookAt(place: string, directoryOrProgram: string, program: string): Look {
    for (const candidate of [path.join(directoryOrProgram, 'bin', program), path.join(directoryOrProgram, program), directoryOrProgram]) {
        if (isFile(candidate)) {
            return lookAtProgram(place, candidate);
        }
    }
    return { place };
}

function lookAtProgram(place: string, java: string): Look {
    return { place, java, version: versionOf(java) };
}

/** Environment variables of Windows have no case. */
function variable(places: JavaPlaces, name: string): string | undefined {
    if (places.platform !== 'win32') {
        return places.environment[name];
    }
    const key = Object.keys(places.environment).find(each => each.toUpperCase() === name);
    return key === undefined ? undefined : places.environment[key];
}

function isFile(file: string): boolean {
    try {
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}

/** The major version, from the `release` file of the installation that a program belongs to. */
function versionOf(java: string): number | undefined {
    try {
        const release = fs.readFileSync(path.join(path.dirname(fs.realpathSync(java)), '..', 'release'), 'utf8');
        const version = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(release)?.[1];
        return version === undefined ? undefined : Number(version);
    } catch {
        return undefined;
    }
}
