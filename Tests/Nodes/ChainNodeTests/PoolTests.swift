import ChainNode
import Keys
import Ledger
import Primitives
import Testing

@Suite struct ExtrinsicPoolTests {
  private let genesis = testGenesis()
  private let transfer = Transfer(to: DevelopmentAccount.miner.account, amount: .tao(1))

  private func limits(_ change: (inout PoolLimits) -> Void) -> PoolLimits {
    var limits = PoolLimits()
    change(&limits)
    return limits
  }

  /// Throws what the pool throws; returns nothing, for tests of refusals.
  private func refusal(of entry: PooledExtrinsic, by pool: ExtrinsicPool) -> LedgerErrorCode? {
    do throws(LedgerError) {
      try pool.check(entry)
      return nil
    } catch {
      return error.code
    }
  }

  @Test func aDuplicateChangesNothing() throws {
    var pool = ExtrinsicPool()
    let entry = try genesis.pooled(transfer, by: owner)
    _ = try pool.add(entry, at: .genesis)
    guard case .known = try pool.add(entry, at: .genesis) else {
      Issue.record("the same body was taken twice")
      return
    }
    #expect(pool.count == 1)
    #expect(pool.byteCount == entry.byteCount)
  }

  @Test(
    arguments: [
      (old: 0, new: 0, isTaken: false), (old: 0, new: 1, isTaken: true), (old: 5, new: 5, isTaken: false),
      (old: 5, new: 6, isTaken: true), (old: 100, new: 109, isTaken: false), (old: 100, new: 110, isTaken: true),
      (old: 101, new: 111, isTaken: false), (old: 101, new: 112, isTaken: true),
    ] as [(old: UInt64, new: UInt64, isTaken: Bool)])
  func aReplacementPaysATenthMore(_ row: (old: UInt64, new: UInt64, isTaken: Bool)) throws {
    var pool = ExtrinsicPool()
    _ = try pool.add(try genesis.pooled(transfer, by: owner, tip: row.old), at: .genesis)
    let other = Transfer(to: DevelopmentAccount.faucet.account, amount: .tao(2))
    let newcomer = try genesis.pooled(other, by: owner, tip: row.new)
    if row.isTaken {
      _ = try pool.add(newcomer, at: .genesis)
      #expect(pool.contains(newcomer.id))
    } else {
      #expect(refusal(of: newcomer, by: pool) == .tipTooLow)
      #expect(!pool.contains(newcomer.id))
    }
    #expect(pool.count == 1)
  }

  @Test func aSignerHasItsPlacesAndNoMore() throws {
    var pool = ExtrinsicPool()
    for nonce in 0..<64 as Range<UInt64> {
      _ = try pool.add(try genesis.pooled(transfer, by: owner, nonce: nonce), at: .genesis)
    }
    #expect(refusal(of: try genesis.pooled(transfer, by: owner, nonce: 64), by: pool) == .tooManyPending)
    #expect(refusal(of: try genesis.pooled(transfer, by: miner), by: pool) == nil)
    #expect(pool.nextNonce(of: owner.account, in: genesis.state) == 64)
  }

  @Test func fourFeeFreeCallsOfOneSignerWaitPerSubnet() throws {
    var pool = ExtrinsicPool()
    let weights = SetWeights(netuid: NetUID(1), uids: [0], values: [1])
    for nonce in 0..<4 as Range<UInt64> {
      _ = try pool.add(try genesis.pooled(weights, by: owner, nonce: nonce), at: .genesis)
    }
    #expect(refusal(of: try genesis.pooled(weights, by: owner, nonce: 4), by: pool) == .tooManyPending)
    let elsewhere = SetWeights(netuid: NetUID(2), uids: [0], values: [1])
    #expect(refusal(of: try genesis.pooled(elsewhere, by: owner, nonce: 4), by: pool) == nil)
    #expect(refusal(of: try genesis.pooled(transfer, by: owner, nonce: 4), by: pool) == nil)
  }

  @Test func ordinaryCallsLeaveTheReservedPlacesToWeights() throws {
    var pool = ExtrinsicPool(
      limits: limits {
        $0.count = 4
        $0.reservedForWeights = 2
      })
    for nonce in 0..<2 as Range<UInt64> {
      _ = try pool.add(try genesis.pooled(transfer, by: owner, nonce: nonce), at: .genesis)
    }
    #expect(refusal(of: try genesis.pooled(transfer, by: miner), by: pool) == .poolFull)
    let weights = SetWeights(netuid: NetUID(1), uids: [0], values: [1])
    for nonce in 0..<2 as Range<UInt64> {
      _ = try pool.add(try genesis.pooled(weights, by: miner, nonce: nonce), at: .genesis)
    }
    #expect(pool.count == 4)
    #expect(refusal(of: try genesis.pooled(weights, by: miner, nonce: 2), by: pool) == .poolFull)
  }

  @Test func aFullPoolGivesTheLowestPlaceToAHigherTip() throws {
    var pool = ExtrinsicPool(
      limits: limits {
        $0.count = 2
        $0.reservedForWeights = 0
      })
    let first = try genesis.pooled(transfer, by: owner, tip: 5)
    let young = try genesis.pooled(transfer, by: miner, tip: 5)
    _ = try pool.add(first, at: .genesis)
    _ = try pool.add(young, at: .genesis)
    let third = DevelopmentAccount.validator.keyPair
    #expect(refusal(of: try genesis.pooled(transfer, by: third, tip: 5), by: pool) == .poolFull)
    guard case .evicted(let gone) = try pool.add(try genesis.pooled(transfer, by: third, tip: 6), at: .genesis) else {
      Issue.record("nothing gave way")
      return
    }
    #expect(gone == young.id)
    #expect(pool.contains(first.id))
    #expect(pool.count == 2)
  }

