#!/bin/sh
# What the tests tagged "windows" need: a Windows JVM under Wine. Sourced by `check` after bootstrap.sh, with $home and $jdk set;
# run by itself, it makes all of it. Everything lives in target/windows; what is there already is not fetched or made again. The
# Java runtime and the Python are downloaded for tests only: neither is part of what is built.

case $0 in
    *windows.sh)
        home=$(cd "$(dirname "$0")/.." && pwd -P)
        . "$home/build/bootstrap.sh"
        need_build_tools
        ;;
esac
windows=$home/target/windows
wine_java=$windows/bin/java
wine_python=$windows/python/org/bytedeco/cpython/windows-x86_64
wine_fixture=$windows/fixture.exe

# A Temurin 17 runtime for Windows is within this distribution; nothing else of it is used.
jre_artifact=org.sonarsource.sonarlint.core:sonarlint-backend-cli:10.32.0.82302:zip:windows_x64
jre_file=sonarlint-backend-cli-10.32.0.82302-windows_x64.zip
jre_sha256=721028209d3732c5d28aa4a27c541674d30f6b72bd928a7b47ffabc5755d3285
python_artifact=org.bytedeco:cpython:3.10.8-1.5.8:jar:windows-x86_64
python_file=cpython-3.10.8-1.5.8-windows-x86_64.jar
python_sha256=1e7d342425c87184fbedd8754045db556c63765678a0f11b4539465642ab018b

mingw() {
    for compiler in x86_64-w64-mingw32-gcc-win32 x86_64-w64-mingw32-gcc; do
        command -v "$compiler" && return
    done
    return 1
}

# Succeeds if the Windows tests can run here or be made to; else says why not.
can_have_windows() {
    [ "$GANTRY_CHECK_WINDOWS" != never ] || { say 'GANTRY_CHECK_WINDOWS=never'; return 1; }
    [ "$(uname -s) $(uname -m)" = 'Linux x86_64' ] || { say 'Wine runs Windows programs for x86-64 on Linux for x86-64 only'; return 1; }
    if command -v wine >/dev/null && command -v wineserver >/dev/null && mingw >/dev/null; then
        return
    fi
    command -v apt-get >/dev/null || { say 'wine or mingw-w64 is missing, and this is not Debian'; return 1; }
    [ "$(id -u)" -eq 0 ] ||
        { say 'wine is missing. Run: sudo apt-get install wine wine64 gcc-mingw-w64-x86-64-win32'; return 1; }
}

# Unpacks entry $5 of the artifact $1, whose file is $2 with digest $3, into $4, which then is whole.
fetch() {
    [ "$(cat "$4/digest" 2>/dev/null)" != "$3" ] || return 0
    say "fetching $2"
    rm -rf "$windows/fetched" "$4.part"
    mkdir -p "$windows/fetched" "$4.part"
    maven -q -N dependency:copy "-Dartifact=$1" "-DoutputDirectory=$windows/fetched" || return 1
    if ! printf '%s  %s\n' "$3" "$windows/fetched/$2" | sha256sum --check --quiet; then
        say "$2 is not the file that was tested: its SHA-256 should be $3"
        return 1
    fi
    (cd "$4.part" && "$jdk/bin/jar" xf "$windows/fetched/$2" "$5") || return 1
    printf '%s\n' "$3" >"$4.part/digest"
    rm -rf "$windows/fetched" "$4"
    mv "$4.part" "$4"
}

# Runs a Windows program in the prefix, without a word of Wine's.
in_wine() {
    "$windows/bin/wine" "$@" >>"$windows/wine.log" 2>&1 </dev/null
}

# A crashed child would wait for a debugger: AeDebug off. Windows can be opened though there is no screen: the driver "null". Made under another name, so that what has the name is whole.
make_prefix() {
    [ ! -d "$windows/prefix" ] || return 0
    say 'making a Windows of its own for the tests'
    rm -rf "$windows/prefix.part"
    write_wrappers "$windows/prefix.part"
    in_wine wineboot -i && in_wine winecfg -v win10 &&
        in_wine reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug' /v Debugger /d false /f &&
        in_wine reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f || return 1
    WINEPREFIX=$windows/prefix.part wineserver -k -w || :
    mv "$windows/prefix.part" "$windows/prefix"
}

# $windows/bin/wine, and $windows/bin/java, which Surefire starts as its JVM. $1: the prefix. Unix paths are understood while
# the directory is on drive Z, which it is below any Unix directory. The first program of a prefix leaves Wine's own services
# behind, which keep what they inherit: they are started first, without the pipes of the JVM.
# Addresses are not randomised where that can be had: now and then something random lies where Wine needs its first page, and
# that process never starts.
write_wrappers() {
    mkdir -p "$windows/bin"
    fixed_addresses=
    ! setarch "$(uname -m)" -R true 2>/dev/null || fixed_addresses="setarch $(uname -m) -R "
    cat >"$windows/bin/wine" <<END
#!/bin/sh
export WINEPREFIX='$1' WINEDEBUG="\${WINEDEBUG:--all}" WINEDLLOVERRIDES='mscoree=;mshtml=' WINEPATH='Z:$wine_python' LC_ALL=C.UTF-8
unset DISPLAY WAYLAND_DISPLAY
exec ${fixed_addresses}wine "\$@"
END
    cat >"$wine_java" <<END
#!/bin/sh
'$windows/bin/wine' cmd /c exit >/dev/null 2>&1 </dev/null
exec '$windows/bin/wine' '$windows/jre/jre/bin/java.exe' "\$@"
END
    chmod +x "$windows/bin/wine" "$wine_java"
}

compile_fixture() {
    source=$home/test-fixtures/src/main/c/fixture.c
    { [ ! -f "$wine_fixture" ] || [ "$source" -nt "$wine_fixture" ]; } || return 0
    "$(mingw)" -std=c11 -O1 -Wall -Wextra -Werror -municode -o "$wine_fixture" "$source" -luser32 -lshell32
}

# Makes everything that the Windows tests need; a failure says what.
prepare_windows() {
    if ! { command -v wine && command -v wineserver && mingw; } >/dev/null; then
        install_packages 'Wine and a compiler for Windows, for the tests on Windows,' wine wine64 gcc-mingw-w64-x86-64-win32
    fi
    mkdir -p "$windows"
    fetch "$jre_artifact" "$jre_file" "$jre_sha256" "$windows/jre" jre || return 1
    fetch "$python_artifact" "$python_file" "$python_sha256" "$windows/python" org || return 1
    make_prefix || { tail -n 15 "$windows/wine.log" >&2; say "Wine made no prefix; its log is $windows/wine.log"; return 1; }
    write_wrappers "$windows/prefix"
    compile_fixture || return 1
    # Surefire looks here for the version of its JVM.
    cp "$windows/jre/jre/release" "$windows/release"
    say "the tests' Windows: $("$windows/bin/wine" cmd /c ver </dev/null 2>/dev/null | tr -d '\r\n'), $(wine --version 2>/dev/null)"
}

# Ends what still runs in this prefix, and nothing else of Wine's.
end_windows() {
    [ ! -d "$windows/prefix" ] || ! command -v wineserver >/dev/null || WINEPREFIX=$windows/prefix wineserver -k 2>/dev/null || :
}

case $0 in
    *windows.sh)
        can_have_windows && prepare_windows || exit 1
        end_windows
        say "made: mvn -Pwindows -pl launcher -am verify -Dtest=WindowsContractTest -Dsurefire.failIfNoSpecifiedTests=false"
        ;;
esac
