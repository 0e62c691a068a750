import Daemon
import Glibc
import Primitives

/// The last acknowledged block, noted outside the database: a database that ends before it has lost blocks.
///
/// SQLite drops everything after a damaged byte of its write-ahead log without a word. Two slots are written in turn,
/// so that a torn write leaves the other. The note is not flushed: an older one, after a power cut, claims less and
/// never more than what is durable.
final class HeadWitness {
  struct Note: Equatable {
    /// The number of acknowledged blocks' last height plus one; 0 for none.
    let count: UInt64
    let digest: Hash256
  }

  private static let slotSize = 512
  private static let noteSize = 72

  private let descriptor: Int32
  private let path: String
  private let hash: BlockHash

  /// Opens the file; `note` is what it says, nil when there was no file yet.
  static func open(_ path: String, hash: @escaping BlockHash) throws(StorageError) -> (HeadWitness, note: Note?) {
    let witness = try HeadWitness(path, hash: hash)
    var bytes = [UInt8](repeating: 0, count: 2 * slotSize)
    let count = bytes.withUnsafeMutableBytes { pread(witness.descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw StorageError(FileError(call: "read", path: path, code: errno)) }
    guard count > 0 else { return (witness, nil) }
    let notes = [0, slotSize].compactMap { witness.note(in: bytes[$0..<$0 + noteSize]) }
    guard let latest = notes.max(by: { $0.count < $1.count }) else {
      throw StorageError(.damaged(height: nil), action: "read \(path)", text: "neither note of the head is whole")
    }
    return (witness, latest)
  }

  private init(_ path: String, hash: @escaping BlockHash) throws(StorageError) {
    self.path = path
    self.hash = hash
    descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StorageError(FileError(call: "open", path: path, code: errno)) }
  }

  deinit { close(descriptor) }

  /// Writes the note to both slots and flushes them: the start of a file.
  func begin(with note: Note) throws(StorageError) {
    try write(note, slot: 0)
    try write(note, slot: 1)
    guard fsync(descriptor) == 0 else { throw StorageError(FileError(call: "fsync", path: path, code: errno)) }
  }

  func write(_ note: Note) throws(StorageError) { try write(note, slot: Int(note.count % 2)) }

  private func write(_ note: Note, slot: Int) throws(StorageError) {
    var bytes: [UInt8] = []
    withUnsafeBytes(of: note.count.littleEndian) { bytes += $0 }
    bytes += note.digest.bytes
    bytes += hash(bytes).bytes
    let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, slot * HeadWitness.slotSize) }
    guard count == bytes.count else { throw StorageError(FileError(call: "write", path: path, code: errno)) }
  }

  private func note(in bytes: ArraySlice<UInt8>) -> Note? {
    let body = bytes.prefix(40)
    guard let digest = Hash256(body.suffix(32)), Hash256(bytes.suffix(32)) == hash(Array(body)) else { return nil }
    let count = body.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Note(count: count, digest: digest)
  }
}
