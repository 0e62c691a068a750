import Daemon
package import Primitives

/// What a node was at when it trapped: the block, why it ran it, and the extrinsic, if it was one.
package struct PoisonNote: Hashable, Sendable {
  package enum Work: UInt8, Sendable, CaseIterable {
    /// It made the block; nothing of it is stored.
    case making = 1
    /// The block is stored, and was executed again.
    case replaying = 2
  }

  package let work: Work
  package let height: BlockNumber
  /// The encoded `SignedExtrinsic`; empty when the block's own step trapped.
  package let extrinsic: [UInt8]

  package init(work: Work, height: BlockNumber, extrinsic: [UInt8]) {
    self.work = work
    self.height = height
    self.extrinsic = extrinsic
  }

  /// The extrinsic; nil when there is none, or none that can be read.
  package var candidate: Candidate? { extrinsic.isEmpty ? nil : try? Candidate(decoding: extrinsic) }

  /// Keeps the note of a trap ready through an execution.
  package static func observer(of work: Work) -> @Sendable (ExecutionStep) -> Void {
    { step in
      switch step {
      case .block(let height): TrapNote.begin(head(work, height))
      case .extrinsic(let height, let candidate), .admission(let height, let candidate):
        TrapNote.begin(head(work, height), candidate.encoded)
      case .done: TrapNote.end()
      }
    }
  }

  private static let headCount = 9

  private static func head(_ work: Work, _ height: BlockNumber) -> [UInt8] {
    var bytes = [work.rawValue]
    bytes.append(littleEndian: height.value)
    return bytes
  }

  var bytes: [UInt8] { PoisonNote.head(work, height) + extrinsic }

  /// Reads a note; nil for other bytes.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= PoisonNote.headCount, let work = Work(rawValue: bytes[0]) else { return nil }
    let height = bytes[1..<9].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    self.init(work: work, height: BlockNumber(height), extrinsic: Array(bytes[9...]))
  }
}
