#!/bin/sh
# examples.sh PROGRAM SCRATCH SOURCE_DIR: every example that --help begins with really works, word by
# word, over a store of docs/man/example.jsonl. What would ask a board, or write where the operator's
# files are, is only read: the same words with --help behind them must still be understood.
set -eu
program=$1 scratch=$2 source=$3
rm -rf "$scratch"
mkdir -p "$scratch/bin" "$scratch/here/my-rules" "$scratch/config" "$scratch/state"
export LC_ALL=C.UTF-8 HOME="$scratch" STATE_DIRECTORY="$scratch/state" PATH="$scratch/bin:$PATH"
cat >"$scratch/bin/roletide" <<END
#!/bin/sh
exec "$program" --now 2026-11-10T14:30:00Z "\$@"
END
for tool in jq xxhsum; do # not asked of the machine: what they read is what counts
	printf '#!/bin/sh\nexec cat\n' >"$scratch/bin/$tool"
done
chmod +x "$scratch"/bin/*
roletide import "$source/docs/man/example.jsonl" 2>/dev/null

cd "$scratch/here"
ads=$source/docs/man/example.jsonl board=$source/tests/fixtures/boards/smartrecruiters
cp "$ads" postings.jsonl
cp "$ads" 2025.jsonl
cp "$ads" 2026.jsonl
gzip -c "$ads" >history.jsonl.gz
gzip -c "$ads" >ads.jsonl.gz
set -- "$board"/*
cp "$1" list.json
cp "$2" detail-1.json
cp "$3" detail-2.json
echo '<a href="https://boards.greenhouse.io/rupaka">Jobs</a>' >saved-careers-page.html
printf 'User-agent: *\nAllow: /\n' >robots.txt
printf 'robots.txt\troletide\thttps://example.com/jobs\n' >questions.tsv
cat >new-rule.yaml <<'END'
- id: rupakaflow
  label: Rupakaflow
  category: mlops
  aliases: [rupakaflow]
  yes: ['Pipelines on Rupakaflow']
  no: ['Pipelines on Rupaka']
END

# Asks boards, or the store of a machine.
only_read='^roletide (run|crawl( |$)|source (add|check))'
dry='--dry-run'
# What this store cannot have: exit 4, nothing found. Its postings come from no board, none of them is
# new, and its texts name no tool that the rules lack.
nothing='why greenhouse:phonepe/4012345|publish then/ --as-of|why 42 --body|--new 7|rules (try|unmatched)'
bad=0 ran=0
for command in $(roletide --help | sed -n '/^Commands/,/^$/p' | awk 'NR > 1 { print $1 }'); do
	roletide "$command" --help | sed -n '2,/^$/p' | sed -n 's/^  //p' >"$scratch/examples"
	[ -s "$scratch/examples" ] || { echo "$command: no example"; bad=1; }
	while read -r line; do
		words=$(echo "$line" | sed 's/^[0-9*]* [0-9*]* \* \* \* //; s/   *#.*//; s/\([^ ]\)  .*/\1/')
		want=0
		if echo "$words" | grep -Eq "$only_read" && ! echo "$words" | grep -q -e "$dry"; then
			words="$words --help"
		elif echo "$words" | grep -Eq "$nothing"; then
			want=4
		fi
		got=0
		sh -c "$words" >"$scratch/out" 2>"$scratch/err" </dev/null || got=$?
		ran=$((ran + 1))
		case $words in *"|"*) want=0 ;; esac # the status is that of the last of them
		[ "$got" = "$want" ] || { echo "$words: exit $got, want $want"; head -n 3 "$scratch/err"; bad=1; }
		[ -s "$scratch/out" ] || [ "$got" = 4 ] || [ -s "$scratch/err" ] || case $words in
		*">"* | *publish* | *backup* | *alert* | *"--body"*) ;;
		*) echo "$words: says nothing"; bad=1 ;;
		esac
	done <"$scratch/examples"
done
[ "$ran" -ge 50 ] || { echo "only $ran examples: the check would prove nothing"; bad=1; }
exit "$bad"
