import Daemon
import Glibc

/// A launcher's hold on a network's folder: nobody else starts a network there while it lives.
package struct NetworkClaim: Sendable {
  package let folder: StateFolder
  package let record: LauncherRecord
  private let lock: FileLock

  /// Takes a folder over, from nobody or from a launcher that has ended.
  ///
  /// - Parameters:
  ///   - name: How the network is listed.
  ///   - isKept: Whether its user named it.
  ///   - work: What its miners do, as in `LauncherRecord`.
  ///   - beginsAnew: Whether what an earlier network left there is removed.
  /// - Throws: `running`, `holdsOther`; nothing has changed then.
  package static func take(
    _ folder: StateFolder, name: String, isKept: Bool, work: String, beginsAnew: Bool
  ) throws -> NetworkClaim {
    try makeFolders(folder.path)
    guard let lock = try FileLock.take(folder.launcherLock) else {
      throw NetworkRefusal.running(folder.launcher, folder: folder.path)
    }
    if beginsAnew {
      try folder.removeContents()
    } else if let earlier = folder.launcher, earlier.work != work {
      throw NetworkRefusal.holdsOther(earlier, folder: folder.path, wanted: work)
    }
    let record = LauncherRecord(
      name: name, pid: getpid(), startedMilliseconds: SystemWallClock().millisecondsSince1970, isKept: isKept,
      work: work)
    let made = try StateFolder(making: folder.path)
    try record.write(in: made)
    return NetworkClaim(folder: made, record: record, lock: lock)
  }
}
