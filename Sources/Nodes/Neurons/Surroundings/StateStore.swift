package import Daemon
import Synchronization

/// Where a node keeps the few bytes that it must not forget: a file, or memory that outlives the node in a test.
package struct StateStore: Sendable {
  /// What messages call it.
  package let name: String
  private let readBytes: @Sendable () throws(FileError) -> [UInt8]?
  private let writeBytes: @Sendable ([UInt8]) throws(FileError) -> Void

  /// Bytes of the largest state that is read back.
  package static let byteLimit = 16 << 20

  private init(
    name: String, read: @escaping @Sendable () throws(FileError) -> [UInt8]?,
    write: @escaping @Sendable ([UInt8]) throws(FileError) -> Void
  ) {
    self.name = name
    readBytes = read
    writeBytes = write
  }

  /// A file that is always whole; its folder must exist.
  package static func file(_ path: String) -> StateStore {
    let file = AtomicFile(path)
    return StateStore(
      name: path,
      read: { () throws(FileError) in
        do throws(FileError) {
          return try file.read(limit: byteLimit)
        } catch {
          guard error.isAbsence else { throw error }
          return nil
        }
      }, write: { bytes throws(FileError) in try file.write(bytes) })
  }

  /// Memory that lasts as long as this value and its copies.
  package static func memory(_ bytes: [UInt8]? = nil) -> StateStore {
    final class Kept: Sendable {
      let bytes: Mutex<[UInt8]?>
      init(_ bytes: [UInt8]?) { self.bytes = Mutex(bytes) }
    }
    let kept = Kept(bytes)
    return StateStore(
      name: "memory", read: { kept.bytes.withLock { $0 } }, write: { bytes in kept.bytes.withLock { $0 = bytes } })
  }

  /// What was written last; nil when nothing ever was.
  package func read() throws(FileError) -> [UInt8]? { try readBytes() }

  /// Replaces what is kept; it is on the disk when this returns.
  package func write(_ bytes: [UInt8]) throws(FileError) { try writeBytes(bytes) }
}
