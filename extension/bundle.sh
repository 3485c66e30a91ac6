#!/bin/sh
# Copies the built adapter into the extension, so that a packed one stands on its own. Run by `vsce package`.
set -e
cd "${0%/*}"
../gantry --version >&2
rm -rf server
mkdir -p server/build server/adapter/target
cp ../gantry ../gantry.cmd ../LICENSE ../NOTICE server/
cp ../build/bootstrap.sh server/build/
cp ../adapter/target/gantry.jar server/adapter/target/
# Of the libraries beside the jar the scripts name these.
mkdir server/adapter/target/native
for system in linux-x86-64 linux-aarch64 win32-x86-64 win32-aarch64; do
    cp -R "../adapter/target/native/$system" server/adapter/target/native/
done
cp ../LICENSE LICENSE
