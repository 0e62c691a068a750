package import Daemon
package import Primitives

/// What the last `chain verify` in a folder found, for the node that runs there next.
package struct VerificationNote: Sendable, Equatable {
  package let isOK: Bool
  /// The head of that moment; 0 where damage was found first.
  package let height: BlockNumber
  package let milliseconds: UInt64

  package init(isOK: Bool, height: BlockNumber, milliseconds: UInt64) {
    self.isOK = isOK
    self.height = height
    self.milliseconds = milliseconds
  }

  private static let byteLimit = 128
  private static func file(in folder: String) -> AtomicFile { AtomicFile(folder + "/verified") }

  /// Keeps the note beside the blocks, in place of the one before.
  package func write(to folder: String) throws(FileError) {
    try VerificationNote.file(in: folder)
      .write(Array("\(isOK ? "ok" : "damaged") \(height) \(milliseconds)\n".utf8))
  }

  /// Nil before the first verification, and for a file that says something else.
  package static func read(from folder: String) throws(FileError) -> VerificationNote? {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try file(in: folder).read(limit: byteLimit)
    } catch {
      guard error.isAbsence else { throw error }
      return nil
    }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 3, let height = UInt64(words[1]), let milliseconds = UInt64(words[2]),
      ["ok", "damaged"].contains(words[0])
    else { return nil }
    return VerificationNote(isOK: words[0] == "ok", height: BlockNumber(height), milliseconds: milliseconds)
  }
}
