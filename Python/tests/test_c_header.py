"""A C program compiles against the header and links against the library."""

import pathlib
import shutil
import subprocess

import pytest

from crossbar_gan import Calibration, _library

HEADER = pathlib.Path(__file__).resolve().parents[2] / "Sources/CCrossbarGAN/include"
PROGRAM = r"""
#include <crossbar_gan.h>
#include <stdio.h>
int main(void) {
  cgan_handle device;
  char *problem = NULL;
  if (cgan_calibration_open("nobody", &device, &problem) != 66 || !problem || device) return 1;
  cgan_free(problem);
  if (cgan_calibration_open("nili2020", &device, &problem)) return 2;
  double conductance = 5e-5, voltage = 0.1, current = 0;
  if (cgan_calibration_current(device, 1, &conductance, &voltage, NULL, 25, 0, &current, NULL)) return 3;
  printf("%.17g\n", current);
  double G[4] = {1e-5, 2e-5, 3e-5, 4e-5}, V[2] = {0.1, 0.2}, I[2];
  cgan_array array = {2, 2, G, "linear", 25, 0, 0, 0, 0, 0};
  if (cgan_solve(&array, 1, V, "exact", 0, I, NULL, NULL, NULL, &problem)) { puts(problem); return 4; }
  if (I[0] < 6.99e-6 || I[0] > 7.01e-6) return 5;
  if (cgan_close(device, NULL) || cgan_close(device, NULL) != 64) return 6;
  return 0;
}
"""


@pytest.mark.skipif(not HEADER.exists() or not shutil.which("cc"), reason="no header or compiler")
@pytest.mark.parametrize("language", ["c", "c++"])
def test_header(tmp_path, language):
    source = tmp_path / ("program.c" if language == "c" else "program.cpp")
    source.write_text(PROGRAM)
    library = _library.path()
    subprocess.run(
        ["cc", "-x", language, "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers",
         source, "-x", "none", f"-I{HEADER}", library, f"-Wl,-rpath,{library.parent}",
         "-o", tmp_path / "program"], check=True)
    done = subprocess.run([tmp_path / "program"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert float(done.stdout) == Calibration().current(5e-5, 0.1)
