#!/bin/sh
# Makes an archive of the classes that a session loads, which halves the time to its first line: archive.sh JAVA JAR ARCHIVE.
# Started in the background by a package's `gantry` where the user's cache has none that fits, and there once for a java and a jar.
# Runs no session and no program of the user's: the classes are those of the list beside this file. Says nothing, and leaves nothing
# behind where it cannot be made; an empty one where this java makes none, so that it is not tried at every start.

[ $# -eq 3 ] || exit 2
java=$1 jar=$2 archive=$3
classes=${archive%%/gantry/classes/*}/gantry/classes
case $archive in "$classes"/*) ;; *) exit 2 ;; esac

# Ctrl+C and the end of a terminal are not meant for this; neither a session nor its user should notice it.
if [ -z "$GANTRY_ARCHIVE_ALONE" ]; then
    export GANTRY_ARCHIVE_ALONE=1
    nicely=
    ! command -v setsid >/dev/null || nicely=setsid
    ! command -v nice >/dev/null || nicely="$nicely nice -n 19"
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
    find "$classes" \( -name '*.jsa.new' -o -name '*.jsa.making' \) -mmin +10 -exec rm -rf {} +
    find "$classes" -depth -type d -empty -mmin +10 -exec rmdir {} +
}

# Whether the jar is there that the archive $1 was made of.
jar_of() {
    of_jar=${1##*/%}
    [ -f "${of_jar%.jsa}" ]
}

mkdir -p "${archive%/*}" || exit 0
cd "$classes" && forget_old
mkdir "$archive.making" || exit 0
trap 'rm -rf "$archive.making" "$archive.new"' EXIT
trap 'exit 143' TERM
# Twice what one takes, in KiB: a disk that is full now says nothing about this java.
[ "$(df -Pk "$classes" | awk 'END { print $4 }')" -ge 40000 ] || exit 0
# The heap as in a session: its size decides how objects are addressed, and an archive fits one way.
status=0
"$java" -XX:+UseSerialGC -Xss512k -Xmx512m -Xlog:disable -Xshare:dump "-XX:SharedClassListFile=${0%/*}/classes.txt" \
    "-XX:SharedArchiveFile=$archive.new" -jar "$jar" || status=$?
if [ $status -ne 0 ]; then
    # Killed, which is no answer.
    [ $status -lt 128 ] || exit 0
    : >"$archive.new"
fi
# By the time of the jar an archive of another jar is known. It gets its name when it is whole: a truncated one can end a JVM.
touch -r "$jar" "$archive.new" && mv -f "$archive.new" "$archive"
