#ifndef SUBNETKIT_CONFINEMENT_H
#define SUBNETKIT_CONFINEMENT_H

#include <stdint.h>

// Starting a program that is not trusted. In C, because between fork and exec only what needs no lock and no memory may
// run, and Swift does not promise which of its code is among that.

/// What a confined program may do, and what it has.
typedef struct {
  /// The program, an absolute path.
  const char *program;
  /// Its arguments, its own name first; NULL after the last.
  char *const *arguments;
  /// The one folder that it may write to, and in which it starts.
  const char *folder;
  /// Files and folders that it may read and run, besides; NULL after the last. Those that are not there are left out.
  const char *const *readable;
  /// Folders whose names it may list, but no more.
  const char *const *listed;
  uint64_t cpu_seconds;
  uint64_t memory_bytes;
  uint64_t file_bytes;
  uint64_t open_files;
  uint64_t threads;
  /// Whether to become a user of its own; only root can.
  int changes_user;
  int allows_network;
  /// What the kernel was found to offer: see the two functions below.
  int landlock_version;
  int has_system_call_filter;
} clinux_confinement;

/// What has become of a start.
typedef struct {
  int pid;
  /// Our ends of its standard input, output and error, close-on-exec and non-blocking.
  int input;
  int output;
  int errors;
  /// Without a process: the call that failed, and its `errno`.
  const char *failed_call;
  int code;
} clinux_confined;

/// The version of Landlock that the kernel offers; 0 without it.
int clinux_landlock_version(void);

/// Whether the kernel filters system calls, and this program knows how on this processor.
int clinux_has_system_call_filter(void);

/// Starts a program in a process group of its own, with an empty environment, no open file of ours, lowered priority,
/// and the limits above. It is killed when the calling thread ends. It can start no process, trace and signal nobody,
/// gain no right, and use no network unless allowed.
///
/// A protection that the kernel was said to offer and then refuses fails the start.
clinux_confined clinux_start_confined(const clinux_confinement *confinement);

/// Nanoseconds of processor time that a process has used; 0 when it is gone.
uint64_t clinux_processor_time(int pid);

#endif
