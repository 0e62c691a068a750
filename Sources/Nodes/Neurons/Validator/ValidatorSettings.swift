package import Primitives
import SubnetKit

/// How a validator works.
package struct ValidatorSettings: Hashable, Sendable {
  package var netuid: NetUID
  package var mechid: MechID = .main
  /// The most miners that one round asks; the mechanism's own limit without it.
  package var sampleLimit: Int?
  /// How long a miner has for its answer; the mechanism's own deadline without it.
  package var taskDeadline: Duration?
  /// From the start of one round to that of the next, at least; never less than the block time.
  package var roundInterval: Duration = .milliseconds(500)
  /// Decides which tasks are set and which miners are asked.
  package var seed: UInt64
  /// How it comes by its weights; other than honest in test networks only.
  package var behaviour = Behaviour.honest

  package init(netuid: NetUID, seed: UInt64) {
    self.netuid = netuid
    self.seed = seed
  }

  /// A mechanism's policy as this operator wants it.
  func applied(to policy: MechanismPolicy) -> MechanismPolicy {
    var policy = policy
    if let sampleLimit { policy.sampling.limit = sampleLimit }
    if let taskDeadline { policy.deadline = taskDeadline }
    return policy
  }
}
