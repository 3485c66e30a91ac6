# What `gantry` and `check` share: finding or installing Java and Maven, and building. Sourced by sh, never run; the
# caller has set $home. Everything is told on standard error: standard output may be a protocol stream, and standard
# input too, so nothing that runs here gets either.

say() {
    printf 'gantry: %s\n' "$*" >&2
}

# Unless the caller has a better one.
command -v give_up >/dev/null || give_up() {
    say "$*"
    exit 1
}

# The major version of the Java installation at $1, from its release file, or by running it; 0 if there is none.
java_major() {
    major=
    if [ -r "$1/release" ]; then
        major=$(sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release")
    elif [ -x "$1/bin/java" ]; then
        major=$("$1/bin/java" -version 2>&1 </dev/null | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p')
    fi
    printf '%s\n' "${major:-0}"
}

# Java installations to consider, best first: the user's choice, what is on the PATH, what the system has.
java_homes() {
    [ -z "$GANTRY_JAVA" ] || printf '%s\n' "${GANTRY_JAVA%/bin/java}"
    [ -z "$JAVA_HOME" ] || printf '%s\n' "$JAVA_HOME"
    for tool in javac java; do
        path=$(command -v "$tool" || :)
        if [ -n "$path" ]; then
            path=$(readlink -f "$path")
            printf '%s\n' "${path%/bin/*}"
        fi
    done
    for found in /usr/lib/jvm/*; do
        [ ! -d "$found" ] || [ -L "$found" ] || printf '%s\n' "$found"
    done
}

# Prints the first installation of Java 17 or later that has the tool $1 (java or javac).
find_java_home() {
    java_homes | while IFS= read -r candidate; do
        if [ -x "$candidate/bin/$1" ] && [ "$(java_major "$candidate")" -ge 17 ]; then
            printf '%s\n' "$candidate"
            break
        fi
    done
}

# Installs Debian packages. $1 says what for; the rest are packages.
install_packages() {
    purpose=$1
    shift
    if ! command -v apt-get >/dev/null; then
        give_up "$purpose is missing. Install it (on Debian: apt-get install $*) and start again."
    fi
    if [ "$(id -u)" -ne 0 ]; then
        give_up "$purpose is missing. Run: sudo apt-get install $*"
    fi
    say "installing $* ($purpose)"
    mkdir -p "$home/target"
    {
        DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" ||
            { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; }
    } >"$home/target/install.log" 2>&1 </dev/null || {
        tail -n 15 "$home/target/install.log" >&2
        give_up "could not install $*; the whole log is $home/target/install.log"
    }
}

# Sets $jdk to a JDK of 17 or later, and makes sure of Maven.
need_build_tools() {
    jdk=$(find_java_home javac)
    if [ -z "$jdk" ]; then
        install_packages 'a Java development kit, 17 or later,' default-jdk-headless
        jdk=$(find_java_home javac)
        [ -n "$jdk" ] || give_up "no JDK of 17 or later was found even now. Install one and set JAVA_HOME."
    fi
    command -v mvn >/dev/null || install_packages 'Maven, 3.8.7 or later,' maven
}

# Runs Maven in the checkout with the chosen JDK. A shell's background jobs ignore SIGINT, and everything they start does too:
# tests that interrupt a program need the default.
maven() {
    defaults=
    env --default-signal=INT true 2>/dev/null && defaults='env --default-signal=HUP,INT,QUIT,TERM,PIPE'
    # In a locale without letters beyond ASCII, a path that has some cannot be built in.
    case $(locale charmap 2>/dev/null) in
        UTF-8) (cd "$home" && JAVA_HOME=$jdk $defaults mvn "$@") </dev/null ;;
        *) (cd "$home" && LC_ALL=C.UTF-8 JAVA_HOME=$jdk $defaults mvn "$@") </dev/null ;;
    esac
}

sources_newer_than_jar() {
    [ ! -f "$jar" ] || [ -n "$(find "$home/pom.xml" "$home/launcher" "$home/adapter" "$home/build" \
        \( -path '*/target' -o -path '*/src/test' \) -prune -o -type f -newer "$jar" -print | head -n 1)" ]
}

# The errors in Maven's log $1, without its advice on Maven; the log's end if there are none.
show_errors() {
    grep -E '^\[ERROR\] *[^ ]' "$1" |
        grep -vE 're-run Maven|Re-run Maven|\[Help 1\]|For more information about the errors|resume the build|mvn <args>' |
        head -n 15 | grep . || tail -n 15 "$1"
}

# Why nothing can be done with npm here; prints nothing where it can be. The locked vsce needs this Node.
npm_problem() {
    command -v npm >/dev/null || {
        printf 'there is no npm\n'
        return 0
    }
    node=$(node -p process.versions.node 2>/dev/null </dev/null) || node=none
    case ${node%%.*} in
        '' | *[!0-9]*) printf 'Node 20 or later is needed, and there is no node that works\n' ;;
        *) [ "${node%%.*}" -ge 20 ] || printf 'Node 20 or later is needed, this is %s\n' "$node" ;;
    esac
}

# One process at a time builds, or packs what was built; others wait. Held as descriptor 9, until that is closed.
take_build_lock() {
    exec 9>"$home/target/build.lock"
    if command -v flock >/dev/null && ! flock -n 9; then
        say "another start is building; waiting for it"
        flock 9
    fi
}

