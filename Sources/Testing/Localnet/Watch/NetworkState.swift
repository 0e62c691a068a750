package import Daemon
package import Neurons
package import Primitives

/// All that is known of a running network: its processes, and what its chain has seen.
package struct NetworkState: Sendable {
  package var nodes: [NodeName: NodeStatus]
  package var record: RunRecord
  /// The chain's height when it was first started: above 0 for a network that goes on from its folder.
  package var startHeight = BlockNumber.genesis
  /// Whether the network goes on when a node ends that should run.
  package var outlivesNodes = false
  /// What became of the author's program when it changed last.
  package var programNote: String?
  private var validators: [Hotkey: NodeName]

  package init(_ plan: LocalnetPlan) {
    nodes = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0, NodeStatus()) })
    record = RunRecord(netuid: plan.netuid)
    validators = Dictionary(
      uniqueKeysWithValues: plan.neurons.filter { $0.name.role == .validator }.map { ($0.hotkey, $0.name) })
  }

  /// Takes in nodes that joined while the network runs.
  mutating func add(_ neurons: [PlannedNeuron]) {
    for neuron in neurons {
      if nodes[neuron.name] == nil { nodes[neuron.name] = NodeStatus() }
      if neuron.name.role == .validator { validators[neuron.hotkey] = neuron.name }
    }
  }

  /// The first node, in order, that ended although it should run.
  package var failedNode: (name: NodeName, status: ExitStatus)? {
    for name in nodes.keys.sorted() {
      if let status = nodes[name]?.failure { return (name, status) }
    }
    return nil
  }

  /// How tasks ended: those that a miner was sent, or those that a validator sent.
  package func tasks(of hotkey: Hotkey) -> TaskCounts {
    let sender = validators[hotkey]
    return nodes.reduce(TaskCounts()) { sum, node in
      if node.key == sender { return sum + node.value.opinions.values.map(\.tasks).reduce(TaskCounts(), +) }
      return sum + (node.value.opinions[hotkey]?.tasks ?? TaskCounts())
    }
  }

  /// The mean of what the validators say of a miner, in 0...1; nil when none has a score for it.
  package func score(of hotkey: Hotkey) -> Double? {
    let scores = nodes.values.compactMap { $0.opinions[hotkey]?.score }
    return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
  }

  /// What a miner's answers to all validators measured at, on average; nil where the mechanism measures nothing.
  package func measure(of hotkey: Hotkey) -> MeasureMean? {
    // In the order of names: two orders of adding may differ in the last bit.
    let measures = nodes.sorted { $0.key < $1.key }.compactMap { $0.value.opinions[hotkey]?.measure }
    guard var sum = measures.first else { return nil }
    for measure in measures.dropFirst() { sum.add(measure) }
    return sum
  }
}
