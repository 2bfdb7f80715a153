#!/bin/sh
# Makes the answers of ngspice that SpiceTests compares with: netlists are written by a test from
# its seeds, run by ngspice as they are, and the printed currents are kept. Netlists of the smallest
# cases stay beside the answers; the others are larger than what they say. 64 x 64 takes ngspice
# 10 to 20 seconds, or minutes on a busy machine.
#
#   Tests/NodalAnalysisTests/Fixtures/make-answers.sh
set -eu
fixtures=$(cd "$(dirname "$0")" && pwd)
cd "$fixtures/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CROSSBAR_GAN_WRITE_NETLISTS=1 CROSSBAR_GAN_SPICE_FOLDER=$work \
  swift test -c release --filter 'SpiceTests/write' > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
for deck in "$work"/*.cir; do
  name=$(basename "$deck" .cir)
  ngspice -b "$deck" 2> /dev/null | grep '^i(' > "$work/$name.answers"
  echo "$name: $(wc -l < "$work/$name.answers") currents"
done
cp "$work"/*.answers "$fixtures"
for name in linear-4 sinh-4 wide-5x13; do cp "$work/$name.cir" "$fixtures"; done
