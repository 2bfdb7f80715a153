/// The command line of a package: loads the shared library beside it and hands over.
///
/// Compiled for any processor, so that one that the library was not made for gets a sentence.

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *sentence) {
  fprintf(stderr, "crossbar-gan: %s\n", sentence);
  return 70;
}

int main(void) {
#if defined(__x86_64__) && defined(NEEDS_V3)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")
      || !__builtin_cpu_supports("bmi2")) {
    return fail(
      "this build needs a processor of x86-64-v3 (2013 or later);"
      " build from source with CROSSBAR_GAN_CPU=baseline");
  }
#endif
  char path[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 32);
  if (length < 0) return fail("/proc/self/exe cannot be read");
  path[length] = 0;
  // PREFIX/bin/crossbar-gan stands beside PREFIX/lib.
  for (int level = 0; level < 2; level++) {
    char *slash = strrchr(path, '/');
    if (slash) *slash = 0;
  }
  strcat(path, "/lib/libcrossbargan.so");
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return fail(dlerror());
  void (*run)(void) = (void (*)(void))dlsym(library, "cgan_main");
  if (!run) return fail("the library beside the program is of another version");
  run();
  return 0;
}
