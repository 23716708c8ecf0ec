#!/usr/bin/env bash
# How long the commands of the README take on a clean clone with an empty HOME; writes the line between its marks.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q . "$work/clone"
mkdir "$work/home"
cores=$(nproc)

seconds() { # prints the whole seconds that a make target takes in the clone
  local start=$SECONDS
  HOME="$work/home" make -C "$work/clone" "$1" >"$work/$1.log" 2>&1 || { tail -n 20 "$work/$1.log" >&2; exit 1; }
  echo $((SECONDS - start))
}
first=$(seconds run)
again=$(seconds run)
tests=$(seconds test)

python3 - "$first" "$again" "$tests" "$cores" <<'PY'
import pathlib, re, sys
first, again, tests, cores = sys.argv[1:]
line = (f"On a machine with {cores} cores and a package index at hand, from a clean clone: the first `make run` {first} s, of which\n"
        f"most is installing packages, the next one {again} s; `make test` {tests} s, its own packages included. `make times` measures it.")
readme = pathlib.Path("README.md")
text = re.sub(r"<!-- times -->\n.*?<!-- end times -->", f"<!-- times -->\n{line}\n<!-- end times -->",
              readme.read_text(encoding="utf-8"), flags=re.DOTALL)
readme.write_text(text, encoding="utf-8")
PY
sed -n '/<!-- times -->/,/<!-- end times -->/p' README.md
