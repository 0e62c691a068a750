import Primitives
import SubnetKit

/// What a miner keeps: one shelf for each validator that hands it data.
///
/// Bounded: 64 validators with at most 64 pieces of 2 KiB each, 8 MiB in all.
struct ShelfRoom: Sendable {
  private var shelves: [Hotkey: Shelf] = [:]
  private let cheat: StorageCheat

  /// The most validators.
  static let shelfLimit = 64
  /// A shelf whose validator was silent for so many blocks is cleared when its place is wanted.
  static let silenceLimit: UInt64 = 1000

  init(_ cheat: StorageCheat = .none) { self.cheat = cheat }

  /// The blocks that an order asks for; then keeps what it brings.
  ///
  /// - Throws: `.busy` when all shelves belong to validators that still come; nothing was kept.
  mutating func answer(
    _ order: Storage.Order, from validator: Hotkey, as own: Hotkey, at block: BlockNumber
  ) throws(MechanismError) -> [UInt8] {
    try makeRoom(for: validator, at: block)
    var shelf = shelves[validator] ?? Shelf()
    shelf.lastHeard = max(shelf.lastHeard, block)
    defer { shelves[validator] = shelf }
    return cheat == .none ? shelf.answer(order, as: own) : shelf.cheat(cheat, order, as: own)
  }

  private mutating func makeRoom(for validator: Hotkey, at block: BlockNumber) throws(MechanismError) {
    guard shelves[validator] == nil, shelves.count >= ShelfRoom.shelfLimit else { return }
    let silent = shelves.min { ($0.value.lastHeard, $0.key) < ($1.value.lastHeard, $1.key) }
    guard let silent, block.value >= silent.value.lastHeard.value,
      block.value - silent.value.lastHeard.value > ShelfRoom.silenceLimit
    else { throw MechanismError(.busy, "All \(ShelfRoom.shelfLimit) shelves are taken.") }
    shelves[silent.key] = nil
  }
}

/// The data of one validator.
struct Shelf: Sendable {
  /// The file that the pieces belong to.
  var file: UInt64 = 0
  /// By number, 0 to 63.
  var pieces: [Int: [UInt8]] = [:]
  var lastHeard = BlockNumber(0)
  /// What a cheater remembers beside.
  var cheating = StorageCheat.Notes()

  /// Shows what an order asks for, and keeps what it brings.
  mutating func answer(_ order: Storage.Order, as own: Hotkey) -> [UInt8] {
    defer { keep(order.deliveries.filter { $0.hotkey == own.bytes }) }
    guard let holder = order.holder(own) else { return [] }
    let places = order.places(of: holder, own)
    // A loss is better admitted than guessed around: the validator hands out a new file.
    guard holder.file == file, places.allSatisfy({ pieces[$0.piece] != nil }) else { return [] }
    return places.flatMap { block(at: $0) ?? [] }
  }

  /// Takes pieces; those of another file push out what was there.
  mutating func keep(_ deliveries: [Storage.Delivery]) {
    for delivery in deliveries {
      if delivery.file != file {
        file = delivery.file
        pieces = [:]
      }
      pieces[delivery.piece] = delivery.bytes
    }
  }

  /// The block at a place, as far as it is here.
  func block(at place: BlockPlace) -> [UInt8]? {
    let start = place.block * HeldFile.blockLength
    guard let piece = pieces[place.piece], start + HeldFile.blockLength <= piece.count else { return nil }
    return Array(piece[start..<start + HeldFile.blockLength])
  }
}

extension Storage.Order {
  /// What the validator says that this miner holds.
  func holder(_ hotkey: Hotkey) -> Storage.Holder? { holders.first { $0.hotkey == hotkey.bytes } }

  /// The places that a holder must show.
  func places(of holder: Storage.Holder, _ hotkey: Hotkey) -> [BlockPlace] {
    BlockPlace.asked(of: hotkey, pieceCount: holder.pieceCount, count: placeCount, nonce: nonce)
  }
}
