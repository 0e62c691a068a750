import ChainNode
import Daemon
package import Keys
package import Ledger
package import Primitives
import Wire

/// A local chain in this process whose blocks a test makes by hand: real rules, no sockets, no waiting.
///
/// ```swift
/// let chain = try await TestChain()
/// try await chain.setBalance(of: alice.account, to: .tao(500))
/// try await chain.run(RegisterSubnet(hotkey: hotkey), by: alice)
/// try await chain.goToNextEpoch(of: NetUID(1))
/// ```
package struct TestChain: Sendable {
  /// What a call that a test expected to succeed ended with.
  package struct Refused: Error, Hashable, Sendable {
    package let error: LedgerError
  }

  /// There is no such epoch to go to.
  package struct NoEpoch: Error, Hashable, Sendable {
    package let netuid: NetUID
  }

  private let producer: BlockProducer

  /// A chain at genesis, with the development accounts funded.
  package init() async throws {
    let authority = KeyPair.development(name: "authority")
    let genesis = ChainGenesis(.local, authority: authority.account)
    let log = MemoryBlockLog()
    let wall = SystemWallClock()
    let logger = Logger(name: "test-chain", level: .error, form: .json, to: RecordedLog(), clock: wall)
    producer = BlockProducer(
      genesis: genesis, from: try await ChainReplay(genesis: genesis, log: log, logger: logger).run(), key: authority,
      log: log, blockTime: .manual, clock: ContinuousClock(), wallClock: wall, logger: logger)
  }

  /// The state after the newest block.
  package var state: LedgerState { get async { await producer.head.state } }
  package var height: BlockNumber { get async { await producer.head.number } }

  /// Makes so many blocks at once.
  package func advance(by count: UInt64) async throws { _ = try await producer.advance(by: count) }

  /// Ahead by making blocks, or back to one of the newest 256.
  package func goTo(_ block: BlockNumber) async throws { _ = try await producer.goTo(block) }

  /// Makes blocks up to the one in which a subnet's next epoch runs.
  package func goToNextEpoch(of netuid: NetUID) async throws {
    let answer = try NextEpochQuery(netuid: netuid).answer(from: await state, with: producer.execution.host)
    guard let block = answer.nextEpochBlock else { throw NoEpoch(netuid: netuid) }
    try await goTo(block)
  }

  /// Notes the present under a name.
  package func keepPoint(named name: String) async throws { _ = try await producer.keepPoint(named: name) }

  /// Goes back to a noted point.
  package func returnToPoint(named name: String) async throws { _ = try await producer.returnToPoint(named: name) }

  /// Gives an account a free balance in the next block; issuance follows.
  package func setBalance(of account: AccountID, to amount: Rao) async throws {
    let call = try WireCodec.encode(SetBalance(account: account, amount: amount).message, as: .call)
    try await run(Sudo(call: call), by: ChainGenesis.localSudo)
  }

  /// Signs a call and runs it in the next block.
  ///
  /// - Throws: `Refused` when the rules did.
  package func run(_ call: some LedgerCall, by key: KeyPair) async throws {
    let head = await producer.head
    let body = ExtrinsicBody(
      chainID: producer.genesis.chainID, specVersion: TransactionLimits.specVersion, signer: key.account,
      nonce: head.state.account(key.account).nonce, birth: head.number, period: 0, tip: .zero,
      call: try WireCodec.encode(call.message, as: .call))
    let extrinsic = try Extrinsic(signing: body, with: key)
    do throws(LedgerError) {
      let candidate = Candidate(extrinsic, encoded: try encoded(extrinsic))
      if case .new(let entry) = try await producer.standing(of: candidate) { try await producer.add(entry) }
    } catch {
      throw Refused(error: error)
    }
    let block = try await producer.makeBlock()
    if let error = block.executed.extrinsics.first(where: { $0.extrinsic.id == extrinsic.id })?.error {
      throw Refused(error: error)
    }
  }

  private func encoded(_ extrinsic: Extrinsic) throws(LedgerError) -> [UInt8] {
    do throws(WireError) {
      return try extrinsic.encoded()
    } catch {
      throw .malformed
    }
  }
}
