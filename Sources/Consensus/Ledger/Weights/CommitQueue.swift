package import Primitives

/// One hidden row: its hash, and when it was committed.
package struct WeightCommit: Hashable, Sendable {
  package let hash: Hash256
  /// The subnet's epoch of the commit.
  package let epoch: UInt64
  package let block: BlockNumber

  package init(hash: Hash256, epoch: UInt64, block: BlockNumber) {
    self.hash = hash
    self.epoch = epoch
    self.block = block
  }

  /// Where the commit stands in epoch `current`, with the period as it is read now.
  package func phase(in current: UInt64, period: UInt64) -> Phase {
    let (reveal, overflow) = epoch.addingReportingOverflow(period)
    if overflow || current < reveal { return .early }
    return current == reveal ? .open : .expired
  }

  /// A commit opens `period` epochs after its own, for one epoch.
  package enum Phase: Hashable, Sendable {
    case early
    case open
    case expired
  }
}

/// The commits of one hotkey on one mechanism, oldest first.
///
/// Source: registry 8.1; vectors `registry/commit_reveal`.
package struct CommitQueue: Hashable, Sendable {
  /// Commits that may wait at once.
  package static let limit = 10

  package private(set) var commits: [WeightCommit]

  package init(_ commits: [WeightCommit] = []) { self.commits = commits }

  package var isEmpty: Bool { commits.isEmpty }

  /// Drops what has expired and takes in a commit made at `position`.
  ///
  /// - Throws: `tooManyUnrevealedCommits`; the queue is then unchanged.
  package mutating func append(_ hash: Hash256, at position: EpochPosition, period: UInt64) throws(LedgerError) {
    let live = live(in: position.epoch, period: period)
    guard live.count < CommitQueue.limit else {
      let (expiry, overflow) = live[0].epoch.addingReportingOverflow(period)
      let retry = overflow || expiry == .max ? nil : position.firstBlock(of: expiry + 1)
      throw .tooManyUnrevealedCommits.with("unrevealed", live.count).retrying(at: retry, now: position.block)
    }
    commits = live + [WeightCommit(hash: hash, epoch: position.epoch, block: position.block)]
  }

  /// The commits that have not expired: those behind the expired ones at the front.
  package func live(in epoch: UInt64, period: UInt64) -> [WeightCommit] {
    Array(commits.drop { $0.phase(in: epoch, period: period) == .expired })
  }

  /// The block of the earliest commit that has not expired, which consensus hides newer neurons from.
  package func earliestLiveBlock(in epoch: UInt64, period: UInt64) -> BlockNumber? {
    live(in: epoch, period: period).first?.block
  }

  /// The open commit with this hash, and the queue after it: it and all older ones are gone.
  ///
  /// Nothing is changed here, since the weights must still pass their checks.
  ///
  /// - Throws: `noWeightsCommitFound`, `expiredWeightCommit`, `invalidRevealCommitHashNotMatch`, `revealTooEarly`.
  package func opened(
    by hash: Hash256, at position: EpochPosition, period: UInt64
  ) throws(LedgerError) -> (commit: WeightCommit, rest: CommitQueue) {
    let live = live(in: position.epoch, period: period)
    guard let index = live.firstIndex(where: { $0.hash == hash }) else {
      let expired = commits.prefix(commits.count - live.count)
      if expired.contains(where: { $0.hash == hash }) { throw .expiredWeightCommit }
      throw live.isEmpty ? .noWeightsCommitFound : .invalidRevealCommitHashNotMatch
    }
    let commit = live[index]
    guard commit.phase(in: position.epoch, period: period) == .open else {
      let (reveal, overflow) = commit.epoch.addingReportingOverflow(period)
      throw .revealTooEarly.with("reveal_epoch", overflow ? .max : reveal).with("epoch", position.epoch)
        .retrying(at: overflow ? nil : position.firstBlock(of: reveal), now: position.block)
    }
    return (commit, CommitQueue(Array(live[(index + 1)...])))
  }
}
