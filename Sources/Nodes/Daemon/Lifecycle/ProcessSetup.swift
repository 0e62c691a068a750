import CLinux
import Glibc

/// The variable in which a launcher tells its child whose death the child follows.
let parentVariable = "SUBNETKIT_PARENT_PROCESS"

/// What every node does first: a broken pipe is an error and no end, no core files, and no life after its launcher.
///
/// Call from the main thread, before any other: the kernel keeps the tie to the launcher in the calling thread.
package func setUpProcess() {
  signal(SIGPIPE, SIG_IGN)
  forbidCoreDumps()
  dieWithParent()
}

/// Keeps key material out of core files.
package func forbidCoreDumps() {
  var none = rlimit(rlim_cur: 0, rlim_max: 0)
  setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  _ = clinux_forbid_core_dumps()
}

/// Ends this process with SIGTERM when the launcher that started it has died; does nothing without such a launcher.
///
/// The variable is taken out of the environment, since this process's own children do not belong to the launcher.
package func dieWithParent() {
  guard let text = processEnvironment()[parentVariable] else { return }
  unsetenv(parentVariable)
  guard let parent = Int32(text) else { return }
  _ = clinux_die_with_parent(SIGTERM)
  // The launcher may have died before the call above; then nobody would ever send the signal.
  if getppid() != parent { _exit(ExitCode.failed.rawValue) }
}
