package import Daemon

/// All that is known of a running network: its processes, and what its chain has seen.
package struct NetworkState: Sendable {
  package var nodes: [NodeName: NodeStatus]
  package var record: RunRecord
  /// Why the network cannot go on, beside the end of a node.
  package var failure: LocalnetError?

  package init(_ plan: LocalnetPlan) {
    nodes = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0, NodeStatus()) })
    record = RunRecord(netuid: plan.netuid)
  }

  /// The first node, in order, that ended although it should run.
  package var failedNode: (name: NodeName, status: ExitStatus)? {
    for name in nodes.keys.sorted() {
      if let status = nodes[name]?.failure { return (name, status) }
    }
    return nil
  }

  /// Whether every node that should run does its work.
  package var isReady: Bool { nodes.values.allSatisfy { !$0.isWanted || $0.phase == .ready } }

  /// Tasks as the validators counted them.
  package var tasks: TaskCounts {
    nodes.filter { $0.key.role == .validator }.values.map(\.tasks).reduce(TaskCounts(), +)
  }
}
