#!/bin/sh
# Makes packages, into target/packages: build/package.sh jar | tar | vsix | vsix-linux-x64 | all. Does its own set-up, as `gantry` does,
# and prints what it made. What is in which: docs/packages.md.
#
# From the same commit, by the same JDKs and npm, the same bytes come out wherever the clone is: the order, the times (the commit's),
# the owners and the modes of files are set, and the classes of the archive are a list that is kept here.
#
#   GANTRY_BUILD=never   packs the jar that is there; else all is compiled anew
#   GANTRY_RUNTIME_JDK   the JDK of which the linux-x64 package gets its runtime; else the first that needs nothing but the C library,
#                        else the first
#
# build/package.sh classes writes build/classes.txt anew, by sessions on all JDKs that are found; needs Python.
set -e
umask 022
export LC_ALL=C TZ=UTC

home=$(cd "$(dirname "$0")/.." && pwd -P)
jar=$home/adapter/target/gantry.jar
work=$home/target/package
packages=$home/target/packages
extension=$home/extension
. "$home/build/bootstrap.sh"

version=$(sed -n 's/^ *<version>\(.*\)<\/version>.*/\1/p' "$home/pom.xml" | head -n 1)
extension_version=$(sed -n 's/^ *"version": "\(.*\)".*/\1/p' "$extension/package.json" | head -n 1)

# Sets SOURCE_DATE_EPOCH, which vsce takes the times of files from too: the commit's time, or where there is no repository the time
# that the jar's files have.
set_time() {
    [ -z "$SOURCE_DATE_EPOCH" ] || return 0
    if [ -e "$home/.git" ]; then
        SOURCE_DATE_EPOCH=$(in_git log -1 --format=%ct 2>"$work/git.log") ||
            give_up "git does not tell the commit's time: $(tail -n 1 "$work/git.log")"
        [ -z "$(in_git status --porcelain 2>/dev/null)" ] || say 'there are changes that are not committed: they are packed too'
    else
        SOURCE_DATE_EPOCH=$(date -d "$(sed -n 's/.*<project.build.outputTimestamp>\(.*\)<.*/\1/p' "$home/pom.xml")" +%s)
    fi
    export SOURCE_DATE_EPOCH
}

# Asks git about the clone, whoever owns it and whatever the user's settings add to a log.
in_git() {
    git -c "safe.directory=$home" -c log.showSignature=false -C "$home" "$@"
}

# Runs a command whose words only matter if it fails.
quietly() {
    "$@" >"$work/log" 2>&1 </dev/null || {
        tail -n 20 "$work/log" >&2
        give_up "this failed: $*"
    }
}

build_jar() {
    need_build_tools
    if [ "$GANTRY_BUILD" = never ]; then
        [ -f "$jar" ] || give_up "not built, and GANTRY_BUILD=never forbids it"
        return 0
    fi
    say "building (log: $work/build.log)"
    # Nothing of what was built before, but not all of it: other tools keep theirs in target too.
    rm -rf "$home/launcher/target/classes" "$home/adapter/target/classes" "$home/adapter/target/native"
    make_jar "$work/build.log" || give_up "the build failed; the whole log is $work/build.log"
}

# What every package has, in the directory $1; of JNA's libraries those of the systems $2...
lay_out() {
    tree=$1
    shift
    rm -rf "$tree"
    mkdir -p "$tree/bin" "$tree/lib/native"
    cp "$home/gantry" "$home/gantry.cmd" "$tree/bin/"
    cp "$jar" "$home/build/archive.sh" "$home/build/classes.txt" "$tree/lib/"
    for system; do
        cp -R "$home/adapter/target/native/$system" "$tree/lib/native/"
    done
    cp "$home/LICENSE" "$home/NOTICE" "$tree/"
    cp "$home/docs/packages.md" "$tree/README.md"
}

