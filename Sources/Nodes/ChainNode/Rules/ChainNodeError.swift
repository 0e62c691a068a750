package import Daemon
package import Primitives
import Wire

/// Why a chain node ends, or does not start.
package enum ChainNodeError: ExitCoding, Equatable {
  /// A rule of our own is broken: the node stops rather than go on.
  case invariantBroken(String, height: BlockNumber)
  /// What is stored is not what these rules make of it.
  case damaged(String, height: BlockNumber)
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
    case .damaged: .damagedData
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
    case .fenced(let height): "another producer made block \(height); this node starts again as a follower"
    case .logSilent(let height, let attempts):
      "the block log did not say in \(attempts) attempts whether it has block \(height); check it, then start again"
    case .notAnAuthority(let account):
      "\(account) may not make blocks of this chain; start with the key of one of its authorities"
    case .badGenesis(let what): "the genesis file is not usable: \(what)"
    }
  }
}
