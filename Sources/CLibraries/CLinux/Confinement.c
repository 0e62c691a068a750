#define _GNU_SOURCE
#include "Confinement.h"
#include "SystemCallFilter.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Landlock as of version 7; the headers of the machine that builds may be older than the kernel that runs.
enum {
  LANDLOCK_CREATE = 444,
  LANDLOCK_ADD = 445,
  LANDLOCK_RESTRICT = 446,
  LANDLOCK_PATH_RULE = 1,
  LANDLOCK_VERSION_FLAG = 1,
};

#define FS_EXECUTE (1ULL << 0)
#define FS_WRITE_FILE (1ULL << 1)
#define FS_READ_FILE (1ULL << 2)
#define FS_READ_DIR (1ULL << 3)
#define FS_REMOVE_DIR (1ULL << 4)
#define FS_REMOVE_FILE (1ULL << 5)
#define FS_MAKE_DIR (1ULL << 7)
#define FS_MAKE_REG (1ULL << 8)
#define FS_MAKE_FIFO (1ULL << 10)
#define FS_MAKE_SYM (1ULL << 12)
#define FS_ALL_OF_1 ((1ULL << 13) - 1)
#define FS_REFER (1ULL << 13)
#define FS_TRUNCATE (1ULL << 14)
#define FS_IOCTL_DEV (1ULL << 15)
#define NET_ALL 3ULL
#define SCOPE_ALL 3ULL

struct landlock_rules {
  uint64_t handled_fs;
  uint64_t handled_net;
  uint64_t scoped;
};

struct landlock_path {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

// Users of their own for confined programs, one a process as far as they reach: the range that service managers draw
// users from for as long as a service runs.
enum { FIRST_USER = 61184, USER_COUNT = 4336 };

int clinux_landlock_version(void) {
  long version = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_VERSION_FLAG);
  return version > 0 ? (int)version : 0;
}

uint64_t clinux_processor_time(int pid) {
  clockid_t clock;
  struct timespec used;
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
  return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

// MARK: In the child, after fork: nothing here takes a lock or asks for memory.

// What went wrong, on its way to the parent.
struct failure {
  char call[24];
  int code;
};

static void fail(int report, const char *call) {
  struct failure failure = {.code = errno};
  strncpy(failure.call, call, sizeof failure.call - 1);
  ssize_t ignored = write(report, &failure, sizeof failure);
  (void)ignored;
  _exit(127);
}

static void limit(int report, int resource, uint64_t value) {
  struct rlimit current, wanted = {value, value};
  if (getrlimit(resource, &current) == 0 && current.rlim_max < value) wanted.rlim_cur = wanted.rlim_max = current.rlim_max;
  if (setrlimit(resource, &wanted) != 0) fail(report, "setrlimit");
}

static void reset_signals(void) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigemptyset(&action.sa_mask);
  for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

// The three standard descriptors, and the report's, which ends at exec.
static int place_descriptors(const int ends[3], int report) {
  int moved[3];
  int moved_report = fcntl(report, F_DUPFD_CLOEXEC, 10);
  if (moved_report < 0) fail(report, "fcntl");
  for (int index = 0; index < 3; index++) {
    moved[index] = fcntl(ends[index], F_DUPFD_CLOEXEC, 10);
    if (moved[index] < 0) fail(moved_report, "fcntl");
  }
  for (int index = 0; index < 3; index++) {
    if (dup2(moved[index], index) < 0) fail(moved_report, "dup2");
  }
  // Everything else is closed at once, not only at exec: a program that is still open for writing in here could not be
  // started by our other threads meanwhile, and two that wait for each other would wait for ever.
  if (syscall(SYS_close_range, 3, moved_report - 1, 0) != 0 || syscall(SYS_close_range, moved_report + 1, ~0U, 0) != 0) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) fail(moved_report, "getrlimit");
    for (int descriptor = 3; descriptor < (int)files.rlim_cur; descriptor++) {
      if (descriptor != moved_report) close(descriptor);
    }
  }
  return moved_report;
}

