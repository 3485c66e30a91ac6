# The private directory of a terminal launch, for those who remove it: its shell, and the guardian where no shell has begun.

# claim DIRECTORY: whether it is ours; it is whose comes first.
claim() {
  (set -C; : >"$1/begun") 2>/dev/null
}

remove_folder() {
  rm -f "$1/leash" "$1/report" "$1/run" "$1/target" "$1/pid" "$1/ending" "$1/begun"
  rmdir "$1" 2>/dev/null
}
