#!/bin/sh
# What VS Code starts: the copy inside the packed extension, else the checkout that this directory belongs to, else the
# gantry of $GANTRY_HOME or of the PATH.
here=$(cd "${0%/*}" && pwd -P)
if [ -f "$here/server/bin/gantry" ]; then
    exec /bin/sh "$here/server/bin/gantry" "$@"
elif [ -f "$here/../gantry" ]; then
    exec /bin/sh "$here/../gantry" "$@"
elif [ -n "$GANTRY_HOME" ]; then
    exec /bin/sh "$GANTRY_HOME/gantry" "$@"
fi
exec gantry "$@"
