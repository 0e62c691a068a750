import Primitives
import SubnetKit

/// What a validator remembers about stored data: a secret, and a few numbers for each miner. No file is among it.
struct HolderRegister: Hashable, Sendable {
  /// What is known of one miner.
  struct Entry: Codable, Hashable, Sendable {
    /// Counts the files that it was given.
    var file: UInt64 = 0
    /// The pieces of the present file that it must be able to show.
    var pieceCount = 0
    /// Files lost and not yet forgiven; each doubles the wait for the next.
    var losses: UInt64 = 0
    /// Rounds in a row that it proved.
    var provenRounds: UInt64 = 0
    /// The round in which it was last handed a piece.
    var lastDelivery: UInt64 = 0
    /// The round in which it last answered.
    var lastHeard: UInt64 = 0
    /// No pieces before this round.
    var waitsUntil: UInt64 = 0
  }

  let fileSize: Int
  let placeCount: Int
  var secret: TaskSecret?
  var entries: [Hotkey: Entry] = [:]

  /// A file is handed out over so many rounds at least, however few miners there are: what is got again at once is
  /// lost at no price.
  static let roundsToFill = 8
  /// The rounds without pieces after the first loss.
  static let firstWaitRounds: UInt64 = 32
  /// The losses that are told apart.
  static let lossLimit: UInt64 = 16
  /// After so many proven rounds in a row a loss is forgiven.
  static let roundsToForgive: UInt64 = 4096

  init(fileSize: Int, placeCount: Int) {
    self.fileSize = fileSize
    self.placeCount = placeCount
  }

  // MARK: Asking

  /// The request of a round: what each miner must show, and the next pieces, first for those that waited the longest.
  ///
  /// - Parameter drawn: New in each round; the first one becomes the secret.
  mutating func order(in round: UInt64, drawn: TaskSecret) -> Storage.Order {
    let secret = self.secret ?? drawn
    self.secret = secret
    // The guard against foreseen and repeated questions: nobody knows this number before it is sent, and none comes
    // twice.
    let nonce = secret.digest(for: "storage nonce", drawn.key.bytes).bytes
    let holders = entries.sorted { $0.key < $1.key }.map { hotkey, entry in
      Storage.Holder(hotkey: hotkey.bytes, file: entry.file, pieceCount: entry.pieceCount)
    }
    return Storage.Order(
      nonce: nonce, placeCount: placeCount, holders: holders, deliveries: deliveries(in: round, of: secret))
  }

  private mutating func deliveries(in round: UInt64, of secret: TaskSecret) -> [Storage.Delivery] {
    let waiting = entries.filter { $0.value.pieceCount < fileSize && $0.value.waitsUntil <= round }
      .sorted { ($0.value.lastDelivery, $0.key) < ($1.value.lastDelivery, $1.key) }
    let most = max(1, fileSize / HolderRegister.roundsToFill)
    var deliveries: [Storage.Delivery] = []
    for (hotkey, entry) in waiting {
      let next = entry.pieceCount..<min(fileSize, entry.pieceCount + most)
      guard deliveries.count + next.count <= Storage.deliveryLimit else { break }
      let file = HeldFile(of: secret, holder: hotkey, number: entry.file)
      for piece in next {
        deliveries.append(
          Storage.Delivery(hotkey: hotkey.bytes, file: entry.file, piece: piece, bytes: file.piece(piece)))
      }
      entries[hotkey]?.lastDelivery = round
    }
    return deliveries
  }

  // MARK: Judging

  /// What one proof is worth before its latency counts.
  struct Verdict: Hashable, Sendable {
    /// Of a full file, in 0...1.
    var share: Double
    var reason: String
  }

  /// Holds a proof against the file, and notes what the miner has now: an answer shows that the request arrived.
  mutating func judge(
    _ blocks: [UInt8], of miner: Hotkey, in order: Storage.Order, round: UInt64
  ) -> Verdict {
    guard let holder = order.holders.first(where: { $0.hotkey == miner.bytes }), let secret,
      var entry = entries[miner], entry.file == holder.file, entry.pieceCount == holder.pieceCount
    else {
      enrol(miner, round: round)
      return Verdict(share: 0, reason: "new here: pieces come with the next requests")
    }
    entry.lastHeard = round
    defer { entries[miner] = entry }
    let file = HeldFile(of: secret, holder: miner, number: holder.file)
    guard HolderRegister.shows(blocks, holder, of: file, miner: miner, in: order) else {
      entry.lose(in: round)
      return Verdict(share: 0, reason: "a block is not what was stored: the file counts as lost")
    }
    entry.pieceCount = min(fileSize, entry.pieceCount + order.deliveries.count { $0.hotkey == miner.bytes })
    guard holder.pieceCount > 0 else { return Verdict(share: 0, reason: "holds nothing yet") }
    entry.noteProof()
    return Verdict(
      share: min(1, Double(holder.pieceCount) / Double(fileSize)),
      reason: "shows \(order.placeCount) places of \(holder.pieceCount) pieces")
  }

  /// Whether every block is right.
  ///
  /// The guard against dropped data: a miner that keeps the share `f` of its file shows all of `n` places with a
  /// probability of `fⁿ`. With 8 places, half of the file passes one round in 256.
  private static func shows(
    _ blocks: [UInt8], _ holder: Storage.Holder, of file: HeldFile, miner: Hotkey, in order: Storage.Order
  ) -> Bool {
    let places = BlockPlace.asked(
      of: miner, pieceCount: holder.pieceCount, count: order.placeCount, nonce: order.nonce)
    guard blocks.count == places.count * HeldFile.blockLength else { return false }
    return places.enumerated().allSatisfy { index, place in
      let start = index * HeldFile.blockLength
      return blocks[start..<start + HeldFile.blockLength].elementsEqual(file.block(at: place))
    }
  }

  /// Notes a miner that was not in the request; where there is no room, whoever was silent the longest goes.
  private mutating func enrol(_ miner: Hotkey, round: UInt64) {
    guard entries[miner] == nil else { return }
    if entries.count >= Storage.holderLimit {
      let silent = entries.min { ($0.value.lastHeard, $0.key) < ($1.value.lastHeard, $1.key) }
      guard let silent, silent.value.lastHeard < round else { return }
      entries[silent.key] = nil
    }
    entries[miner] = Entry(lastHeard: round)
  }
}

extension HolderRegister.Entry {
  /// Whether a register can have written it; nothing that is counted on from such an entry overflows.
  var isSound: Bool {
    (0...HeldFile.pieceLimit).contains(pieceCount) && losses <= HolderRegister.lossLimit
      && provenRounds < HolderRegister.roundsToForgive && file < UInt64(UInt32.max)
  }

  fileprivate mutating func noteProof() {
    provenRounds += 1
    guard provenRounds >= HolderRegister.roundsToForgive else { return }
    provenRounds = 0
    losses = losses > 0 ? losses - 1 : 0
  }

  /// A new file, empty, after a wait.
  ///
  /// The guard against miners that hold data only while it is handed out: each loss doubles the wait.
  fileprivate mutating func lose(in round: UInt64) {
    file += 1
    pieceCount = 0
    provenRounds = 0
    losses = min(losses + 1, HolderRegister.lossLimit)
    waitsUntil = round + HolderRegister.firstWaitRounds << (losses - 1)
  }
}