# The modes of the files in $1, whatever the clone's are.
set_modes() {
    chmod -R u=rwX,go=rX,a-s "$1"
    find "$1" -type f -exec chmod 644 {} +
    find "$1" -type f \( -path '*/bin/gantry' -o -path '*/jre/bin/*' -o -path '*/jre/lib/jspawnhelper' -o -path '*/jre/lib/jexec' \) \
        -exec chmod 755 {} +
}

# Says what file $1 is.
tell() {
    printf '%s\n  %s bytes, sha256 %s\n' "${1#"$PWD"/}" "$(wc -c <"$1")" "$(sha256sum "$1" | cut -d ' ' -f 1)"
}

package_jar() {
    cp "$jar" "$packages/gantry-$version.jar"
    tell "$packages/gantry-$version.jar"
}

package_tar() {
    name=gantry-$version
    lay_out "$work/$name" linux-x86-64 linux-aarch64 win32-x86-64 win32-aarch64
    set_modes "$work/$name"
    tar --create --directory "$work" --format=ustar --sort=name "--mtime=@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        "$name" | gzip -9n >"$packages/$name.tar.gz"
    tell "$packages/$name.tar.gz"
}

# Before anything is built that only npm can pack.
need_npm() {
    command -v npm >/dev/null || install_packages 'npm' npm
    problem=$(npm_problem)
    [ -z "$problem" ] || give_up "the packages for VS Code cannot be made: $problem"
}

# The extension with the tree that lies in $work/extension/server; $1: its file; $2...: more for vsce.
package_extension() {
    file=$1
    shift
    cd "$extension"
    [ node_modules/.package-lock.json -nt package-lock.json ] ||
        quietly npm ci --ignore-scripts --no-audit --no-fund
    quietly npm run bundle
    stage=$work/extension
    mkdir -p "$stage/dist"
    cp dist/extension.js "$stage/dist/"
    cp -R package.json README.md CHANGELOG.md .vscodeignore adapter.sh adapter.cmd media "$stage/"
    cp "$home/LICENSE" "$stage/"
    set_modes "$stage"
    rm -f "$packages/$file"
    (cd "$stage" && quietly "$extension/node_modules/.bin/vsce" package --allow-missing-repository --no-rewrite-relative-links \
        --no-dependencies --skip-license --out "$packages/$file" "$@")
    tell "$packages/$file"
}

package_vsix() {
    rm -rf "$work/extension"
    lay_out "$work/extension/server" linux-x86-64 linux-aarch64 win32-x86-64 win32-aarch64
    package_extension "gantry-$extension_version.vsix"
}

package_vsix_linux_x64() {
    rm -rf "$work/extension"
    lay_out "$work/extension/server" linux-x86-64
    rm "$work/extension/server/bin/gantry.cmd"
    make_runtime
    # -L: the licences of several modules are one file and links to it, which a VSIX has not.
    cp -RL "$work/jre" "$work/extension/server/jre"
    package_extension "gantry-linux-x64-$extension_version.vsix" --target linux-x64
    say "its runtime is of $runtime_jdk ($(java_major "$runtime_jdk")) and needs: $(needs_of "$work/jre")"
}

is_linux_x64() {
    [ "$(uname -s) $(uname -m)" = 'Linux x86_64' ]
}

