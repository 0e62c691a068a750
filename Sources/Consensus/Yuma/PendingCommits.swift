package import Primitives

/// Commits of weights that wait for their reveal.
///
/// - Source: yuma 6.3.
package struct PendingCommits: Hashable, Sendable {
  /// One commit: the number of the epoch it was made in, and its block.
  package struct Commit: Hashable, Sendable {
    package var epoch: UInt64
    package var block: BlockNumber

    package init(epoch: UInt64, block: BlockNumber) {
      self.epoch = epoch
      self.block = block
    }
  }

  /// The commits of one uid, in queue order.
  package struct Queue: Hashable, Sendable {
    package var uid: UID
    package var commits: [Commit]

    package init(uid: UID, commits: [Commit]) {
      self.uid = uid
      self.commits = commits
    }
  }

  /// Hash commits (`commits_v2`): of each queue only the first live one counts.
  package var hashed: [Queue]
  /// Time-locked commits (`commits_v4`): every live one counts.
  package var timelocked: [Queue]

  package init(hashed: [Queue] = [], timelocked: [Queue] = []) {
    self.hashed = hashed
    self.timelocked = timelocked
  }

  /// Tells every commit that counts, with its uid; the earliest of a uid decides.
  ///
  /// A commit of epoch `e` is expired once `epochIndex > e + revealPeriod`.
  func forEachLive(epochIndex: UInt64, revealPeriod: UInt64, _ body: (UID, BlockNumber) -> Void) {
    func isLive(_ commit: Commit) -> Bool {
      let (last, overflow) = commit.epoch.addingReportingOverflow(revealPeriod)
      return overflow || epochIndex <= last
    }
    for queue in hashed {
      if let first = queue.commits.first(where: isLive) { body(queue.uid, first.block) }
    }
    for queue in timelocked {
      for commit in queue.commits where isLive(commit) { body(queue.uid, commit.block) }
    }
  }
}
