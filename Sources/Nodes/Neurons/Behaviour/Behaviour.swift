import Daemon
import Keys
package import Primitives
package import SubnetKit

/// How a node of a test network works: as it should, or as somebody who wants to earn without the work.
///
/// As text a name, then what belongs to it: `slow:delay=2s`, `copycat:of=miner-1`, `colluding:with=miner-2+miner-3`.
package struct Behaviour: Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case honest, lazy, copycat, offline, slow, garbage, colluding

    /// What a node of that role does, for help texts; nil where the role has no such behaviour.
    package func summary(of role: MechanismRole) -> String? {
      switch (self, role) {
      case (.honest, _): "works as it should"
      case (.lazy, .miner): "gives its first answer for ever"
      case (.copycat, .miner): "answers with what another miner answered (of=NAME)"
      case (.offline, .miner): "is registered and serves nothing"
      case (.slow, .miner): "answers late (delay=DURATION; nearly the whole deadline without)"
      case (.garbage, .miner): "answers with random bytes"
      case (.colluding, .miner): "lets one of its group do the work for all (with=NAME+NAME)"
      case (.lazy, .validator): "asks nobody and copies the consensus of the chain"
      case (.copycat, .validator): "asks nobody and copies another validator's weights (of=NAME)"
      case (.offline, .validator): "asks nobody and sets no weights"
      case (.garbage, .validator): "asks nobody and sets random weights"
      case (.colluding, .validator): "asks nobody and sets weights for its friends alone (with=NAME+NAME)"
      case (.slow, .validator): nil
      }
    }
  }

  package var kind: Kind
  /// Of a slow miner: how long it takes; nearly the whole deadline without.
  package var delay: Duration?
  /// Whom a copycat copies, or who belongs together.
  package var peers: [BehaviourPeer]

  package static let honest = Behaviour(.honest)
  /// Peers of one behaviour, so that a text stays short.
  package static let peerLimit = 128

  package init(_ kind: Kind, delay: Duration? = nil, peers: [BehaviourPeer] = []) {
    self.kind = kind
    self.delay = delay
    self.peers = peers
  }

  package var description: String {
    var words: [String] = []
    if let delay { words.append("delay=\(delay.text)") }
    if !peers.isEmpty {
      let names = peers.map(\.name).joined(separator: "+")
      words.append(kind == .copycat ? "of=\(names)" : "with=\(names)")
    }
    return kind.rawValue + (words.isEmpty ? "" : ":" + words.joined(separator: ","))
  }

  /// Reads the text form; nil for what a node of that role cannot do.
  package init?(text: String, role: MechanismRole) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let kind = Kind(rawValue: String(parts[0])), kind.summary(of: role) != nil else { return nil }
    self.init(kind)
    guard parts.count == 2 else { return }
    for word in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
      let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2, take(pair[1], as: pair[0]) else { return nil }
    }
  }

  private mutating func take(_ value: String, as name: String) -> Bool {
    switch (name, kind) {
    case ("delay", .slow):
      guard delay == nil, let duration = Duration(text: value) else { return false }
      delay = duration
    case ("of", .copycat), ("with", .colluding):
      let names = value.split(separator: "+", omittingEmptySubsequences: false)
      guard peers.isEmpty, names.count <= Behaviour.peerLimit else { return false }
      for name in names {
        guard let peer = BehaviourPeer(String(name)) else { return false }
        peers.append(peer)
      }
    default: return false
    }
    return true
  }
}

/// Another node that a behaviour is about: a node of a local network by its name, or any hotkey by its address.
package struct BehaviourPeer: Hashable, Sendable {
  package let name: String
  package let hotkey: Hotkey

  /// - Parameter name: `miner-2`, which stands for the development key `//miner-2`, or an address.
  package init?(_ name: String) {
    let isAddress = name.utf8.count > 40
    guard (1...80).contains(name.utf8.count), name.utf8.allSatisfy(BehaviourPeer.isNameByte) else { return nil }
    self.name = name
    guard isAddress else {
      hotkey = Hotkey(KeyPair.development(name: name).account)
      return
    }
    guard let account = ChainAddress.account(name) else { return nil }
    hotkey = Hotkey(account)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }
}
