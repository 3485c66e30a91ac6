#!/bin/sh
# Puts a real VS Code (code-server, from npm), and what drives a browser, into the directory $1. Nothing is done if it is there.
# Needs Node 20, npm, a C++ compiler, ripgrep.
set -e
version=4.100.3
directory=$1
done_mark=$directory/installed-$version
[ ! -f "$done_mark" ] || exit 0
rm -rf "$directory"
mkdir -p "$directory"
cd "$directory"
cat >package.json <<END
{ "private": true, "dependencies": { "code-server": "$version", "playwright-core": "1.65.1" } }
END
npm install --ignore-scripts --no-audit --no-fund
# Its ready-made library lies where only some machines can fetch from.
npm rebuild argon2 --build-from-source
cd node_modules/code-server/lib/vscode
npm install --ignore-scripts --omit=dev --no-audit --no-fund
# Not: kerberos and @vscode/spdlog, which take longer than all others. VS Code loads them when it needs them, for a proxy's password and
# for its log files, and goes on without. What is built need not be fast, but soon.
export CFLAGS=-O0 CXXFLAGS=-O0
for module in native-watchdog @parcel/watcher @vscode/deviceid node-pty; do
    # node-pty is built, and only then fails to clean up.
    npm rebuild "$module" || printf 'npm rebuild %s failed\n' "$module"
done
[ -f node_modules/node-pty/build/Release/pty.node ]
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
ln -sfn node_modules node_modules.asar
cd extensions
npm install --ignore-scripts --omit=dev --no-audit --no-fund
: >"$done_mark"
