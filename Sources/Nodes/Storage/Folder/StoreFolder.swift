import Daemon
import Glibc
package import Primitives

/// The files of a store: `blocks.sqlite` (with SQLite's own beside it), `head`, `lock`.
package struct StoreFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package var database: String { "\(path)/blocks.sqlite" }
  package var witness: String { "\(path)/head" }

  /// Makes the folder where there is none and holds it; one store at a time may use it.
  func take() throws(StorageError) -> FileLock {
    let lock: FileLock?
    do throws(FileError) {
      try makeFolders(path)
      lock = try FileLock.take("\(path)/lock")
    } catch {
      throw StorageError(error)
    }
    guard let lock else { throw StorageError(.locked, action: "open \(path)", text: "lock \(path)/lock") }
    return lock
  }

  var databaseSize: Int {
    var status = stat()
    return stat(database, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Opens the witness and holds the database against it.
  ///
  /// - Throws: `.damaged` when blocks that were acknowledged are gone or are others.
  func openWitness(of database: BlockDatabase, head: StoredHead?) throws(StorageError) -> HeadWitness {
    let (file, note) = try HeadWitness.open(witness, hash: database.hash)
    let action = "compare the store with \(witness)"
    let count = head.map { $0.height.value + 1 } ?? 0
    if let note, note.count > 0 {
      let height = BlockNumber(note.count - 1)
      guard note.count <= count else {
        throw StorageError(
          .damaged(height: BlockNumber(count)), action: action,
          text: "block \(height) was acknowledged, and the store ends before it")
      }
      guard try database.digest(at: height) == note.digest else {
        throw StorageError(.damaged(height: height), action: action, text: "another block was acknowledged there")
      }
    }
    // Also after a crash between commit and note, and when the folder was put together by hand.
    if note?.count != count { try file.begin(with: .init(count: count, digest: head?.digest ?? .zero)) }
    return file
  }

  static func backUp(_ database: BlockDatabase, to target: String) throws(StorageError) {
    let action = "back up to \(target)"
    guard access(target, F_OK) != 0 else {
      throw StorageError(.unacceptable, action: action, text: "the file is there already")
    }
    let temporary = target + ".new"
    unlink(temporary)
    do throws(StorageError) {
      try database.connection.run("VACUUM INTO ?", [.text(temporary)], action: action)
      // SQLite does not flush what it vacuums into.
      try flush(temporary)
      guard rename(temporary, target) == 0 else {
        throw StorageError(FileError(call: "rename", path: target, code: errno))
      }
      try flush(StoreFolder.parent(of: target))
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Makes a store from a backup, after verifying all of it; the folder must not hold a store yet.
  ///
  /// - Returns: What was verified.
  /// - Throws: `.damaged` for a broken backup, `.wrongGenesis` for another network's; then the folder has no store.
  package static func restore(
    _ backup: String, into folder: String, genesis: Hash256, hash: @escaping BlockHash
  ) throws(StorageError) -> VerificationReport {
    let store = StoreFolder(path: folder)
    let lock = try store.take()
    defer { withExtendedLifetime(lock) {} }
    guard access(store.database, F_OK) != 0 else {
      throw StorageError(.unacceptable, action: "restore into \(folder)", text: "there is a store already")
    }
    let temporary = store.database + ".new"
    let leftovers = [temporary, temporary + "-wal", temporary + "-shm"]
    defer { leftovers.forEach { unlink($0) } }
    leftovers.forEach { unlink($0) }
    try copy(backup, to: temporary)
    let report = try verified(temporary, genesis: genesis, hash: hash)
    unlink(store.witness)
    guard rename(temporary, store.database) == 0 else {
      throw StorageError(FileError(call: "rename", path: store.database, code: errno))
    }
    try flush(folder)
    return report
  }

  /// Verifies a database file, and leaves nothing of it in a write-ahead log.
  private static func verified(
    _ path: String, genesis: Hash256, hash: @escaping BlockHash
  ) throws(StorageError) -> VerificationReport {
    let database = try BlockDatabase(path, .readWrite, genesis: genesis, hash: hash, layer: nil)
    let report = try database.verifyAll()
    try database.checkpoint(truncate: true)
    return report
  }

  private static func copy(_ source: String, to target: String) throws(StorageError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw StorageError(FileError(call: "open", path: source, code: errno)) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw StorageError(FileError(call: "open", path: target, code: errno)) }
    defer { close(output) }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw StorageError(FileError(call: "read", path: source, code: errno)) }
      guard count > 0 else { break }
      guard writeAll(Array(chunk[..<count]), to: output) else {
        throw StorageError(FileError(call: "write", path: target, code: errno))
      }
    }
    guard fsync(output) == 0 else { throw StorageError(FileError(call: "fsync", path: target, code: errno)) }
  }

  private static func flush(_ path: String) throws(StorageError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StorageError(FileError(call: "open", path: path, code: errno)) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw StorageError(FileError(call: "fsync", path: path, code: errno)) }
  }

  private static func parent(of path: String) -> String {
    guard let cut = path.lastIndex(of: "/") else { return "." }
    return cut == path.startIndex ? "/" : String(path[..<cut])
  }
}
