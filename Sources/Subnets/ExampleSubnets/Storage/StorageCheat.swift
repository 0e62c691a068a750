import Primitives
import SubnetKit

/// How a miner of ``Storage`` may try to be paid for data that it does not hold.
enum StorageCheat: String, Choice {
  /// It holds all.
  case none
  /// It keeps nothing and guesses.
  case drop
  /// It keeps the first half of each piece.
  case half
  /// It keeps one block of each piece, as an answer made beforehand would.
  case digest
  /// It holds its file until that is complete, then drops it and sends the last proof for ever.
  case replay
  /// It keeps the pieces of another hotkey, as if two miners had one copy.
  case shared
  /// It drops its file whenever that is complete, admits the loss and collects the next.
  case forget

  /// What a cheater remembers of one validator.
  struct Notes: Sendable {
    var lastPieceCount = 0
    var lastProof: [UInt8]?
  }
}

extension Shelf {
  /// Answers as a cheater does: with what it kept, and zeros for what it did not.
  mutating func cheat(_ cheat: StorageCheat, _ order: Storage.Order, as own: Hotkey) -> [UInt8] {
    if let proof = cheating.lastProof { return proof }
    let twin = order.holders.first { $0.hotkey != own.bytes }?.hotkey
    let wanted = cheat == .shared ? twin : own.bytes
    defer { keep(order.deliveries.filter { $0.hotkey == wanted }.map { cheat.kept($0) }) }
    guard let holder = order.holder(own), holder.pieceCount > 0 else { return [] }
    let proof = order.places(of: holder, own).flatMap {
      block(at: $0) ?? [UInt8](repeating: 0, count: HeldFile.blockLength)
    }
    // Nothing came with the last request: the file is complete.
    let isComplete = holder.pieceCount == cheating.lastPieceCount
    cheating.lastPieceCount = holder.pieceCount
    if cheat == .replay, isComplete { cheating.lastProof = proof }
    if cheat == .forget, isComplete { pieces = [:] }
    return proof
  }
}

extension StorageCheat {
  /// What is left of a piece.
  fileprivate func kept(_ delivery: Storage.Delivery) -> Storage.Delivery {
    var kept = delivery
    switch self {
    case .drop: kept.bytes = []
    case .half: kept.bytes = Array(delivery.bytes.prefix(HeldFile.pieceLength / 2))
    case .digest: kept.bytes = Array(delivery.bytes.prefix(HeldFile.blockLength))
    case .none, .replay, .shared, .forget: break
    }
    return kept
  }
}
