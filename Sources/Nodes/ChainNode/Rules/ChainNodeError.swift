package import Daemon
package import Primitives
import Wire

/// Why a chain node ends, or does not start.
package enum ChainNodeError: ExitCoding, Equatable {
  /// A rule of our own is broken: the node stops rather than go on.
  case invariantBroken(String, height: BlockNumber)
  /// What is stored is not what these rules make of it.
  case damaged(String, height: BlockNumber)
  /// The followed node gave something else than these rules make of what this node has.
  case diverged(String, height: BlockNumber)
  /// The followed node belongs to another network.
  case wrongNetwork(found: Hash256, wanted: Hash256, at: String)
  /// The followed node does not hold the block that this node needs next.
  case sourceBeginsLater(height: BlockNumber, at: String)
  /// The log holds no block before this one, and the chain was to be executed from genesis.
  case logBeginsLater(height: BlockNumber)
  /// Another producer has taken over.
  case fenced(height: BlockNumber)
  /// The log stayed silent about a block for longer than the limit.
  case logSilent(height: BlockNumber, attempts: Int)
  /// The key that this node has may not make blocks of this chain.
  case notAnAuthority(AccountID)
  case badGenesis(String)

  package var exitCode: ExitCode {
    switch self {
    case .invariantBroken: .invariantBroken
    case .damaged, .diverged: .damagedData
    case .sourceBeginsLater: .failed
    case .wrongNetwork, .logBeginsLater: .usage
    case .fenced: .fenced
    case .logSilent: .engineUnreachable
    case .notAnAuthority, .badGenesis: .usage
    }
  }
}

extension ChainNodeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .invariantBroken(let what, let height):
      "block \(height) breaks an invariant: \(what); keep the state folder and report it"
    case .damaged(let what, let height): "block \(height) is damaged: \(what); restore a backup"
    case .diverged(let what, let height):
      "the followed node differs at block \(height): \(what); nothing of it was stored; find out which of the two is right"
    case .wrongNetwork(let found, let wanted, let address):
      "the node at \(address) is of the network with genesis \(found), not \(wanted); follow another"
    case .sourceBeginsLater(let height, let address):
      "the node at \(address) does not hold block \(height); follow one that does, or start with an empty state folder"
    case .logBeginsLater(let height):
      "the blocks before \(height) are not kept here: this node began at a snapshot; verify without --replay"
    case .fenced(let height): "another producer made block \(height); this node starts again as a follower"
    case .logSilent(let height, let attempts):
      "the block log did not say in \(attempts) attempts whether it has block \(height); check it, then start again"
    case .notAnAuthority(let account):
      "\(account) may not make blocks of this chain; start with the key of one of its authorities"
    case .badGenesis(let what): "the genesis file is not usable: \(what)"
    }
  }
}
