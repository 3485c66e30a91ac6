#!/bin/sh
# Copies the built adapter into the extension, so that a packed one stands on its own. Run by `vsce package`.
set -e
cd "${0%/*}"
../gantry --version >&2
rm -rf server
mkdir -p server/build server/adapter/target
cp ../gantry ../LICENSE ../NOTICE server/
cp ../build/bootstrap.sh server/build/
cp ../adapter/target/gantry.jar server/adapter/target/
# Of the libraries beside the jar the script names these two.
mkdir server/adapter/target/native
cp -R ../adapter/target/native/linux-x86-64 ../adapter/target/native/linux-aarch64 server/adapter/target/native/
cp ../LICENSE LICENSE
