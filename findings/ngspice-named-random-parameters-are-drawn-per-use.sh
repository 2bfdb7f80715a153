#!/usr/bin/env bash
# Expected: a parameter of a device's subcircuit that is drawn at random, .param z = agauss(…), is one number
#   per device: two elements of the device that use z share its deviation.
# What happens: every element that names z gets a draw of its own, inside a subcircuit and at the top level
#   alike, as if the name stood for the text. Only a second parameter that takes the first one in braces,
#   .param fixed = {z}, is one number. No message says so, and a print of the parameter cannot show it.
# Version: ngspice 39.3 (Debian 12).
# Why it matters: the spread of memristors is made of deviations that parameters share (one frozen number
#   per device scales on- and off-conductance, or threshold and slope). Written in the natural way the
#   parameters come out independent, and sums over devices of a line vary too little.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q ngspice=39.3+ds-1 >download.log 2>&1 || { cat download.log; exit 1; }
dpkg -x ngspice_*.deb root
root/usr/bin/ngspice --version | grep -m 1 -o 'ngspice-[0-9]*'

cat > deck.cir <<'DECK'
spread of a device
.option seed=5
.param chip = agauss(1k, 100, 3)
.param fixed_chip = {chip}
.subckt device a b c d
.param z = agauss(1k, 100, 3)
.param fixed = {z}
r1 a 0 {z}
r2 b 0 {z}
r3 c 0 {fixed}
r4 d 0 {fixed}
.ends
i1 0 n1 1m
i2 0 n2 1m
i3 0 n3 1m
i4 0 n4 1m
i5 0 n5 1m
i6 0 n6 1m
i7 0 n7 1m
i8 0 n8 1m
x1 n1 n2 n3 n4 device
r5 n5 0 {chip}
r6 n6 0 {chip}
r7 n7 0 {fixed_chip}
r8 n8 0 {fixed_chip}
.control
op
print v(n1) v(n2) v(n3) v(n4) v(n5) v(n6) v(n7) v(n8)
quit 0
.endc
.end
DECK
root/usr/bin/ngspice -b deck.cir 2> /dev/null | awk '/^v\(n/ { print $3 }' > values
mapfile -t v < values
[ ${#v[@]} -eq 8 ]
echo "in a device, {z} twice:      ${v[0]} ${v[1]} kΩ"
echo "in a device, {fixed} twice:  ${v[2]} ${v[3]} kΩ"
echo "of the chip, {chip} twice:   ${v[4]} ${v[5]} kΩ"
echo "of the chip, {fixed_chip}:   ${v[6]} ${v[7]} kΩ"
[ "${v[0]}" != "${v[1]}" ] && [ "${v[2]}" = "${v[3]}" ]
[ "${v[4]}" != "${v[5]}" ] && [ "${v[6]}" = "${v[7]}" ]
