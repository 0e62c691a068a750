import Primitives
public import SubnetKit

/// Kept data: miners hold files piece by piece, and prove again and again that they still do.
///
/// A request does two things. It hands out pieces, each to one miner, and it carries a fresh number from which every
/// miner derives the places of its own file that it must show. A miner answers with the bytes at those places.
///
/// The score is the share of a full file that the miner holds, less up to one half for the time that it took. After one
/// wrong block the file counts as lost: nothing for this round, and a new file only after a wait that doubles with each
/// loss. A miner that does not answer is scored zero, as on every subnet.
public struct Storage: IncentiveMechanism {
  public static let name = "storage"
  public static let summary = "miners keep files and prove it at random places"

  public static let pieces = MechanismOption.integer(
    "pieces", default: 16, in: 1...64, "validator: pieces of 2 KiB in the file of a miner")
  public static let places = MechanismOption.integer(
    "places", default: 8, in: 1...placeLimit, "validator: places that a miner must show in each round")
  static let cheat = MechanismOption.choice("cheat", default: StorageCheat.none, "miner: how it cheats")
  public static let options = OptionTable(pieces, places, cheat)

  /// The most places that one request asks for.
  public static let placeLimit = 64
  /// The most miners of one request: the uids of a subnet.
  public static let holderLimit = 256
  /// The most pieces of one request: 128 KiB of the 256 that a request may have.
  public static let deliveryLimit = 64
  /// The share of its worth that the slowest proof loses.
  public static let latencyShare = 0.5

  /// What is handed out, and what must be shown.
  public struct Order: Codable, Hashable, Sendable {
    /// 32 bytes that nobody could know before.
    public var nonce: [UInt8]
    /// The places that each holder must show.
    public var placeCount: Int
    public var holders: [Holder]
    public var deliveries: [Delivery]
  }

  /// What the validator says that a miner holds.
  public struct Holder: Codable, Hashable, Sendable {
    public var hotkey: [UInt8]
    /// Counts the files of this miner; those before are lost and of no more use.
    public var file: UInt64
    /// The pieces that it was given and has not lost: those from 0 on.
    public var pieceCount: Int
  }

  /// One piece for one miner.
  public struct Delivery: Codable, Hashable, Sendable {
    public var hotkey: [UInt8]
    public var file: UInt64
    public var piece: Int
    /// 2 KiB.
    public var bytes: [UInt8]
  }

  /// The blocks at the places asked for, one after another; empty from a miner that holds nothing, or admits a loss.
  public struct Proof: Codable, Hashable, Sendable {
    public var blocks: [UInt8]

    public init(blocks: [UInt8]) { self.blocks = blocks }
  }

  private let register: Locked<HolderRegister>
  private let shelves: Locked<ShelfRoom>

  public init(_ setup: MechanismSetup) {
    register = Locked(HolderRegister(fileSize: setup[Self.pieces], placeCount: setup[Self.places]))
    shelves = Locked(ShelfRoom(setup[Self.cheat]))
  }

  /// Hands out the next pieces and asks for places that nobody could foresee.
  public func task(_ round: Round, random: inout SeededRandom) -> Challenge<Order, Nothing> {
    let drawn = TaskSecret(drawnFrom: &random)
    return Challenge(register.withLock { $0.order(in: round.number, drawn: drawn) })
  }

  /// Shows what it holds, then keeps what it is given.
  public func forward(_ order: Order, _ context: ForwardContext) throws -> Proof {
    guard order.isWithinLimits else {
      throw MechanismError(
        .malformedRequest,
        "A request has a number of 32 bytes, at most \(Storage.holderLimit) holders, \(Storage.deliveryLimit) pieces "
          + "of 2 KiB and \(Storage.placeLimit) places.")
    }
    return try shelves.withLock { room throws(MechanismError) in
      Proof(blocks: try room.answer(order, from: context.caller, as: context.miner, at: context.block))
    }
  }

  public func score(
    _ answers: [Answer<Proof>], for challenge: Challenge<Order, Nothing>, _ context: ScoreContext
  ) throws -> [Score] {
    let verdicts = register.withLock { register in
      answers.map {
        register.judge($0.response.blocks, of: $0.miner, in: challenge.request, round: context.round.number)
      }
    }
    return try zip(answers, verdicts).map { answer, verdict in
      let speed = 1 - Storage.latencyShare * context.share(of: answer.latency)
      return try Score(clamping: verdict.share * speed, because: verdict.reason)
    }
  }
}

extension Storage {
  /// What outlives a restart: without it every miner would have to be given its file anew.
  public struct Memory: Codable, Hashable, Sendable {
    var secret: [UInt8]?
    var holders: [Known]

    /// One miner, as the register knows it.
    struct Known: Codable, Hashable, Sendable {
      var hotkey: [UInt8]
      var entry: HolderRegister.Entry
    }
  }

  public func checkpoint() -> Memory {
    register.withLock { register in
      Memory(
        secret: register.secret?.key.bytes,
        holders: register.entries.sorted { $0.key < $1.key }.map { .init(hotkey: $0.key.bytes, entry: $0.value) })
    }
  }

  public func restore(_ memory: Memory) throws {
    let secret = memory.secret.map { Bytes32($0) }
    let holders = memory.holders.map { (hotkey: Hotkey($0.hotkey), entry: $0.entry) }
    guard secret != .some(nil), holders.count <= Storage.holderLimit,
      holders.allSatisfy({ $0.hotkey != nil && $0.entry.isSound })
    else { throw MechanismError(.missingInput, "What storage remembered is damaged.") }
    register.withLock { register in
      register.secret = secret.flatMap(\.self).map { TaskSecret(key: $0) }
      register.entries = [:]
      for holder in holders { if let hotkey = holder.hotkey { register.entries[hotkey] = holder.entry } }
    }
  }
}

extension Storage.Order {
  /// Whether a miner works on it at all: everything has its bounds.
  var isWithinLimits: Bool {
    nonce.count == Bytes32.count && (1...Storage.placeLimit).contains(placeCount)
      && holders.count <= Storage.holderLimit && deliveries.count <= Storage.deliveryLimit
      && holders.allSatisfy { (0...HeldFile.pieceLimit).contains($0.pieceCount) }
      && deliveries.allSatisfy {
        (0..<HeldFile.pieceLimit).contains($0.piece) && $0.bytes.count == HeldFile.pieceLength
      }
  }
}