static void allow(int report, int rules, const char *path, uint64_t rights, uint64_t handled) {
  struct landlock_path rule = {.parent = open(path, O_PATH | O_CLOEXEC)};
  if (rule.parent < 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == EACCES) return;
    fail(report, "open");
  }
  struct stat status;
  if (fstat(rule.parent, &status) != 0) fail(report, "fstat");
  rule.allowed = rights & handled;
  // To a file only these can be granted.
  if (!S_ISDIR(status.st_mode)) rule.allowed &= FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV;
  if (syscall(LANDLOCK_ADD, rules, LANDLOCK_PATH_RULE, &rule, 0) != 0) fail(report, "landlock_add_rule");
  close(rule.parent);
}

static int landlock_rules(int report, const clinux_confinement *confinement) {
  int version = confinement->landlock_version;
  struct landlock_rules handled = {.handled_fs = FS_ALL_OF_1};
  if (version >= 2) handled.handled_fs |= FS_REFER;
  if (version >= 3) handled.handled_fs |= FS_TRUNCATE;
  if (version >= 4 && !confinement->allows_network) handled.handled_net = NET_ALL;
  if (version >= 5) handled.handled_fs |= FS_IOCTL_DEV;
  if (version >= 6) handled.scoped = SCOPE_ALL;
  size_t size = version >= 6 ? sizeof handled : version >= 4 ? offsetof(struct landlock_rules, scoped) : 8;
  int rules = (int)syscall(LANDLOCK_CREATE, &handled, size, 0);
  if (rules < 0) fail(report, "landlock_create_ruleset");

  const uint64_t reading = FS_EXECUTE | FS_READ_FILE | FS_READ_DIR;
  for (const char *const *path = confinement->readable; *path; path++) {
    allow(report, rules, *path, reading, handled.handled_fs);
  }
  for (const char *const *path = confinement->listed; *path; path++) {
    allow(report, rules, *path, FS_READ_DIR, handled.handled_fs);
  }
  const uint64_t writing = FS_WRITE_FILE | FS_READ_FILE | FS_READ_DIR | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR |
                           FS_MAKE_REG | FS_MAKE_FIFO | FS_MAKE_SYM | FS_REFER | FS_TRUNCATE;
  allow(report, rules, confinement->folder, writing, handled.handled_fs);
  static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
  for (size_t index = 0; index < sizeof devices / sizeof devices[0]; index++) {
    allow(report, rules, devices[index], FS_READ_FILE | FS_WRITE_FILE, handled.handled_fs);
  }
  // What a runtime asks about itself and the machine. All of /proc, since libdispatch reads /proc/TID/stat of threads
  // that nobody knows yet and traps without it; the memory, environment and files of other processes stay closed, since
  // the kernel asks whether one may be traced, and a program under Landlock may trace nobody outside.
  static const char *const facts[] = {"/proc", "/sys/devices/system/cpu", "/sys/devices/system/node",
                                      "/sys/kernel/mm/transparent_hugepage"};
  for (size_t index = 0; index < sizeof facts / sizeof facts[0]; index++) {
    allow(report, rules, facts[index], FS_READ_FILE | FS_READ_DIR, handled.handled_fs);
  }
  return rules;
}

static void become_nobody(int report, const clinux_confinement *confinement) {
  if (!confinement->changes_user) return;
  uid_t user = FIRST_USER + (uid_t)getpid() % USER_COUNT;
  if (chown(confinement->folder, user, user) != 0) fail(report, "chown");
  // By number: the library's functions would tell other threads, of which there are none here.
  if (syscall(SYS_setgroups, 0, NULL) != 0) fail(report, "setgroups");
  if (syscall(SYS_setresgid, user, user, user) != 0) fail(report, "setresgid");
  if (syscall(SYS_setresuid, user, user, user) != 0) fail(report, "setresuid");
}

static void drop_capabilities(int report) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0}};
  if (syscall(SYS_capset, &header, none) != 0) fail(report, "capset");
}

static void lower_priority(void) {
  setpriority(PRIO_PROCESS, 0, 10);
  // When memory runs out this one goes first, not the node.
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file >= 0) {
    ssize_t ignored = write(file, "1000", 4);
    (void)ignored;
    close(file);
  }
}

