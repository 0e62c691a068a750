#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int clinux_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
int clinux_die_with_parent(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }
int clinux_forbid_core_dumps(void) { return prctl(PR_SET_DUMPABLE, 0); }
int clinux_pidfd_open(int pid) { return pidfd_open(pid, 0); }
char **clinux_environment(void) { return environ; }

uint64_t clinux_milliseconds_since_1970(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0) return 0;
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void clinux_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

int clinux_block_signals(void) {
  static const int faults[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGSYS, SIGABRT};
  sigset_t blocked;
  sigfillset(&blocked);
  for (size_t index = 0; index < sizeof faults / sizeof *faults; index++) sigdelset(&blocked, faults[index]);
  return pthread_sigmask(SIG_SETMASK, &blocked, NULL);
}

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int clinux_close_from(posix_spawn_file_actions_t *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

int clinux_mark_file(const char *path, struct clinux_file_mark *mark) {
  struct stat status;
  if (stat(path, &status) != 0) return -1;
  mark->inode = status.st_ino;
  mark->bytes = status.st_size;
  mark->nanoseconds = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
  mark->is_folder = S_ISDIR(status.st_mode);
  return 0;
}

short clinux_new_session_flag(void) { return POSIX_SPAWN_SETSID; }

int clinux_lock(int descriptor) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int clinux_unlock(int descriptor) {
  struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
  return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int clinux_is_locked(int descriptor) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(descriptor, F_OFD_GETLK, &lock) != 0) return -1;
  return lock.l_type == F_UNLCK ? 0 : 1;
}

static volatile int stop_descriptor = -1;

static void send_stop_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  // Full means that signals are waiting already: one more would say nothing new.
  ssize_t ignored = write(stop_descriptor, &byte, 1);
  (void)ignored;
  errno = saved;
}

int clinux_send_stop_signals_to(int descriptor) {
  stop_descriptor = descriptor;
  struct sigaction action = {0};
  action.sa_handler = send_stop_signal;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGTERM);
  sigaddset(&stops, SIGINT);
  // A program may be started with them blocked, and would then never hear them.
  if (sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGINT, &action, NULL) != 0) return -1;
  return pthread_sigmask(SIG_UNBLOCK, &stops, NULL) == 0 ? 0 : -1;
}

long long clinux_tcp_bytes_received(int descriptor) {
  struct tcp_info info;
  socklen_t size = sizeof info;
  if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return -1;
  if (size < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received) return -1;
  return (long long)info.tcpi_bytes_received;
}

static char trap_path[4096];
static int trap_status = 70;
static _Thread_local unsigned char work[128 << 10];
static _Thread_local volatile size_t work_count;

static void end_trap(int number) {
  (void)number;
  if (work_count > 0) {
    int file = open(trap_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t ignored = write(file, work, work_count);
    (void)ignored;
    fsync(file);
  }
  _exit(trap_status);
}

int clinux_end_traps(const char *path, int status) {
  if (strlen(path) >= sizeof trap_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(trap_path, path);
  trap_status = status;
  struct sigaction action = {.sa_handler = end_trap};
  sigemptyset(&action.sa_mask);
  // A program may be started with them blocked.
  sigset_t traps;
  sigemptyset(&traps);
  sigaddset(&traps, SIGILL);
  sigaddset(&traps, SIGTRAP);
  if (pthread_sigmask(SIG_UNBLOCK, &traps, NULL) != 0) return -1;
  return sigaction(SIGILL, &action, NULL) == 0 && sigaction(SIGTRAP, &action, NULL) == 0 ? 0 : -1;
}

void clinux_begin_work(const void *head, size_t head_count, const void *body, size_t body_count) {
  work_count = 0;
  if (head_count + body_count > sizeof work) body_count = 0;
  if (head_count > sizeof work) return;
  if (head_count > 0) memcpy(work, head, head_count);
  if (body_count > 0) memcpy(work + head_count, body, body_count);
  work_count = head_count + body_count;
}
