import ChainNode
import Daemon
import Keys
import Ledger
package import Primitives
import Storage
import SubnetKit
import Wire

/// Ledger, pool, block log and replay under one seed: messages are lost, doubled and late, the node crashes, its disk
/// fails and answers `unknown`. What the promises of reliability 2 say is checked after every block and at the end.
///
/// One thread and a virtual clock; two runs of one seed are the same, block for block. Source: reliability 6.1.
package struct LedgerSimulation: Sendable {
  package var seed: UInt64
  package var blocks: UInt64
  /// Messages that clients send for each block, on average.
  package var messagesPerBlock: Int

  package init(seed: UInt64, blocks: UInt64 = 60, messagesPerBlock: Int = 5) {
    self.seed = seed
    self.blocks = blocks
    self.messagesPerBlock = messagesPerBlock
  }

  /// What a run ended with.
  package struct Ending: Sendable, Equatable {
    /// State roots by height, from block 1.
    package let stateRoots: [Hash256]
    /// Extrinsics whose inclusion was told.
    package let acknowledged: Int
    package let restarts: Int
    /// How often each fault and each refusal came about, by name.
    package let counts: [String: Int]
  }

  /// A promise that did not hold.
  package struct Broken: Error, CustomStringConvertible {
    package let promise: String
    package let seed: UInt64
    package let height: UInt64

    package var description: String { "seed \(seed): \(promise), at block \(height)" }
  }

  /// Runs the seed.
  ///
  /// - Throws: `Broken`; a `Simulation.Failure`.
  package func run() throws -> Ending {
    try Simulation().run { clock in
      var world = LedgerWorld(seed: seed, messagesPerBlock: messagesPerBlock, clock: clock)
      return try await world.run(blocks: blocks)
    }
  }
}

/// The state of one run.
private struct LedgerWorld {
  typealias Broken = LedgerSimulation.Broken

  private let seed: UInt64
  private let clock: VirtualClock
  private let genesis: ChainGenesis
  private let log: FaultyBlockLog
  private let wallClock: SteppedWallClock
  private let logger: Logger
  private let authority = KeyPair.development(name: "authority")
  private let verdicts = KnownVerdicts()
  private let execution: BlockExecution
  private var clients: SimulatedClients
  private var random: SeededRandom
  private var acknowledged: [Hash256: (height: BlockNumber, index: Int)] = [:]
  private var counts: [String: Int] = [:]
  private var restarts = 0

  init(seed: UInt64, messagesPerBlock: Int, clock: VirtualClock) {
    self.seed = seed
    self.clock = clock
    random = SeededRandom(seed: seed)
    genesis = ChainGenesis(.local, authority: authority.account)
    log = FaultyBlockLog(seed: seed ^ 0xD15C)
    logger = Logger(name: "simulation", level: .error, form: .json, to: RecordedLog(), clock: VirtualWallClock(clock))
    wallClock = SteppedWallClock(clock)
    clients = SimulatedClients(
      seed: seed ^ 0xC11E, chainID: genesis.chainID, messagesPerBlock: messagesPerBlock)
    var execution = BlockExecution(chainID: genesis.chainID)
    execution.checksInvariants = true
    self.execution = execution
  }

  mutating func run(blocks: UInt64) async throws -> LedgerSimulation.Ending {
    var producer = try await start()
    while true {
      let head = await producer.head
      if head.number.value >= blocks { break }
      for message in clients.messages(at: head.number, state: head.state) {
        await deliver(message, to: producer)
      }
      if random.next() % 1000 < 20 {
        // The process dies between two blocks: only the pool is gone.
        producer = try await start()
      }
      try await disturbTime()
      do {
        let block = try await producer.makeBlock()
        for (index, extrinsic) in block.executed.extrinsics.enumerated() {
          count(extrinsic.error.map { "receipt \($0.code.name)" } ?? "receipt ok")
          acknowledged[extrinsic.extrinsic.id] = (block.number, index)
        }
        if random.next() % 8 == 0 { try await snapshot(block) }
      } catch is StorageError {
        producer = try await start()
      }
    }
    return try await end(producer)
  }

