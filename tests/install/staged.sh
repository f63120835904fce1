#!/bin/sh
# staged.sh CMAKE BUILD SOURCE SCRATCH VERSION: installs into SCRATCH; the files are the expected
# ones and the program there runs on the data there.
set -eu
cmake=$1 build=$2 source=$3 scratch=$4 version=$5
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$scratch"
"$cmake" --install "$build" --prefix "$scratch" >/dev/null

# The program and the units are listed by name; the data is all of config/ that is data.
{
  cat "$here/expected.txt"
  [ ! -f "$build/docs/roletide.1" ] || for page in "$source"/docs/*.scd "$source"/docs/man/*.scd; do
    echo "share/man/man1/$(basename "$page" .scd)" # made where scdoc is
  done
  cd "$source/config"
  find roletide.yaml employers.yaml adapters sources rules roadmaps -type f 2>/dev/null | sed 's|^|share/roletide/|'
} | LC_ALL=C sort >"$scratch.expected"
(cd "$scratch" && find . -type f | sed 's|^\./||' | LC_ALL=C sort) >"$scratch.found"
diff -u "$scratch.expected" "$scratch.found"

roletide=$scratch/bin/roletide
[ "$($roletide --version)" = "roletide $version" ]
$roletide --config "$scratch/share/roletide" config check

# A rule of the staged data that is spoiled is found: it is this data that was checked.
echo 'own_sourcess: true' >>"$scratch/share/roletide/roletide.yaml"
if $roletide --config "$scratch/share/roletide" config check 2>"$scratch.said"; then
  echo "a spoiled configuration was accepted" >&2
  exit 1
fi
grep -q "$scratch/share/roletide/roletide.yaml:" "$scratch.said"
