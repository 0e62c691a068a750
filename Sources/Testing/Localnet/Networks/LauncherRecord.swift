import Daemon
import JSONText

/// What the launcher of a network leaves in its folder, for the commands that look for it and for the next launcher.
package struct LauncherRecord: Sendable, Hashable {
  /// Raised when a member changes its meaning or goes away.
  private static let formatVersion = 1
  private static let byteLimit = 64 << 10

  package var name: String
  package var pid: Int32
  package var startedMilliseconds: UInt64
  /// Whether its user named it, and so wants it kept for the next start.
  package var isKept: Bool
  /// What its miners do, in words that tell it from others: `subnet text`, `plugin /home/ann/echo.py`.
  package var work: String

  package init(name: String, pid: Int32, startedMilliseconds: UInt64, isKept: Bool, work: String) {
    self.name = name
    self.pid = pid
    self.startedMilliseconds = startedMilliseconds
    self.isKept = isKept
    self.work = work
  }

  /// The record in a folder; nil where there is none that can be read.
  init?(in folder: StateFolder) {
    guard let bytes = try? AtomicFile(folder.launcherRecord).read(limit: LauncherRecord.byteLimit),
      let document = try? JSONValue(parsing: bytes), let name = try? document.member("name").string(),
      let pid = try? document.member("pid").integer(Int32.self),
      let started = try? document.member("started_ms").integer(UInt64.self),
      let isKept = try? document.member("kept").bool(), let work = try? document.member("work").string()
    else { return nil }
    self.init(name: name, pid: pid, startedMilliseconds: started, isKept: isKept, work: work)
  }

  func write(in folder: StateFolder) throws(FileError) {
    let document: JSONValue = [
      "format_version": JSONValue(LauncherRecord.formatVersion), "name": .text(name), "pid": JSONValue(pid),
      "started_ms": JSONValue(startedMilliseconds), "kept": .flag(isKept), "work": .text(work),
    ]
    try AtomicFile(folder.launcherRecord).write(Array((document.prettyText + "\n").utf8))
  }
}

extension StateFolder {
  var launcherRecord: String { "\(path)/launcher.json" }
  /// Held locked by the launcher as long as it lives.
  var launcherLock: String { "\(path)/launcher.lock" }
  /// What a launcher in the background says.
  package var launcherLog: String { "\(path)/launcher.log" }
  /// Where the launcher listens for commands.
  package var controlSocket: String { "\(path)/control.sock" }

  /// Whether a launcher of this folder lives.
  package var isRunning: Bool { FileLock.isHeld(launcherLock) }
  /// What the last launcher said of itself.
  package var launcher: LauncherRecord? { LauncherRecord(in: self) }

  /// Removes what a network leaves and nothing else.
  func removeContents() throws(FileError) {
    let fixed: Set<String> = ["chain", "logs", "wallets", "localnet.json", "launcher.json", "control.sock"]
    for name in folderContents(path) where fixed.contains(name) || NodeName(name) != nil {
      try removeTree("\(path)/\(name)")
    }
  }

  /// Removes the whole folder of a network that is stopped; files that are not the network's stay, and the folder then.
  ///
  /// - Throws: `running` when its launcher lives.
  package func remove() throws {
    guard let lock = try FileLock.take(launcherLock) else { throw NetworkRefusal.running(launcher, folder: path) }
    try withExtendedLifetime(lock) {
      try removeContents()
      for file in [launcherLog, launcherLock] { try removeTree(file) }
    }
    let left = folderContents(path)
    guard left.isEmpty else { throw NetworkRefusal.foreignFiles(left, folder: path) }
    try removeTree(path)
  }
}
