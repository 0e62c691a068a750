#define _GNU_SOURCE
#include "SystemCallFilter.h"
#include "Confinement.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE AUDIT_ARCH_AARCH64
#endif

int clinux_has_system_call_filter(void) {
#ifdef NATIVE
  return prctl(PR_GET_SECCOMP) >= 0;
#else
  return 0;
#endif
}

#ifdef NATIVE

// Newer calls by number, which is the same on both processors.
enum { CALL_CLONE3 = 435, CALL_PIDFD_GETFD = 438, CALL_MEMFD_SECRET = 447 };

// Refused with EPERM: what no mechanism needs, and what reaches other processes or the machine.
static const int refused[] = {
#ifdef __x86_64__
    SYS_fork, SYS_vfork, SYS_iopl, SYS_ioperm, SYS_modify_ldt,
#endif
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_send_signal, CALL_PIDFD_GETFD,
    SYS_unshare, SYS_setns, SYS_chroot, SYS_pivot_root, SYS_mount, SYS_umount2, SYS_move_mount, SYS_open_tree,
    SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_open_by_handle_at, SYS_quotactl, SYS_swapon, SYS_swapoff,
    SYS_acct, SYS_reboot, SYS_kexec_load, SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module,
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_settimeofday,
    SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_sethostname, SYS_setdomainname, SYS_setpriority,
    SYS_ioprio_set, SYS_syslog,
};

// Refused as unknown, so that libraries fall back: memory that no limit counts, and calls around this filter.
static const int unknown[] = {
    SYS_memfd_create, CALL_MEMFD_SECRET, SYS_shmget, SYS_msgget, SYS_semget, SYS_mq_open,
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    // Its flags are behind a pointer; the older call says what it makes in a register.
    CALL_CLONE3,
};

// Allowed on the process itself.
static const int own[] = {
    SYS_kill, SYS_tgkill, SYS_tkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_prlimit64,
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
// The lower half of the first argument, on little-endian machines as both are.
#define LOAD_FIRST BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]))
#define RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define EQUAL(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise)
#define REFUSE(code) RETURN(SECCOMP_RET_ERRNO | (code))

struct program {
  struct sock_filter code[4 * (COUNT(refused) + COUNT(unknown)) + 8 * COUNT(own) + 64];
  unsigned short count;
};

static void append(struct program *program, const struct sock_filter *part, size_t count) {
  for (size_t index = 0; index < count; index++) program->code[program->count++] = part[index];
}

#define APPEND(...)                                        \
  do {                                                     \
    const struct sock_filter part[] = {__VA_ARGS__};       \
    append(&program, part, sizeof part / sizeof part[0]);  \
  } while (0)

int clinux_filter_system_calls(int allows_network) {
  struct program program;
  program.count = 0;
  APPEND(LOAD(arch), EQUAL(NATIVE, 1, 0), RETURN(SECCOMP_RET_KILL_PROCESS), LOAD(nr));
#ifdef __x86_64__
  // The same calls under other numbers.
  APPEND(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), REFUSE(ENOSYS));
#endif
  for (size_t index = 0; index < COUNT(refused); index++) APPEND(EQUAL(refused[index], 0, 1), REFUSE(EPERM));
  for (size_t index = 0; index < COUNT(unknown); index++) APPEND(EQUAL(unknown[index], 0, 1), REFUSE(ENOSYS));
  // A thread is no process.
  APPEND(EQUAL(SYS_clone, 0, 4), LOAD_FIRST, BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
         RETURN(SECCOMP_RET_ALLOW), REFUSE(EPERM));
  unsigned pid = (unsigned)getpid();
  for (size_t index = 0; index < COUNT(own); index++) {
    APPEND(EQUAL(own[index], 0, 5), LOAD_FIRST, EQUAL(pid, 1, 0), EQUAL(0, 0, 1), RETURN(SECCOMP_RET_ALLOW),
           REFUSE(EPERM));
  }
  if (allows_network) {
    APPEND(EQUAL(SYS_socket, 0, 6), LOAD_FIRST, EQUAL(AF_INET, 2, 0), EQUAL(AF_INET6, 1, 0), EQUAL(AF_NETLINK, 0, 1),
           RETURN(SECCOMP_RET_ALLOW), REFUSE(EACCES));
  } else {
    APPEND(EQUAL(SYS_socket, 0, 1), REFUSE(EACCES));
  }
  APPEND(RETURN(SECCOMP_RET_ALLOW));
  struct sock_fprog prepared = {.len = program.count, .filter = program.code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prepared);
}

#else

int clinux_filter_system_calls(int allows_network) {
  (void)allows_network;
  errno = ENOSYS;
  return -1;
}

#endif
