package import Primitives

/// The commits of a hotkey that wait to be revealed, oldest first.
package struct WeightCommitsQuery: StateQuery {
  package static let name = "weight_commits"

  package var netuid = NetUID.root
  package var hotkey = Hotkey()
  package var mechid = MechID.main

  package init() {}
  package init(netuid: NetUID, hotkey: Hotkey, mechid: MechID = .main) {
    self.netuid = netuid
    self.hotkey = hotkey
    self.mechid = mechid
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.hotkey("hotkey", &hotkey)
    fields.mechid("mechid", &mechid)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> WeightCommitsAnswer {
    _ = try state.scores(of: netuid, mechid)
    let subnet = try state.subnet(netuid)
    let queue = state.commits[CommitKey(MechanismKey(netuid, mechid), hotkey)] ?? CommitQueue()
    var answer = WeightCommitsAnswer()
    answer.commits = queue.commits.map { WeightCommitRow($0, subnet) }
    return answer
  }
}

package struct WeightCommitsAnswer: FieldMapped {
  /// Those that have expired stay until the next commit.
  package var commits: [WeightCommitRow] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("commits", &commits, limit: AnswerLimits.items)
  }
}

package struct WeightCommitRow: FieldMapped {
  package var hash = Hash256.zero
  package var epoch: UInt64 = 0
  package var block = BlockNumber.genesis
  /// First and last block in which a reveal is taken, as long as tempo and period stay and no epoch is deferred; 0
  /// when they are over or the tempo is 0.
  package var revealFromBlock = BlockNumber.genesis
  package var revealUntilBlock = BlockNumber.genesis

  package init() {}

  init(_ commit: WeightCommit, _ subnet: Subnet) {
    hash = commit.hash
    epoch = commit.epoch
    block = commit.block
    let (clock, tempo) = (subnet.clock, UInt64(subnet.parameters.tempo))
    let (reveal, overflow) = commit.epoch.addingReportingOverflow(subnet.parameters.commitRevealPeriod)
    guard !overflow, tempo > 0, reveal >= clock.epochIndex else { return }
    let (blocks, tooFar) = (reveal - clock.epochIndex).multipliedReportingOverflow(by: tempo)
    guard !tooFar else { return }
    revealFromBlock = clock.lastEpochBlock.advanced(by: blocks)
    revealUntilBlock = revealFromBlock.advanced(by: tempo - 1)
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hash("hash", &hash)
    fields.number("epoch", &epoch)
    fields.block("block", &block)
    fields.block("reveal_from_block", &revealFromBlock)
    fields.block("reveal_until_block", &revealUntilBlock)
  }
}
