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

/// The widest vector instructions of the processor in use, such as "AVX-512".
const char *processor_vector_instructions(void);

#endif