  @Test func bytesAreBoundedToo() throws {
    let entry = try genesis.pooled(transfer, by: owner)
    var pool = ExtrinsicPool(limits: limits { $0.bytes = entry.byteCount + 1 })
    _ = try pool.add(entry, at: .genesis)
    #expect(refusal(of: try genesis.pooled(transfer, by: miner), by: pool) == .poolFull)
    #expect(pool.byteCount == entry.byteCount)
  }

  @Test func classThenTipThenArrivalDecideAndNoncesAscend() throws {
    var pool = ExtrinsicPool()
    let late = try genesis.pooled(transfer, by: owner, nonce: 1, tip: 900)
    let early = try genesis.pooled(transfer, by: owner, nonce: 0)
    let rich = try genesis.pooled(transfer, by: miner, tip: 50)
    let sudo = try genesis.pooled(Sudo(), by: ChainGenesis.localSudo)
    let pretender = try genesis.pooled(Sudo(), by: DevelopmentAccount.validator.keyPair)
    for entry in [late, early, pretender, rich, sudo] { _ = try pool.add(entry, at: .genesis) }
    let order = pool.selection(for: genesis.state).map(\.id)
    #expect(order == [sudo, rich, early, late, pretender].map(\.id))
    #expect(pool.count == 5)
  }

  @Test func aGapHoldsBackWhatFollowsIt() throws {
    var pool = ExtrinsicPool()
    _ = try pool.add(try genesis.pooled(transfer, by: owner, nonce: 1), at: .genesis)
    #expect(pool.selection(for: genesis.state).isEmpty)
    #expect(pool.nextNonce(of: owner.account, in: genesis.state) == 0)
  }

  @Test func theNormalClassFillsThreeQuartersOfABlock() throws {
    var pool = ExtrinsicPool()
    for nonce in 0..<8 as Range<UInt64> {
      _ = try pool.add(try genesis.pooled(transfer, by: owner, nonce: nonce), at: .genesis)
    }
    var block = BlockLimits()
    block.extrinsics = 8
    #expect(pool.selection(for: genesis.state, limits: block).map(\.body.nonce) == [0, 1, 2, 3, 4, 5])
  }

  @Test func whatIsSettledExpiredOrStaleLeaves() throws {
    var pool = ExtrinsicPool()
    let included = try genesis.pooled(transfer, by: owner)
    let stale = try genesis.pooled(transfer, by: miner)
    let expiring = try genesis.pooled(transfer, by: owner, nonce: 1, birth: 0, period: 4)
    let lasting = try genesis.pooled(transfer, by: owner, nonce: 2)
    for entry in [included, stale, expiring, lasting] { _ = try pool.add(entry, at: .genesis) }
    var state = genesis.state
    state.chain.block = BlockNumber(4)
    state.accounts[miner.account]?.nonce = 1
    let dropped = pool.settle(included: [included.id], leftOut: [], state: state)
    #expect(dropped.map(\.id) == [stale.id, expiring.id])
    #expect(dropped.map(\.error.code) == [.stale, .expired])
    #expect(pool.contains(lasting.id))
    state.chain.block = BlockNumber(256)
    #expect(pool.settle(included: [], leftOut: [], state: state).map(\.error.code) == [.expired])
    #expect(pool.isEmpty)
    #expect(pool.byteCount == 0)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func whateverComesTheBoundsHoldAndBlocksAreValid(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let bounds = limits {
      $0.count = 24
      $0.reservedForWeights = 6
      $0.perSigner = 8
      $0.bytes = 24 * 200
    }
    var pool = ExtrinsicPool(limits: bounds)
    let keys = (0..<6).map { KeyPair.development(name: "pool-\($0)") }
    let state = genesis.state
    for _ in 0..<400 {
      let key = keys[Int.random(in: 0..<keys.count, using: &random)]
      let nonce = UInt64.random(in: 0..<10, using: &random)
      let tip = UInt64.random(in: 0..<20, using: &random)
      let entry =
        Bool.random(using: &random)
        ? try genesis.pooled(transfer, by: key, nonce: nonce, tip: tip)
        : try genesis.pooled(SetWeights(netuid: NetUID(1), uids: [0], values: [1]), by: key, nonce: nonce, tip: tip)
      let before = pool
      do throws(LedgerError) {
        _ = try pool.add(entry, at: .genesis)
      } catch {
        #expect(pool.count == before.count && pool.byteCount == before.byteCount)
      }
      #expect(pool.count <= bounds.count && pool.byteCount <= bounds.bytes)
      let selection = pool.selection(for: state)
      #expect(selection.count { !$0.isWeightCall } <= bounds.count - bounds.reservedForWeights)
      for (signer, own) in Dictionary(grouping: selection, by: \.body.signer) {
        #expect(own.map(\.body.nonce) == Array(0..<UInt64(own.count)), "\(signer)")
        #expect(own.count <= bounds.perSigner)
      }
      if Int.random(in: 0..<10, using: &random) == 0 {
        _ = pool.settle(included: selection.prefix(3).map(\.id), leftOut: [], state: state)
      }
    }
  }
}
