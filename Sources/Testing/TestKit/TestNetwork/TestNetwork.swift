import Daemon
import Localnet
import Neurons
public import Primitives
import Scenarios
public import SubnetKit

/// A whole network inside a test: a real chain, your mechanism in real validators and miners, and time that waits.
///
/// Blocks are made only while you advance; everything follows from the seed, so a test that fails fails again.
///
/// ```swift
/// @Test func whoeverAnswersNonsenseEarnsNothing() async throws {
///   let network = try await TestNetwork(
///     MyMechanism.self, miners: [.group("honest", 3), .group("liars", 1, behaviour: .garbage)])
///   try await network.advance(epochs: 3)
///   #expect(try await network.earnings(of: "liars") == .zero)
///   #expect(try await network.metagraph["honest-1"]!.incentive > 0.2)
/// }
/// ```
public actor TestNetwork {
  private let world: SimulatedWorld
  private let scenario: Scenario
  /// Blocks per virtual second do not matter to a test; this only keeps a chain that stands still from being waited for.
  private static let patience: Duration = .seconds(60)

  /// Starts a network, founds its subnet, registers everybody, and returns when every node is ready.
  ///
  /// - Parameters:
  ///   - validators: Two honest ones unless given; a group's name must differ from all others.
  ///   - options: Of the mechanism, in every node.
  ///   - seed: Decides tasks, samples and the order of everything.
  ///   - tempo: Blocks between two epochs.
  /// - Throws: What a node ended with, or a sentence about what was asked for.
  public init(
    _ mechanism: any IncentiveMechanism.Type, validators: [TestGroup] = [.group("validators", 2)],
    miners: [TestGroup], options: [String: String] = [:], seed: UInt64 = 1, tempo: UInt16 = 10,
    taskDeadline: Duration = .seconds(1)
  ) async throws {
    var network = ScenarioNetwork(mechanism: .named(mechanism.name))
    network.seed = seed
    network.tempo = tempo
    network.taskDeadline = taskDeadline
    network.options = TestNetwork.texts(options)
    let groups = try TestNetwork.groups(validators: validators, miners: miners)
    try await self.init(Scenario(name: mechanism.name, network: network, groups: groups), running: mechanism)
  }

  /// Starts the network of a scenario file; its faults and expectations are left to the test.
  public init(scenario path: String, running mechanism: any IncentiveMechanism.Type) async throws {
    try await self.init(Scenario(file: path), running: mechanism)
  }

  private init(_ scenario: Scenario, running mechanism: any IncentiveMechanism.Type) async throws {
    self.scenario = scenario
    let world = SimulatedWorld(scenario.plan()) { role, options in
      try await MechanismHost(mechanism, role: role, arguments: options)
    }
    self.world = world
    do {
      try world.simulation.run { _ in try await world.open() }
    } catch {
      throw TestNetworkError("\(error)")
    }
  }

  deinit {
    let world = world
    // Its end leaves nothing behind; what cannot end has nobody to tell.
    _ = try? world.simulation.run { _ in await world.close() }
    world.simulation.settle()
  }

  // MARK: Time

  /// The newest block that the test has seen.
  public var height: BlockNumber { world.state.record.height }

  /// The root of the chain's state after that block, as hexadecimal text: equal roots, equal chains.
  public var stateRoot: String { "\(world.state.record.stateRoot)" }

  /// Lets the network make so many blocks.
  ///
  /// - Throws: When the chain stands still, or a node ended by itself.
  public func advance(blocks count: Int = 1) throws {
    let target = height.value + UInt64(max(0, count))
    try wait(blocks: count, for: "block \(target)") { $0.record.height.value >= target }
  }

  /// Lets the network make blocks up to the one in which the subnet's next epoch ran.
  public func advance(toNextEpoch netuid: NetUID) throws {
    guard netuid == world.plan.netuid else {
      throw TestNetworkError("a test network has one subnet, \(world.plan.netuid), and no \(netuid)")
    }
    let count = world.state.record.epochs.count
    try wait(blocks: Int(world.plan.tempo) + 1, for: "the next epoch") { $0.record.epochs.count > count }
  }

  /// Lets the network make blocks until so many more epochs have paid miners by the validators' weights.
  public func advance(epochs count: Int) throws {
    let target = world.state.record.settledEpochs.count + count
    // The first weights may take a few epochs.
    let blocks = (Int(world.plan.tempo) + 1) * (count + 5)
    try wait(blocks: blocks, for: "\(count) paid epochs") { $0.record.settledEpochs.count >= target }
  }

  private func wait(
    blocks: Int, for what: String, _ condition: @escaping @Sendable (NetworkState) -> Bool
  ) throws {
    let world = world
    let limit = world.plan.blockTime * Double(max(1, blocks)) * 4 + TestNetwork.patience
    let isReached = try world.simulation.run { _ in
      try await world.watched.first(within: limit, by: world.time) { state -> Bool? in
        state.failedNode != nil || condition(state) ? true : nil
      }
    }
    if let (name, status) = world.state.failedNode {
      let reason = world.state.nodes[name]?.endReason.map { ": \($0)" } ?? ""
      throw TestNetworkError("\(scenario.label(of: name)) ended by itself with \(status)\(reason)")
    }
    guard isReached != nil else { throw TestNetworkError("\(what) did not come within \(limit.text) of virtual time") }
  }

  // MARK: Faults

  /// Ends nodes as a power cut does: what they saved stays. A name is a node, a group, or `chain`.
  public func kill(_ name: String) throws { try perform(.kill, on: name) }
  /// Starts nodes that do not run, with what they had saved.
  public func restart(_ name: String) throws { try perform(.restart, on: name) }
  /// Lets nodes stand still.
  public func pause(_ name: String) throws { try perform(.pause, on: name) }
  public func resume(_ name: String) throws { try perform(.resume, on: name) }
  /// Lets no message pass to or from nodes.
  public func disconnect(_ name: String) throws { try perform(.disconnect, on: name) }
  public func reconnect(_ name: String) throws { try perform(.reconnect, on: name) }
  /// Makes each message to and from nodes take longer.
  public func delay(_ name: String, by delay: Duration) throws { try perform(.delay(delay), on: name) }

  private func perform(_ action: ScenarioFault.Action, on name: String) throws {
    let world = world
    let nodes = try nodes(named: name)
    try world.simulation.run { _ in
      for node in nodes { try await world.perform(action, on: node) }
    }
  }

  private func nodes(named name: String) throws(TestNetworkError) -> [NodeName] {
    guard let nodes = scenario.nodes(named: name) else {
      throw TestNetworkError(
        "there is no node and no group '\(name)'; there are \(scenario.nodeNames.joined(separator: ", "))")
    }
    return nodes
  }

  // MARK: Looking

  /// The neurons as they are after the newest block.
  public var metagraph: TestMetagraph {
    get throws {
      let world = world
      let view = try world.simulation.run { _ in
        try await world.client(named: "onlooker").metagraph(of: world.plan.netuid)
      }
      guard let view else { throw TestNetworkError("the subnet is gone") }
      return TestMetagraph(view) { name(of: $0) }
    }
  }

  /// The alpha that a node, or a group together, got over all epochs that paid miners.
  public func earnings(of name: String) throws -> Rao {
    let nodes = try nodes(named: name)
    let hotkeys = Set(world.plan.neurons.filter { nodes.contains($0.name) }.map(\.hotkey))
    let rows = world.state.record.settledEpochs.flatMap(\.rows).filter { hotkeys.contains($0.hotkey) }
    return Rao(rows.reduce(0) { $0 + $1.emission })
  }

  /// The mean of what the validators say of a miner, in 0...1; nil before any has asked it.
  public func score(of name: String) throws -> Double? {
    guard let node = try nodes(named: name).first, let neuron = world.plan.neurons.first(where: { $0.name == node })
    else { return nil }
    return world.state.score(of: neuron.hotkey)
  }

  /// Whether all balances, stakes and pools sum to the issuance.
  public var isSupplyConserved: Bool {
    get throws {
      let world = world
      return try world.simulation.run { _ in try await world.readBooks().isBalanced }
    }
  }

  private func name(of hotkey: Hotkey) -> String {
    let planned = world.plan.neurons.first { $0.hotkey == hotkey }
    return planned.map { scenario.label(of: $0.name) } ?? hotkey.account.description
  }

  // MARK: Going back

  /// How a network stood at some block, for going back to it as often as you like.
  public struct Snapshot: Sendable {
    fileprivate let contents: SimulatedSnapshot
  }

  /// Notes the chain, what the validators saved, and which nodes run.
  public func snapshot() throws -> Snapshot {
    let world = world
    return Snapshot(contents: try world.simulation.run { _ in try await world.snapshot() })
  }

  /// Brings a noted point back: later blocks are gone, and nodes start anew with what they had saved then.
  ///
  /// Time goes on, and what a miner only held in memory is lost, as in a restart.
  public func restore(_ snapshot: Snapshot) throws {
    let world = world
    try world.simulation.run { _ in try await world.restore(snapshot.contents) }
  }
}

