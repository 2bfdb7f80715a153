#!/usr/bin/env bash
# Expected: gsl_cdf_gamma_Pinv and gsl_cdf_chisq_Pinv, the quantiles behind the confidence interval of a
# standard deviation, answer for every number of degrees of freedom; or they lose digits as it grows, or
# fail from some size on.
#
# What happens (GSL 2.7.1 of Debian 12): they are right to ten digits almost everywhere and NaN in holes.
# The 97.5 % quantile exists for shapes 10,000, 20,000 and 100,000 and is NaN for 17,066 and 50,000; the
# 2.5 % quantile of those is fine, so that one end of an interval has a value and the other has none. The
# forward function gsl_cdf_gamma_P answers at all of these places. The approximation of Wilson and
# Hilferty, three operations, is within 1e-8 there.
#
# Why it matters: maps of memristor chips give tens of thousands of degrees of freedom. The interval of the
# device-to-device spread of one chip is fine and that of the next, with some cells less, is NaN; a
# comparison with NaN is false, so checks of the kind "is it too wide?" let it pass.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q libgsl27=2.7.1+dfsg-5+deb12u1 libgslcblas0=2.7.1+dfsg-5+deb12u1 >download.log 2>&1 ||
  { cat download.log; exit 1; }
for package in *.deb; do dpkg -x "$package" root; done
libraries=$(dirname "$(find root -name 'libgsl.so.27*' | head -n 1)")

LD_LIBRARY_PATH="$folder/$libraries" python3 - "$libraries" <<'PY'
import ctypes
import math
import sys

ctypes.CDLL(sys.argv[1] + "/libgslcblas.so.0", mode=ctypes.RTLD_GLOBAL)
gsl = ctypes.CDLL(sys.argv[1] + "/libgsl.so.27")
gsl.gsl_set_error_handler_off()
print("GSL", ctypes.c_char_p.in_dll(gsl, "gsl_version").value.decode())
for name, count in (("gsl_cdf_gamma_Pinv", 3), ("gsl_cdf_gamma_P", 3), ("gsl_cdf_ugaussian_Pinv", 1)):
    function = getattr(gsl, name)
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double] * count

holes = []
for shape in (10_000, 17_066, 20_000, 50_000, 100_000):
    row = []
    for p in (0.025, 0.975):
        x = gsl.gsl_cdf_gamma_Pinv(p, shape, 1)
        z = gsl.gsl_cdf_ugaussian_Pinv(p)
        near = shape * (1 - 1 / (9 * shape) + z / (3 * math.sqrt(shape))) ** 3
        assert abs(gsl.gsl_cdf_gamma_P(near, shape, 1) / p - 1) < 1e-4
        row.append(f"{p}: {x:.6f} (Wilson and Hilferty {near:.6f})")
        if math.isnan(x):
            holes.append((shape, p))
        else:
            assert abs(near / x - 1) < 1e-7
    print(f"shape {shape}:", ", ".join(row))
print("NaN at", holes)
sys.exit(0 if holes == [(17_066, 0.975), (50_000, 0.975)] else 1)
PY
