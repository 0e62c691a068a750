package import Daemon
import Glibc
package import Primitives

/// The traps of a node, in its state folder: `poison` is the last one's note, `quarantine` holds those dealt with.
package struct Quarantine: Sendable {
  /// Notes that are kept; older ones are dropped first.
  package static let noteLimit = 256

  private let folder: String

  package init(folder: String) { self.folder = folder }

  /// Where a trap leaves its note.
  package var notePath: String { "\(folder)/poison" }
  private var listPath: String { "\(folder)/quarantine" }

  /// The trap that nobody has dealt with.
  package func pending() throws(FileError) -> PoisonNote? {
    guard access(notePath, F_OK) == 0 else { return nil }
    return PoisonNote(try AtomicFile(notePath).read(limit: TrapNote.byteLimit))
  }

  /// Extrinsics that trapped while a block was made, oldest first; they are refused for ever.
  package func notes() throws(FileError) -> [PoisonNote] {
    guard access(listPath, F_OK) == 0 else { return [] }
    var bytes = try AtomicFile(listPath).read(limit: Quarantine.noteLimit * (TrapNote.byteLimit + 4))[...]
    var notes: [PoisonNote] = []
    while bytes.count >= 4 {
      let count = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      bytes = bytes.dropFirst(4)
      guard count <= bytes.count else { break }
      if let note = PoisonNote(Array(bytes.prefix(count))) { notes.append(note) }
      bytes = bytes.dropFirst(count)
    }
    return notes
  }

  /// Deals with the last trap, before a start.
  ///
  /// One of an extrinsic on its way into a block goes to the list. A stored block, or a block's own step, would trap
  /// again whatever is done here.
  ///
  /// - Returns: The extrinsics to refuse.
  /// - Throws: `PoisonedBlock` where a start would trap again; `FileError`.
  package func admit() throws -> Set<Hash256> {
    var notes = try notes()
    if let note = try pending() {
      guard note.work == .making, note.candidate != nil else { throw PoisonedBlock(note: note, folder: folder) }
      notes = notes.suffix(Quarantine.noteLimit - 1) + [note]
      try write(notes)
      unlink(notePath)
    }
    return Set(notes.compactMap { $0.candidate?.extrinsic.id })
  }

  /// Forgets everything, so that the next start tries again.
  package func clear() throws(FileError) {
    for path in [notePath, listPath] where unlink(path) != 0 && errno != ENOENT {
      throw FileError(call: "unlink", path: path, code: errno)
    }
  }

  private func write(_ notes: [PoisonNote]) throws(FileError) {
    var bytes: [UInt8] = []
    for note in notes {
      bytes.append(littleEndian: UInt32(note.bytes.count))
      bytes += note.bytes
    }
    try AtomicFile(listPath).write(bytes)
  }
}

/// A start that would trap where the last one did.
package struct PoisonedBlock: ExitCoding, CustomStringConvertible {
  package let note: PoisonNote
  package let folder: String

  package var exitCode: ExitCode { .invariantBroken }
  package var description: String {
    "block \(note.height) stopped this program before, and would again; `chain quarantine --state \(folder)` explains"
  }
}
