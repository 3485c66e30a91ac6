#!/bin/sh
# The same short round in each client: answer.py is stopped at a breakpoint, a local is read, one line is stepped, its output and its
# exit code arrive, and the session ends with nothing left. Each is driven with exactly the files that a user copies.
#
#   sh extension/editors/try.sh CLIENT [DIRECTORY]
#
#   debugclient                     DebugClient of @vscode/debugadapter-testsupport (npm)
#   lsp4j                           LSP4J (in Gantry's jar), called as Eclipse's LSP4E does, with its .launch files: run mode and the
#                                   external tool too
#   emacs-dap-mode [PACKAGES]       Emacs with dap-mode, installed or in the directory of unpacked packages
#   dape DIRECTORY                  Emacs with dape: the directory of dape.el (GANTRY_EMACS: another emacs)
#   nvim DIRECTORY                  Neovim with nvim-dap: its checkout (GANTRY_NVIM: another nvim)
#   vim DIRECTORY                   Vim with vimspector: its checkout (GANTRY_VIM: another vim, with +python3)
#   lsp4e DIRECTORY                 Eclipse's LSP4E: its sources, in which what the .launch files name is looked up
#   live                            the first three, which need nothing but npm and Debian
#   all                             each; directories from GANTRY_DAPE, GANTRY_NVIM_DAP, GANTRY_VIMSPECTOR, GANTRY_LSP4E
#
# A client that is not there is "NOT RUN": a failure where it was named, for "live" only with GANTRY_CHECK_EDITORS=always, for "all"
# never. What npm and Debian hold is fetched beside this file and into target/editors; nothing is installed.
here=$(cd "$(dirname "$0")" && pwd -P)
home=${here%/extension/editors}
kept=$home/target/editors
line=7
# A background command ignores SIGINT, and what it starts would too.
defaults=
env --default-signal=INT true 2>/dev/null && defaults='env --default-signal=INT,QUIT'
work=
running=
failed=
missing=

not_run() {
    printf '%s: NOT RUN: %s\n' "$client" "$*"
    missing=1
    return 1
}

has() {
    command -v "$1" >/dev/null || not_run "there is no $1; install it (on Debian: apt-get install --no-install-recommends $2)"
}

expected() {
    printf '%s\n' "stopped at line $line" 'local answer = 42' "stepped to line $((line + 1))" 'output seen' 'exit code 3' 'session ended'
}

# Whether all that inherited the round's environment (the client, the adapter, the program) is gone, at the latest after some
# ten seconds. Known on Linux alone.
nothing_left() {
    tenths=0
    while [ $tenths -lt 60 ]; do
        left=$(grep -lsF "GANTRY_ROUND_REPORT=$work/" /proc/[0-9]*/environ)
        [ -n "$left" ] || return 0
        sleep 0.1
        tenths=$((tenths + 1))
    done
    for environment in $left; do
        pid=${environment#/proc/}
        printf '%s: still runs: %s\n' "$client" "$(ps -o pid= -o args= -p "${pid%/environ}")"
    done
    return 1
}

# Nothing goes on of a round that is interrupted, and its directory is gone.
interrupted() {
    trap '' HUP INT TERM
    if [ -n "$running" ]; then
        kill "$running" 2>/dev/null
        wait "$running"
    fi
    if [ -n "$work" ]; then
        nothing_left
        rm -rf "$work"
    fi
    exit "$1"
}

# Runs the client that is the command $@, in a home of its own, and compares what it reports with what a round is. Its standard input
# never ends, since an editor ends with it.
round() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/gantry-round.XXXXXX")
    mkdir "$work/home" "$work/project"
    cp "$here/answer.py" "$work/project/"
    : >"$work/report"
    mkfifo "$work/silent"
    status=0
    (
        cd "$work/project" || exit
        unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME
        exec env HOME="$work/home" GANTRY_HOME="$home" GANTRY_ROUND_PROGRAM="$work/project/answer.py" GANTRY_ROUND_LINE=$line \
            GANTRY_ROUND_REPORT="$work/report" GANTRY_BUILD=never timeout -k 5 120 $defaults "$@" \
            >"$work/screen" 2>&1 <>"$work/silent"
    ) &
    running=$!
    wait "$running" || status=$?
    running=
    sed "s/^/$client: /" "$work/report"
    expected >"$work/expected"
    if nothing_left && [ $status -eq 0 ] && cmp -s "$work/expected" "$work/report"; then
        rm -rf "$work"
        work=
        printf '%s: passed\n' "$client"
        return 0
    fi
    tail -n 20 "$work/screen" | tr -cd '[:print:]\n' | cut -c 1-300
    printf '%s: FAILED (status %s); a round is these lines:\n' "$client" "$status"
    sed 's/^/    /' "$work/expected"
    printf '%s has all that the client wrote\n' "$work"
    work=
    failed=1
}

try_debugclient() {
    has node nodejs && has npm npm || return
    if ! [ "$here/debugclient/node_modules/.package-lock.json" -nt "$here/debugclient/package-lock.json" ]; then
        (cd "$here/debugclient" && npm ci --ignore-scripts --no-audit --no-fund --silent) ||
            { not_run 'npm could not fetch @vscode/debugadapter-testsupport; see its message above'; return; }
    fi
    round node "$here/debugclient/round.js"
}

try_lsp4j() {
    read -r java <"$home/adapter/target/gantry.stamp"
    [ -x "${java%/java}/javac" ] || { not_run "$java is no JDK; install one and build with it"; return; }
    round "$java" -cp "$home/adapter/target/gantry.jar" "$here/Lsp4eCalls.java" "$here/../eclipse"
}

