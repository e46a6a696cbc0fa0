#!/usr/bin/env bash
# Encodes a folder of pictures with 'inr encode', kills it three times without warning, lets it end, and checks what is there:
#   benchmarks/encode-killed.sh FOLDER [COUNT [OPTIONS OF ENCODE]]
# It takes the command that was built last, or INR_DLL.
# Every picture must have an output and one line in the manifest, no temporary file may stay, and every output must decode.
set -euo pipefail
folder=$1; count=${2:-1800}; shift; shift || true
inr=(dotnet "${INR_DLL:-$(cd "$(dirname "$0")/.." && pwd)/artifacts/bin/Inr.Cli/release/inr.dll}")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir "$work/source"
# As links: the folder may be read-only, and large.
find "$(cd "$folder" && pwd)" -type f \( -iname '*.png' -o -iname '*.jpg' -o -iname '*.jpeg' \) | LC_ALL=C sort | awk -v n="$count" 'NR <= n' \
  | xargs -d '\n' ln -s -t "$work/source"
pictures=$(find "$work/source" -type l | wc -l)
start=$(date +%s.%N)
for pause in 9 23 16; do
  "${inr[@]}" encode "$work/source" --out "$work/coded" "$@" > "$work/log" 2>&1 & process=$!
  sleep "$pause"
  if kill -9 "$process" 2> /dev/null; then echo "killed after $pause s with $(find "$work/coded" -name '*.inr' | wc -l) outputs"; fi
  wait "$process" 2> /dev/null || true
done
"${inr[@]}" encode "$work/source" --out "$work/coded" "$@" | tee "$work/log"
end=$(date +%s.%N)
outputs=$(find "$work/coded" -name '*.inr' | wc -l)
lines=$(cat "$work/coded/manifest/"*.jsonl | grep -c '"output"' || true)
twice=$(cat "$work/coded/manifest/"*.jsonl | grep -o '^{"source":"[^"]*"' | sort | uniq -d | wc -l)
left=$(find "$work/coded" -name '.inr-*' | wc -l)
"${inr[@]}" decode "$work/coded" --out "$work/decoded" > "$work/log" 2>&1 || { tail -3 "$work/log"; exit 1; }
decoded=$(find "$work/decoded" -name '*.png' | wc -l)
awk -v p="$pictures" -v o="$outputs" -v l="$lines" -v t="$twice" -v f="$left" -v d="$decoded" -v s="$start" -v e="$end" 'BEGIN {
  printf "%d pictures: %d outputs, %d lines, %d twice, %d temporary files left, %d decoded; %.0f s with the kills, %.1f pictures a second\n", p, o, l, t, f, d, e - s, p / (e - s)
  exit !(o == p && l == p && t == 0 && f == 0 && d == p) }'
