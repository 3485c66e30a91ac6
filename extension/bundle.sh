#!/bin/sh
# Copies the built adapter into the extension, so that a packed one stands on its own. Run by `vsce package`.
set -e
cd "${0%/*}"
../gantry --version >&2
rm -rf server
mkdir -p server/build server/adapter/target
cp ../gantry ../LICENSE ../NOTICE server/
cp ../build/bootstrap.sh server/build/
cp -R ../adapter/target/gantry.jar ../adapter/target/native server/adapter/target/
cp ../LICENSE LICENSE
