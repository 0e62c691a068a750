/// What kind of process a node is.
package enum NodeRole: String, Sendable, CaseIterable {
  case chain
  case validator
  case miner
}

/// What a node of a local network is called: `chain`, `validator-1`, `miner-4`.
package struct NodeName: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let role: NodeRole
  /// From 1; 0 for the chain, of which there is one.
  package let number: Int

  package static let chain = NodeName(role: .chain, number: 0)
  package static func validator(_ number: Int) -> NodeName { NodeName(role: .validator, number: number) }
  package static func miner(_ number: Int) -> NodeName { NodeName(role: .miner, number: number) }

  private init(role: NodeRole, number: Int) {
    self.role = role
    self.number = number
  }

  /// The node of that name; nil for any other text.
  package init?(_ text: String) {
    guard text != NodeRole.chain.rawValue else {
      self = .chain
      return
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let role = NodeRole(rawValue: String(parts[0])), role != .chain, let number = Int(parts[1]),
      number > 0, String(number) == parts[1]
    else { return nil }
    self.init(role: role, number: number)
  }

  package var description: String { role == .chain ? role.rawValue : "\(role.rawValue)-\(number)" }

  /// The chain, then validators, then miners, by number.
  package static func < (left: NodeName, right: NodeName) -> Bool {
    (left.role.order, left.number) < (right.role.order, right.number)
  }
}

extension NodeRole {
  fileprivate var order: Int {
    switch self {
    case .chain: 0
    case .validator: 1
    case .miner: 2
    }
  }
}
