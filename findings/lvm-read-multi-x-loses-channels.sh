#!/usr/bin/env bash
# Expected: lvm_read, the usual reader of LabVIEW measurement files in Python, gives every column of a file
# whose header says "X_Columns Multi" (each channel with a time column of its own): with voltage and current
# the columns time, voltage, time, current.
#
# What happens (lvm_read 1.26): it keeps as many columns as a file with one time column would have, channels
# plus one, from the left: time, voltage, time. The current and its name are gone, no warning is given, and
# the third column, which stands where the current stands in files with "X_Columns One", holds times.
#
# Why it matters: two instruments with clocks of their own, a source and a meter on a memristor, are written
# this way. A current-voltage curve made of columns 1 and 2, as for other files, shows time against voltage:
# a straight line, "ohmic", for every device that is swept linearly.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check lvm_read==1.26 numpy==2.4.6

env/bin/python - <<'PY'
import sys

import lvm_read
import numpy as np

HEADER = """LabVIEW Measurement\t
Writer_Version\t2
Reader_Version\t2
Separator\tTab
Decimal_Separator\t.
Multi_Headings\tYes
X_Columns\t{columns}
Time_Pref\tRelative
Date\t2026/01/05
Time\t10:00:00
***End_of_Header***\t
\t
Channels\t2\t
Samples\t3\t3\t
Date\t2026/01/05\t2026/01/05\t
Time\t10:00:00\t10:00:00\t
X_Dimension\tTime\tTime\t
X0\t0\t0\t
Delta_X\t0.1\t0.1\t
***End_of_Header***\t
X_Value\tvoltage\t{second}current\tComment
"""
ROWS = [(0.1 * k, 0.5 * k, 1e-6 * k**3) for k in range(3)]


def read(columns):
    second = "X_Value\t" if columns == "Multi" else ""
    text = HEADER.format(columns=columns, second=second)
    for time, voltage, current in ROWS:
        again = f"{time:.1f}\t" if columns == "Multi" else ""
        text += f"{time:.1f}\t{voltage:.1f}\t{again}{current:.1e}\t\n"
    name = f"{columns}.lvm"
    with open(name, "w") as file:
        file.write(text)
    segment = lvm_read.read(name, read_from_pickle=False, dump_file=False)[0]
    return segment["Channel names"], np.array(segment["data"])


answers = {}
for columns in ("One", "Multi"):
    names, answers[columns] = read(columns)
    print(f"X_Columns {columns}: names {names}, columns {answers[columns].shape[1]}")
    print(answers[columns])
current = np.array([row[2] for row in ROWS])
assert np.allclose(answers["One"][:, 2], current)
lost = answers["Multi"].shape[1] == 3 and np.allclose(
    answers["Multi"][:, 2], [row[0] for row in ROWS]
)
print("the current of X_Columns Multi is", "lost" if lost else "read")
sys.exit(0 if lost else 1)
PY
