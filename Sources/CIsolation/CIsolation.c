#define _GNU_SOURCE
#include "CIsolation.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define FIELD(name) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSED(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1), REFUSE

/// Refuses programs, sockets, signals to others, and every change of the file system.
static void confine(void) {
#ifdef NATIVE_ARCHITECTURE
  struct sock_filter filter[] = {
    FIELD(arch),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE, 1, 0),
    REFUSE,
    FIELD(nr),
    // Calls of the x32 interface.
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    REFUSE,
    REFUSED(execve), REFUSED(execveat), REFUSED(socket), REFUSED(socketpair), REFUSED(connect),
    REFUSED(ptrace), REFUSED(process_vm_writev), REFUSED(kill), REFUSED(tkill), REFUSED(clone),
#ifdef __NR_clone3
    REFUSED(clone3),
#endif
#ifdef __NR_io_uring_setup
    REFUSED(io_uring_setup),
#endif
#ifdef __NR_open
    REFUSED(open), REFUSED(creat), REFUSED(fork), REFUSED(vfork), REFUSED(unlink), REFUSED(rename),
    REFUSED(link), REFUSED(symlink), REFUSED(mkdir), REFUSED(rmdir), REFUSED(chmod),
    REFUSED(chown), REFUSED(lchown), REFUSED(mknod), REFUSED(utime), REFUSED(utimes),
#endif
    REFUSED(unlinkat), REFUSED(renameat), REFUSED(renameat2), REFUSED(linkat), REFUSED(symlinkat),
    REFUSED(mkdirat), REFUSED(fchmod), REFUSED(fchmodat), REFUSED(fchown), REFUSED(fchownat),
    REFUSED(mknodat), REFUSED(truncate), REFUSED(ftruncate), REFUSED(utimensat),
    REFUSED(setxattr), REFUSED(mount),
#ifdef __NR_openat2
    REFUSED(openat2),
#endif
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 3),
    FIELD(args[2]),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_ACCMODE | O_CREAT | O_TRUNC, 0, 1),
    REFUSE,
    ALLOW,
  };
  struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
  }
#endif
}

static void limit(int resource, uint64_t value) {
  struct rlimit present;
  if (getrlimit(resource, &present) != 0) return;
  if (value > present.rlim_max) value = present.rlim_max;
  struct rlimit next = {value, value};
  setrlimit(resource, &next);
}

/// The address space in use, or 0.
static uint64_t address_space(void) {
  FILE *file = fopen("/proc/self/statm", "re");
  unsigned long long pages = 0;
  if (!file) return 0;
  if (fscanf(file, "%llu", &pages) != 1) pages = 0;
  fclose(file);
  return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

int32_t isolation_start(int32_t *descriptor, uint64_t seconds, uint64_t bytes) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  fflush(NULL);
  pid_t process = fork();
  if (process != 0) {
    close(ends[1]);
    *descriptor = ends[0];
    if (process < 0) close(ends[0]);
    return process;
  }
  close(ends[0]);
  *descriptor = ends[1];
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  // What the library has to say on its way down is of no use to a reader.
  int silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (silence >= 0) dup2(silence, STDERR_FILENO), dup2(silence, STDOUT_FILENO);
  int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) signal(signals[i], SIG_DFL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CPU, seconds);
  uint64_t used = address_space();
  if (used > 0) limit(RLIMIT_AS, used + bytes);
  confine();
  return 0;
}

void isolation_end(int32_t code) { _exit(code); }

int32_t isolation_wait(int32_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
