// The few dense kernels this package takes from OpenBLAS, without its header.
//
// cblas.h cannot be imported into Swift next to GSL's copy, and its symbol names are shared: these
// wrappers carry names of their own and call what only OpenBLAS has.
#ifndef COPENBLAS_H
#define COPENBLAS_H

#include <stdbool.h>

/// C (m × n) = alpha · op(A) · op(B) + beta · C, all row-major, op transposes when asked.
void openblas_gemm_float(bool transpose_a, bool transpose_b, int m, int n, int k, float alpha,
                         const float *a, int lda, const float *b, int ldb, float beta, float *c,
                         int ldc);

/// The same in double precision.
void openblas_gemm_double(bool transpose_a, bool transpose_b, int m, int n, int k, double alpha,
                          const double *a, int lda, const double *b, int ldb, double beta,
                          double *c, int ldc);

/// Build description of the library that answers, beginning with "OpenBLAS".
const char *openblas_description(void);

/// Name of the kernel set chosen for this processor.
const char *openblas_kernel(void);

/// Keeps OpenBLAS on the calling thread: its own threads change the bits of a result.
void openblas_use_calling_thread_only(void);

#endif
