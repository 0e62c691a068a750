package import Keys
package import Ledger
package import Primitives

/// Which parameter set a chain starts from.
package enum ChainProfile: String, CaseIterable, Sendable {
  /// A developer's network: short times, funded accounts that everybody can use, a faucet.
  case local
  /// A public network.
  case main

  package var parameters: GlobalParameters {
    switch self {
    case .local: .local
    case .main: .main
    }
  }
}

/// Where a chain starts: the ledger's genesis, and what nodes call it.
package struct ChainGenesis: Sendable {
  /// For people; not part of the chain's identity.
  package let name: String
  package let profile: ChainProfile
  package let genesis: Genesis
  /// BLAKE2b-256 of the canonical bytes of `genesis`: the chain's id and the parent of its first block.
  package let chainID: Hash256

  package init(name: String, profile: ChainProfile, genesis: Genesis) {
    self.name = name
    self.profile = profile
    self.genesis = genesis
    var coder = CanonicalCoder()
    var copy = genesis
    copy.code(&coder)
    chainID = Hash256(hashing: coder.bytes)
  }

  /// The state at block 0.
  package var state: LedgerState { LedgerState(genesis, host: .chain) }

  /// Time between two blocks, as the parameters of the chain have it.
  package var blockTime: Duration { .milliseconds(Int64(clamping: genesis.parameters.blockTimeMilliseconds)) }
}

extension ChainGenesis {
  /// The sudo key of the local profile: `//Alice`, **unsafe** anywhere else, since everybody can derive it.
  package static var localSudo: KeyPair { .development(name: "Alice") }

  /// A profile as it is, with one authority.
  ///
  /// Local: every development account has 10^6 TAO, `localSudo` is root, the faucet pays. Main: nobody has anything and
  /// nobody is root; a public network starts from a genesis file. Source: registry 19.
  package init(_ profile: ChainProfile, authority: AccountID) {
    var genesis = Genesis()
    genesis.parameters = profile.parameters
    genesis.authorities = [authority]
    if profile == .local {
      genesis.balances = DevelopmentAccount.allCases.map { GenesisBalance($0.account, .tao(1_000_000)) }
        .sorted { $0.account < $1.account }
      genesis.sudoKey = ChainGenesis.localSudo.account
      genesis.faucet = DevelopmentAccount.faucet.account
    }
    self.init(name: profile.rawValue, profile: profile, genesis: genesis)
  }
}
