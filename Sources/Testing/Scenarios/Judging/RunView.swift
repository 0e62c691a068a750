import Daemon
import Localnet
import Neurons
import Primitives

/// A running network as expectations see it: blocks, epochs and earnings since every node was ready.
struct RunView: Sendable {
  let state: NetworkState
  let plan: LocalnetPlan
  /// The chain's height when every node was ready.
  let start: BlockNumber
  /// Nodes that ended by themselves so far, with a few words on how.
  var ended: [NodeName: String] = [:]
  /// Whether the books were balanced when they were read last, and what they said.
  var books: Sighting?
  var rhythm = Sighting(false, "no block yet")

  var height: BlockNumber { state.record.height }
  /// Blocks since the start.
  var block: UInt64 { height.value - min(height.value, start.value) }
  /// Epochs since the start that paid miners.
  var settled: [EpochSummary] { state.record.settledEpochs.filter { $0.block > start } }

  func hasReached(_ moment: ScenarioMoment) -> Bool {
    switch moment {
    case .block(let number): block >= number
    case .epoch(let number): settled.count >= number
    }
  }

  /// What is to be seen of an expectation now.
  func sighting(of expectation: Expectation) -> Sighting {
    let set = expectation.nodes
    let measure: Measure
    switch expectation.subject {
    case .incentiveShare: measure = share(of: set) { UInt64($0.incentive) }
    case .dividendShare: measure = share(of: set) { UInt64($0.dividends) }
    case .earnings(let other, let epoch): measure = earnings(of: set, comparedTo: other, fromEpoch: epoch)
    case .score: measure = score(of: set)
    case .answered: measure = answered(by: set)
    case .registered: return each(set, "are not registered") { neuron($0) != nil }
    case .serving: return each(set, "do not serve") { neuron($0)?.axon.isServing == true }
    case .permits: return each(set, "hold none") { neuron($0)?.validatorPermit == true }
    case .weightsSet(let block): return each(set, "have not") { hasSetWeights($0, afterBlock: block) }
    case .supplyConserved: return books ?? Sighting(false, "the books were never read")
    case .chainProduces: return rhythm
    case .alive: return alive(set)
    }
    switch measure {
    case .nothing(let why): return Sighting(false, why)
    case .value(let value, let words): return Sighting(expectation.bounds.hold(value), words)
    }
  }

  /// Something measured, or why there is nothing to measure yet.
  private enum Measure {
    case value(Double, String)
    case nothing(String)
  }

  private func hotkeys(_ set: NodeSet) -> Set<Hotkey> {
    Set(plan.neurons.filter { set.nodes.contains($0.name) }.map(\.hotkey))
  }

  private func neuron(_ node: NodeName) -> NeuronView? {
    guard let planned = plan.neurons.first(where: { $0.name == node }) else { return nil }
    return state.record.metagraph?.neuron(of: planned.hotkey)
  }

  private func share(of set: NodeSet, _ part: (EpochSummary.Row) -> UInt64) -> Measure {
    guard let epoch = settled.last else { return .nothing("no epoch has paid yet") }
    let all = epoch.rows.reduce(0) { $0 + part($1) }
    guard all > 0 else { return .nothing("nobody got any") }
    let members = hotkeys(set)
    let own = epoch.rows.reduce(0) { members.contains($1.hotkey) ? $0 + part($1) : $0 }
    let share = Double(own) / Double(all)
    return .value(share, percentage(share))
  }

  private func earnings(of set: NodeSet, comparedTo other: NodeSet?, fromEpoch epoch: UInt64) -> Measure {
    let epochs = settled.dropFirst(Int(clamping: epoch) - 1)
    guard !epochs.isEmpty else { return .nothing("no epoch has paid yet") }
    let own = paid(set, in: epochs)
    guard let other else {
      let peers = plan.nodes.filter { node in set.nodes.contains { $0.role == node.role } }
      let all = paid(NodeSet("all", peers), in: epochs)
      guard all > 0 else { return .nothing("nobody earned anything") }
      let share = Double(own) / Double(all)
      return .value(share, "\(percentage(share)): \(shortAmount(own)) alpha of \(shortAmount(all))")
    }
    let theirs = paid(other, in: epochs)
    guard theirs > 0 else { return .nothing("\(other.name) earned nothing to compare with") }
    let ratio = (Double(own) / Double(set.nodes.count)) / (Double(theirs) / Double(other.nodes.count))
    let means = (own / UInt64(max(1, set.nodes.count)), theirs / UInt64(max(1, other.nodes.count)))
    return .value(
      ratio, "\(percentage(ratio)): \(shortAmount(means.0)) alpha a node against \(shortAmount(means.1))")
  }

  /// Alpha rao: what miners got for mining and validators as dividends.
  private func paid(_ set: NodeSet, in epochs: ArraySlice<EpochSummary>) -> UInt64 {
    let members = hotkeys(set)
    return epochs.reduce(0) { sum, epoch in
      epoch.rows.reduce(sum) { members.contains($1.hotkey) ? $0 + $1.emission : $0 }
    }
  }

  private func score(of set: NodeSet) -> Measure {
    // In the order of names, since the order of a sum decides its last digits.
    let opinions = state.nodes.sorted { $0.key < $1.key }.map(\.value.opinions)
    let scores = hotkeys(set).sorted().flatMap { hotkey in opinions.compactMap { $0[hotkey]?.score } }
    guard !scores.isEmpty else { return .nothing("no validator has a score for them yet") }
    let mean = scores.reduce(0, +) / Double(scores.count)
    return .value(mean, decimal(mean))
  }

  private func answered(by set: NodeSet) -> Measure {
    let tasks = hotkeys(set).sorted().map { state.tasks(of: $0) }.reduce(TaskCounts(), +)
    guard tasks.sent > 0 else { return .nothing("they were sent no task yet") }
    let share = Double(tasks.answered) / Double(tasks.sent)
    return .value(share, "\(percentage(share)): \(tasks.answered) of \(tasks.sent)")
  }

  private func hasSetWeights(_ node: NodeName, afterBlock block: UInt64) -> Bool {
    guard let uid = neuron(node)?.uid, let last = state.record.lastWeights[uid] else { return false }
    // Without a block those count too that were set while others were still starting.
    return block == 0 || last.value > start.value + block
  }

  private func each(_ set: NodeSet, _ lack: String, _ holds: (NodeName) -> Bool) -> Sighting {
    let missing = set.nodes.filter { !holds($0) }
    guard !missing.isEmpty else { return Sighting(true, "all \(set.nodes.count)") }
    return Sighting(false, missing.map(\.description).joined(separator: ", ") + " \(lack)")
  }

  private func alive(_ set: NodeSet) -> Sighting {
    let dead = set.nodes.filter { ended[$0] != nil }
    guard !dead.isEmpty else { return Sighting(true, "all \(set.nodes.count)") }
    return Sighting(false, dead.map { "\($0) \(ended[$0] ?? "")" }.joined(separator: "; "))
  }
}

/// What was seen of an expectation at some moment.
struct Sighting: Sendable, Hashable {
  let holds: Bool
  let words: String

  init(_ holds: Bool, _ words: String) {
    self.holds = holds
    self.words = words
  }
}
