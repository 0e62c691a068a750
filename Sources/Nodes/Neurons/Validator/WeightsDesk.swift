import Daemon
import Keys
import Ledger
import Primitives
import SubnetKit

/// Sends a validator's weights at their time: plainly, or as a promise that is revealed in its epoch.
struct WeightsDesk: Sendable {
  /// Bytes of salt under a promise (reliability 5.4).
  static let saltCount = 32
  /// Blocks after which a promise that the chain never showed is given up: its extrinsic is mortal.
  static let landingLimit: UInt64 = 160
  /// Blocks between attempts where the chain does not say when to try again.
  static let retryBlocks: UInt64 = 2
  /// How long to wait for weights to be in a block; later they would miss their epoch anyway.
  static let inclusionDeadline: Duration = .seconds(30)

  private let client: ChainClient
  private let key: KeyPair
  private let keeper: ScoreKeeper
  private let settings: ValidatorSettings
  private let pipeline: WeightPipeline
  private let report: RoundReport
  private let surroundings: NodeSurroundings
  /// The last thing that was said about the timing, so that it is said once.
  private var lastSaid: WeightsTiming?
  /// After a refusal nothing is sent before this block.
  private var holdUntil = BlockNumber.genesis

  init(
    client: ChainClient, key: KeyPair, keeper: ScoreKeeper, settings: ValidatorSettings, pipeline: WeightPipeline,
    report: RoundReport, surroundings: NodeSurroundings
  ) {
    self.client = client
    self.key = key
    self.keeper = keeper
    self.settings = settings
    self.pipeline = pipeline
    self.report = report
    self.surroundings = surroundings
  }

  /// Does what is due for the block after the metagraph's.
  mutating func attend(to metagraph: MetagraphView, own: NeuronView) async throws {
    try await reveal(in: metagraph)
    let state = await keeper.current
    let timing = WeightsTiming(metagraph, own: own, hasSentBefore: state.lastWeightsBlock != nil)
    say(timing, at: metagraph)
    guard timing == .send, metagraph.block >= holdUntil else { return }
    guard let row = await row(from: state.book, own: own, in: metagraph) else { return }
    let block = metagraph.commitRevealEnabled ? try await commit(row, metagraph) : try await set(row, metagraph)
    guard let block else { return }
    try await keeper.noteWeights(at: block)
    surroundings.log.info(
      "weights sent",
      [
        .netuid: .number(settings.netuid.value), .block: .number(block.value), .count: .number(row.uids.count),
        .state: metagraph.commitRevealEnabled ? "committed" : "set",
      ])
  }

  /// The row that the averages stand for now; nil when there is nothing to say.
  private func row(from book: ScoreBook, own: NeuronView, in metagraph: MetagraphView) async -> WeightsRow? {
    let opinion = WeightsOpinion(
      behaviour: settings.behaviour, client: client, settings: settings, surroundings: surroundings)
    guard opinion.isHonest else {
      return WeightsRow(await opinion.weights(in: metagraph, own: own.uid), own: own.uid, in: metagraph)
    }
    let neurons = metagraph.neurons.filter { $0.uid != own.uid }.map { (uid: $0.uid, hotkey: $0.hotkey) }
    let outcome = pipeline.weights(of: book.averages(of: neurons))
    let row = WeightsRow(outcome.weights, own: own.uid, in: metagraph)
    let fallbacks = outcome.fallbacks + (row?.fallbacks(from: outcome.weights, in: metagraph) ?? [])
    if report.note(fallbacks) { say(fallbacks) }
    return row
  }

  private func say(_ fallbacks: [WeightFallback]) {
    for fallback in fallbacks {
      let fields: LogFields = [
        .netuid: .number(settings.netuid.value), .code: .text(fallback.code.name), .reason: .text(fallback.message),
      ]
      // Before the first scores there is nothing to say, and nothing wrong.
      if fallback.code == .nothingToSay {
        surroundings.log.info("no weights yet", fields)
      } else {
        surroundings.log.warning("weights are not as asked", fields)
      }
    }
  }

  // MARK: Sending

  /// The block of the weights; nil when the chain did not take them.
  private mutating func set(_ row: WeightsRow, _ metagraph: MetagraphView) async throws(ChainClientError)
    -> BlockNumber?
  {
    let call = SetWeights(
      netuid: settings.netuid, mechid: settings.mechid, uids: row.uids, values: row.values,
      versionKey: metagraph.weightsVersion)
    do throws(ChainClientError) {
      return try await client.submitAndWait(call, signedBy: key, deadline: WeightsDesk.inclusionDeadline).block
    } catch {
      try hold(error, at: metagraph)
      return nil
    }
  }

  /// The block of the promise; nil when the chain did not take it.
  private mutating func commit(_ row: WeightsRow, _ metagraph: MetagraphView) async throws -> BlockNumber? {
    let promise = promise(of: row, in: metagraph)
    try await keeper.add(promise)
    do throws(ChainClientError) {
      let call = CommitWeights(netuid: settings.netuid, mechid: settings.mechid, hash: promise.hash)
      return try await client.submitAndWait(call, signedBy: key, deadline: WeightsDesk.inclusionDeadline).block
    } catch {
      // Where the outcome is unknown the promise stays: the chain's own list will tell.
      if error.ledgerCode != nil { try await keeper.remove([promise.hash]) }
      try hold(error, at: metagraph)
      return nil
    }
  }