// How a test names its nodes.
extension TestNetwork {
  private static func groups(
    validators: [TestGroup], miners: [TestGroup]
  ) throws(TestNetworkError) -> [NodeGroup] {
    var groups: [(draft: TestGroup, role: NodeRole, nodes: [NodeName])] = []
    for (role, drafts) in [(NodeRole.validator, validators), (.miner, miners)] {
      var last = 0
      for draft in drafts {
        guard draft.count > 0, !draft.name.isEmpty, !groups.contains(where: { $0.draft.name == draft.name }) else {
          throw TestNetworkError("a group has a name of its own and at least one node: '\(draft.name)'")
        }
        let numbers = last + 1...last + draft.count
        groups.append((draft, role, numbers.map { role == .miner ? .miner($0) : .validator($0) }))
        last += draft.count
      }
      guard (1...LocalnetPlan.neuronLimit).contains(last) else {
        throw TestNetworkError("there are \(last) \(role.rawValue)s; a network has 1 to \(LocalnetPlan.neuronLimit)")
      }
    }
    func nodes(named name: String) -> [NodeName]? {
      for group in groups {
        if group.draft.name == name { return group.nodes }
        for (index, node) in group.nodes.enumerated() where name == "\(group.draft.name)-\(index + 1)" { return [node] }
      }
      return nil
    }
    var named: [NodeGroup] = []
    for (draft, role, own) in groups {
      let behaviour = try draft.behaviour.behaviour(of: own, named: nodes)
      guard behaviour.kind.summary(of: role == .miner ? .miner : .validator) != nil else {
        throw TestNetworkError("a \(role.rawValue) cannot be \(behaviour.kind.rawValue)")
      }
      named.append(
        NodeGroup(name: draft.name, role: role, nodes: own, behaviour: behaviour, options: texts(draft.options)))
    }
    return named
  }

  /// In the order of names, so that a test repeats.
  private static func texts(_ options: [String: String]) -> [String] {
    options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }
}
