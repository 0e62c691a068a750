package import Daemon
import Primitives
package import SubnetKit

/// Owns what a validator must not forget; every change is on the disk before anybody acts on it.
package actor ScoreKeeper {
  private var state: ValidatorState
  private let store: StateStore
  private let decay: MovingAverage.Decay

  /// Loads the state, or begins an empty one where nothing was ever kept.
  ///
  /// - Throws: `KeptStateError` when there is something that is not this validator's state; nothing is overwritten.
  package init(
    loading store: StateStore, for owner: ValidatorState.Owner, averaging: MovingAverage
  ) throws(KeptStateError) {
    self.store = store
    decay = averaging.decay
    guard var kept = try ScoreKeeper.kept(in: store) else {
      state = ValidatorState(owner: owner, scoreShare: averaging.share)
      return
    }
    guard kept.owner == owner else { throw .unusable(name: store.name, .someoneElses(kept.owner)) }
    kept.book = kept.book.withAlpha(averaging.share)
    state = kept
  }

  /// Throws where there is something that no validator can go on from.
  static func check(_ store: StateStore) throws(KeptStateError) { _ = try kept(in: store) }

  private static func kept(in store: StateStore) throws(KeptStateError) -> ValidatorState? {
    let bytes: [UInt8]?
    do throws(FileError) {
      bytes = try store.read()
    } catch {
      throw .file(error)
    }
    guard let bytes else { return nil }
    do throws(ValidatorStateError) {
      return try ValidatorState(serialized: bytes)
    } catch {
      throw .unusable(name: store.name, error)
    }
  }

  /// The state as it is now, and as it was saved.
  package var current: ValidatorState { state }

  /// Takes over a round that was asked and scored, with what the mechanism remembers of it.
  func record(
    _ endings: [TaskEnding], _ judgement: RoundJudgement, memory: MechanismMemory?
  ) throws(KeptStateError) {
    try change { state in
      state.count(endings)
      state.record(judgement, decay: decay)
      state.memory = memory
    }
  }

  /// Takes over a round that was asked and is scored later; says so when it cannot wait, and then only counts its tasks.
  func postpone(
    _ endings: [TaskEnding], _ round: PendingRound, memory: MechanismMemory?
  ) throws(KeptStateError) -> PendingRoundRefusal? {
    var refusal: PendingRoundRefusal?
    try change { state in
      state.count(endings)
      refusal = state.pending.add(round)
      state.memory = memory
    }
    return refusal
  }

  /// Takes over the scores of a round that waited, and forgets that it did: it is scored once.
  func settle(
    round number: UInt64, _ judgement: RoundJudgement?, memory: MechanismMemory?
  ) throws(KeptStateError) {
    try change { state in
      state.pending.remove(round: number)
      if let judgement { state.record(judgement, decay: decay) }
      state.memory = memory
    }
  }

  /// Notes that weights, or a promise of them, are on the chain.
  func noteWeights(at block: BlockNumber) throws(KeptStateError) {
    try change { $0.lastWeightsBlock = block }
  }

  /// Keeps a promise before it is sent: without its salt it could never be revealed.
  func add(_ commit: PendingCommit) throws(KeptStateError) {
    try change { $0.commits.append(commit) }
  }

  /// Notes that the chain holds a promise.
  func markLanded(_ hash: Hash256) throws(KeptStateError) {
    try change { state in
      for index in state.commits.indices where state.commits[index].hash == hash {
        state.commits[index].hasLanded = true
      }
    }
  }

  /// Forgets promises that were revealed, or never can be.
  func remove(_ hashes: Set<Hash256>) throws(KeptStateError) {
    try change { $0.commits.removeAll { hashes.contains($0.hash) } }
  }

  /// Saves first, then takes over: what is in memory is never newer than what a restart finds.
  private func change(_ body: (inout ValidatorState) -> Void) throws(KeptStateError) {
    var next = state
    body(&next)
    do throws(FileError) {
      try store.write(next.serialized)
    } catch {
      throw .file(error)
    }
    state = next
  }
}

/// Why a validator's memory could not be used; the validator stops rather than forget.
package enum KeptStateError: ExitCoding, Equatable, CustomStringConvertible {
  case file(FileError)
  case unusable(name: String, ValidatorStateError)

  package var exitCode: ExitCode {
    switch self {
    case .file(let error): error.exitCode
    case .unusable(_, let error): error.exitCode
    }
  }

  package var description: String {
    switch self {
    case .file(let error): "the validator's state could not be kept: \(error)"
    case .unusable(let name, let error): "the validator's state \(name) cannot be used: \(error)"
    }
  }
}
