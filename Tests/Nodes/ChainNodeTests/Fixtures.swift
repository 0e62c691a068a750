import ChainNode
import Daemon
import Keys
import Ledger
import Primitives
import Storage
import Synchronization
import TestKit
import Testing
import Wire

let authority = KeyPair.development(name: "authority")
let owner = DevelopmentAccount.owner.keyPair
let miner = DevelopmentAccount.miner.keyPair

let silent = Logger(name: "test", to: RecordedLog(), clock: FixedWallClock())

/// Shows the same hour for ever; block times then rise by one millisecond.
struct FixedWallClock: WallClock {
  var millisecondsSince1970: UInt64 { 1_700_000_000_000 }
}

/// The local genesis, changed where a test wants it.
func testGenesis(_ change: (inout Genesis) -> Void = { _ in }) -> ChainGenesis {
  var genesis = ChainGenesis(.local, authority: authority.account).genesis
  change(&genesis)
  return ChainGenesis(name: "test", profile: .local, genesis: genesis)
}

extension ChainGenesis {
  /// A signed call on this chain.
  func extrinsic(
    _ call: some LedgerCall, by key: KeyPair, nonce: UInt64 = 0, tip: UInt64 = 0, birth: UInt64 = 0,
    period: UInt32 = 0, chainID: Hash256? = nil
  ) throws -> Extrinsic {
    try Extrinsic(
      signing: ExtrinsicBody(
        chainID: chainID ?? self.chainID, specVersion: TransactionLimits.specVersion, signer: key.account,
        nonce: nonce, birth: BlockNumber(birth), period: period, tip: Rao(tip),
        call: try WireCodec.encode(call.message, as: .call)), with: key)
  }

  func candidate(
    _ call: some LedgerCall, by key: KeyPair, nonce: UInt64 = 0, tip: UInt64 = 0, birth: UInt64 = 0,
    period: UInt32 = 0
  ) throws -> Candidate {
    let extrinsic = try extrinsic(call, by: key, nonce: nonce, tip: tip, birth: birth, period: period)
    return Candidate(extrinsic, encoded: try extrinsic.encoded())
  }

  /// A call as the pool sorts it.
  func pooled<Call: LedgerCall>(
    _ call: Call, by key: KeyPair, nonce: UInt64 = 0, tip: UInt64 = 0, birth: UInt64 = 0, period: UInt32 = 0
  ) throws -> PooledExtrinsic {
    PooledExtrinsic(
      try candidate(call, by: key, nonce: nonce, tip: tip, birth: birth, period: period), call: Call.descriptor,
      arguments: call.fields, sudoKey: genesis.sudoKey)
  }

  /// A producer at the head of a log, with blocks made by hand.
  func producer(
    over log: any BlockLog, blockTime: BlockTime = .manual, clock: any Clock<Duration> = ContinuousClock(),
    wallClock: any WallClock = FixedWallClock(), pool: PoolLimits = PoolLimits()
  ) async throws -> BlockProducer {
    BlockProducer(
      genesis: self, from: try await ChainReplay(genesis: self, log: log, logger: silent).run(), key: authority,
      log: log, blockTime: blockTime, clock: clock, wallClock: wallClock, logger: silent, poolLimits: pool)
  }
}

extension BlockProducer {
  /// Puts a valid extrinsic into the pool.
  func take(_ candidate: Candidate) throws(LedgerError) {
    guard case .new(let entry) = try standing(of: candidate) else { return }
    try add(entry)
  }
}
