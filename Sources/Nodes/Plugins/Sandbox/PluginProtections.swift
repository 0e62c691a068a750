import CLinux
import Glibc

/// What keeps a plugin program within its limits, as far as this kernel and user can.
package struct PluginProtections: Hashable, Sendable {
  /// The version of Landlock, which narrows files; 0 without it.
  package let landlockVersion: Int32
  /// Whether system calls are filtered: no new process, no signal to others, no socket.
  package let filtersSystemCalls: Bool
  /// Whether the program runs as a user of its own, with a limit of threads that binds.
  package let hasOwnUser: Bool
  private let isRoot: Bool

  /// What can be had here for a program that needs to read `paths` and starts in a folder within `workRoot`.
  init(for paths: ReadablePaths, in workRoot: String) {
    landlockVersion = clinux_landlock_version()
    filtersSystemCalls = clinux_has_system_call_filter() != 0
    isRoot = geteuid() == 0
    hasOwnUser = isRoot && (paths.own + [workRoot]).allSatisfy(isOpenToOthers)
  }

  /// The ones in force, for the log.
  package var summary: String {
    var parts = ["limits", "no new rights", "empty environment"]
    if landlockVersion > 0 { parts.append("landlock \(landlockVersion)") }
    if filtersSystemCalls { parts.append("system calls") }
    if hasOwnUser { parts.append("own user") }
    return parts.joined(separator: ", ")
  }

  /// What is missing and what follows from it; empty when nothing is.
  package var missing: String {
    var parts: [String] = []
    if landlockVersion == 0 {
      parts.append("the kernel has no Landlock, so the plugin can read what its user can")
    } else if landlockVersion < 6 {
      parts.append("the kernel's Landlock \(landlockVersion) does not keep signals and abstract sockets apart")
    }
    if !filtersSystemCalls {
      parts.append("the kernel has no system call filter, so the plugin can start processes and open connections")
    }
    if isRoot, !hasOwnUser {
      parts.append("the plugin runs as root without root's rights, since its folder is closed to other users")
    }
    return parts.joined(separator: "; ")
  }
}
