// A library to be loaded before others: the write with the number FAIL_WRITE, counted from 1, and all
// later ones to files fail as on a full disk. Standard streams are left alone.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static long count;

ssize_t write(int descriptor, const void *bytes, size_t length) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) real = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  const char *limit = getenv("FAIL_WRITE");
  if (limit && descriptor > 2 && __sync_add_and_fetch(&count, 1) >= atol(limit)) {
    errno = ENOSPC;
    return -1;
  }
  return real(descriptor, bytes, length);
}
