package import Localnet
package import Neurons
package import Primitives

/// Where a scenario runs: one process in virtual time, real processes, or a network that is up already.
package protocol ScenarioWorld: Sendable {
  var kind: WorldKind { get }
  var plan: LocalnetPlan { get }
  /// What the run's limits are measured by.
  var time: NodeTime { get }
  /// All that is known of the network now.
  var state: NetworkState { get }

  /// Waits until every node is ready, or else says why not.
  func open() async throws

  /// Waits for a state with a higher block; nil when none came in time.
  func state(after height: BlockNumber, within limit: Duration) async throws -> NetworkState?

  /// Does something to a node.
  func perform(_ action: ScenarioFault.Action, on node: NodeName) async throws

  /// Whether the accounts sum to the issuance, and a few words with the sums.
  func readBooks() async throws -> (isBalanced: Bool, words: String)
}

/// Which world, as `--world` names it.
package enum WorldKind: String, Sendable, CaseIterable {
  case simulated, process, running
}

/// Why a scenario has no verdict: its network could not be run.
package struct WorldFailure: Error, Sendable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