static void run(const clinux_confinement *confinement, const int ends[3], int report, pid_t parent) {
  setpgid(0, 0);
  reset_signals();
  report = place_descriptors(ends, report);
  lower_priority();
  umask(077);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(report, "no_new_privs");
  int rules = confinement->landlock_version > 0 ? landlock_rules(report, confinement) : -1;
  become_nobody(report, confinement);
  if (chdir(confinement->folder) != 0) fail(report, "chdir");
  limit(report, RLIMIT_CORE, 0);
  limit(report, RLIMIT_CPU, confinement->cpu_seconds);
  limit(report, RLIMIT_AS, confinement->memory_bytes);
  limit(report, RLIMIT_FSIZE, confinement->file_bytes);
  limit(report, RLIMIT_NOFILE, confinement->open_files);
  limit(report, RLIMIT_MEMLOCK, 0);
  // It counts all that the user runs, so it says something only about a user of the program's own.
  if (confinement->changes_user) limit(report, RLIMIT_NPROC, confinement->threads);
  // After the change of user, which undoes it. Who started this may have died before.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail(report, "parent_death_signal");
  if (getppid() != parent) _exit(127);
  drop_capabilities(report);
  if (rules >= 0 && syscall(LANDLOCK_RESTRICT, rules, 0) != 0) fail(report, "landlock_restrict_self");
  if (confinement->has_system_call_filter && clinux_filter_system_calls(confinement->allows_network) != 0) {
    fail(report, "seccomp");
  }
  char *const nothing[] = {NULL};
  // A program that was written a moment ago is busy while a process that was forked meanwhile still holds it open. On a
  // busy machine such a process takes its time to become a program of its own: half a minute in all.
  for (int attempt = 0; attempt < 1500; attempt++) {
    execve(confinement->program, confinement->arguments, nothing);
    if (errno != ETXTBSY) break;
    const struct timespec pause = {.tv_nsec = 20000000};
    nanosleep(&pause, NULL);
  }
  fail(report, "execve");
}

// MARK: In the parent.

static void close_all(const int *descriptors, int count) {
  for (int index = 0; index < count; index++) {
    if (descriptors[index] >= 0) close(descriptors[index]);
  }
}

clinux_confined clinux_start_confined(const clinux_confinement *confinement) {
  clinux_confined result = {.pid = -1, .input = -1, .output = -1, .errors = -1, .failed_call = "pipe2"};
  // Of input, output, errors and report, by pairs.
  int pipes[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
  for (int pair = 0; pair < 4; pair++) {
    if (pipe2(&pipes[2 * pair], O_CLOEXEC) != 0) {
      result.code = errno;
      close_all(pipes, 8);
      return result;
    }
  }
  const int ours[3] = {pipes[1], pipes[2], pipes[4]}, theirs[3] = {pipes[0], pipes[3], pipes[5]};
  // Only our ends may not block; the child's are descriptions of their own.
  for (int index = 0; index < 3; index++) fcntl(ours[index], F_SETFL, O_NONBLOCK);
  pid_t parent = getpid();
  pid_t child = _Fork();
  if (child == 0) {
    run(confinement, theirs, pipes[7], parent);
    _exit(127);
  }
  result.code = errno;
  close_all(theirs, 3);
  close(pipes[7]);
  if (child < 0) {
    result.failed_call = "fork";
    close_all(ours, 3);
    close(pipes[6]);
    return result;
  }
  static _Thread_local struct failure failure;
  ssize_t count;
  do {
    count = read(pipes[6], &failure, sizeof failure);
  } while (count < 0 && errno == EINTR);
  close(pipes[6]);
  if (count == 0) {
    result = (clinux_confined){.pid = child, .input = ours[0], .output = ours[1], .errors = ours[2]};
    return result;
  }
  int status;
  kill(child, SIGKILL);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  close_all(ours, 3);
  result.failed_call = count == sizeof failure ? failure.call : "start";
  result.code = count == sizeof failure ? failure.code : EIO;
  return result;
}
