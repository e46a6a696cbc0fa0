#!/usr/bin/env bash
# Adds new public members to PublicAPI.Unshipped.txt of each library and drops those that are gone: run it after a
# deliberate change of the public surface, and read the diff.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet restore --nologo -v q > /dev/null
for project in Inr.Core Inr.Parameterizations Inr.Meta Inr.Evaluation Inr.Scenes; do
  folder=src/$project
  [ -f "$folder/PublicAPI.Shipped.txt" ] || echo '#nullable enable' > "$folder/PublicAPI.Shipped.txt"
  echo '#nullable enable' > "$folder/PublicAPI.Unshipped.txt"
  # Every member that is not declared is reported once; the report holds the text of the declaration.
  declarations=$(dotnet build "$folder/$project.csproj" -c Release -f net10.0 --no-dependencies -p:RunAnalyzersDuringBuild=true --nologo 2>&1 \
    | grep -oE "(warning|error) RS0016: Symbol '.*' is not part of the declared public API" \
    | sed -E "s/^(warning|error) RS0016: Symbol '(.*)' is not part of the declared public API$/\2/" | LC_ALL=C sort -u || true)
  if [ -n "$declarations" ]; then printf '%s\n' "$declarations" >> "$folder/PublicAPI.Unshipped.txt"; fi
  dotnet build "$folder/$project.csproj" -c Release --no-dependencies -p:RunAnalyzersDuringBuild=true --nologo -v q > /dev/null
  echo "$project: $(($(wc -l < "$folder/PublicAPI.Unshipped.txt") - 1)) public members"
done
