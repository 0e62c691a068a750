package import Primitives

/// What a chain starts from; its encoding is hashed into the chain's id.
package struct Genesis: CanonicalValue {
  package var parameters = GlobalParameters()
  /// Free TAO by account; listed in ascending order of accounts.
  package var balances: [GenesisBalance] = []
  package var authorities: [AccountID] = []
  package var sudoKey: AccountID?
  /// The account the faucet pays from; nil for none.
  package var faucet: AccountID?
  package var guardians: [AccountID] = []
  package var timestampMilliseconds: UInt64 = 0

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    parameters.code(&coder)
    coder.list(&balances)
    coder.list(&authorities)
    coder.option(&sudoKey)
    coder.option(&faucet)
    coder.list(&guardians)
    coder.integer(&timestampMilliseconds)
  }
}

package struct GenesisBalance: CanonicalValue, Hashable {
  package var account = AccountID.zero
  package var amount: UInt64 = 0

  package init() {}
  package init(_ account: AccountID, _ amount: Rao) {
    self.account = account
    self.amount = amount.value
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.account(&account)
    coder.integer(&amount)
  }
}

extension LedgerState {
  /// The state at block 0: accounts, parameters and the root subnet.
  package init(_ genesis: Genesis, host: HostFunctions) {
    var chain = ChainGlobals()
    chain.parameters = genesis.parameters
    chain.lastLock = genesis.parameters.minLockCost.value
    chain.netuids = [.root]
    chain.burnAccount = host.burnAccount
    chain.faucetAccount = genesis.faucet
    // Where votes alone govern, no key is root, whatever the file names.
    chain.sudoKey = genesis.parameters.governanceMode == .onchain ? nil : genesis.sudoKey
    chain.authorities = genesis.authorities
    chain.guardians = genesis.guardians
    self.init(chain: chain)
    for entry in genesis.balances {
      credit(entry.amount, to: entry.account)
      self.chain.issuance += entry.amount
    }
    self.chain.genesisIssuance = self.chain.issuance
    var root = Subnet()
    root.parameters = Hyperparameters.rootSubnet
    root.firstEmissionBlock = 1
    subnets[.root] = root
    slots[.root] = NeuronSlots()
  }
}

extension LedgerState {
  /// Adds a running subnet before block 1, paid by its owner at the least price.
  ///
  /// Subnets of genesis neither raise the price of the next one nor start the rate limit (economy 7.1).
  ///
  /// - Throws: As `RegisterSubnet` where the owner cannot pay or the hotkey is another's; nothing has changed then.
  package mutating func addGenesisSubnet(owner: Coldkey, hotkey: Hotkey) throws(LedgerError) -> NetUID {
    precondition(block == .genesis, "a subnet of genesis exists before the first block")
    try requireUnownedOrOwned(hotkey, by: owner)
    let cost = chain.parameters.minLockCost.value
    try debit(cost, from: owner, shortage: .cannotAffordLockCost)
    let netuid = smallestFreeNetUID(existing: chain.netuids)
    pairIfUnowned(hotkey, with: owner)
    createSubnet(netuid, owner: owner, hotkey: hotkey, cost: cost, identity: nil)
    subnets.modify(netuid) {
      $0.firstEmissionBlock = 1
      $0.parameters.subtokenEnabled = true
    }
    return netuid
  }
}
