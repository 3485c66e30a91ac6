# Becomes the program. Set before, in front of this: directory (empty: stay), path (the PATH that the program will be looked up
# in), and the positional parameters: the program's name, then the whole command that is to be executed.
here=${0%/*}
trap : INT QUIT
read -r line </proc/$$/stat
line=${line##*) }

refuse() {
  trap - EXIT
  echo "refused $1 $2" >"$here/report"
  echo "gantry: $3" >&2
  exit "${4-$2}"
}

start_time() {
  start=${20}
}

find_program() {
  case $1 in
  */*)
    [ -e "$1" ] || return 127
    [ -x "$1" ] && ! [ -d "$1" ] || return 126
    ;;
  *) (
    PATH=$path
    command -v "$1" >/dev/null 2>&1
  ) || return 127 ;;
  esac
}

start_time $line
if [ "$directory" ]; then
  cd -- "$directory" || refuse directory 0 "no such working directory: $directory" 126
fi
find_program "$1"
found=$?
case $found in
126) refuse program 126 "not executable: $1" ;;
127) refuse program 127 "no such program: $1" ;;
esac
shift
{ echo "$$ $start" >"$here/pid"; } 2>/dev/null
if ! [ -p "$here/leash" ]; then
  echo 'gantry: this launch was cancelled' >&2
  exit 125
fi
echo "hello $$ $start" >"$here/report"
# What is left to fail now, a missing interpreter for instance. One kind of shell runs the trap then, the other the next line.
trap 'refuse program $? "cannot be executed: $1"' EXIT
if [ "$BASH_VERSION" ]; then shopt -s execfail; fi
exec "$@"
exit $?
