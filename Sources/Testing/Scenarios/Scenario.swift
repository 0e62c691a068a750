package import Localnet
package import Neurons

/// A test of a whole network, as its file describes it: who takes part, what goes wrong, and what must be seen.
///
/// Blocks and epochs are counted from the moment when every node is ready, so that one file holds in every world.
package struct Scenario: Sendable {
  package var name: String
  /// The file that it was read from.
  package var path: String
  package var network: ScenarioNetwork
  /// Validators, then miners; their nodes are numbered through in this order.
  package var groups: [NodeGroup]
  package var faults: [ScenarioFault]
  package var expectations: [Expectation]
  package var end: ScenarioEnd
  /// On the world's own clock, from the moment when every node is ready.
  package var timeLimit: Duration

  /// A network without faults and expectations, for tests that ask themselves.
  package init(name: String, network: ScenarioNetwork, groups: [NodeGroup]) {
    self.name = name
    path = ""
    self.network = network
    self.groups = groups
    faults = []
    expectations = []
    end = .epoch(1)
    timeLimit = .seconds(120)
  }

  /// The nodes that a name stands for: a group, one node of it, or all of a role; nil for an unknown name.
  package func nodes(named name: String) -> [NodeName]? {
    switch name {
    case "all": return [.chain] + groups.flatMap(\.nodes)
    case "chain": return [.chain]
    case "validators", "miners":
      let role: NodeRole = name == "miners" ? .miner : .validator
      return groups.filter { $0.role == role }.flatMap(\.nodes)
    default: break
    }
    for group in groups {
      if group.name == name { return group.nodes }
      for (index, node) in group.nodes.enumerated()
      where name == "\(group.name)-\(index + 1)" || name == node.description { return [node] }
    }
    return nil
  }

  /// Everything that `nodes(named:)` knows, for messages.
  package var nodeNames: [String] {
    let names = ["all", "chain", "validators", "miners"] + groups.map(\.name)
    return names.enumerated().filter { names.firstIndex(of: $0.element) == $0.offset }.map(\.element)
  }

  /// What the file calls a node: `honest-2`, or its own name where that is the same.
  package func label(of node: NodeName) -> String {
    for group in groups {
      if let index = group.nodes.firstIndex(of: node) { return "\(group.name)-\(index + 1)" }
    }
    return node.description
  }
}

/// What runs, and how fast it lives.
package struct ScenarioNetwork: Sendable, Hashable {
  /// A mechanism by its name, or a program that is one.
  package enum Mechanism: Sendable, Hashable {
    case named(String)
    /// The program's path.
    case plugin(String)
  }

  package var mechanism: Mechanism
  /// `name=value` for every node.
  package var options: [String] = []
  package var blockTime: Duration = .milliseconds(250)
  package var tempo: UInt16 = 10
  package var seed: UInt64 = 1
  package var taskDeadline: Duration?
  package var roundInterval: Duration?

  package init(mechanism: Mechanism) { self.mechanism = mechanism }

  /// What messages call the mechanism.
  package var mechanismName: String {
    switch mechanism {
    case .named(let name): name
    case .plugin(let path): AuthorProgram(path).name
    }
  }
}

/// Nodes that work alike.
package struct NodeGroup: Sendable, Hashable {
  package let name: String
  package let role: NodeRole
  package let nodes: [NodeName]
  package var behaviour: Behaviour
  /// `name=value` for these nodes alone.
  package var options: [String]

  package init(name: String, role: NodeRole, nodes: [NodeName], behaviour: Behaviour, options: [String]) {
    self.name = name
    self.role = role
    self.nodes = nodes
    self.behaviour = behaviour
    self.options = options
  }
}

/// A moment of a run.
package enum ScenarioMoment: Sendable, Hashable, CustomStringConvertible {
  /// So many blocks after every node was ready.
  case block(UInt64)
  /// After so many epochs that paid miners.
  case epoch(UInt64)

  package var description: String {
    switch self {
    case .block(let number): "block \(number)"
    case .epoch(let number): "epoch \(number)"
    }
  }
}

/// Something that is done to nodes.
package struct ScenarioFault: Sendable, Hashable {
  package enum Action: Sendable, Hashable {
    case kill, restart, pause, resume, disconnect, reconnect
    case delay(Duration)

    package var name: String {
      switch self {
      case .kill: "kill"
      case .restart: "restart"
      case .pause: "pause"
      case .resume: "resume"
      case .disconnect: "disconnect"
      case .reconnect: "reconnect"
      case .delay: "delay"
      }
    }

    /// What undoes it; nil for what undoes something itself.
    package var undoing: Action? {
      switch self {
      case .kill: .restart
      case .pause: .resume
      case .disconnect: .reconnect
      case .delay: .delay(.zero)
      case .restart, .resume, .reconnect: nil
      }
    }
  }

  package let moment: ScenarioMoment
  package let action: Action
  package let nodes: [NodeName]
  /// After so many block times it is undone; nil for never.
  package let blocks: UInt64?
  /// The line of the file.
  package let line: Int
}

/// When a run is over.
package typealias ScenarioEnd = ScenarioMoment