  private func promise(of row: WeightsRow, in metagraph: MetagraphView) -> PendingCommit {
    let salt = surroundings.random.bytes(WeightsDesk.saltCount)
    let weights = SubmittedWeights(
      mechid: settings.mechid, uids: row.uids, values: row.values, versionKey: metagraph.weightsVersion)
    do throws(LedgerError) {
      let hidden = try WeightsCommitment(
        hotkey: Hotkey(key.account), netuid: settings.netuid, weights: weights, salt: salt)
      return PendingCommit(
        hash: hidden.hash { Hash256(hashing: $0) }, row: row, salt: salt, versionKey: metagraph.weightsVersion,
        madeAt: metagraph.block)
    } catch {
      preconditionFailure("The salt and the counts of a row fit a promise: \(error)")
    }
  }

  // MARK: Revealing

  /// Reveals the promises whose epoch has come, and gives up those whose epoch has passed.
  private mutating func reveal(in metagraph: MetagraphView) async throws {
    let promises = await keeper.current.commits
    guard !promises.isEmpty, let held = try await heldCommits() else { return }
    // The epoch of a transaction in the next block, whose own step may start an epoch.
    let startsEpoch = metagraph.nextEpochBlock.map { metagraph.block.value + 1 >= $0.value } ?? false
    let epoch = metagraph.epochIndex + (startsEpoch ? 1 : 0)
    for promise in promises {
      guard let commit = held.first(where: { $0.hash == promise.hash }) else {
        let isTooOld = metagraph.block.value > promise.madeAt.value + WeightsDesk.landingLimit
        if promise.hasLanded || isTooOld { try await giveUp(promise, because: "the chain does not hold it any more") }
        continue
      }
      if !promise.hasLanded { try await keeper.markLanded(promise.hash) }
      let opening = commit.epoch + metagraph.commitRevealPeriod
      if epoch > opening {
        try await giveUp(promise, because: "its reveal epoch has passed")
      } else if epoch == opening {
        try await reveal(promise)
      }
    }
  }

  private func reveal(_ promise: PendingCommit) async throws {
    let call = RevealWeights(
      netuid: settings.netuid, mechid: settings.mechid, uids: promise.row.uids, values: promise.row.values,
      salt: promise.salt, versionKey: promise.versionKey)
    do throws(ChainClientError) {
      let inclusion = try await client.submitAndWait(call, signedBy: key, deadline: WeightsDesk.inclusionDeadline)
      surroundings.log.info(
        "weights revealed", [.netuid: .number(settings.netuid.value), .block: .number(inclusion.block.value)])
    } catch {
      switch error.ledgerCode {
      case .expiredWeightCommit, .noWeightsCommitFound, .invalidRevealCommitHashNotMatch:
        try await giveUp(promise, because: error.description)
      case .some:
        surroundings.log.warning("the reveal was refused; trying at the next block", [.reason: .of(error)])
      case nil:
        guard error.isRetriable else { throw error }
        surroundings.log.warning("the reveal is not in a block yet", [.reason: .of(error)])
      }
      return
    }
    try await keeper.remove([promise.hash])
  }

  private func giveUp(_ promise: PendingCommit, because reason: String) async throws(KeptStateError) {
    surroundings.log.warning("a promise of weights is given up", [.digest: .of(promise.hash), .reason: .text(reason)])
    try await keeper.remove([promise.hash])
  }

  /// The promises that the chain holds; nil when it could not be asked.
  private func heldCommits() async throws(ChainClientError) -> [WeightCommitView]? {
    do throws(ChainClientError) {
      return try await client.weightCommits(of: Hotkey(key.account), on: settings.netuid, mechid: settings.mechid)
    } catch {
      guard error.isRetriable else { throw error }
      surroundings.log.warning("the chain could not be asked", [.reason: .of(error)])
      return nil
    }
  }

  // MARK: Waiting

  /// Notes a refusal, and when to try again; what waiting cannot cure is thrown on.
  private mutating func hold(_ error: ChainClientError, at metagraph: MetagraphView) throws(ChainClientError) {
    guard error.ledgerCode != nil || error.isRetriable else { throw error }
    var retry = BlockNumber(metagraph.block.value + WeightsDesk.retryBlocks)
    if case .refused(_, let refusal) = error, let block = refusal.retryAtBlock { retry = block }
    holdUntil = retry
    surroundings.log.warning(
      "the chain did not take the weights",
      [.netuid: .number(settings.netuid.value), .reason: .of(error), .wanted: .text("again from block \(retry)")])
  }

  private mutating func say(_ timing: WeightsTiming, at metagraph: MetagraphView) {
    guard timing != lastSaid else { return }
    lastSaid = timing
    let fields: LogFields = [.netuid: .number(settings.netuid.value), .block: .number(metagraph.block.value)]
    switch timing {
    case .awaitPermit: surroundings.log.info("waiting for a validator permit, which an epoch gives to stake", fields)
    case .halted: surroundings.log.info("the subnet has tempo 0 and no epochs; no weights are sent", fields)
    case .wait(let until):
      surroundings.log.debug("weights wait", [.block: .number(metagraph.block.value), .to: .of(until)])
    case .send: break
    }
  }
}