# Makes the jar; $1 is the log. A jar in use is moved aside first: a running adapter goes on with the file it has open. Where the
# build fails, that one is there again.
make_jar() {
    previous=$jar.previous
    [ ! -f "$jar" ] || mv -f "$jar" "$previous"
    if maven -q -Pfast -pl adapter -am package >"$1" 2>&1 && [ -f "$jar" ]; then
        rm -f "$previous"
        return 0
    fi
    rm -f "$jar"
    [ ! -f "$previous" ] || mv -f "$previous" "$jar"
    show_errors "$1" >&2
    return 1
}

build_gantry() {
    need_build_tools
    log=$home/target/build.log
    if [ -f "$jar" ]; then
        say "the sources changed: building again (log: $log)"
    else
        say "first start: building, which takes a minute or two (log: $log)"
    fi
    if make_jar "$log"; then
        say "built"
        return
    fi
    [ ! -f "$jar" ] || say "GANTRY_BUILD=never starts what was built before"
    give_up "the build failed; the whole log is $log"
}

# The slow way of `gantry`: builds what has to be built, and sets $java.
prepare_gantry() {
    if [ "$build" = never ]; then
        [ -f "$jar" ] || give_up "not built, and GANTRY_BUILD=never forbids it. Start once without."
    elif [ -f "$jar" ] && ! may_build; then
        sources_newer_than_jar && say "the sources changed, but $home cannot be written to: starting what was built before"
    else
        mkdir -p "$home/target" || give_up "cannot write to $home, where Gantry is to be built."
        take_build_lock
        if sources_newer_than_jar; then
            build_gantry
        fi
        exec 9>&-
    fi
    if [ -z "$java" ]; then
        java=$(find_java_home java)
        [ -n "$java" ] || install_packages 'Java, 17 or later,' default-jre-headless
        java=${java:-$(find_java_home java)}/bin/java
    fi
    remember_java
    (java=$remembered && built_java=$remembered && archive_fits) || [ "$build" = never ] || ! may_build || make_archive
    write_stamp
}

may_build() {
    { mkdir -p "$home/target" && [ -w "$home/target" ] && [ -w "$home/adapter/target" ]; } 2>/dev/null
}

# For the making of an archive, as those of a session: collector and heap decide how objects are addressed, and an archive fits one way.
archive_options='-XX:+UseSerialGC -Xmn8m -Xmx512m -Xss512k -Xlog:disable'

# Of what Java has noted in the files $@ (-XX:DumpLoadedClassList), what holds for another run too: not what has no name that lasts, and
# not the constants of a class that some versions note.
lasting_classes() {
    for kind in '[a-z]' '@lambda-proxy ' '@lambda-form-invoker '; do
        sed 's/ id: .*//' "$@" | grep "^$kind" | grep -vE '\$\$Lambda|LambdaForm\$|\$Proxy' | sort -u || :
    done
}

# Makes an archive of the classes that a session and `gantry run` load, by running one: it halves the time to the first line of a
# program. Bound to this java and this jar; without it everything works. A truncated archive can end a JVM, so it gets its name when
# it is whole, and the jar's time, by which an archive of another jar is told.
make_archive() {
    rm -f "$archive"
    is_java_17 "$remembered" || return 0
    built_for="$release $jar"
    case $home in *[[:space:]]*) return 0 ;; esac
    # The session of a Python program that stops somewhere loads what a plain one's does, and more.
    set -- /bin/true
    ! python3 -c '' 2>/dev/null || set -- --break stop -c 'def stop():
    print("a line")
stop()'
    noted=$home/target/classes.$$
    {
        GANTRY_BUILD=never GANTRY_JAVA=$remembered GANTRY_JAVA_OPTIONS=-XX:DumpLoadedClassList=$noted.run \
            GANTRY_ADAPTER_COMMAND="env GANTRY_JAVA_OPTIONS=-XX:DumpLoadedClassList=$noted.dap $home/gantry dap" \
            "$home/gantry" run --quiet "$@" &&
            lasting_classes "$noted.run" "$noted.dap" >"$noted" &&
            env -u JAVA_TOOL_OPTIONS -u JDK_JAVA_OPTIONS -u _JAVA_OPTIONS "$remembered" $archive_options -Xshare:dump \
                "-XX:SharedClassListFile=$noted" "-XX:SharedArchiveFile=$archive.$$" -jar "$jar" &&
            touch -r "$jar" "$archive.$$" && mv -f "$archive.$$" "$archive"
    } >"$home/target/archive.log" 2>&1 </dev/null || rm -f "$archive.$$"
    rm -f "$noted" "$noted.run" "$noted.dap"
}

# Sets $remembered to the java for later starts: not to the one that the user chose for this start alone.
remember_java() {
    remembered=$built_java
    [ -x "$remembered" ] || remembered=$(unset GANTRY_JAVA && find_java_home java)/bin/java
}

# Remembers what the fast path needs.
write_stamp() {
    built_java=$remembered
    may_build && printf '%s\n%s\n%s\n' "$remembered" "$commit" "$built_for" >"$stamp.$$" && mv -f "$stamp.$$" "$stamp" || :
}
