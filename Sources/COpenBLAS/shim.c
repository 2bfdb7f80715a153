#include "COpenBLAS.h"

#include <cblas.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

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

#if defined(__ELF__)
// OpenBLAS asks for its buffers again and again, without end, when the address space is too small,
// first when the library is loaded. The linker's preinit array runs before that.
static void require_address_space(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (processors < 1) processors = 1;
  unsigned long long needed = (768ULL + 40ULL * (unsigned long long)processors) << 20;
  if (limit.rlim_cur >= needed) return;
  char line[160];
  int length = snprintf(line, sizeof line,
                        "crossbar-gan: the address space is limited to %llu MiB, at least %llu MiB "
                        "are needed; raise ulimit -v\n",
                        (unsigned long long)limit.rlim_cur >> 20, needed >> 20);
  if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0) _exit(71);
  _exit(71);
}

__attribute__((section(".preinit_array"), used)) static void (*const check_address_space)(void) =
    require_address_space;
#endif
