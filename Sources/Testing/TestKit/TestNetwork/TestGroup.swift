import Daemon
import Localnet
import Neurons
import Scenarios

/// Nodes of a test network that work alike.
///
/// ```swift
/// let miners: [TestGroup] = [.group("honest", 3), .group("idle", 1, behaviour: .lazy)]
/// ```
public struct TestGroup: Sendable, Hashable {
  /// How tests call its nodes: `honest` is all of them, `honest-1` the first.
  public var name: String
  public var count: Int
  public var behaviour: TestBehaviour
  /// Of the mechanism, in these nodes alone.
  public var options: [String: String]

  public static func group(
    _ name: String, _ count: Int, behaviour: TestBehaviour = .honest, options: [String: String] = [:]
  ) -> TestGroup {
    TestGroup(name: name, count: count, behaviour: behaviour, options: options)
  }
}

/// How a node of a test network works: as it should, or as somebody who wants to earn without the work.
public struct TestBehaviour: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case plain(Behaviour.Kind)
    case slow(Duration)
    case copycat(of: String)
    case colluding(with: [String])
  }

  let kind: Kind

  public static let honest = TestBehaviour(kind: .plain(.honest))
  /// A miner gives its first answer for ever; a validator copies the chain's consensus.
  public static let lazy = TestBehaviour(kind: .plain(.lazy))
  /// A miner answers with what the best other miner answered; a validator copies the weights of the most stake.
  public static let copycat = TestBehaviour(kind: .plain(.copycat))
  /// Registered, and does nothing.
  public static let offline = TestBehaviour(kind: .plain(.offline))
  /// A miner answers with random bytes; a validator sets random weights.
  public static let garbage = TestBehaviour(kind: .plain(.garbage))
  /// One miner of the group works for all.
  public static let colluding = TestBehaviour(kind: .plain(.colluding))
  /// A miner that takes so long.
  public static func slow(_ delay: Duration) -> TestBehaviour { TestBehaviour(kind: .slow(delay)) }
  /// Copies a certain node.
  public static func copycat(of name: String) -> TestBehaviour { TestBehaviour(kind: .copycat(of: name)) }
  /// Miners of which one works for all; a validator that sets weights for these alone.
  public static func colluding(with names: String...) -> TestBehaviour { TestBehaviour(kind: .colluding(with: names)) }
}

/// Why a test network did not do what the test asked for.
public struct TestNetworkError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

extension TestBehaviour {
  /// The behaviour of a group's nodes, with names looked up.
  func behaviour(
    of own: [NodeName], named nodes: (String) -> [NodeName]?
  ) throws(TestNetworkError) -> Behaviour {
    switch kind {
    case .plain(.colluding):
      return Behaviour(.colluding, peers: own.compactMap { BehaviourPeer($0.description) })
    case .plain(let kind): return Behaviour(kind)
    case .slow(let delay): return Behaviour(.slow, delay: delay)
    case .copycat(let name): return Behaviour(.copycat, peers: try peers([name], named: nodes))
    case .colluding(let names): return Behaviour(.colluding, peers: try peers(names, named: nodes))
    }
  }

  private func peers(
    _ names: [String], named nodes: (String) -> [NodeName]?
  ) throws(TestNetworkError) -> [BehaviourPeer] {
    var peers: [BehaviourPeer] = []
    for name in names {
      guard let found = nodes(name) else { throw TestNetworkError("there is no group and no node '\(name)'") }
      peers += found.compactMap { BehaviourPeer($0.description) }
    }
    return peers
  }
}
