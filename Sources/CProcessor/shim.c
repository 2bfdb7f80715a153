#include "CProcessor.h"

#include <stdlib.h>
#include <unistd.h>

const char *processor_lacks(unsigned instructions) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  if (instructions & PROCESSOR_AVX2 && !__builtin_cpu_supports("avx2")) return "AVX2";
  if (instructions & PROCESSOR_FMA && !__builtin_cpu_supports("fma")) return "FMA";
  if (instructions & PROCESSOR_BMI2 && !__builtin_cpu_supports("bmi2")) return "BMI2";
  if (instructions & PROCESSOR_AVX512F && !__builtin_cpu_supports("avx512f")) return "AVX-512F";
  if (instructions & PROCESSOR_AVX512BW && !__builtin_cpu_supports("avx512bw")) return "AVX-512BW";
  if (instructions & PROCESSOR_AVX512VL && !__builtin_cpu_supports("avx512vl")) return "AVX-512VL";
#endif
  (void)instructions;
  return NULL;
}

static void say(const char *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  if (write(STDERR_FILENO, text, length) < 0) return;
}

void processor_require(unsigned instructions) {
  const char *lacking = processor_lacks(instructions);
  if (lacking == NULL) return;
  say("crossbar-gan: this processor has no ");
  say(lacking);
  say(" instructions, which the program was built to use; build it on this machine, or with"
      " CROSSBAR_GAN_CPU=baseline\n");
  _exit(70);
}

const char *processor_vector_instructions(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return "AVX-512";
  if (__builtin_cpu_supports("avx2")) return "AVX2";
  if (__builtin_cpu_supports("avx")) return "AVX";
  return "SSE2";
#elif defined(__aarch64__)
  return "NEON";
#else
  return "none known";
#endif
}