  /// A node that begins, as often as its disk lets it.
  private mutating func start() async throws -> BlockProducer {
    restarts += 1
    for _ in 0..<100 {
      do {
        // From genesis now and then: less often in a long chain, which would execute little else.
        let height = try await log.head()?.height.value ?? 0
        let recent = try await replay.run(usesSnapshot: random.next() % max(4, height / 16) != 0)
        return BlockProducer(
          genesis: genesis, from: recent, key: authority, log: log, blockTime: .manual, clock: clock,
          wallClock: wallClock, logger: logger, execution: execution)
      } catch is StorageError { continue }
    }
    throw Broken(promise: "a node starts again", seed: seed, height: 0)
  }

  private var replay: ChainReplay {
    ChainReplay(
      genesis: genesis, log: log, logger: logger, execution: execution,
      verifyAll: { [verdicts] checks in checks.map { verdicts.verdict(on: $0) } })
  }

  /// The machine stops for a while, or its hour is set by up to an hour in either direction.
  private mutating func disturbTime() async throws {
    if random.next() % 1000 < 10 {
      count("pause")
      try await clock.sleep(for: .seconds(1 + Int64(random.next() % 3600)))
    }
    if random.next() % 1000 < 10 {
      count("clock step")
      wallClock.step(by: Int64(random.next() % 7_200_000) - 3_600_000)
    }
  }

  private mutating func deliver(_ message: [UInt8], to producer: BlockProducer) async {
    do {
      let candidate = try Candidate(decoding: message)
      guard case .new(let entry) = try await producer.standing(of: candidate) else { return count("message known") }
      guard let check = candidate.extrinsic.signatureCheck, verdicts.verdict(on: check) else {
        return count("message forged")
      }
      try await producer.add(entry)
      count("message taken")
    } catch let error as LedgerError {
      count("message \(error.code.name)")
    } catch {
      count("message unreadable")
    }
  }

  private func snapshot(_ block: KeptBlock) async throws {
    await log.save(StoredSnapshot(height: block.number, stateRoot: block.stateRoot, body: block.state.canonicalBytes))
  }

  private mutating func count(_ what: String) { counts[what, default: 0] += 1 }

  // MARK: - The promises

  private mutating func end(_ producer: BlockProducer) async throws -> LedgerSimulation.Ending {
    await log.calm()
    let stored = await log.allBlocks
    let head = await producer.head
    func require(_ holds: Bool, _ promise: String, _ height: UInt64) throws {
      guard holds else { throw Broken(promise: promise, seed: seed, height: height) }
    }
    for (place, block) in stored.enumerated() {
      try require(block.height.value == UInt64(place) + 1, "P3: one block a height", block.height.value)
    }
    for (block, next) in zip(stored, stored.dropFirst()) {
      try require(
        block.timestampMilliseconds < next.timestampMilliseconds, "T-29: block times rise", next.height.value)
    }
    var seen: Set<Hash256> = []
    for block in stored {
      for extrinsic in block.extrinsics {
        try require(seen.insert(extrinsic.id).inserted, "P4: an extrinsic executes once", block.height.value)
      }
    }
    for (id, place) in acknowledged.sorted(by: { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }) {
      let receipt = try await log.receipt(of: id)
      try require(
        receipt?.height == place.height && receipt.map { Int($0.index) } == place.index,
        "P1: an acknowledged extrinsic stays where it was", place.height.value)
    }
    // Two more nodes: one executes everything, the other starts from the newest snapshot.
    for usesSnapshot in [false, true] {
      let follower = try await replay.run(usesSnapshot: usesSnapshot)
      try require(follower.newest.hash == head.hash, "P2: every node has the same state", head.number.value)
    }
    try require(
      StateRoot(recomputedFrom: head.state).hash == head.stateRoot, "P2: the root is that of the state",
      head.number.value)
    if let broken = head.state.brokenInvariant() { throw Broken(promise: "P11: \(broken)", seed: seed, height: 0) }
    for (cut, number) in clients.cuts { counts["cut \(cut.rawValue)"] = number }
    for (fault, number) in await log.counts { counts["disk \(fault.rawValue)"] = number }
    return LedgerSimulation.Ending(
      stateRoots: stored.map(\.stateRoot), acknowledged: acknowledged.count, restarts: restarts, counts: counts)
  }
}