# What the runtime $1 needs of a system.
needs_of() {
    libraries=
    for library in libstdc++.so.6 libz.so.1; do
        ! grep -q "$library" "$1"/lib/*.so "$1/lib/server/libjvm.so" || libraries="$libraries, $library"
    done
    printf '%s%s\n' "$(grep -aoh 'GLIBC_2\.[0-9]*' "$1"/lib/*.so "$1/lib/server/libjvm.so" | sort -uV | tail -n 1)" "$libraries"
}

# Sets $runtime_jdk.
choose_runtime_jdk() {
    runtime_jdk=$GANTRY_RUNTIME_JDK
    [ -z "$runtime_jdk" ] || return 0
    runtime_jdk=$(java_homes | while IFS= read -r candidate; do
        if [ -x "$candidate/bin/jlink" ] && [ "$(java_major "$candidate")" -ge 17 ] &&
            ! grep -q 'libstdc++\.so' "$candidate/lib/server/libjvm.so"; then
            printf '%s\n' "$candidate"
            break
        fi
    done)
    runtime_jdk=${runtime_jdk:-$(find_java_home jlink)}
    [ -n "$runtime_jdk" ] || give_up "there is no jlink in any JDK of 17 or later; on Debian: apt-get install openjdk-17-jdk-headless"
}

# Makes $fixed, for us alone. Starts of the same user wait at a directory of that user's, which stays; descriptor 8 is the lock, and
# what a killed start left running has it still. Who has it knows that a $fixed of this user's was left behind. Another user's is
# waited for.
claim() {
    mine=$fixed-$(id -u)
    mkdir -m 700 "$mine" 2>/dev/null || :
    [ -d "$mine" ] && [ ! -L "$mine" ] && [ -O "$mine" ] || give_up "$mine is not a directory of yours; remove it"
    command -v flock >/dev/null || install_packages 'flock' util-linux
    exec 8<"$mine"
    flock -n 8 || {
        say "another start makes a runtime in $fixed; waiting for it"
        flock -w 300 8 || give_up "another start still makes a runtime in $fixed; start again when it has ended"
    }
    rm -rf "$mine/left"
    if [ -d "$fixed" ] && [ ! -L "$fixed" ] && [ -O "$fixed" ]; then
        mv -T "$fixed" "$mine/left"
        rm -rf "$mine/left"
    fi
    seconds=0
    until mkdir -m 700 "$fixed" 2>/dev/null; do
        [ $seconds -gt 0 ] || say "another user makes a runtime in $fixed; waiting for it"
        [ $seconds -lt 300 ] || give_up "$fixed is still there. Remove it, if nobody makes a runtime there"
        seconds=$((seconds + 1))
        sleep 1
    done
}

# The runtime, in $work/jre: Gantry as a module and the modules it needs, with an archive of the classes that a session loads. Of a
# module's classes an archive holds at any path and time; of a jar's it would not. What is there of the same jar, list and JDK stays.
make_runtime() {
    is_linux_x64 || give_up 'the linux-x64 package can be made on Linux for x86-64 only'
    choose_runtime_jdk
    key=$(cat "$jar" "$home/build/classes.txt" "$home/build/package.sh" "$runtime_jdk/release" | sha256sum)
    [ "$(cat "$work/jre.key" 2>/dev/null)" != "$key" ] || return 0
    rm -rf "$work/jre.key" "$work/jre" "$work/module"
    say "making a runtime of $runtime_jdk"
    make_module
    # The archive has the runtime's path in it, unused. The same one in every clone, then.
    fixed=/tmp/gantry-runtime
    claim
    trap 'rm -rf "$fixed"' EXIT
    trap "exit 130" HUP INT TERM
    compress=zip-6
    [ "$(java_major "$runtime_jdk")" -ge 21 ] || compress=2
    quietly "$runtime_jdk/bin/jlink" --module-path "$work/module/dev.gantry.jar" --add-modules dev.gantry --strip-java-debug-attributes \
        --no-header-files --no-man-pages "--compress=$compress" --output "$fixed/jre"
    # Java 17 writes the archive in the order of addresses: chance, the length of a path and which thread is first may have no part in
    # them.
    cp "$home/build/classes.txt" "$fixed/"
    still=
    processor=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*\([0-9]*\).*/\1/p' /proc/self/status)
    ! taskset -c "$processor" true 2>/dev/null || still="taskset -c $processor"
    ! setarch "$(uname -m)" -R true 2>/dev/null || still="$still setarch $(uname -m) -R"
    quietly env -i MALLOC_ARENA_MAX=1 $still "$fixed/jre/bin/java" -Xint $archive_options --enable-native-access=dev.gantry \
        -Xshare:dump "-XX:SharedClassListFile=$fixed/classes.txt" "-XX:SharedArchiveFile=$fixed/jre/lib/gantry.jsa" \
        -m dev.gantry/dev.gantry.adapter.Main
    # What is used instead of these: the archive, and nothing.
    rm -f "$fixed"/jre/lib/server/*.jsa "$fixed/jre/lib/jrt-fs.jar"
    mv "$fixed/jre" "$work/jre"
    rm -rf "$fixed"
    trap - EXIT HUP INT TERM
    exec 8<&-
    printf '%s\n' "$key" >"$work/jre.key"
}

# $work/module/dev.gantry.jar: the jar as a module, without JNA's libraries, which lie beside it as files.
make_module() {
    mkdir -p "$work/module/classes"
    (cd "$work/module/classes" && "$jdk/bin/jar" xf "$jar" && rm -rf com/sun/jna/*-*)
    providers=$(paste -s -d , "$work/module/classes/META-INF/services/dev.gantry.launcher.Backend")
    cat >"$work/module/module-info.java" <<END
module dev.gantry {
    requires jdk.unsupported;
    requires static java.desktop;
    requires static java.sql;
    uses dev.gantry.launcher.Backend;
    provides dev.gantry.launcher.Backend with $providers;
}
END
    quietly "$jdk/bin/javac" --release 17 --module-version "$version" --patch-module "dev.gantry=$work/module/classes" \
        -d "$work/module/classes" "$work/module/module-info.java"
    (cd "$work/module/classes" && find . -type f | sort >../files &&
        quietly "$jdk/bin/jar" --create --no-manifest --file ../dev.gantry.jar "@$work/module/files")
}

# The classes that sessions load: of the jar on each version of Java that is found, and of the module on the runtime.
write_classes() {
    command -v python3 >/dev/null || install_packages 'Python 3' python3
    [ -f "$home/build/classes.txt" ] || : >"$home/build/classes.txt"
    lay_out "$work/training" linux-x86-64 linux-aarch64
    make_runtime
    : >"$work/loaded"
    for found in $(java_homes | sort -u); do
        [ "$(java_major "$found")" -lt 17 ] || train "$found/bin/java"
    done
    cp -R "$work/jre" "$work/training/jre"
    rm -f "$work/training/jre/lib/gantry.jsa"
    train "$work/training/jre/bin/java"
    lasting_classes "$work/loaded" >"$home/build/classes.txt"
    rm -rf "$work/training"
    tell "$home/build/classes.txt"
}

# A session that stops somewhere loads what a plain one's does, and more.
train() {
    say "a session on $1"
    (
        exec 9>&-
        export XDG_CACHE_HOME=none GANTRY_JAVA="$1" GANTRY_JAVA_OPTIONS="-XX:DumpLoadedClassList=$work/list.run"
        export GANTRY_ADAPTER_COMMAND="env GANTRY_JAVA_OPTIONS=-XX:DumpLoadedClassList=$work/list.dap $work/training/bin/gantry dap"
        quietly "$work/training/bin/gantry" run --quiet --break stop -c 'def stop():
    print("a line")
stop()'
    )
    cat "$work/list.run" "$work/list.dap" >>"$work/loaded"
}

case $1 in
    jar | tar | vsix | vsix-linux-x64 | all | classes) [ $# -eq 1 ] ;;
    *) false ;;
esac || give_up 'usage: build/package.sh jar | tar | vsix | vsix-linux-x64 | all | classes'
mkdir -p "$work" "$packages"
case $1 in
    vsix* | all) need_npm ;;
esac
take_build_lock
set_time
build_jar
case $1 in
    jar) package_jar ;;
    tar) package_tar ;;
    vsix) package_vsix ;;
    vsix-linux-x64) package_vsix_linux_x64 ;;
    all)
        package_jar
        package_tar
        package_vsix
        if is_linux_x64; then
            package_vsix_linux_x64
        else
            say 'the linux-x64 package is left out: it can be made on Linux for x86-64 only'
        fi
        ;;
    classes) write_classes ;;
esac
