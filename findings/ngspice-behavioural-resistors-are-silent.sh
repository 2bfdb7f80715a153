#!/usr/bin/env bash
# Expected: under .noise a resistor of 1 kΩ makes 4·k·T·R, however its value is written: as a number, or as
#   an expression of a node voltage that happens to be 1 kΩ. Memristor models are written as
#   R = 'f(v(state))' or as a current source B, and their read noise is taken from .noise.
# What happens: where the expression names a node, the resistor is noiseless without a message, unless
#   noisy=1 stands behind it; in the same quotes a constant is noisy. A B source of the same current has no
#   noise and no such option. A divider of two resistors then shows the noise of one: 2.04 for 2.88 nV/√Hz.
# Version: ngspice 39.3 (Debian 12).
# Why it matters: the signal-to-noise ratio of a read, and the entropy of a noise source, are wrong by as
#   much as the device contributes, which in a read-out with a small load is nearly all of it.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q ngspice=39.3+ds-1 >download.log 2>&1 || { cat download.log; exit 1; }
dpkg -x ngspice_*.deb root
ngspice=$PWD/root/usr/bin/ngspice
"$ngspice" --version | grep -m 1 -o 'ngspice-[0-9]*'

# Output noise of a divider in V/√Hz; the argument is the line of its upper element.
density() {
  cat > deck.cir <<DECK
divider
v1 in 0 dc 0.1 ac 1
$1
r2 out 0 1k
.control
noise v(out) v1 dec 1 1k 10k
setplot noise1
print onoise_spectrum
quit 0
.endc
.end
DECK
  "$ngspice" -b deck.cir 2> /dev/null | awk '$1 == "0" && NF == 3 { print $3 }'
}

close() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a / b > 0.999 && a / b < 1.001) }'; }

both=2.8789e-09 # √(4·k·T·500 Ω) at 27 °C
one=2.0357e-09  # the lower resistor's alone
check() {
  found=$(density "$1")
  printf '%-40s %s V/√Hz\n' "$1" "$found"
  close "$found" "$2"
}
check "r1 in out 1k" $both
check "r1 in out R='1000'" $both
check "r1 in out R='1000*(1+0*v(in))'" $one
check "r1 in out R='1000*(1+0*v(in))' noisy=1" $both
check "b1 in out i=v(in,out)/1000" $one
