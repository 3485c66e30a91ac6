#!/bin/sh
# Makes an archive of the classes that a session loads, which halves the time to its first line: archive.sh JAVA JAR ARCHIVE.
# Started in the background by a package's `gantry` where the user's cache has none that fits, and there once for a java and a jar.
# Runs no session and no program of the user's: the classes are those of the list beside this file. Says nothing, and leaves nothing
# behind where it cannot be made; an empty one where this java has failed three times, so that it is not tried at every start.

[ $# -eq 3 ] || exit 2
java=$1 jar=$2 archive=$3
case $java in /*) ;; *) java=$PWD/$java ;; esac
classes=${archive%%/gantry/classes/*}/gantry/classes
case $archive in "$classes"/*) ;; *) exit 2 ;; esac

# Ctrl+C and the end of a terminal are not meant for this; neither a session nor its user should notice it.
if [ -z "$GANTRY_ARCHIVE_ALONE" ]; then
    export GANTRY_ARCHIVE_ALONE=1
    nicely=
    ! command -v setsid >/dev/null || nicely=setsid
    ! command -v nice >/dev/null || nicely="$nicely nice -n 19"
    # A lock or a pipe of the caller's may have any number; only some shells can close those from 10 on.
    if command -v bash >/dev/null && [ -d /proc/self/fd ]; then
        exec bash -c 'for fd in /proc/self/fd/*; do fd=${fd##*/}; [ "$fd" -lt 3 ] || eval "exec $fd>&-"; done; exec "$@"' \
            bash $nicely sh "$0" "$@"
    fi
    exec $nicely sh "$0" "$@"
fi
trap '' HUP INT
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
umask 077

# Archives of jars and Javas that are gone, or of this place's former ones, and what makers left that were killed.
forget_old() {
    place=${archive#"$classes"/}
    place=${place#*/}
    find "$classes" -name '*.jsa' -print | while IFS= read -r old; do
        of=${old#"$classes"/*/}
        if [ "$old" != "$archive" ] &&
            { [ "$of" = "$place" ] || [ ! -x "/${of%%/%*}/bin/java" ] || ! jar_of "$old"; }; then
            rm -f "$old"
        fi
    done
    find "$classes" -name '*.jsa.tries' -mtime +0 -exec rm -f {} +
    find "$classes" \( -name '*.jsa.new' -o -name '*.jsa.making' \) -mmin +10 -exec rm -rf {} +
    find "$classes" -depth -type d -empty -mmin +10 -exec rmdir {} +
}

# Whether the jar is there that the archive $1 was made of.
jar_of() {
    of_jar=${1##*/%}
    [ -f "${of_jar%.jsa}" ]
}

# In a home that was kept from another user, nothing is made that this one could not change.
place=$classes
while [ ! -e "$place" ] && [ -n "$place" ]; do place=${place%/*}; done
[ -O "${place:-/}" ] || exit 0
mkdir -p "${archive%/*}" || exit 0
cd "$classes" && forget_old
mkdir "$archive.making" || exit 0
trap 'rm -rf "$archive.making" "$archive.new"' EXIT
trap 'exit 143' TERM
# Twice what one takes, in KiB: a disk that is full now says nothing about this java.
[ "$(df -Pk "$classes" | awk 'END { print $4 }')" -ge 40000 ] || exit 0
# The heap as in a session: its size decides how objects are addressed, and an archive fits one way.
status=0
"$java" -XX:+UseSerialGC -Xmn8m -Xmx512m -Xss512k -Xlog:disable -Xshare:dump "-XX:SharedClassListFile=${0%/*}/classes.txt" \
    "-XX:SharedArchiveFile=$archive.new" -jar "$jar" || status=$?
if [ $status -ne 0 ]; then
    # Killed, or not started, which is no answer. And what failed once may have been a limit of that moment.
    [ $status -lt 126 ] || exit 0
    printf x >>"$archive.tries"
    [ "$(wc -c <"$archive.tries")" -ge 3 ] || exit 0
    : >"$archive.new"
fi
rm -f "$archive.tries"
# By the time of the jar an archive of another jar is known. It gets its name when it is whole and on the disk: a truncated one can end
# a JVM.
touch -r "$jar" "$archive.new" && { sync "$archive.new" || sync || :; } 2>/dev/null && mv -f "$archive.new" "$archive"