# Unpacks Debian's dap-mode and the packages that it needs; it need not be installed for that.
fetch_dap_mode() {
    packages=$kept/dap-mode/usr/share/emacs/site-lisp/elpa-src
    [ ! -f "$kept/dap-mode.done" ] || return 0
    command -v apt-get >/dev/null || return 1
    rm -rf "$kept/dap-mode"
    mkdir -p "$kept/dap-mode/debs"
    names=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
        elpa-dap-mode 2>/dev/null | grep '^elpa-')
    [ -n "$names" ] && (cd "$kept/dap-mode/debs" && apt-get download -q $names) >"$kept/fetch.log" 2>&1 || return 1
    for deb in "$kept"/dap-mode/debs/*.deb; do
        dpkg -x "$deb" "$kept/dap-mode" || return 1
    done
    : >"$kept/dap-mode.done"
}

try_emacs_dap_mode() {
    emacs=${GANTRY_EMACS:-emacs}
    has "$emacs" emacs-nox || return
    packages=${1:+$(cd "$1" && pwd)}
    if [ -z "$packages" ] && ! "$emacs" --batch --eval "(require 'dap-mode)" >/dev/null 2>&1; then
        fetch_dap_mode ||
            { not_run 'there is no dap-mode; install it (on Debian: apt-get install --no-install-recommends elpa-dap-mode)'; return; }
    fi
    round env "GANTRY_ROUND_PACKAGES=$packages" "$emacs" --batch -l "$here/emacs-dap-mode.el"
}

# Sets $plugin to the directory $2, where the plugin $1, which has the file $3, is there.
has_plugin() {
    [ -n "$2" ] || { not_run "give the directory of $1 ($4)"; return; }
    [ -f "$2/$3" ] || { not_run "$2 is no $1: it has no $3"; return; }
    plugin=$(cd "$2" && pwd)
}

try_dape() {
    emacs=${GANTRY_EMACS:-emacs}
    has "$emacs" emacs-nox && has_plugin dape "$1" dape.el https://github.com/svaante/dape || return
    round env "GANTRY_ROUND_PACKAGES=$plugin" "$emacs" -Q --batch -l "$here/emacs-dape.el"
}

try_nvim() {
    nvim=${GANTRY_NVIM:-nvim}
    has "$nvim" neovim && has_plugin nvim-dap "$1" lua/dap.lua https://github.com/mfussenegger/nvim-dap || return
    round "$nvim" --headless -n -u NONE --cmd "set runtimepath^=$plugin" -c "luafile $here/nvim-dap.lua"
}

try_vim() {
    vim=${GANTRY_VIM:-vim}
    has "$vim" vim-nox && has script bsdutils &&
        has_plugin vimspector "$1" autoload/vimspector.vim https://github.com/puremourning/vimspector || return
    "$vim" --version | grep -q '+python3' || { not_run "$vim has no Python 3; install one that has (Debian: vim-nox)"; return; }
    round env TERM=xterm "GANTRY_ROUND_PLUGIN=$plugin" script -qec "'$vim' -Nu '$here/vimspector.vim'" /dev/null
}

try_lsp4e() {
    keys=org.eclipse.lsp4e.debug/src/org/eclipse/lsp4e/debug/DSPPlugin.java
    has_plugin LSP4E "$1" "$keys" https://github.com/eclipse-lsp4e/lsp4e || return
    for file in "$here"/../eclipse/gantry-debug.launch "$here"/../eclipse/gantry-run.launch; do
        for key in $(sed -n 's/.*key="org\.eclipse\.lsp4e\.debug\.model\(\.[A-Z_]*\)".*/\1/p' "$file"); do
            grep -qF "\"$key\"" "$plugin/$keys" || { printf 'lsp4e: FAILED: LSP4E knows no %s, which %s names\n' "$key" "${file##*/}"; failed=1; }
        done
    done
    [ -n "$failed" ] || printf 'lsp4e: all that the .launch files name is in %s\n' "$keys"
    not_run 'the round itself: it wants an Eclipse; extension/eclipse/README.md has it step by step'
}

try() {
    client=$1
    case $client in
        debugclient) try_debugclient ;;
        lsp4j) try_lsp4j ;;
        emacs-dap-mode) try_emacs_dap_mode "$2" ;;
        dape) try_dape "${2:-$GANTRY_DAPE}" ;;
        nvim) try_nvim "${2:-$GANTRY_NVIM_DAP}" ;;
        vim) try_vim "${2:-$GANTRY_VIMSPECTOR}" ;;
        lsp4e) try_lsp4e "${2:-$GANTRY_LSP4E}" ;;
        *)
            sed -n '2,/^here=/s/^# \{0,1\}//p' "$0" >&2
            exit 2
            ;;
    esac
}

trap 'interrupted 129' HUP
trap 'interrupted 130' INT
trap 'interrupted 143' TERM
mkdir -p "$kept"
"$home/gantry" --version >/dev/null || exit 1
case $1 in
    live) for each in debugclient lsp4j emacs-dap-mode; do try "$each"; done ;;
    all) for each in debugclient lsp4j emacs-dap-mode dape nvim vim lsp4e; do try "$each"; done ;;
    *) try "$1" "$2" ;;
esac
case $1-$GANTRY_CHECK_EDITORS in
    live-always) ;;
    live-* | all-*) missing= ;;
esac
[ -z "$missing" ] || failed=1
[ -z "$failed" ]
