#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// The loop of libFuzzer without its own `main`; it comes with `-sanitize=fuzzer`.
int LLVMFuzzerRunDriver(
  int *count, char ***arguments, int (*try_input)(const uint8_t *bytes, size_t count));

#endif
