#include "COpenBLAS.h"

#include <cblas.h>

// The Fortran entry points, not cblas_?gemm: libgslcblas carries those names too, and which library
// answers them depends on the order of linking. Nothing but a BLAS carries these.
void sgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k,
            const float *alpha, const float *a, const int *lda, const float *b, const int *ldb,
            const float *beta, float *c, const int *ldc);
void dgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k,
            const double *alpha, const double *a, const int *lda, const double *b, const int *ldb,
            const double *beta, double *c, const int *ldc);

static const char *operation(bool transpose) { return transpose ? "T" : "N"; }

// A row-major matrix is a column-major transposed one: C = op(A) · op(B) is computed as
// Cᵀ = op(B)ᵀ · op(A)ᵀ.
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
