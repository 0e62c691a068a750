package import Daemon
import Glibc
package import Primitives

/// Why the store cannot do what was asked. All but `locked` are final: a node that meets one ends.
package struct StorageError: ExitCoding, Equatable, CustomStringConvertible {
  package enum Reason: Equatable, Sendable {
    case diskFull
    /// Reading, writing, flushing or opening failed.
    case inputOutput
    /// What is stored is not what was written; the height is that of the first damaged block, where one is known.
    case damaged(height: BlockNumber?)
    case wrongGenesis(stored: Hash256, wanted: Hash256)
    case newerSchema(stored: Int64, known: Int64)
    /// The tables are of an earlier version: of the one before, which the node that owns them brings up to date, or of one so
    /// old that there is no way from it.
    case olderSchema(stored: Int64, known: Int64)
    /// Another process, or another store of this process, has the folder.
    case locked
    /// The block does not follow the head, or breaks a rule of the tables: a mistake of the caller.
    case notNext(head: BlockNumber?)
    case unacceptable
  }

  package let reason: Reason
  /// What was being done: `append block 7`.
  package let action: String
  /// SQLite's or the system's own words.
  package let text: String

  package init(_ reason: Reason, action: String, text: String) {
    self.reason = reason
    self.action = action
    self.text = text
  }

  package var exitCode: ExitCode {
    switch reason {
    case .diskFull, .inputOutput: .storage
    case .damaged: .damagedData
    case .wrongGenesis, .newerSchema, .olderSchema: .usage
    case .locked: .failed
    case .notNext, .unacceptable: .invariantBroken
    }
  }

  package var description: String { "\(action): \(sentence) (\(text))" }

  private var sentence: String {
    switch reason {
    case .diskFull: "the disk is full; make room and start again"
    case .inputOutput: "the disk refused; check it before starting again"
    case .damaged(let height?): "block \(height) is damaged; restore a backup"
    case .damaged(nil): "stored data is damaged; restore a backup"
    case .wrongGenesis(let stored, let wanted):
      "the folder belongs to the network with genesis \(stored), not \(wanted); name another folder"
    case .newerSchema(let stored, let known):
      "the store has schema \(stored) and this program knows \(known); use a newer program"
    case .olderSchema(let stored, let known):
      stored == known - 1
        ? "the store has schema \(stored) and this program reads \(known); start the node once, which brings it up to date"
        : "the store has schema \(stored) and this program reads \(known); export it with the program that made it"
    case .locked: "the folder is in use by another process; stop that first"
    case .notNext(let head): "the block does not follow the head \(head.map(\.description) ?? "of an empty store")"
    case .unacceptable: "the tables do not take this"
    }
  }
}

extension StorageError {
  /// A failed file call in the words of the store.
  init(_ error: FileError) {
    let isFull = error.code == ENOSPC || error.code == EDQUOT
    self.init(isFull ? .diskFull : .inputOutput, action: "\(error.call) \(error.path)", text: error.reason)
  }
}
