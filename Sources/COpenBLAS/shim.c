#include "COpenBLAS.h"

#include <cblas.h>

// GSL brings its own, plain cblas_sgemm, and whichever library is linked first answers that name.
// The Fortran names exist in OpenBLAS alone, so they are called: column-major, a row-major product
// is Cᵀ = op(B)ᵀ · op(A)ᵀ.
void sgemm_(const char *, const char *, const int *, const int *, const int *, const float *,
            const float *, const int *, const float *, const int *, const float *, float *,
            const int *);
void dgemm_(const char *, const char *, const int *, const int *, const int *, const double *,
            const double *, const int *, const double *, const int *, const double *, double *,
            const int *);

static const char *operation(bool transpose) { return transpose ? "T" : "N"; }

void openblas_gemm_float(bool transpose_a, bool transpose_b, int m, int n, int k, float alpha,
                         const float *a, int lda, const float *b, int ldb, float beta, float *c,
                         int ldc) {
  sgemm_(operation(transpose_b), operation(transpose_a), &n, &m, &k, &alpha, b, &ldb, a, &lda,
         &beta, c, &ldc);
}

void openblas_gemm_double(bool transpose_a, bool transpose_b, int m, int n, int k, double alpha,
                          const double *a, int lda, const double *b, int ldb, double beta,
                          double *c, int ldc) {
  dgemm_(operation(transpose_b), operation(transpose_a), &n, &m, &k, &alpha, b, &ldb, a, &lda,
         &beta, c, &ldc);
}

const char *openblas_description(void) { return openblas_get_config(); }

const char *openblas_kernel(void) { return openblas_get_corename(); }

void openblas_use_calling_thread_only(void) { openblas_set_num_threads(1); }
