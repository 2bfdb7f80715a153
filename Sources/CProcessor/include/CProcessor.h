// Instructions of the processor that Swift has no name for. Hints: they change no result.
#ifndef CPROCESSOR_H
#define CPROCESSOR_H

/// Asks for the cache line of an address that is about to be read and written; never faults.
static inline void prefetch_line(const void *address) { __builtin_prefetch(address, 1, 3); }

/// Tells the processor that this thread waits in a loop, so that another on its core may run.
static inline void relax_processor(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

/// Sets of instructions that a build may use and a processor lack.
enum {
  PROCESSOR_AVX2 = 1,
  PROCESSOR_FMA = 2,
  PROCESSOR_BMI2 = 4,
  PROCESSOR_AVX512F = 8,
  PROCESSOR_AVX512BW = 16,
  PROCESSOR_AVX512VL = 32,
};

/// Instructions that the importing code is compiled for: this header is read with its flags.
static inline unsigned processor_instructions_of_build(void) {
  unsigned instructions = 0;
#ifdef __AVX2__
  instructions |= PROCESSOR_AVX2;
#endif
#ifdef __FMA__
  instructions |= PROCESSOR_FMA;
#endif
#ifdef __BMI2__
  instructions |= PROCESSOR_BMI2;
#endif
#ifdef __AVX512F__
  instructions |= PROCESSOR_AVX512F;
#endif
#ifdef __AVX512BW__
  instructions |= PROCESSOR_AVX512BW;
#endif
#ifdef __AVX512VL__
  instructions |= PROCESSOR_AVX512VL;
#endif
  return instructions;
}

/// The first of the given instructions that the processor in use lacks, such as "AVX2"; NULL for none.
const char *processor_lacks(unsigned instructions);

/// Ends the program with exit code 70 and a sentence when the processor in use lacks an instruction.
void processor_require(unsigned instructions);

/// The widest vector instructions of the processor in use, such as "AVX-512".
const char *processor_vector_instructions(void);

#endif
